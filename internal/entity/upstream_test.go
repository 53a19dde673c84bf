package entity_test

import (
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

func TestNormalizeTarget(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"10.0.0.1":      "10.0.0.1:8000",
		"10.0.0.1:80":   "10.0.0.1:80",
		"a.internal":    "a.internal:8000",
		"A.internal:00": "A.internal:0",
		"[::1]":         "[0000:0000:0000:0000:0000:0000:0000:0001]:8000",
		"[::1]:0080":    "[0000:0000:0000:0000:0000:0000:0000:0001]:80",
		"::1":           "[0000:0000:0000:0000:0000:0000:0000:0001]:8000",
		"FE80::A":       "[fe80:0000:0000:0000:0000:0000:0000:000a]:8000",
		// What is no address is left for the schema to refuse.
		"":            "",
		"a:b":         "a:b",
		"a:65536":     "a:65536",
		"256.0.0.1":   "256.0.0.1",
		"[::1":        "[::1",
		"[1::2::3]:1": "[1::2::3]:1",
		"[::1]x":      "[::1]x",
		"a b":         "a b",
	} {
		if got := entity.NormalizeTarget(in); got != want {
			t.Errorf("NormalizeTarget(%q) = %q, want %q", in, got, want)
		}
	}
}

// Normalising twice changes nothing more.
func FuzzNormalizeTarget(f *testing.F) {
	for _, s := range []string{"10.0.0.1", "[::1]:80", "a:1", ":", "::", "[", "a.:9", "1.2.3", "::ffff:1.2.3.4", "::1%eth0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := entity.NormalizeTarget(text)
		if twice := entity.NormalizeTarget(once); twice != once {
			t.Errorf("%q becomes %q, then %q", text, once, twice)
		}
	})
}
