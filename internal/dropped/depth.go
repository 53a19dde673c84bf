package dropped

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// maxDepth is how deep expressions may be nested. Parsers and evaluation call
// themselves for each level, and a stack that is used up ends the program.
const maxDepth = 1000

// level is what stands within a pair of brackets, up to the last comma or, where
// lines end something, the last line.
type level struct {
	lines     bool // a line ends what stands in it
	operators int  // each has what stands around it below it
}

// tooLarge returns the place of a number of more digits than arithmetic can bear,
// or nil.
func tooLarge(tokens hclsyntax.Tokens) *hcl.Range {
	for i, t := range tokens {
		if t.Type != hclsyntax.TokenNumberLit {
			continue
		}
		_, exponent, _ := strings.Cut(strings.ToLower(string(t.Bytes)), "e")
		if n, err := strconv.Atoi(exponent); exponent != "" && (err != nil || max(n, -n) > maxExponent) {
			return &tokens[i].Range
		}
	}
	return nil
}

// tooDeep returns the place where an expression is nested too deep, or nil.
func tooDeep(tokens hclsyntax.Tokens) *hcl.Range {
	levels, depth := []level{{lines: true}}, 0
	for i, t := range tokens {
		top := &levels[len(levels)-1]
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote,
			hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			if t.Type == hclsyntax.TokenTemplateControl {
				n := max(-top.operators, opened(tokens, i+1))
				top.operators, depth = top.operators+n, depth+n
			}
			levels = append(levels, level{lines: t.Type == hclsyntax.TokenOBrace})
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote,
			hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
			if len(levels) == 1 {
				continue
			}
			depth -= 1 + top.operators
			levels = levels[:len(levels)-1]
			if t.Type != hclsyntax.TokenTemplateSeqEnd { // a[b][b] is nested like a + b + b
				levels[len(levels)-1].operators++
				depth++
			}
		case hclsyntax.TokenComma:
			depth, top.operators = depth-top.operators, 0
		case hclsyntax.TokenNewline:
			if top.lines {
				depth, top.operators = depth-top.operators, 0
			}
		case hclsyntax.TokenIdent, hclsyntax.TokenNumberLit, hclsyntax.TokenStringLit, hclsyntax.TokenQuotedLit, hclsyntax.TokenComment:
		default:
			top.operators++
			depth++
		}
		if depth > maxDepth {
			return &tokens[i].Range
		}
	}
	return nil
}

// opened is how many levels a sequence such as %{ if … } opens: they close by
// another one, and not by a bracket.
func opened(tokens hclsyntax.Tokens, at int) int {
	for _, t := range tokens[at:] {
		switch string(t.Bytes) {
		case "~":
			continue
		case "if", "for":
			return 1
		case "endif", "endfor":
			return -1
		}
		break
	}
	return 0
}

// tooDeepJSON returns the place where JSON is nested too deep, or nil.
func tooDeepJSON(name string, text []byte) *hcl.Range {
	depth, quoted := 0, false
	at := hcl.InitialPos
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n':
			at.Line++
		case c == '{', c == '[':
			depth++
		case c == '}', c == ']':
			depth--
		}
		if depth > maxDepth {
			return &hcl.Range{Filename: name, Start: at, End: at}
		}
	}
	return nil
}
