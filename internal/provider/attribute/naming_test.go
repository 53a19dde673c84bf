package attribute

import "testing"

func TestNameOf(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"minute": "minute", "X-Cache-Key": "x_cache_key", "x5t#S256": "x5t_number_s256", "rate-limiting": "rate_limiting", "": "",
	} {
		if got := NameOf(key); got != want {
			t.Errorf("%s: got %s, want %s", key, got, want)
		}
	}
}
