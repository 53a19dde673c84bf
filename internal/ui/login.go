package ui

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
)

const (
	cookieName = "konnect_ui"
	// loginTime is how long a login lasts.
	loginTime = time.Hour
	// maxToken is the longest token that fits into a cookie.
	maxToken = 2048
)

// seal closes and opens cookies. A cookie holds a token and the time at which it ends,
// so that a stolen one is neither a token nor of use for long.
type seal struct{ aead cipher.AEAD }

// newSeal makes a seal from a secret, or from nothing that anybody knows.
func newSeal(secret string) *seal {
	key := sha256.Sum256([]byte("konnect-ui\x00" + secret))
	if secret == "" {
		rand.Read(key[:])
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // the length is right
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // the block is right
	}
	return &seal{aead}
}

func (s *seal) close(token string, until time.Time) string {
	text := binary.BigEndian.AppendUint64(nil, uint64(until.Unix()))
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, append(text, token...), nil)) //nolint:gosec // G407: the AEAD makes its nonces itself
}

// open returns the token in a cookie, or "" if it was not made here or has ended.
func (s *seal) open(cookie string, now time.Time) string {
	sealed, err := base64.RawURLEncoding.DecodeString(cookie)
	if err != nil {
		return ""
	}
	text, err := s.aead.Open(nil, nil, sealed, nil)
	if err != nil || len(text) < 8 || now.Unix() >= int64(binary.BigEndian.Uint64(text)) {
		return ""
	}
	return string(text[8:])
}

// token is the token of whoever asks, or "".
func (u *ui) token(r *http.Request) string {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	return u.seal.open(c.Value, u.Now())
}

// login keeps a token that the API takes.
func (u *ui) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	token := strings.TrimSpace(r.PostFormValue("token"))
	if token == "" || len(token) > maxToken || strings.ContainsFunc(token, func(c rune) bool { return c <= ' ' || c > '~' }) {
		u.render(w, r, http.StatusBadRequest, "login", shown{Message: "This is not a token: a token is one word, such as okat_… or kpat_…."})
		return
	}
	api, err := client.New(client.Options{Transport: client.HandlerTransport(u.API), Token: token, RetryBudget: -1})
	if err == nil {
		err = admits(r.Context(), api)
	}
	switch {
	case errors.Is(err, client.ErrUnauthorized):
		u.render(w, r, http.StatusUnauthorized, "login", shown{Message: "The control plane does not know this token, or it has expired."})
		return
	case err != nil:
		u.fail(w, r, err)
		return
	}
	http.SetCookie(w, u.cookie(r, u.seal.close(token, u.Now().Add(loginTime)), int(loginTime/time.Second)))
	to := local(r.PostFormValue("next"))
	if to == "" {
		to = Path
	}
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // G710: local lets no address of others through
}

func (u *ui) logout(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, u.cookie(r, "", -1))
	http.Redirect(w, r, Path+"login", http.StatusSeeOther)
}

func (u *ui) cookie(r *http.Request, value string, age int) *http.Cookie {
	secure := r.TLS != nil || u.Proxied && r.Header.Get("X-Forwarded-Proto") == "https"
	return &http.Cookie{ //nolint:gosec // G124: a control plane on loopback has no TLS, and browsers would drop a Secure cookie
		Name: cookieName, Value: value, Path: Path, MaxAge: age, Secure: secure, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}
