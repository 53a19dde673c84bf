package document

import (
	"encoding/json"
	"math/big"
	"strings"
)

// precision is that of Terraform's own numbers. With less, 0.1 would become
// another number, and every plan an update.
const precision = 512

// longestInteger is the number of bits up to which an integer is written out;
// without it, 1e1000000 would fill the memory.
const longestInteger = 4096

// largestExponent bounds numbers, in bits: larger ones take megabytes to write
// down, and no control plane holds them.
const largestExponent = 1 << 16

// ParseNumber reads decimal text as Terraform does.
func ParseNumber(text string) (*big.Float, bool) {
	f, _, err := big.ParseFloat(text, 10, precision, big.ToNearestEven)
	if err != nil || f.IsInf() || f.MantExp(nil) > largestExponent || f.MantExp(nil) < -largestExponent {
		return nil, false
	}
	return f, true
}

// Decimal returns the shortest decimal text that reads back as the number.
func Decimal(f *big.Float) json.Number {
	if f.IsInt() && f.MantExp(nil) <= longestInteger {
		return json.Number(f.Text('f', 0))
	}
	return json.Number(f.Text('g', -1))
}

// equalNumbers compares two decimal texts by value. A loose comparison also
// takes numbers for equal that a server which keeps 64-bit floats cannot tell
// apart.
func equalNumbers(a, b json.Number, loose bool) bool {
	if a == b {
		return true
	}
	x, okX := ParseNumber(string(a))
	y, okY := ParseNumber(string(b))
	if !okX || !okY {
		return false
	}
	if x.Cmp(y) == 0 {
		return true
	}
	if !loose {
		return false
	}
	p, _ := x.Float64()
	q, _ := y.Float64()
	return p == q
}

// numberFromText is HCL's conversion of a string to a number.
func numberFromText(s string) (json.Number, bool) {
	if strings.Trim(s, "+-0123456789.eE") != "" {
		return "", false // big.ParseFloat also takes "Inf" and "0x1p-2"
	}
	f, ok := ParseNumber(s)
	if !ok {
		return "", false
	}
	return Decimal(f), true
}
