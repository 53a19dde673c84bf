package schema

import "strings"

func urlDef() Def {
	return Def{"type": "string", "description": "URL with a scheme and a host, such as https://example.com/hook.", "custom_validator": urlFunction}
}

var urlFunction = textFunction("typedefs.url.custom_validator", func(text string) string {
	u := SplitURL(text)
	switch {
	case u.Host == "":
		return "missing host in url"
	case u.Scheme == "":
		return "missing scheme in url"
	}
	return ""
})

// URL holds the parts of a URL. An absent part is empty.
type URL struct {
	Scheme    string
	Authority string // everything between // and the path
	UserInfo  string
	User      string
	Password  string
	Host      string
	Port      string // digits, or whatever else stands there
	Path      string
	Params    string
	Query     string
	Fragment  string
}

// SplitURL takes a URL apart the lenient way that Kong does: it splits at the
// separators and judges nothing.
func SplitURL(text string) URL {
	var u URL
	rest, fragment, _ := strings.Cut(text, "#")
	u.Fragment = fragment
	if scheme, after, ok := strings.Cut(rest, ":"); ok && isScheme(scheme) {
		u.Scheme, rest = scheme, after
	}
	if after, ok := strings.CutPrefix(rest, "//"); ok {
		end := strings.IndexByte(after, '/')
		if end < 0 {
			end = len(after)
		}
		u.Authority, rest = after[:end], after[end:]
	}
	rest, u.Query, _ = strings.Cut(rest, "?")
	u.Path, u.Params, _ = strings.Cut(rest, ";")
	u.splitAuthority()
	return u
}

func isScheme(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlphanumeric(c) && (i == 0 || strings.IndexByte("+.-", c) < 0) {
			return false
		}
	}
	return s != ""
}

func (u *URL) splitAuthority() {
	rest := u.Authority
	if userInfo, after, ok := strings.Cut(rest, "@"); ok {
		u.UserInfo, rest = userInfo, after
		u.User = userInfo
		if i := strings.LastIndexByte(userInfo, ':'); i >= 0 {
			u.User, u.Password = userInfo[:i], userInfo[i+1:]
		}
	}
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && !strings.Contains(rest[i+1:], "]") {
		rest, u.Port = rest[:i], rest[i+1:]
	}
	if strings.HasPrefix(rest, "[") && strings.HasSuffix(rest, "]") && len(rest) > 2 {
		rest = rest[1 : len(rest)-1]
	}
	u.Host = rest
}
