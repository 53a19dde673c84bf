package schema

import (
	"crypto"
	"crypto/ecdh"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

func certificateDef() Def {
	return Def{"type": "string", "description": "X.509 certificate in PEM form.", "custom_validator": certificateFunction}
}

func keyDef() Def {
	return Def{"type": "string", "description": "Public or private key in PEM form.", "custom_validator": keyFunction}
}

func jwkDef() Def {
	text := func() Def { return Def{"type": "string"} }
	list := func() Def { return Def{"type": "array", "elements": text()} }
	secret := func() Def { return Def{"type": "string", "referenceable": true, "encrypted": true} }
	return Def{
		"type":        "record",
		"required":    false,
		"description": "JSON Web Key, public or private.",
		"fields": fieldList(
			Def{"issuer": text()}, Def{"kty": text()}, Def{"use": text()}, Def{"key_ops": list()}, Def{"alg": text()},
			Def{"kid": Def{"type": "string", "required": true}},
			Def{"x5u": text()}, Def{"x5c": list()}, Def{"x5t": text()}, Def{"x5t#S256": text()},
			Def{"k": secret()}, Def{"x": text()}, Def{"y": text()}, Def{"crv": text()}, Def{"n": text()}, Def{"e": text()},
			Def{"d": secret()}, Def{"p": secret()}, Def{"q": secret()}, Def{"dp": secret()}, Def{"dq": secret()}, Def{"qi": secret()},
			Def{"oth": secret()}, Def{"r": secret()}, Def{"t": secret()},
		),
		"custom_validator": jwkFunction,
	}
}

func pemDef() Def {
	return Def{
		"type":        "record",
		"required":    false,
		"description": "Pair of keys in PEM form, of which one may be left out.",
		"fields": fieldList(
			Def{"private_key": Def{"type": "string", "description": "Private key in PEM form.", "referenceable": true, "encrypted": true}},
			Def{"public_key": Def{"type": "string", "description": "Public key in PEM form.", "referenceable": true}},
		),
		"entity_checks":    []any{Def{"at_least_one_of": texts("private_key", "public_key")}},
		"custom_validator": pemFunction,
	}
}

var (
	certificateFunction = textFunction("typedefs.certificate.custom_validator", checkCertificate)
	keyFunction         = textFunction("typedefs.key.custom_validator", checkKey)
	jwkFunction         = &Function{Name: "typedefs.jwk.custom_validator", Check: checkJWK}
	pemFunction         = &Function{Name: "typedefs.pem.custom_validator", Check: checkPEMPair}
)

var (
	errNotPEM      = errors.New("neither PEM nor DER")
	errNotThisKey  = errors.New("not a key of this kind in PEM form")
	errWrongFormat = errors.New("the content has not the form that its label promises")
)

// The reasons that follow Kong's words are ours: its own come from OpenSSL.
func checkCertificate(text string) string {
	if err := parseCertificate(text); err != nil {
		return "invalid certificate: " + err.Error()
	}
	return ""
}

func checkKey(text string) string {
	_, err := parsePrivateKey(text)
	if err == nil {
		return ""
	}
	if _, err = parsePublicKey(text); err == nil {
		return ""
	}
	if parseDERKey([]byte(text)) || checkJWKText(text) {
		return ""
	}
	return "invalid key: " + err.Error()
}

// checkPEMPair judges whether two keys belong together. It cannot judge
// references to a vault.
func checkPEMPair(value any) any {
	pair, _ := value.(map[string]any)
	private, _ := pair["private_key"].(string)
	public, _ := pair["public_key"].(string)
	if IsReference(private) || IsReference(public) {
		return nil
	}
	var publicKey, privateKey crypto.PublicKey
	var err error
	if public != "" {
		if publicKey, err = parsePublicKey(public); err != nil {
			return "could not load public key"
		}
	}
	if private != "" {
		if privateKey, err = parsePrivateKey(private); err != nil {
			return "could not load private key: " + err.Error()
		}
	}
	if publicKey, ok := publicKey.(interface{ Equal(crypto.PublicKey) bool }); ok && privateKey != nil && !publicKey.Equal(privateKey) {
		return "public key does not match private key"
	}
	return nil
}

// pemBlock finds the first block with one of the labels, as OpenSSL does.
func pemBlock(text string, labels ...string) *pem.Block {
	rest := []byte(text)
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil
		}
		for _, label := range labels {
			if block.Type == label {
				return block
			}
		}
	}
}

func parseCertificate(text string) error {
	der := []byte(text)
	if block := pemBlock(text, "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"); block != nil {
		der = block.Bytes
	} else if strings.HasPrefix(text, "-----BEGIN") || !strings.HasPrefix(text, "0") {
		return errNotPEM
	}
	if _, err := x509.ParseCertificate(der); err == nil {
		return nil
	}
	// Go refuses some certificates that OpenSSL reads, such as those with a
	// negative serial number or of an unknown curve.
	var outer struct {
		Body      asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &outer); err != nil || outer.Body.Tag != asn1.TagSequence || !isCertificateBody(outer.Body.Bytes) {
		return errWrongFormat
	}
	return nil
}

// isCertificateBody looks at the parts that every certificate has.
func isCertificateBody(der []byte) bool {
	var part asn1.RawValue
	rest, err := asn1.Unmarshal(der, &part)
	if err == nil && part.Class == asn1.ClassContextSpecific {
		rest, err = asn1.Unmarshal(rest, &part) // the version comes first, if at all
	}
	wants := []int{asn1.TagSequence, asn1.TagSequence, asn1.TagSequence, asn1.TagSequence, asn1.TagSequence}
	if err != nil || part.Tag != asn1.TagInteger {
		return false
	}
	for _, tag := range wants { // algorithm, issuer, validity, subject, key
		if rest, err = asn1.Unmarshal(rest, &part); err != nil || part.Tag != tag {
			return false
		}
	}
	return true
}

// opaqueKey stands for a key whose algorithm Go does not know.
type opaqueKey struct{}

// parsePrivateKey returns the public half of a private key.
func parsePrivateKey(text string) (crypto.PublicKey, error) {
	block := pemBlock(text, "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY")
	if block == nil {
		return nil, errNotThisKey
	}
	return parsePrivateDER(block.Bytes)
}

func parsePrivateDER(der []byte) (crypto.PublicKey, error) {
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return publicHalf(key), nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return publicHalf(key), nil
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return publicHalf(key), nil
	}
	if isForeignPrivateKey(der) {
		return opaqueKey{}, nil
	}
	return nil, errWrongFormat
}

func publicHalf(key any) crypto.PublicKey {
	if private, ok := key.(interface{ Public() crypto.PublicKey }); ok {
		return private.Public()
	}
	return opaqueKey{}
}

func parsePublicKey(text string) (crypto.PublicKey, error) {
	block := pemBlock(text, "PUBLIC KEY", "RSA PUBLIC KEY")
	if block == nil {
		return nil, errNotThisKey
	}
	return parsePublicDER(block.Bytes)
}

func parsePublicDER(der []byte) (crypto.PublicKey, error) {
	if key, err := x509.ParsePKIXPublicKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS1PublicKey(der); err == nil {
		return key, nil
	}
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if rest, err := asn1.Unmarshal(der, &info); err != nil || len(rest) > 0 || isFamiliar(info.Algorithm) {
		return nil, errWrongFormat
	}
	return opaqueKey{}, nil
}

func parseDERKey(der []byte) bool {
	if _, err := parsePrivateDER(der); err == nil {
		return true
	}
	_, err := parsePublicDER(der)
	return err == nil
}

// isForeignPrivateKey recognises a key of an algorithm or curve that Go lacks
// by its frame: PKCS #8, the older form of elliptic curves, or DSA.
func isForeignPrivateKey(der []byte) bool {
	var pkcs8 struct {
		Version    int
		Algorithm  pkix.AlgorithmIdentifier
		Key        []byte
		Attributes asn1.RawValue `asn1:"optional"`
	}
	if _, err := asn1.Unmarshal(der, &pkcs8); err == nil {
		return !isFamiliar(pkcs8.Algorithm)
	}
	var curve struct {
		Version    int
		Key        []byte
		Parameters asn1.ObjectIdentifier `asn1:"optional,explicit,tag:0"`
		Public     asn1.BitString        `asn1:"optional,explicit,tag:1"`
	}
	if _, err := asn1.Unmarshal(der, &curve); err == nil {
		return curve.Version == 1 && !isFamiliarCurve(curve.Parameters)
	}
	var dsa struct{ Version, P, Q, G, Y, X asn1.RawValue }
	rest, err := asn1.Unmarshal(der, &dsa)
	return err == nil && len(rest) == 0 && dsa.X.Tag == asn1.TagInteger
}

var (
	oidRSA     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidEC      = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidX25519  = asn1.ObjectIdentifier{1, 3, 101, 110}
	oidEd25519 = asn1.ObjectIdentifier{1, 3, 101, 112}

	familiarCurves = []asn1.ObjectIdentifier{
		{1, 3, 132, 0, 33},          // P-224
		{1, 2, 840, 10045, 3, 1, 7}, // P-256
		{1, 3, 132, 0, 34},          // P-384
		{1, 3, 132, 0, 35},          // P-521
	}
)

// isFamiliar reports whether Go knows this algorithm well enough to refuse a
// key.
func isFamiliar(algorithm pkix.AlgorithmIdentifier) bool {
	if algorithm.Algorithm.Equal(oidEC) {
		var curve asn1.ObjectIdentifier
		_, err := asn1.Unmarshal(algorithm.Parameters.FullBytes, &curve)
		return err != nil || isFamiliarCurve(curve)
	}
	return algorithm.Algorithm.Equal(oidRSA) || algorithm.Algorithm.Equal(oidX25519) || algorithm.Algorithm.Equal(oidEd25519)
}

func isFamiliarCurve(curve asn1.ObjectIdentifier) bool {
	for _, familiar := range familiarCurves {
		if curve.Equal(familiar) {
			return true
		}
	}
	return false
}

// checkJWK judges a JSON Web Key by the members that its kind needs.
func checkJWK(value any) any {
	if jwk, ok := value.(map[string]any); ok && isJWK(jwk) {
		return nil
	}
	return "could not load JWK, likely not a valid key"
}

func checkJWKText(text string) bool {
	jwk, err := jsonvalue.Object(text)
	return err == nil && isJWK(jwk)
}

func isJWK(jwk map[string]any) bool {
	part := func(name string) []byte {
		text, _ := jwk[name].(string)
		data, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
		if err != nil {
			return nil
		}
		return data
	}
	switch jwk["kty"] {
	case "RSA":
		return len(part("n")) > 0 && len(part("e")) > 0
	case "EC":
		return isPoint(jwk["crv"], part("x"), part("y"))
	case "OKP":
		sizes := map[any]int{"Ed25519": 32, "X25519": 32, "Ed448": 57, "X448": 56}
		key := part("x")
		if key == nil {
			key = part("d")
		}
		return len(key) > 0 && len(key) == sizes[jwk["crv"]]
	}
	return false
}

// isPoint reports whether x and y are a point of the curve.
func isPoint(name any, x, y []byte) bool {
	curves := map[any]struct {
		curve ecdh.Curve
		size  int
	}{
		"P-256": {ecdh.P256(), 32},
		"P-384": {ecdh.P384(), 48},
		"P-521": {ecdh.P521(), 66},
	}
	c, ok := curves[name]
	if !ok || len(x) > c.size || len(y) > c.size {
		return false
	}
	point := make([]byte, 1+2*c.size)
	point[0] = 4 // uncompressed
	copy(point[1+c.size-len(x):], x)
	copy(point[1+2*c.size-len(y):], y)
	_, err := c.curve.NewPublicKey(point)
	return err == nil
}
