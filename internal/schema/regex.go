package schema

import "github.com/openkonnect/terraform-provider-konnect/internal/regex"

// CompileRegex reports whether a text is a regular expression as the rule
// is_regex understands it: Perl's kind, without flags.
func CompileRegex(pattern string) error { return regex.Check(pattern, 0) }
