package ui

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
)

// page is one kind of page.
type page struct {
	pattern  string // of [http.ServeMux]
	template string // a file in templates, without its ending
	load     func(*visit) (any, error)
}

// pages are all there are. What a loader returns is .Data in its template; its title
// is the template "title".
var pages = []page{
	{"GET /ui/{$}", "planes", controlPlanes},
	{"GET /ui/planes/{plane}", "overview", overview},
	{"GET /ui/planes/{plane}/plugins/{id}", "plugin", onePlugin},
	{"GET /ui/planes/{plane}/{type}/{id}", "entity", oneEntity},
	{"GET /ui/planes/{plane}/{owner}/{ownerID}/{type}/{id}", "entity", oneEntity},
	{"GET /ui/planes/{plane}/applies", "applies", applies},
	{"GET /ui/compare", "compare", compare},
	{"POST /ui/compare", "compare", compareFile},
	{"GET /ui/compose", "catalogue", admitted(catalogue)},
	{"GET /ui/compose/{name}", "compose", admitted(compose)},
	{"POST /ui/compose/{name}", "compose", admitted(tryOut)},
	{"POST /ui/compose", "compose", admitted(tryOut)},
	{"GET /ui/search", "search", search},
	{"GET /ui/planes/{plane}/search", "search", search},
	{"GET /ui/login", "login", nothing},
}

// Patterns are those of all pages, for who wants to see them all.
func Patterns() (out []string) {
	for _, p := range pages {
		out = append(out, p.pattern)
	}
	return out
}

func nothing(*visit) (any, error) { return nil, nil }

// admitted is a loader that asks the API nothing else, and still is for nobody whom the
// API would not let in: some run what they are sent.
func admitted(load func(*visit) (any, error)) func(*visit) (any, error) {
	return func(v *visit) (any, error) {
		if err := admits(v.Context(), v.api); err != nil {
			return nil, err
		}
		return load(v)
	}
}

// visit is one request for a page.
type visit struct {
	*http.Request

	ui    *ui
	api   *client.Client // with the token of whoever looks
	plane map[string]any // the control plane that the path names
}

// shown is what a template is given.
type shown struct {
	Data     any
	Query    string // what was searched for
	Plane    map[string]any
	LoggedIn bool
	Next     string // where a login leads to
	Message  string
}

var (
	errNoPage   = errors.New("no such page")
	errTooLarge = errors.New("too much was sent")
)

// parse reads the templates: the frame around all pages, what several share, and one
// for each page.
func parse(pages []page) map[string]*template.Template {
	shared := template.Must(template.New("").Funcs(functions).ParseFS(files, "templates/frame.html", "templates/parts.html"))
	out := map[string]*template.Template{}
	for _, name := range append(names(pages), "problem") {
		out[name] = template.Must(template.Must(shared.Clone()).ParseFS(files, "templates/"+name+".html"))
	}
	return out
}

func names(pages []page) (out []string) {
	for _, p := range pages {
		out = append(out, p.template)
	}
	return out
}

// serve answers with a page.
func (u *ui) serve(p page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, longestFile)
		v, err := u.visit(r)
		if err != nil {
			u.fail(w, r, err)
			return
		}
		data, err := p.load(v)
		if err != nil {
			u.fail(w, r, err)
			return
		}
		u.render(w, r, http.StatusOK, p.template, shown{Data: data, Plane: v.plane})
	}
}

// visit connects a request with the API, and finds the control plane that its path
// names.
func (u *ui) visit(r *http.Request) (*visit, error) {
	api, err := client.New(client.Options{Transport: client.HandlerTransport(u.API), Token: u.token(r), RetryBudget: -1, UserAgent: "konnect-ui"})
	if err != nil {
		return nil, err
	}
	v := &visit{Request: r, ui: u, api: api}
	if id := r.PathValue("plane"); id != "" {
		if uuid.Validate(id) != nil {
			return nil, errNoPage
		}
		if v.plane, err = v.get(planePath(id)); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// render writes a page. It is made whole before anything is sent: what fails half
// way is no page.
func (u *ui) render(w http.ResponseWriter, r *http.Request, status int, name string, s shown) {
	s.Query, s.LoggedIn = asked(r), u.token(r) != ""
	s.Next = cmp.Or(local(r.FormValue("next")), Path)
	var out bytes.Buffer
	if err := u.templates[name].ExecuteTemplate(&out, "frame", s); err != nil {
		u.Logger.Error("a page cannot be shown", "page", name, "error", err.Error())
		http.Error(w, "This page cannot be shown.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w) // whoever asked may be gone
}

// fail shows what is wrong, or asks for a token.
func (u *ui) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, client.ErrUnauthorized) {
		if r.Method == http.MethodGet {
			http.Redirect(w, r, Path+"login?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
			return
		}
		u.render(w, r, http.StatusUnauthorized, "login", shown{Message: "The login has ended. Log in, and send the form again."})
		return
	}
	status, message := http.StatusBadGateway, fmt.Sprintf("The control plane does not answer as it should: %s.", err)
	switch {
	case errors.Is(err, errTooLarge):
		status, message = http.StatusRequestEntityTooLarge, "A file may be 4 MiB long. On the command line, import --dry-run takes longer ones."
	case errors.Is(err, errNoPage):
		status, message = http.StatusNotFound, "There is no page at this address."
	case errors.Is(err, client.ErrNotFound):
		status, message = http.StatusNotFound, "The control plane has nothing of that name or ID. Somebody may have deleted it."
	case errors.Is(err, client.ErrInvalid):
		status, message = http.StatusBadRequest, fmt.Sprintf("The control plane does not take what this address asks for: %s.", err)
	case errors.Is(err, client.ErrForbidden):
		status, message = http.StatusForbidden, "Your token does not reach this. Log in with another one to see it."
	default:
		u.Logger.Error("a page has no data", "path", r.URL.Path, "error", err.Error())
	}
	u.render(w, r, status, "problem", shown{Message: message})
}

// local returns an address only if it is one of the pages'.
func local(address string) string {
	to, err := url.Parse(address)
	if err != nil || to.Scheme != "" || to.Host != "" || to.User != nil || !strings.HasPrefix(path.Clean(to.Path)+"/", Path) {
		return ""
	}
	return to.RequestURI()
}
