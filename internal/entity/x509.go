package entity

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"strings"
	"time"
)

// parsePEM returns the first certificate of a text, or nil if Go cannot read
// it. Other programs may still be able to.
func parsePEM(text string) *x509.Certificate {
	block := certificateBlock(text)
	if block == nil {
		return nil
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil
	}
	return cert
}

func certificateBlock(text string) *pem.Block {
	rest := []byte(text)
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil || strings.HasSuffix(block.Type, "CERTIFICATE") {
			return block
		}
	}
}

func countCertificates(text string) int {
	n := 0
	for rest := []byte(text); ; n++ {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return n
		}
	}
}

// keyFits reports whether a private key belongs to a certificate. known is
// false if Go cannot read one of the two.
func keyFits(cert, key string) (fits, known bool) {
	c := parsePEM(cert)
	public := publicOf(key)
	if c == nil || public == nil {
		return false, false
	}
	own, ok := c.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	return ok && own.Equal(public), ok
}

// publicOf returns the public half of a private key in PEM form.
func publicOf(text string) crypto.PublicKey {
	rest := []byte(text)
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil
		}
		for _, parse := range []func([]byte) (any, error){
			x509.ParsePKCS8PrivateKey,
			func(der []byte) (any, error) { return x509.ParsePKCS1PrivateKey(der) },
			func(der []byte) (any, error) { return x509.ParseECPrivateKey(der) },
		} {
			key, err := parse(block.Bytes)
			if signer, ok := key.(crypto.Signer); err == nil && ok {
				return signer.Public()
			}
		}
	}
}

// keyKind names the algorithm of a certificate's key, or "" if it is unknown.
func keyKind(cert string) string {
	if c := parsePEM(cert); c != nil && c.PublicKeyAlgorithm != x509.UnknownPublicKeyAlgorithm {
		return c.PublicKeyAlgorithm.String()
	}
	return ""
}

// checkAuthority says why a certificate cannot be a CA's.
func checkAuthority(text string) string {
	c := parsePEM(text)
	switch {
	case c == nil:
		return ""
	case time.Now().After(c.NotAfter):
		return `certificate expired, "Not After" time is in the past`
	case !c.IsCA:
		return `certificate does not appear to be a CA because it is missing the "CA" basic constraint`
	}
	return ""
}

// certificateDigest is the SHA-256 digest of a certificate's content.
func certificateDigest(text string) string {
	block := certificateBlock(text)
	if block == nil {
		return ""
	}
	sum := sha256.Sum256(block.Bytes)
	return hex.EncodeToString(sum[:])
}

func textOf(v any) string {
	s, _ := v.(string)
	return s
}
