package command

import (
	"net"
	"net/http"
	"strings"
)

// localOnly keeps web pages out of a control plane that asks for no token. A
// browser on this machine would let any page send requests here. A page whose
// host name leads to a loopback address could even read the answers.
func localOnly(next http.Handler) http.Handler {
	guarded := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLocal(r.Host) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"message":"without a token this control plane is served to localhost only; set ` + tokenVariable + ` to serve it under other names"}`))
			return
		}
		guarded.ServeHTTP(w, r)
	})
}

// isLocal reports whether a host, with or without a port, means this machine.
func isLocal(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
