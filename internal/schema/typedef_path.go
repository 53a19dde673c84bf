package schema

import "strings"

func pathDef() Def {
	return Def{
		"type":             "string",
		"description":      "Path of a URL, beginning with a slash.",
		"starts_with":      "/",
		"match_none":       noEmptySegments(),
		"custom_validator": pathFunction,
	}
}

func routerPathDef() Def {
	return Def{
		"type":        "string",
		"description": "Path that a router matches: a prefix, or a regular expression after a tilde.",
		"match_none":  noEmptySegments(),
		"match_any": Def{
			"patterns": texts("^/", "^~/"),
			"err":      "should start with: / (fixed path) or ~/ (regex path)",
		},
		"custom_validator": routerPathFunction,
	}
}

func routerPathsDef() Def {
	return Def{"type": "array", "description": "Paths that a router matches.", "elements": routerPathDef()}
}

func noEmptySegments() []any {
	return []any{Def{"pattern": "//", "err": "must not have empty segments"}}
}

var (
	pathFunction       = textFunction("typedefs.path.custom_validator", checkPath)
	routerPathFunction = textFunction("typedefs.router_path.custom_validator", checkRouterPath)
)

// checkPath checks characters, then the hexadecimal digits after each percent
// sign. It does not normalise, and accepts a trailing slash.
func checkPath(text string) string {
	if !isURLPath(text) {
		return "invalid path: '" + text + "' (characters outside of the reserved list of RFC 3986 found)"
	}
	return checkPercentEncoding(text)
}

func isURLPath(text string) bool {
	for i := range len(text) {
		if c := text[i]; !isAlphanumeric(c) && strings.IndexByte(".-_~/%:@!$&'()*+,;=", c) < 0 {
			return false
		}
	}
	return strings.HasPrefix(text, "/")
}

func checkPercentEncoding(text string) string {
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			continue
		}
		if end := min(i+3, len(text)); end < i+3 || !isHex(text[i+1]) || !isHex(text[i+2]) {
			return "invalid url-encoded value: '" + text[i:end] + "'"
		}
		i += 2
	}
	return ""
}

func checkRouterPath(text string) string {
	if isURLPath(text) {
		if message := checkPercentEncoding(text); message != "" {
			return message
		}
	}
	if expression, ok := strings.CutPrefix(text, "~"); ok {
		if err := CompileRegex(expression); err != nil {
			return "invalid regex: '" + expression + "' (PCRE returned: " + err.Error() + ")"
		}
		return ""
	}
	if normal := NormalPath(text, true); normal != text {
		return "non-normalized path, consider use '" + normal + "' instead"
	}
	return ""
}

// NormalPath decodes characters that need no encoding, removes dot segments by
// RFC 3986, and merges slashes if asked to.
func NormalPath(text string, merge bool) string {
	normal := removeDotSegments(decodeUnreserved(text))
	if merge {
		return mergeSlashes(normal)
	}
	return normal
}

// reservedBytes stay encoded in a normal path.
const reservedBytes = "!*'();:@&=+$,/?%#[]"

func decodeUnreserved(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '%' || i+2 >= len(text) || !isHex(text[i+1]) || !isHex(text[i+2]) {
			b.WriteByte(text[i])
			continue
		}
		c := hexValue(text[i+1])<<4 | hexValue(text[i+2])
		if strings.IndexByte(reservedBytes, c) >= 0 {
			b.WriteString(strings.ToUpper(text[i : i+3]))
		} else {
			b.WriteByte(c)
		}
		i += 2
	}
	return b.String()
}

func removeDotSegments(path string) string {
	var kept []string
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		last := i == len(segments)-1
		switch segment {
		case ".", "..":
			if segment == ".." && len(kept) > 1 {
				kept = kept[:len(kept)-1]
			}
			if last {
				kept = append(kept, "")
			}
		default:
			kept = append(kept, segment)
		}
	}
	return strings.Join(kept, "/")
}

func mergeSlashes(path string) string {
	for strings.Contains(path, "//") {
		path = strings.ReplaceAll(path, "//", "/")
	}
	return path
}
