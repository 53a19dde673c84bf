package entity

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Doubt is something questionable about a field. Message says what, and Hint
// what would be better.
type Doubt struct {
	Path          schema.Path
	Message, Hint string
}

// expired doubts certificates whose time is over. Gateways show them all the same,
// and whoever they are shown to refuses them.
func expired(fields ...string) func(map[string]any, time.Time) []Doubt {
	return func(doc map[string]any, now time.Time) (out []Doubt) {
		for _, name := range fields {
			for _, c := range certificatesIn(textOf(doc[name])) {
				if now.After(c.NotAfter) {
					out = append(out, Doubt{
						schema.Dotted(name),
						fmt.Sprintf("the certificate of %q expired on %s.", c.Subject.String(), c.NotAfter.UTC().Format(time.DateOnly)),
						"A control plane takes it, and nobody who checks it does. Wanted is one that is valid.",
					})
					break
				}
			}
		}
		return out
	}
}

// certificatesIn are the certificates of a text that Go can read.
func certificatesIn(text string) (out []*x509.Certificate) {
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return out
		}
		if c, err := x509.ParseCertificate(block.Bytes); err == nil {
			out = append(out, c)
		}
	}
}
