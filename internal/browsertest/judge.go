package browsertest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Widths of screens, in pixels of CSS.
const (
	Phone = 390
	Desk  = 1280
)

// Wide makes the screen so wide.
func (t *Tab) Wide(width int64) {
	t.t.Helper()
	t.Do(chromedp.EmulateViewport(width, 900))
}

// Prefer asks pages for a colour scheme, light or dark.
func (t *Tab) Prefer(scheme string) {
	t.t.Helper()
	Call(t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// Scripts says whether pages may run scripts, those from now on.
func (t *Tab) Scripts(run bool) {
	t.t.Helper()
	Call(t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !run})
}

// Inaccessible returns what axe-core finds wrong with the page, at its elements.
func (t *Tab) Inaccessible() (found []string) {
	t.t.Helper()
	if !Evaluate[bool](t, "!!window.axe") {
		Evaluate[bool](t, t.axe+";true")
	}
	// A colour on its way to another one would be judged as it is at the moment.
	// Nothing is fetched for rules on style sheets: the page may not ask for it.
	found = Evaluate[[]string](t, `Promise.all(document.getAnimations().map(a => a.finished))
		.then(() => axe.run({resultTypes: ["violations"], preload: false, rules: {"target-size": {enabled: true}}}))
		.then(r => r.violations.flatMap(v => v.nodes.map(n =>
			v.impact + ", " + v.id + ": " + n.target.join(" ") + ": " + n.failureSummary.split("\n").slice(1).map(l => l.trim()).join("; "))))`)
	return found
}

// Overflowing returns what makes the page wider than the screen, so that people
// would have to scroll to the side: its elements and where they end.
func (t *Tab) Overflowing() []string {
	t.t.Helper()
	return Evaluate[[]string](t, `(() => {
		const wide = document.documentElement.clientWidth;
		if (document.scrollingElement.scrollWidth <= wide) return [];
		const out = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > wide + 0.5);
		return ["the page is " + document.scrollingElement.scrollWidth + " wide"].concat(out.slice(0, 5).map(e =>
			e.tagName.toLowerCase() + "." + e.className + " ends at " + Math.round(e.getBoundingClientRect().right)));
	})()`)
}

// Words are the words that the page shows to whoever reads it, without those of
// buttons and fields.
func (t *Tab) Words() []string {
	t.t.Helper()
	text := Evaluate[string](t, `(() => {
		const shown = n => { for (let e = n.parentElement; e; e = e.parentElement) {
			if (e.matches("button, select, textarea, script, style, noscript") || !e.checkVisibility()) return false;
		} return true; };
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), out = [];
		while (walker.nextNode()) if (shown(walker.currentNode)) out.push(walker.currentNode.data);
		return out.join(" ");
	})()`)
	return strings.Fields(text)
}

// Links returns the addresses that the page links to, without fragments.
func (t *Tab) Links() []string {
	t.t.Helper()
	return Evaluate[[]string](t, `[...new Set([...document.querySelectorAll("a[href]")].map(a => a.href.replace(/#.*/, "")))]`)
}

// described is an issue of the browser's own audit, as it sends it.
func described(issue *audits.InspectorIssue) string {
	details, err := json.Marshal(issue.Details)
	if err != nil {
		return fmt.Sprint(issue.Code, err)
	}
	return fmt.Sprintf("%s %s", issue.Code, details)
}
