package browsertest

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long something may take that usually takes no time; then the
// test fails instead of hanging.
const patience = time.Minute

// Action is something that chromedp does in a tab.
type Action = chromedp.Action[chromedp.Void]

// Tab is a tab with cookies of its own. It belongs to one test, and to one
// goroutine.
type Tab struct {
	t   testing.TB
	ctx context.Context // chromedp's handle of a tab is a context
	axe string

	mu         sync.Mutex
	host       string // the only one that pages may ask for anything
	complaints []string
	pending    map[network.RequestID]string // what was asked for and is not there yet
	answered   chan struct{}                // has room for one
}

// Tab opens a tab that ends with the test.
func (b *Browser) Tab(t testing.TB) *Tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	tab := &Tab{t: t, ctx: ctx, axe: b.axe, pending: map[network.RequestID]string{}, answered: make(chan struct{}, 1)}
	if err := chromedp.Listen(ctx, tab.hear); err != nil {
		t.Fatal(err)
	}
	Call(tab, audits.Enable, cdp.Empty{})
	return tab
}

// Call sends a command of the browser's protocol.
func Call[P, R any](tab *Tab, command cdp.Command[P, R], params P) R {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	result, err := chromedp.Call(ctx, command, params)
	if err != nil {
		tab.t.Fatalf("%s: %v", command.Method, err)
	}
	return result
}

// Evaluate evaluates an expression in the page, past its security policy, and
// waits for it if it is a promise.
func Evaluate[T any](tab *Tab, expression string) T {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		tab.t.Fatalf("%.200s: %v", expression, err)
	}
	return value
}

// Do acts on the page.
func (t *Tab) Do(actions ...Action) {
	t.t.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.t.Fatal(err)
	}
}

// Press presses keys, one after the other. As on a real keyboard, a key writes
// something only if the page lets it.
func Press(keys string) Action {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, key := range keys {
			for _, event := range strokes(key) {
				if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, *event); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// strokes are the events of a key. chromedp's has one that writes even where a page
// has taken the key for something else; here it is a part of the first.
func strokes(key rune) (events []*input.DispatchKeyEventParams) {
	for _, event := range kb.Encode(key) {
		if event.Type == input.DispatchKeyEventTypeChar {
			first := events[0]
			first.Type, first.Text, first.UnmodifiedText = input.DispatchKeyEventTypeKeyDown, event.Text, event.UnmodifiedText
			continue
		}
		events = append(events, event)
	}
	return events
}

// WaitUntil waits until an expression is true in the page.
func (t *Tab) WaitUntil(expression string) {
	t.t.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(0))); err != nil {
		t.t.Fatalf("not so: %s: %v", expression, err)
	}
}

// Open goes to an address and returns the status of the page, after redirects.
// What other hosts are asked for, from now on, is a complaint.
func (t *Tab) Open(address string) int64 {
	t.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.t.Fatal(err)
	}
	t.mu.Lock()
	t.host = u.Host
	t.mu.Unlock()
	return t.Follow(chromedp.Navigate(address))
}

// Allow gives pages a permission that people would be asked for.
func (t *Tab) Allow(permission string) {
	t.t.Helper()
	_, err := chromedp.CallBrowser(t.ctx, browser.SetPermission, browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: permission}, Setting: browser.PermissionSettingGranted,
		BrowserContextID: chromedp.FromContext(t.ctx).BrowserContextID,
	})
	if err != nil {
		t.t.Fatal(err)
	}
}

// Follow does what leads to another page, and returns the status of that.
func (t *Tab) Follow(actions ...Action) int64 {
	t.t.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, actions...)
	if err != nil {
		t.t.Fatal(err)
	}
	t.settle(ctx)
	return response.Status
}

// settle waits until nothing that the page asked for is missing.
func (t *Tab) settle(ctx context.Context) {
	t.t.Helper()
	for {
		Evaluate[bool](t, "true") // the events before it have been heard then
		missing := t.missing()
		if len(missing) == 0 {
			return
		}
		select {
		case <-t.answered:
		case <-ctx.Done():
			t.t.Fatalf("still missing: %v", missing)
		}
	}
}

func (t *Tab) missing() (addresses []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, address := range t.pending {
		addresses = append(addresses, address)
	}
	return addresses
}

// Complaints returns what the browser found wrong since it was asked last:
// errors and warnings of the console, what a security policy forbade, what
// other hosts were asked for, dialogs.
func (t *Tab) Complaints() []string {
	t.t.Helper()
	Evaluate[bool](t, "true")
	t.mu.Lock()
	defer t.mu.Unlock()
	out := slices.Compact(t.complaints)
	t.complaints = nil
	return out
}

// hear takes what the browser says of the page, in its order.
func (t *Tab) hear(event any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if e.Type != network.ResourceTypeOther { // such as the icon, of which the end is not told once a page is left
			t.pending[e.RequestID] = e.Request.URL
		}
		if u, err := url.Parse(e.Request.URL); err != nil || u.Host != "" && u.Host != t.host {
			t.complain("another host is asked for %s", e.Request.URL)
		}
	case *network.EventLoadingFinished:
		t.answer(e.RequestID)
	case *network.EventLoadingFailed:
		t.answer(e.RequestID)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning || e.Type == runtime.ConsoleAPICalledTypeAssert {
			t.complain("console.%s: %s", e.Type, spoken(e.Args))
		}
	case *runtime.EventExceptionThrown:
		t.complain("exception: %s", spoken([]*runtime.RemoteObject{e.ExceptionDetails.Exception}))
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			t.complain("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *audits.EventIssueAdded:
		t.complain("issue: %s", described(e.Issue))
	case *page.EventJavascriptDialogOpening:
		t.complain("dialog: %s", e.Message)
		// Until it is closed, the page does nothing else.
		go func() { _, _ = chromedp.Call(t.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{}) }()
	}
}

func (t *Tab) complain(format string, args ...any) {
	t.complaints = append(t.complaints, fmt.Sprintf(format, args...))
}

func (t *Tab) answer(id network.RequestID) {
	delete(t.pending, id)
	select {
	case t.answered <- struct{}{}:
	default:
	}
}

// spoken is what a page gave to its console.
func spoken(args []*runtime.RemoteObject) (text string) {
	for _, a := range args {
		text += fmt.Sprintf("%s %s ", a.Value, a.Description)
	}
	return text
}
