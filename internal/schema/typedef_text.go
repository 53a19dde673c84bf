package schema

import (
	"strconv"
	"strings"
)

func httpMethodDef() Def {
	return Def{"type": "string", "description": "HTTP method in capitals.", "match": "^%u+$"}
}

func methodsDef() Def {
	return Def{"type": "set", "description": "HTTP methods in capitals.", "elements": httpMethodDef()}
}

func capabilityDef() Def {
	return Def{"type": "string", "description": "Name of a capability."}
}

func nameDef() Def {
	return Def{"type": "string", "description": "Unique name of letters, digits, dot, hyphen, underscore and tilde.", "unique": true, "custom_validator": nameFunction}
}

func utf8NameDef() Def {
	return Def{"type": "string", "description": "Unique name, which may use letters of any script.", "unique": true, "custom_validator": utf8NameFunction}
}

func tagDef() Def {
	return Def{"type": "string", "description": "Tag that entities can be grouped and filtered by.", "required": true, "custom_validator": tagFunction}
}

func tagsDef() Def {
	return Def{"type": "set", "description": "Tags that entities can be grouped and filtered by.", "elements": tagDef()}
}

func headerNameDef() Def {
	return Def{"type": "string", "description": "Name of an HTTP header.", "custom_validator": headerNameFunction}
}

func headersDef() Def {
	return Def{
		"type":        "map",
		"description": "HTTP headers, each with its values.",
		"keys":        headerNameDef(),
		"values":      Def{"type": "array", "elements": Def{"type": "string"}},
	}
}

func cookieNameDef() Def {
	return Def{"type": "string", "description": "Name of an HTTP cookie.", "custom_validator": cookieNameFunction}
}

func semanticVersionDef() Def {
	return Def{
		"type":        "string",
		"description": "Version number such as 1.2.3 or 1.2.3-beta.",
		"match_any": Def{
			"patterns": texts("^%d+[%.%d]*$", "^%d+[%.%d]*%-?.*$"),
			"err":      "invalid version number: must be in format of X.Y.Z",
		},
		"match_none": []any{
			Def{"pattern": "%.%.", "err": "must not have empty version segments"},
		},
	}
}

var (
	nameFunction       = textFunction("typedefs.name.custom_validator", checkName)
	utf8NameFunction   = textFunction("typedefs.utf8_name.custom_validator", checkUTF8Name)
	tagFunction        = textFunction("typedefs.tag.custom_validator", checkTag)
	headerNameFunction = textFunction("typedefs.header_name.custom_validator", checkHeaderName)
	cookieNameFunction = textFunction("typedefs.cookie_name.custom_validator", checkCookieName)
)

func checkName(text string) string {
	if text != "" && allBytes(text, isNameByte) {
		return ""
	}
	return "invalid value '" + text + "': it must only contain alphanumeric and '., -, _, ~' characters"
}

func checkUTF8Name(text string) string {
	if message := checkUTF8(text); message != "" {
		return message
	}
	if text != "" && allBytes(text, func(c byte) bool { return isNameByte(c) || isUTF8Byte(c) }) {
		return ""
	}
	return "invalid value '" + text + "': the only accepted ascii characters are alphanumerics or ., -, _, and ~"
}

func checkTag(text string) string {
	if message := checkUTF8(text); message != "" {
		return message
	}
	printable := func(c byte) bool {
		return c >= 0x20 && c <= 0x7e && c != ',' && c != '/' || isUTF8Byte(c)
	}
	if text != "" && allBytes(text, printable) {
		return ""
	}
	return "invalid tag '" + text + "': expected printable ascii (except `,` and `/`) or valid utf-8 sequences"
}

func checkHeaderName(text string) string {
	if text != "" && allBytes(text, func(c byte) bool { return isAlphanumeric(c) || c == '-' || c == '_' }) {
		return ""
	}
	return "bad header name '" + text + "', allowed characters are A-Z, a-z, 0-9, '_', and '-'"
}

func checkCookieName(text string) string {
	allowed := func(c byte) bool {
		return c > 0x20 && c < 0x7f && strings.IndexByte("()<>@,;:\\\"/?={}[]", c) < 0
	}
	if text != "" && allBytes(text, allowed) {
		return ""
	}
	return "contains one or more invalid characters. ASCII control characters (0-31;127), space, tab and the characters ()<>@,;:\\\"/?={}[] are not allowed."
}

// checkUTF8 reports the first byte, counted from 1, of the first sequence that
// is not UTF-8.
func checkUTF8(text string) string {
	for i := 0; i < len(text); {
		n := utf8Length(text[i:])
		if n == 0 {
			return "invalid utf-8 character sequence detected at position " + strconv.Itoa(i+1)
		}
		i += n
	}
	return ""
}

// utf8Length is the length of the sequence that text begins with, 0 if there is
// none. Kong takes a few bytes too many for the second of a two-byte sequence.
func utf8Length(text string) int {
	c := text[0]
	low, high, n := byte(0x80), byte(0xbf), 0
	switch {
	case c < 0x80:
		return 1
	case c >= 0xc2 && c <= 0xdf:
		low, n = 0x7b, 2
	case c >= 0xe0 && c <= 0xef:
		n = 3
	case c >= 0xf0 && c <= 0xf4:
		n = 4
	default:
		return 0
	}
	switch c {
	case 0xe0:
		low = 0xa0
	case 0xed:
		high = 0x9f
	case 0xf0:
		low = 0x90
	case 0xf4:
		high = 0x8f
	}
	if len(text) < n || text[1] < low || text[1] > high {
		return 0
	}
	for i := 2; i < n; i++ {
		if text[i] < 0x80 || text[i] > 0xbf {
			return 0
		}
	}
	return n
}

func allBytes(text string, is func(c byte) bool) bool {
	for i := range len(text) {
		if !is(text[i]) {
			return false
		}
	}
	return true
}

func isNameByte(c byte) bool { return isAlphanumeric(c) || strings.IndexByte(".-_~", c) >= 0 }
func isUTF8Byte(c byte) bool { return c >= 0x80 && c <= 0xf4 }
func isDigit(c byte) bool    { return c >= '0' && c <= '9' }
func isHex(c byte) bool      { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func isAlphanumeric(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigits(text string) bool { return text != "" && allBytes(text, isDigit) }

func hexValue(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
