// Package ui is a page to look at a control plane with: what is in it, and what
// Terraform makes of it. It reads; state is Terraform's to write.
//
// [New] makes a handler for everything below [Path], [Beside] puts it beside the
// API on one address. A page is a row in a table (pages.go): a pattern, a
// template, and a loader that makes what the template shows. Loaders ask the API as any
// client does, with the token of whoever looks, so that nobody sees more than the
// token may see. Nobody is asked for a token where the API asks for none.
//
// The package knows the API and nothing of what is behind it: neither store nor
// server. It keeps no state between requests; a login is a sealed cookie.
package ui

import (
	"cmp"
	"embed"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/deck"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// Path is what all paths of the pages begin with.
const Path = "/ui/"

// Options configure the pages.
type Options struct {
	// API is the control plane's API.
	API http.Handler
	// Bundled are the plugins that come with the gateway.
	Bundled *plugins.Set
	// Schemas are those that a file of decK is judged by.
	Schemas deck.Schemas
	// Secret is known to all processes that serve one address, and to nobody else:
	// with it each opens the cookies of the others. Without one a login counts for
	// this process alone.
	Secret string
	// Proxied says that TLS may end before this process, at a proxy.
	Proxied bool
	// Logger receives the causes of failures; nil discards.
	Logger *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// ui is what the pages share.
type ui struct {
	Options

	mux       *http.ServeMux
	templates map[string]*template.Template
	seal      *seal
}

//go:embed static templates
var files embed.FS

// New returns the pages as a handler for everything below [Path].
func New(o Options) http.Handler {
	u := &ui{Options: o, mux: http.NewServeMux(), seal: newSeal(o.Secret)}
	u.Logger = cmp.Or(o.Logger, slog.New(slog.DiscardHandler))
	if u.Now == nil {
		u.Now = time.Now
	}
	u.templates = parse(pages)
	for _, p := range pages {
		u.mux.HandleFunc(p.pattern, u.serve(p))
	}
	u.mux.HandleFunc("GET "+Path+"planes/{plane}/terraform.zip", u.download)
	u.mux.HandleFunc("POST "+Path+"login", u.login)
	u.mux.HandleFunc("POST "+Path+"logout", u.logout)
	static, _ := fs.Sub(files, "static") // is there: it is embedded
	u.mux.Handle("GET "+Path+"static/", http.StripPrefix(Path+"static/", cached(http.FileServerFS(static))))
	u.mux.HandleFunc(Path, func(w http.ResponseWriter, r *http.Request) { u.fail(w, r, errNoPage) })
	return guarded(http.NewCrossOriginProtection().Handler(u.mux))
}

// Beside serves pages below their path, and the API everywhere else. A browser that asks
// for the root is led to the pages.
func Beside(api, pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, Path):
			pages.ServeHTTP(w, r)
		case r.URL.Path == strings.TrimSuffix(Path, "/"), r.URL.Path == "/" && strings.Contains(r.Header.Get("Accept"), "text/html"):
			http.Redirect(w, r, Path, http.StatusFound)
		default:
			api.ServeHTTP(w, r)
		}
	})
}

// policy lets a page load styles, scripts and pictures from here and nothing from
// anywhere else, and lets nobody frame it.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'"

// guarded sets the headers that keep a page to itself.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// cached lets browsers keep for an hour what is the same for everybody.
func cached(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		next.ServeHTTP(w, r)
	})
}
