package entity

import (
	"net/netip"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// addressKind tells names from addresses by the form of the text.
type addressKind uint8

const (
	hostName addressKind = iota
	ipv4
	ipv6
)

// address is a host with an optional port. An IPv6 host is written in full.
type address struct {
	kind       addressKind
	host, port string
}

// splitAddress takes a text apart if it is a host with an optional port.
func splitAddress(text string) (a address, ok bool) {
	check := typedef("host_with_optional_port")["custom_validator"].(*schema.Function).Check
	if text == "" || check(text) != nil {
		return a, false
	}
	if strings.Count(text, ":") > 1 {
		return splitIPv6(text)
	}
	a.host, a.port, _ = strings.Cut(text, ":")
	if strings.Trim(a.host, "0123456789.") == "" {
		a.kind = ipv4
	}
	return a, true
}

func splitIPv6(text string) (a address, ok bool) {
	a = address{kind: ipv6, host: text}
	if rest, bracketed := strings.CutPrefix(text, "["); bracketed {
		a.host, a.port, _ = strings.Cut(rest, "]")
		a.port = strings.TrimPrefix(a.port, ":")
	}
	ip, err := netip.ParseAddr(a.host)
	if err != nil {
		return a, false
	}
	a.host = ip.StringExpanded()
	return a, true
}
