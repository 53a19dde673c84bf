package browsertest_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/openkonnect/terraform-provider-konnect/internal/browsertest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
)

// TestLogin logs in with a token that may read one control plane, by the keyboard,
// and out again.
func TestLogin(t *testing.T) {
	t.Parallel()
	tab := browsertest.New(t).Tab(t)
	w := newWorld(t, access.Guarded)
	limited, err := w.plane.Tokens().Create(t.Context(), access.Token{Name: "limited", ReadOnly: true, ControlPlanes: []string{w.ids["shop"]}})
	if err != nil {
		t.Fatal(err)
	}
	login := func(token string) int64 {
		return tab.Follow(chromedp.Focus(chromedp.CSS("#token")), browsertest.Press(token+kb.Enter))
	}
	wanted := w.address + "planes/" + w.ids["shop"]
	tab.Open(wanted)
	is(t, tab, "Log in")
	if status := login("okat_mistyped"); status != http.StatusUnauthorized {
		t.Errorf("a wrong token: %d", status)
	}
	if text := tab.Text("[role=alert]"); !strings.Contains(text, "does not know this token") {
		t.Errorf("a wrong token: %q", text)
	}
	if complaints := tab.Complaints(); len(complaints) != 1 || !strings.Contains(complaints[0], "401") {
		t.Errorf("a wrong token: %q", complaints) // browsers write such answers into their log
	}
	if found := tab.Inaccessible(); len(found) > 0 {
		t.Errorf("a wrong token: %q", found)
	}
	if status := login(limited); status != http.StatusOK {
		t.Fatal(status)
	}
	is(t, tab, "shop") // where the login was asked for
	sealed(t, tab, limited)
	tab.Open(w.address)
	if source := tab.Source(); !strings.Contains(source, w.ids["shop"]) || strings.Contains(source, w.ids["large"]) || strings.Contains(source, "Nothing is in it yet.") {
		t.Errorf("the token may see one control plane, and sees:\n%s", source)
	}
	if status := tab.Open(w.address + "planes/" + w.ids["large"]); status != http.StatusForbidden {
		t.Errorf("another control plane: %d", status)
	}
	tab.Follow(chromedp.Click(chromedp.CSS(`form[action$="/logout"] button`)))
	is(t, tab, "Log in")
	if cookies := cookies(tab); len(cookies) > 0 {
		t.Errorf("after the end: %v", cookies[0])
	}
	tab.Open(wanted)
	is(t, tab, "Log in")
}

// is insists on the heading of a page.
func is(t *testing.T, tab *browsertest.Tab, heading string) {
	t.Helper()
	if got := tab.Text("h1"); got != heading {
		t.Fatalf("this is the page %q, want %q", got, heading)
	}
}

func cookies(tab *browsertest.Tab) []*network.Cookie {
	return browsertest.Call(tab, network.GetCookies, network.GetCookiesParams{}).Cookies
}

// sealed insists on one cookie, which neither scripts nor other sites get, and which
// does not show the token.
func sealed(t *testing.T, tab *browsertest.Tab, token string) {
	t.Helper()
	all := cookies(tab)
	if len(all) != 1 {
		t.Fatalf("%d cookies", len(all))
	}
	c := all[0]
	if !c.HTTPOnly || c.SameSite != network.CookieSameSiteStrict || c.Session || c.Path != "/ui/" {
		t.Errorf("the cookie is open to others: %+v", c)
	}
	if strings.Contains(c.Value, token) {
		t.Error("the cookie shows the token")
	}
	if seen := browsertest.Evaluate[string](tab, "document.cookie"); seen != "" {
		t.Errorf("a script sees the cookie: %q", seen)
	}
}

// TestKeyboard goes through a page by the keyboard alone: over the menu to the
// content, and to each link and button, which shows where one is.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	tab := browsertest.New(t).Tab(t)
	w := newWorld(t, access.Unguarded)
	tab.Open(w.address + "planes/" + w.ids["shop"])
	tab.Do(browsertest.Press(kb.Tab))
	if at := tab.Focused(); !strings.Contains(at, "Skip to the content") || strings.Contains(at, "hidden") {
		t.Errorf("the first stop is %s", at)
	}
	tab.Do(browsertest.Press(kb.Enter))
	tab.WaitUntil(`document.activeElement.matches("main")`)
	tab.Open(w.address + "planes/" + w.ids["shop"])
	var stops []string
	for {
		tab.Do(browsertest.Press(kb.Tab))
		at := tab.Focused()
		if slices.Contains(stops, at) || at == "" {
			break
		}
		if strings.Contains(at, "hidden") || strings.Contains(at, "unmarked") {
			t.Errorf("stop %d, %s", len(stops)+1, at)
		}
		stops = append(stops, at)
	}
	if want := browsertest.Evaluate[int](tab, `[...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(e => e.checkVisibility()).length`); len(stops) != want {
		t.Errorf("%d stops, want %d:\n%s", len(stops), want, strings.Join(stops, "\n"))
	}
}

// TestSearch finds an entity by the keyboard alone.
func TestSearch(t *testing.T) {
	t.Parallel()
	tab := browsertest.New(t).Tab(t)
	w := newWorld(t, access.Unguarded)
	tab.Open(w.address)
	tab.Do(browsertest.Press("/"))
	tab.WaitUntil(`document.activeElement.matches("input[type=search]")`)
	tab.Follow(browsertest.Press("orders" + kb.Enter))
	is(t, tab, "Search: orders")
	if kept := browsertest.Evaluate[string](tab, `document.querySelector("input[type=search]").value`); kept != "orders" {
		t.Errorf("the field holds %q", kept)
	}
	for !strings.Contains(tab.Focused(), " a orders") { // the service, the first that is found
		tab.Do(browsertest.Press(kb.Tab))
	}
	tab.Follow(browsertest.Press(kb.Enter))
	is(t, tab, "Gateway service orders")
	tab.Do(browsertest.Press("/"))
	tab.Follow(browsertest.Press("\u2026 \"><b>" + kb.Enter))
	is(t, tab, "Search: \u2026 \"><b>")
}

// TestCopy copies the code of an entity, as it stands there.
func TestCopy(t *testing.T) {
	t.Parallel()
	tab := browsertest.New(t).Tab(t)
	w := newWorld(t, access.Unguarded)
	tab.Allow("clipboard-read")
	service := w.find(t, entity.Service, "bills")
	tab.Open(w.address + "planes/" + w.ids["shop"] + "/services/" + service)
	for _, form := range []string{"hcl", "deck", "json"} {
		button := `button[data-copy="` + form + `"]`
		tab.Do(chromedp.Evaluate[chromedp.Void](`document.getElementById("` + form + `").closest("details").open = true`))
		tab.Do(chromedp.Click(chromedp.CSS(button)))
		tab.WaitUntil(`document.querySelector('` + button + `').innerText === "Copied"`)
		copied, shown := browsertest.Evaluate[string](tab, "navigator.clipboard.readText()"), tab.Text("#"+form)
		if copied != shown || !strings.Contains(copied, "bills.internal") {
			t.Errorf("%s: copied is %q, shown %q", form, copied, shown)
		}
	}
	if complaints := tab.Complaints(); len(complaints) > 0 {
		t.Error(complaints)
	}
}

// TestTyping shows a mistake at its field while somebody types, and takes it away
// when it is gone; nobody sends the form.
func TestTyping(t *testing.T) {
	t.Parallel()
	tab := browsertest.New(t).Tab(t)
	w := newWorld(t, access.Unguarded)
	tab.Open(w.address + "compose/rate-limiting")
	faults := `document.getElementById("in.config.redis.port_faults").innerText`
	result := `document.getElementById("result").innerText`
	for _, step := range []struct{ field, text, until string }{
		{"in.config.minute", "5", result + `.includes("Kong takes this")`},
		{"in.config.redis.port", "99999", faults + `.includes("between 0 and 65535") && ` + result + `.includes("Kong would refuse this")`},
		{"in.config.redis.port", kb.Backspace, faults + ` === "" && ` + result + `.includes("Kong takes this")`},
		{"in.config.redis.port", "x", faults + ` !== ""`},
	} {
		tab.Do(chromedp.Focus(chromedp.CSS(`[id="` + step.field + `"]`)))
		tab.Do(browsertest.Press(step.text))
		tab.WaitUntil(step.until)
	}
	if at := tab.Focused(); !strings.Contains(at, "input") {
		t.Errorf("who types is interrupted: %s", at)
	}
	if said := tab.Complaints(); len(said) > 0 {
		t.Errorf("the browser complains: %q", said)
	}
}
