package command

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// keyPair makes a certificate for this machine, as PEM.
func keyPair(t *testing.T, name string) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
}

func replaceFile(t *testing.T, path string, data []byte) string {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A new pair is served from a second after both of its files are there. Until
// then, and when they hold nonsense or are gone, the last good one is.
func TestCertificate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	oldCert, oldKey := keyPair(t, "old")
	newCert, newKey := keyPair(t, "new, with a longer name")
	var log bytes.Buffer
	replaceFile(t, certFile, oldCert)
	replaceFile(t, keyFile, oldKey)
	c, err := newCertificate(certFile, keyFile, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	c.now = func() time.Time { return now }
	serves := func(step, want, says string) {
		t.Helper()
		pair, err := c.current(nil)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(pair.Certificate[0])
		if err != nil || !strings.HasPrefix(leaf.Subject.CommonName, want) {
			t.Errorf("%s: %s is served, %v", step, leaf.Subject.CommonName, err)
		}
		if (says == "") != (log.Len() == 0) || !strings.Contains(log.String(), says) {
			t.Errorf("%s: the log says %q, want %q", step, &log, says)
		}
		log.Reset()
	}
	serves("at first", "old", "")
	now = now.Add(time.Second)
	serves("unchanged", "old", "")
	replaceFile(t, certFile, newCert)
	serves("not yet", "old", "")
	now = now.Add(time.Second)
	serves("half replaced", "old", "stays in use")
	replaceFile(t, keyFile, newKey)
	now = now.Add(time.Second)
	serves("replaced", "new", "has been replaced")
	replaceFile(t, certFile, []byte("nonsense"))
	now = now.Add(time.Second)
	serves("nonsense", "new", "stays in use")
	if err := os.Remove(keyFile); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Second)
	serves("gone", "new", "stays in use")
	replaceFile(t, certFile, oldCert)
	replaceFile(t, keyFile, oldKey)
	now = now.Add(time.Second)
	serves("and back", "old", "has been replaced")
}

func TestServe_tls(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key := keyPair(t, "test")
	s := startServe(t, nil,
		"--tls-cert", replaceFile(t, filepath.Join(dir, "tls.crt"), cert),
		"--tls-key", replaceFile(t, filepath.Join(dir, "tls.key"), key))
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(cert)
	for _, tt := range []struct {
		name   string
		config *tls.Config
		says   string
	}{
		{"default", &tls.Config{RootCAs: roots}, ""},
		{"TLS 1.2", &tls.Config{RootCAs: roots, MaxVersion: tls.VersionTLS12}, ""},
		{"TLS 1.1", &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, "protocol version"},
		{"nobody's certificate", &tls.Config{}, "certificate"},
	} {
		tt.config.ServerName = "localhost"
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: tt.config, ForceAttemptHTTP2: true}}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+s.address+"/v2/control-planes", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(req)
		if err == nil {
			_ = res.Body.Close()
			if tt.says != "" || res.StatusCode != http.StatusOK || res.ProtoMajor != 2 {
				t.Errorf("%s: %s %d, want %q", tt.name, res.Proto, res.StatusCode, tt.says)
			}
		} else if tt.says == "" || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.says)
		}
		client.CloseIdleConnections()
	}
	if status, _ := s.ask(t, http.MethodGet, "/v2/control-planes", "", ""); status != http.StatusBadRequest {
		t.Errorf("without TLS: %d", status)
	}
}
