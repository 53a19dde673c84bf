package browsertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// good is a page with nothing to complain of. What the cases below put into it
// is wrong.
const good = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Good</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"><script src="/script.js" defer></script>%s</head>
<body><main><h1>Good</h1><p id="text">All is well, <a href="/other">look</a>.</p>%s</main></body></html>`

// served answers with the good page, with something in its head and its body.
func served(t *testing.T, head, body string) (address string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src * data:")
		fmt.Fprintf(w, good, head, body)
	})
	mux.HandleFunc("/style.css", text("text/css", "@media (prefers-color-scheme: dark) { html { background: #222; color: #eee } a { color: #9cf } .dim { color: #333 } }"))
	mux.HandleFunc("/script.js", text("text/javascript", ""))
	mux.HandleFunc("/pale.css", text("text/css", "@media (prefers-color-scheme: light) { p { color: #ccc } }"))
	mux.HandleFunc("/slow.css", text("text/css", "@keyframes pale { from { color: #eee } to { color: #000 } } p { animation: pale 50ms }"))
	mux.HandleFunc("/wide.css", text("text/css", "#text { width: 500px }"))
	mux.HandleFunc("/small.css", text("text/css", "button { width: 9px; height: 9px; padding: 0 }"))
	mux.HandleFunc("/throw.js", text("text/javascript", "throw new Error('thrown')"))
	mux.HandleFunc("/reject.js", text("text/javascript", "Promise.reject(new Error('rejected'))"))
	mux.HandleFunc("/error.js", text("text/javascript", "console.error('an error', {})"))
	mux.HandleFunc("/later.js", text("text/javascript", "fetch('/slow').then(() => fetch('/missing'))"))
	mux.HandleFunc("/slow", text("text/plain", "slow"))
	mux.HandleFunc("/alert.js", text("text/javascript", "alert('boo')"))
	mux.HandleFunc("/write.js", text("text/javascript", "document.querySelector('main').append('only by script')"))
	mux.HandleFunc("/missing", http.NotFound)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL + "/"
}

func text(kind, content string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, content)
	}
}

// TestTab shows each judge one page that is good and some that it must not let
// through.
func TestTab(t *testing.T) {
	t.Parallel()
	browser := New(t)
	complaints := func(tab *Tab) []string { return tab.Complaints() }
	accessible := func(scheme string) func(*Tab) []string {
		return func(tab *Tab) []string { tab.Prefer(scheme); return tab.Inaccessible() }
	}
	narrow := func(tab *Tab) []string { tab.Wide(Phone); return tab.Overflowing() }
	all := func(tab *Tab) (found []string) {
		for _, judge := range []func(*Tab) []string{complaints, accessible("light"), accessible("dark"), narrow, complaints} {
			found = append(found, judge(tab)...)
		}
		return found
	}
	for name, tt := range map[string]struct {
		head, body string
		judge      func(*Tab) []string
		want       string // "": nothing
	}{
		"good":                 {judge: all},
		"animated":             {head: `<link rel="stylesheet" href="/slow.css">`, judge: all},
		"exception":            {head: `<script src="/throw.js"></script>`, judge: complaints, want: "Error: thrown"},
		"rejection":            {head: `<script src="/reject.js"></script>`, judge: complaints, want: "Error: rejected"},
		"console":              {head: `<script src="/error.js"></script>`, judge: complaints, want: "console.error: \"an error\""},
		"not found":            {head: `<script src="/missing"></script>`, judge: complaints, want: "404"},
		"not found later":      {head: `<script src="/later.js"></script>`, judge: complaints, want: "404"},
		"inline script":        {head: `<script>1</script>`, judge: complaints, want: "Content Security Policy"},
		"inline style":         {body: `<p style="color: red">Red</p>`, judge: complaints, want: "Content Security Policy"},
		"foreign script":       {head: `<script src="https://example.com/a.js"></script>`, judge: complaints, want: "Content Security Policy"},
		"foreign image":        {body: `<img alt="" src="http://example.com/a.png">`, judge: complaints, want: "another host is asked for http://example.com/a.png"},
		"dialog":               {head: `<script src="/alert.js"></script>`, judge: complaints, want: "dialog: boo"},
		"no label":             {body: `<input>`, judge: accessible("light"), want: "critical, label: input"},
		"no heading order":     {body: `<h4>Small</h4>`, judge: accessible("light"), want: "heading-order"},
		"no contrast":          {head: `<link rel="stylesheet" href="/pale.css">`, judge: accessible("light"), want: "serious, color-contrast: #text"},
		"contrast in the dark": {head: `<link rel="stylesheet" href="/pale.css">`, judge: accessible("dark")},
		"dark":                 {body: `<p class="dim">Dim</p>`, judge: accessible("dark"), want: "serious, color-contrast: .dim"},
		"not dark":             {body: `<p class="dim">Dim</p>`, judge: accessible("light")},
		"by one rule":          {body: `<h4>Small</h4><p class="dim">Dim</p>`, judge: func(tab *Tab) []string { tab.Prefer("dark"); return tab.Inaccessible("heading-order") }, want: "heading-order: h4"},
		"by another rule":      {body: `<h4>Small</h4>`, judge: func(tab *Tab) []string { return tab.Inaccessible("color-contrast", "target-size") }},
		"small targets":        {body: `<p><a href="/a">a</a><br><button>b</button><button>b</button></p>`, head: `<link rel="stylesheet" href="/small.css">`, judge: func(tab *Tab) []string { return tab.Inaccessible("target-size") }, want: "target-size: button"},
		"wide":                 {head: `<link rel="stylesheet" href="/wide.css">`, judge: narrow, want: "p. ends at"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tab := browser.Tab(t)
			if status := tab.Open(served(t, tt.head, tt.body)); status != http.StatusOK {
				t.Fatal(status)
			}
			got := strings.Join(tt.judge(tab), "\n")
			if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestTab_scripts reads a page with and without its scripts.
func TestTab_scripts(t *testing.T) {
	t.Parallel()
	address := served(t, `<script src="/write.js" defer></script>`, `<button>press</button><p hidden>hidden</p>`)
	tab := New(t).Tab(t)
	for run, want := range map[bool]string{true: "Good All is well, look . only by script", false: "Good All is well, look ."} {
		tab.Scripts(run)
		tab.Open(address)
		if got := strings.Join(tab.Words(), " "); got != want {
			t.Errorf("scripts %v: %q, want %q", run, got, want)
		}
	}
}

// TestTab_follow goes on by what a page offers.
func TestTab_follow(t *testing.T) {
	t.Parallel()
	address := served(t, "", `<a href="/missing#part">gone</a><a href="/slow" download>file</a>
		<form action="/search"><input name="q" value="a b" aria-label="q"></form><form method="post" action="/change"></form>`)
	tab := New(t).Tab(t)
	tab.Open(address)
	if got, want := fmt.Sprint(tab.Links()), fmt.Sprintf("[%[1]sother %[1]smissing %[1]ssearch?q=a+b]", address); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := fmt.Sprint(tab.Downloads()), fmt.Sprintf("[%sslow]", address); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if status := tab.Follow(chromedp.Click(chromedp.CSS(`a[href="/other"]`))); status != http.StatusOK {
		t.Error(status)
	}
	if status := tab.Follow(chromedp.Click(chromedp.CSS(`a[href="/missing#part"]`))); status != http.StatusNotFound {
		t.Error(status)
	}
}
