package ui

import (
	"net/url"
	"path"
	"strings"
	"testing"
	"time"
)

// A login leads nowhere but to the pages, whatever the address says.
func FuzzLocal(f *testing.F) {
	for _, address := range []string{"/ui/", "/ui/planes/a?b=c#d", "//evil.example/ui/", "https://evil.example/ui/", `/\evil.example`, "/ui/../v2/", "/ui/%2e%2e/", "javascript:alert(1)", "/ui/\r\nSet-Cookie: a=b", ""} {
		f.Add(address)
	}
	f.Fuzz(func(t *testing.T, address string) {
		got := local(address)
		if got == "" {
			return
		}
		to, err := url.Parse("http://here.example" + got)
		if err != nil || to.Host != "here.example" || !strings.HasPrefix(path.Clean(to.Path)+"/", Path) || strings.ContainsAny(got, "\r\n\\") {
			t.Errorf("%q leads to %q", address, got)
		}
	})
}

// A cookie that was not made here is none, and one that was gives its token until it ends.
func FuzzSeal(f *testing.F) {
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	f.Add("okat_a", "x", int64(60))
	f.Add("", "", int64(0))
	f.Fuzz(func(t *testing.T, token, forged string, seconds int64) {
		s, other := newSeal("secret"), newSeal("")
		end := noon.Add(time.Duration(seconds%1_000_000) * time.Second)
		cookie := s.close(token, end)
		want := ""
		if end.After(noon) {
			want = token
		}
		if got := s.open(cookie, noon); got != want {
			t.Errorf("%q until %s opens as %q", token, end, got)
		}
		if token != "" && strings.Contains(cookie, token) && len(token) > 8 {
			t.Errorf("%q shows %q", cookie, token)
		}
		for _, c := range []string{forged, cookie + forged + "A", forged + cookie} {
			if got := s.open(c, noon); c != cookie && got != "" {
				t.Errorf("%q opens as %q", c, got)
			}
		}
		if got := other.open(cookie, noon); got != "" {
			t.Errorf("another process opens it as %q", got)
		}
	})
}
