package schema

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"
)

func hostDef() Def {
	return Def{"type": "string", "description": "Host name or IP address, without a port.", "custom_validator": hostFunction}
}

func hostWithOptionalPortDef() Def {
	return Def{"type": "string", "description": "Host name or IP address, perhaps followed by a port.", "custom_validator": hostWithOptionalPortFunction}
}

func wildcardHostDef() Def {
	return Def{"type": "string", "description": "Host name that may begin or end with a wildcard.", "custom_validator": wildcardHostFunction}
}

func sniDef() Def {
	return Def{"type": "string", "description": "Server name for TLS: a host name, not an IP address.", "custom_validator": sniFunction}
}

func hostsDef() Def {
	return Def{
		"type":        "array",
		"description": "Host names, each with at most one wildcard.",
		"elements": Def{
			"type": "string",
			"match_all": []any{
				Def{"pattern": "^[^*]*%*?[^*]*$", "err": "invalid wildcard: must have at most one wildcard"},
			},
			"match_any": Def{
				"patterns": texts("^%*%.", "%.%*$", "^[^*]*$"),
				"err":      "invalid wildcard: must be placed at leftmost or rightmost label",
			},
			"custom_validator": hostsFunction,
		},
	}
}

func ipDef() Def {
	return Def{"type": "string", "description": "IPv4 or IPv6 address.", "custom_validator": ipFunction}
}

func ipOrCIDRDef() Def {
	return Def{"type": "string", "description": "IP address or CIDR range.", "custom_validator": ipOrCIDRFunction}
}

func cidrDef() Def {
	return Def{"type": "string", "description": "IPv4 address or CIDR range.", "custom_validator": cidrFunction}
}

func portDef() Def {
	return Def{"type": "integer", "description": "Port number from 0 to 65535.", "between": bounds("0", "65535")}
}

func sourcesDef() Def {
	return Def{"type": "set", "description": "Addresses and ports that traffic comes from.", "elements": addressDef()}
}

func destinationsDef() Def {
	return Def{"type": "set", "description": "Addresses and ports that traffic goes to.", "elements": addressDef()}
}

func addressDef() Def {
	return Def{
		"type":          "record",
		"fields":        fieldList(Def{"ip": ipOrCIDRDef()}, Def{"port": portDef()}),
		"entity_checks": []any{Def{"at_least_one_of": texts("ip", "port")}},
	}
}

var (
	hostFunction                 = textFunction("typedefs.host.custom_validator", checkHost)
	hostWithOptionalPortFunction = textFunction("typedefs.host_with_optional_port.custom_validator", checkHostWithOptionalPort)
	wildcardHostFunction         = textFunction("typedefs.wildcard_host.custom_validator", checkWildcardHost)
	sniFunction                  = textFunction("typedefs.redis_server_name.custom_validator", checkSNI)
	hostsFunction                = textFunction("typedefs.hosts.elements.custom_validator", func(text string) string {
		return checkHostWithOptionalPort(strings.ReplaceAll(text, "*", "abc"))
	})
	ipFunction       = textFunction("typedefs.ip.custom_validator", checkIP)
	ipOrCIDRFunction = textFunction("typedefs.destinations.elements.fields.1.ip.custom_validator", checkIPOrCIDR)
	cidrFunction     = textFunction("typedefs.cidr.custom_validator", checkCIDR)
)

// HostKind says what the text before a port is.
type HostKind uint8

// The kinds of hosts.
const (
	HostName HostKind = iota
	HostIPv4
	HostIPv6
)

// Host is a host as Kong reads it from a text, with the port if there is one.
type Host struct {
	Kind    HostKind
	Port    int
	HasPort bool
}

// errHostPort is the one fault that some typedefs report in other words.
var errHostPort = errors.New("invalid port number")

// ParseHost reads a host name or an IP address, perhaps with a port; IPv6 with
// a port stands in brackets. The error has Kong's text.
func ParseHost(text string) (Host, error) {
	colons := strings.Count(text, ":")
	switch {
	case colons > 1:
		return parseIPv6Host(text)
	case len(text) > colons && strings.Trim(text, "0123456789.:") == "":
		return parseIPv4Host(text)
	default:
		return parseNamedHost(text)
	}
}

func parseIPv4Host(text string) (Host, error) {
	address, port, hasPort := strings.Cut(text, ":")
	groups := strings.Split(address, ".")
	valid := len(groups) == 4 && (!hasPort || isDigits(port))
	for _, group := range groups {
		n, err := strconv.Atoi(group)
		valid = valid && err == nil && len(group) <= 3 && n <= 255
	}
	if !valid {
		return Host{}, errors.New("invalid ipv4 address: " + text)
	}
	return withPort(Host{Kind: HostIPv4}, port)
}

func parseIPv6Host(text string) (Host, error) {
	address, port := text, ""
	if bracketed, rest, ok := cutBrackets(text); ok {
		address = bracketed
		if rest != "" {
			port = strings.TrimPrefix(rest, ":")
			if port == rest || !isDigits(port) {
				return Host{}, errors.New("invalid ipv6 address")
			}
		}
	}
	if port != "" {
		if _, err := withPort(Host{}, port); err != nil {
			return Host{}, err
		}
	}
	if !isIPv6(address) {
		return Host{}, errors.New("invalid ipv6 address: " + text)
	}
	return withPort(Host{Kind: HostIPv6}, port)
}

// cutBrackets splits "[address]rest". Brackets in the address must be balanced,
// which no address survives.
func cutBrackets(text string) (inside, rest string, ok bool) {
	if !strings.HasPrefix(text, "[") {
		return "", "", false
	}
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '[':
			depth++
		case ']':
			depth--
			if depth == 0 {
				return text[1:i], text[i+1:], true
			}
		}
	}
	return "", "", false
}

// isIPv6 accepts eight groups of hexadecimal digits, one run of which may be
// left out. It knows no embedded IPv4 address and no zone.
func isIPv6(address string) bool {
	if strings.HasPrefix(address, ":") {
		address = "0" + address
	}
	if strings.HasSuffix(address, ":") {
		address += "0"
	}
	if strings.Contains(address, "::") {
		missing := max(0, 8-strings.Count(address, ":"))
		address = strings.Replace(address, "::", ":"+strings.Repeat("0:", missing), 1)
	}
	groups := strings.Split(address, ":")
	for _, group := range groups {
		if len(group) == 0 || len(group) > 4 || strings.Trim(group, "0123456789abcdefABCDEF") != "" {
			return false
		}
	}
	return len(groups) == 8
}

func parseNamedHost(text string) (Host, error) {
	name, port := text, ""
	if i := strings.LastIndexByte(text, ':'); i >= 0 && isDigits(text[i+1:]) {
		name, port = text[:i], text[i+1:]
		if _, err := withPort(Host{}, port); err != nil {
			return Host{}, err
		}
	}
	rest, more := name, true
	for first := true; more; first = false {
		var label string
		label, rest, more = strings.Cut(rest, ".")
		if !isHostLabel(label) || label == "" && (first || more) {
			return Host{}, errors.New("invalid hostname: " + text)
		}
	}
	return withPort(Host{Kind: HostName}, port)
}

func isHostLabel(label string) bool {
	for i := range len(label) {
		if c := label[i]; !isAlphanumeric(c) && c != '-' && c != '_' {
			return false
		}
	}
	return !strings.HasSuffix(label, "-")
}

// withPort adds a port of digits, or nothing.
func withPort(h Host, digits string) (Host, error) {
	if digits == "" {
		return h, nil
	}
	port, err := strconv.Atoi(digits)
	if err != nil || port > 65535 {
		return Host{}, errHostPort
	}
	h.Port, h.HasPort = port, true
	return h, nil
}

func checkHost(text string) string {
	h, err := ParseHost(text)
	switch {
	case err != nil && !errors.Is(err, errHostPort):
		return "invalid value: " + text
	case err != nil || h.HasPort:
		return "must not have a port"
	}
	return ""
}

func checkHostWithOptionalPort(text string) string {
	if _, err := ParseHost(text); err != nil {
		return err.Error()
	}
	return ""
}

func checkSNI(text string) string {
	if h, err := ParseHost(text); err == nil && h.Kind != HostName {
		return "must not be an IP"
	}
	return checkHost(text)
}

func checkWildcardHost(text string) string {
	first := strings.IndexByte(text, '*')
	switch {
	case first > 0 && first < len(text)-1:
		return "wildcard must be leftmost or rightmost character"
	case strings.Count(text, "*") > 1:
		return "only one wildcard must be specified"
	}
	return checkSNI(strings.Replace(text, "*", "wildcard", 1))
}

func checkIP(text string) string {
	if parseIP(text).IsValid() {
		return ""
	}
	return "not an ip address: " + text
}

func checkIPOrCIDR(text string) string {
	if address := parseRange(text); address.IsValid() {
		return ""
	}
	return "invalid ip or cidr range: '" + text + "'"
}

func checkCIDR(text string) string {
	if address := parseRange(text); address.Is4() {
		return ""
	}
	return "invalid ipv4 cidr range: '" + text + "'"
}

// parseIP reads an address, IPv6 perhaps in brackets. The zero Addr is none.
func parseIP(text string) netip.Addr {
	bare, bracketed := strings.CutPrefix(text, "[")
	if bracketed {
		bare, bracketed = strings.CutSuffix(bare, "]")
		if !bracketed || !strings.Contains(bare, ":") {
			return netip.Addr{}
		}
	}
	address, err := netip.ParseAddr(bare)
	if err != nil || address.Zone() != "" {
		return netip.Addr{}
	}
	return address
}

// parseRange reads an address with or without a prefix length and returns the
// address. Bits beyond the prefix may be set.
func parseRange(text string) netip.Addr {
	ip, length, hasLength := strings.Cut(text, "/")
	address := parseIP(ip)
	if hasLength && address.IsValid() {
		n, err := strconv.Atoi(length)
		if err != nil || strconv.Itoa(n) != length || n < 0 || n > address.BitLen() {
			return netip.Addr{}
		}
	}
	return address
}
