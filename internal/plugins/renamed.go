package plugins

import "strings"

// renamed are the new names of shorthand fields that Kong's schemas do not
// state; they come from the release notes. "" stands for a field without a new
// name.
var renamed = map[string]map[string]string{
	"canary":        {"hash": "hash"},
	"forward-proxy": {"proxy_host": "http_proxy_host", "proxy_port": "http_proxy_port"},
	"openid-connect": withSession(map[string]string{
		"authorization_cookie_lifetime": "authorization_rolling_timeout",
		"authorization_cookie_samesite": "authorization_cookie_same_site",
		"authorization_cookie_httponly": "authorization_cookie_http_only",
	}),
	"opentelemetry": {"endpoint": "traces_endpoint"},
	"saml":          withSession(map[string]string{"session_auth_ttl": ""}),
	"session": {
		"cookie_lifetime": "rolling_timeout", "cookie_idletime": "idling_timeout", "cookie_discard": "stale_ttl",
		"cookie_samesite": "cookie_same_site", "cookie_httponly": "cookie_http_only",
		"cookie_persistent": "remember", "cookie_renew": "",
	},
}

// withSession adds the session fields that plugins share.
func withSession(own map[string]string) map[string]string {
	for from, to := range map[string]string{
		"session_cookie_lifetime": "session_rolling_timeout", "session_cookie_idletime": "session_idling_timeout",
		"session_cookie_samesite": "session_cookie_same_site", "session_cookie_httponly": "session_cookie_http_only",
		"session_memcache_prefix": "session_memcached_prefix", "session_memcache_socket": "session_memcached_socket",
		"session_memcache_host": "session_memcached_host", "session_memcache_port": "session_memcached_port",
		"session_cookie_renew": "", "session_cookie_maxsize": "", "session_strategy": "", "session_compressor": "",
	} {
		own[from] = to
	}
	return own
}

// mapsTo returns the new name of a shorthand field whose function is named.
func mapsTo(name string) (to string, ok bool) {
	plugin, _, _ := strings.Cut(name, ":")
	to, ok = renamed[plugin][fieldOf(name)]
	return to, ok
}
