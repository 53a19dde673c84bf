package access

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"

	"github.com/realclientip/realclientip-go"
)

// Proxies are those whose word is taken for whom a request comes from. A nil
// *Proxies takes nobody's: headers that tell of addresses are anyone's to write.
type Proxies struct {
	networks []net.IPNet
	told     realclientip.RightmostTrustedRangeStrategy
}

// TrustProxies trusts addresses and networks, such as 10.0.0.0/8, in what they
// say by one header: X-Forwarded-For or Forwarded. Only one, since a proxy that
// writes one of them passes on what clients wrote in the other.
func TrustProxies(header string, addresses []string) (*Proxies, error) {
	networks, err := realclientip.AddressesAndRangesToIPNets(addresses...)
	if err != nil {
		return nil, err
	}
	told, err := realclientip.NewRightmostTrustedRangeStrategy(header, networks)
	if err != nil {
		return nil, fmt.Errorf("addresses come in X-Forwarded-For or Forwarded, not in %q", header)
	}
	return &Proxies{networks, told}, nil
}

// Remote is whom a request comes from: the address that a trusted proxy names,
// or that of the connection, with its port.
func (p *Proxies) Remote(r *http.Request) string {
	if p == nil || !p.trusts(r.RemoteAddr) {
		return r.RemoteAddr
	}
	return cmp.Or(p.told.ClientIP(r.Header, r.RemoteAddr), r.RemoteAddr)
}

func (p *Proxies) trusts(remote string) bool {
	from, err := netip.ParseAddrPort(remote)
	return err == nil && slices.ContainsFunc(p.networks, func(n net.IPNet) bool {
		return n.Contains(from.Addr().WithZone("").AsSlice())
	})
}

// network is what a limiter knows an address by: of IPv6 the network, since
// everyone has as many addresses of it as they like.
func network(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return remote
	}
	address = address.Unmap()
	if address.Is4() {
		return address.String()
	}
	of, err := address.WithZone("").Prefix(64)
	if err != nil {
		return address.String()
	}
	return of.String()
}
