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

// Proxies are the proxies that are trusted to say where a request comes from. A
// nil *Proxies trusts none: any client can write such headers.
type Proxies struct {
	networks []net.IPNet
	told     realclientip.RightmostTrustedRangeStrategy
}

// TrustProxies trusts addresses and networks, such as 10.0.0.0/8, for one
// header: X-Forwarded-For or Forwarded. Only for one, since a proxy that writes
// one of them passes on the other as clients wrote it.
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

// Remote is where a request comes from: the address that a trusted proxy names,
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

// network is the key of an address in a limiter. For IPv6 it is the network,
// since every client has many addresses in its own.
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
