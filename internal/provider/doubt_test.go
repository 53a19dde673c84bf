package provider_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
)

// keyPair is a private key and its certificate in PEM form, of a time.
type keyPair struct{ key, cert, public string }

func newKeyPair(t *testing.T, name string, from, to time.Time) keyPair {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: from, NotAfter: to}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return keyPair{inPEM("PRIVATE KEY", private), inPEM("CERTIFICATE", cert), publicText(t, key.Public())}
}

func publicText(t *testing.T, key any) string {
	t.Helper()
	public, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return inPEM("PUBLIC KEY", public)
}

func inPEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// What a control plane takes and nobody can use is a warning at its attribute; what
// it does not take, such as keys that do not belong together, is an error.
func TestDoubts(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	past := time.Date(2020, 2, 29, 12, 0, 0, 0, time.UTC)
	old := newKeyPair(t, "old.test", past.AddDate(-1, 0, 0), past)
	valid := newKeyPair(t, "valid.test", past, time.Now().AddDate(1, 0, 0))
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	expired := func(at string) string {
		return `WARNING [` + at + `] Questionable `
	}
	const (
		date   = `: the certificate of "CN=old.test" expired on 2020-02-29. `
		stray  = "ERROR [pem] Invalid key: pem: public key does not match private key."
		titled = "data plane certificate: "
	)
	for name, c := range map[string]struct {
		resource string
		config   object
		want     []string
	}{
		"valid":                  {"certificate", object{"cert": valid.cert, "key": valid.key}, nil},
		"a reference":            {"certificate", object{"cert": "{vault://env/cert}", "key": "{vault://env/key}"}, nil},
		"unknown":                {"certificate", object{"cert": acctest.Unknown, "key": acctest.Unknown}, nil},
		"expired":                {"certificate", object{"cert": old.cert, "key": old.key}, []string{expired("cert") + "certificate: cert" + date}},
		"expired, hidden key":    {"certificate", object{"cert": old.cert, "key_wo": old.key, "key_wo_version": 1}, []string{expired("cert") + "certificate: cert" + date}},
		"expired in the chain":   {"certificate", object{"cert": valid.cert + old.cert, "key": valid.key}, []string{expired("cert") + "certificate: cert" + date}},
		"expired alternative":    {"certificate", object{"cert": "{vault://env/cert}", "key": "{vault://env/key}", "cert_alt": old.cert, "key_alt": old.key}, []string{expired("cert_alt") + "certificate: cert_alt" + date}},
		"expired, another's key": {"certificate", object{"cert": old.cert, "key": valid.key}, []string{"ERROR [cert] Invalid certificate: "}},
		"of a data plane":        {"data_plane_client_certificate", object{"cert": old.cert}, []string{expired("cert") + titled + "cert" + date}},
		"valid data plane":       {"data_plane_client_certificate", object{"cert": valid.cert}, nil},

		"a pair":               {"key", object{"kid": "1", "pem": object{"private_key": valid.key, "public_key": valid.public}}, nil},
		"a half":               {"key", object{"kid": "1", "pem": object{"private_key": valid.key}}, nil},
		"another half":         {"key", object{"kid": "1", "pem": object{"public_key": valid.public}}, nil},
		"an unknown half":      {"key", object{"kid": "1", "pem": object{"private_key": valid.key, "public_key": acctest.Unknown}}, nil},
		"a reference and half": {"key", object{"kid": "1", "pem": object{"private_key": "{vault://env/key}", "public_key": valid.public}}, nil},
		"strangers":            {"key", object{"kid": "1", "pem": object{"private_key": valid.key, "public_key": old.public}}, []string{stray}},
		"of two kinds":         {"key", object{"kid": "1", "pem": object{"private_key": valid.key, "public_key": publicText(t, other.Public())}}, []string{stray}},
		"RSA of old":           {"key", object{"kid": "1", "pem": object{"private_key": inPEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(other)), "public_key": publicText(t, other.Public())}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			says(t, p.Validate(t, "konnect_gateway_"+c.resource, in(c.config)), c.want...)
		})
	}
}

// The control plane takes expired certificates, so that a plan must not refuse them.
func TestDoubts_taken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	past := time.Date(2020, 2, 29, 12, 0, 0, 0, time.UTC)
	one := newKeyPair(t, "one.test", past.AddDate(-1, 0, 0), past)
	w.create(t, "konnect_gateway_certificate", w.in(object{"cert": one.cert, "key": one.key}))
	w.create(t, "konnect_gateway_data_plane_client_certificate", w.in(object{"cert": one.cert}))
}
