package regex

import "strings"

// translate replaces what PCRE alone knows by what means nearly the same:
// possessive quantifiers by greedy ones, \h by blanks, \K by nothing.
func translate(pattern string) string {
	var b strings.Builder
	class, quantified := false, false
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		switch {
		case c == '\\' && i+1 < len(pattern):
			i++
			b.WriteString(escape(pattern[i], class))
			quantified = false
			continue
		case c == '[' && !class:
			class, quantified = true, false
		case c == ']' && class:
			class, quantified = false, false
		case class:
		case c == '+' && quantified: // the second sign of a++, a*+, a?+, a{2}+
			quantified = false
			continue
		case c == '*' || c == '+' || c == '?' && !strings.HasSuffix(pattern[:i], "(") || c == '}':
			quantified = true
		default:
			quantified = false
		}
		b.WriteByte(c)
	}
	return b.String()
}

func escape(c byte, class bool) string {
	switch {
	case c == 'h' && class:
		return ` \t`
	case c == 'h':
		return `[ \t]`
	case c == 'H' && !class:
		return `[^ \t]`
	case c == 'K' && !class:
		return ""
	case c == 'R' && !class:
		return `(?:\r\n|[\n\v\f\r])`
	}
	return `\` + string(c)
}
