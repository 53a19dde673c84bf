package browsertest

import (
	"context"
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

// Inaccessible returns what axe-core finds wrong with the page, at its elements: by
// some of its rules, or by all of them.
func (t *Tab) Inaccessible(rules ...string) []string {
	t.t.Helper()
	if !Evaluate[bool](t, "!!window.axe") {
		Evaluate[bool](t, t.axe+";true")
	}
	only := "rules: {'target-size': {enabled: true}}"
	if len(rules) > 0 {
		only = fmt.Sprintf("runOnly: %q.split(' ')", strings.Join(rules, " "))
	}
	// A colour on its way to another one would be judged as it is at the moment.
	// Nothing is fetched for rules on style sheets: the page may not ask for it.
	return Evaluate[[]string](t, `Promise.all(document.getAnimations().map(a => a.finished))
		.then(() => axe.run({resultTypes: ["violations"], preload: false, `+only+`}))
		.then(r => r.violations.flatMap(v => v.nodes.map(n =>
			v.impact + ", " + v.id + ": " + n.target.join(" ") + ": " + n.failureSummary.split("\n").slice(1).map(l => l.trim()).join("; "))))`)
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

// Source is the page as it stands.
func (t *Tab) Source() string {
	t.t.Helper()
	return Evaluate[string](t, "document.documentElement.outerHTML")
}

// Text is the text of the first element that a selector names.
func (t *Tab) Text(selector string) string {
	t.t.Helper()
	return Evaluate[string](t, fmt.Sprintf("document.querySelector(%q).innerText", selector))
}

// Focused describes the element that keys go to, "" for none: with "hidden" where it
// is outside of the screen, and "unmarked" where nothing shows that it is the one.
func (t *Tab) Focused() string {
	t.t.Helper()
	return Evaluate[string](t, `(() => {
		const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
		if (e === document.body) return "";
		const all = [...document.querySelectorAll("*")];
		const hidden = box.right <= 0 || box.bottom <= 0 || box.left >= innerWidth || box.top >= innerHeight || box.width === 0;
		return all.indexOf(e) + " " + e.tagName.toLowerCase() + " " + (e.innerText || e.name || "").trim() +
			(hidden ? " hidden" : "") + (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2 ? " unmarked" : "");
	})()`)
}

// Links returns the addresses that the page leads to: by its links, without
// fragments, and by its forms that only ask, as they are filled in.
func (t *Tab) Links() []string {
	t.t.Helper()
	return Evaluate[[]string](t, `[...new Set([...document.querySelectorAll("a[href]:not([download])")].map(a => a.href.replace(/#.*/, "")).concat(
		[...document.forms].filter(f => f.method === "get").map(f => f.action.replace(/[?#].*/, "") + "?" + new URLSearchParams(new FormData(f)))))]`)
}

// Downloads returns the addresses of files that the page offers.
func (t *Tab) Downloads() []string {
	t.t.Helper()
	return Evaluate[[]string](t, `[...document.querySelectorAll("a[download]")].map(a => a.href)`)
}

// Picture is the upper part of the page on a screen of that size, as PNG.
func (t *Tab) Picture(width, height int64) []byte {
	t.t.Helper()
	t.Do(chromedp.EmulateViewport(width, height))
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.t.Fatal(err)
	}
	return picture
}

// described is an issue of the browser's own audit, as it sends it.
func described(issue *audits.InspectorIssue) string {
	details, err := json.Marshal(issue.Details)
	if err != nil {
		return fmt.Sprint(issue.Code, err)
	}
	return fmt.Sprintf("%s %s", issue.Code, details)
}
