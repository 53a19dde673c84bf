package command

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is a key pair in files that may be replaced while it is in use,
// for example by a tool that renews it: no signal and no restart is needed.
type certificate struct {
	certFile, keyFile string
	log               *slog.Logger
	now               func() time.Time

	mu     sync.Mutex
	pair   *tls.Certificate
	state  [2]fileState // of the files when the pair was read
	looked time.Time
}

// fileState tells a file from the one that replaces it.
type fileState struct {
	modified time.Time
	size     int64
}

// newCertificate reads a key pair. If both names are empty, the result is nil.
func newCertificate(certFile, keyFile string, log *slog.Logger) (*certificate, error) {
	if (certFile == "") != (keyFile == "") {
		return nil, errors.New("--tls-cert and --tls-key go together: give both or neither")
	}
	if certFile == "" {
		return nil, nil
	}
	c := &certificate{certFile: certFile, keyFile: keyFile, log: log, now: time.Now}
	if err := c.read(); err != nil {
		return nil, fmt.Errorf("--tls-cert, --tls-key: %w", err)
	}
	return c, nil
}

// config serves the pair by TLS 1.2, which is of 2008, or later.
func (c *certificate) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.current}
}

// current returns the pair for a connection, read again if the files have
// changed. It looks once a second at most. If the pair cannot be read, perhaps
// because only one of the files has been replaced, the previous one stays in
// use.
func (c *certificate) current(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if now.Sub(c.looked) < time.Second {
		return c.pair, nil
	}
	c.looked = now
	state, err := c.files()
	if err == nil && state == c.state {
		return c.pair, nil
	}
	if err == nil {
		err = c.read()
	}
	if err != nil {
		c.log.Warn("the certificate that was read before stays in use", "error", err.Error())
		return c.pair, nil
	}
	c.log.Info("the certificate has been replaced", "file", c.certFile)
	return c.pair, nil
}

func (c *certificate) read() error {
	state, err := c.files() // before reading: what changes meanwhile is read again
	if err != nil {
		return err
	}
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return err
	}
	c.pair, c.state = &pair, state
	return nil
}

func (c *certificate) files() (state [2]fileState, err error) {
	for i, name := range []string{c.certFile, c.keyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return state, err
		}
		state[i] = fileState{info.ModTime(), info.Size()}
	}
	return state, nil
}
