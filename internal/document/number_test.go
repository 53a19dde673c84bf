package document

import (
	"encoding/json"
	"testing"
)

func TestDecimal(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"0", "5", "-1", "0.1", "0.01", "1.1", "1e-07", "0.30000000000000004", "12.5",
		"1000", "9007199254740993", "12345678901234567890", "0.12345678901234567890123",
	} {
		f, ok := ParseNumber(text)
		if !ok {
			t.Errorf("%s is not a number", text)
			continue
		}
		if got := string(Decimal(f)); got != text {
			t.Errorf("%s became %s", text, got)
		}
	}
	for _, text := range []string{"", "x", "Inf", "-Inf", "NaN", "1e", "--1", "1 "} {
		if _, ok := ParseNumber(text); ok {
			t.Errorf("%q is a number", text)
		}
	}
}

// A number must not fill the memory, however short its text.
func TestDecimal_huge(t *testing.T) {
	t.Parallel()
	f, ok := ParseNumber("1e9999")
	if !ok {
		t.Fatal("1e9999 is a number")
	}
	if got := string(Decimal(f)); got != "1e+9999" {
		t.Errorf("got %d digits", len(got))
	}
	for _, text := range []string{"1e99999999", "1e-99999999"} {
		if _, ok := ParseNumber(text); ok {
			t.Errorf("%s is taken", text)
		}
	}
}

func TestEqualNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b           string
		exactly, loose bool
	}{
		{"1", "1.0", true, true},
		{"1e3", "1000", true, true},
		{"0.1", "0.10", true, true},
		{"0.1", "0.1000000000000000055511151231257827", false, true},
		{"9007199254740993", "9007199254740992", false, true},
		{"1", "2", false, false},
		{"0.01", "0.010001", false, false},
		{"x", "1", false, false},
		{"x", "x", true, true},
	} {
		if got := equalNumbers(json.Number(c.a), json.Number(c.b), false); got != c.exactly {
			t.Errorf("%s and %s: exactly equal is %v", c.a, c.b, got)
		}
		if got := equalNumbers(json.Number(c.a), json.Number(c.b), true); got != c.loose {
			t.Errorf("%s and %s: loosely equal is %v", c.a, c.b, got)
		}
	}
}
