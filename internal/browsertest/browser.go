// Package browsertest is for tests only: a real browser, and judges of what it
// shows.
//
// [New] starts the browser, [Browser.Tab] opens a tab with cookies of its own. A
// [Tab] goes to pages, acts on them as people do and remembers what they did
// wrong ([Tab.Complaints]); other methods judge the page at hand: for those who
// see little or use no mouse, on a narrow screen, without scripts.
//
// The package knows no page, and not who serves them; its tests do.
package browsertest

import (
	"context"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
)

// Environment variables with the paths of the browser and of axe-core, which
// .ci/browser prints.
const (
	Variable    = "KONNECT_TEST_BROWSER"
	AxeVariable = "KONNECT_TEST_AXE"
)

// Browser is a browser without a window that ends with the test.
type Browser struct {
	ctx context.Context // chromedp's handle of a browser is a context
	axe string          // axe-core's source
}

// New starts a browser, and skips the test where there is none to start.
func New(t testing.TB) *Browser {
	t.Helper()
	path := os.Getenv(Variable)
	if path == "" {
		t.Skipf("%s is not set: not tested in a browser", Variable)
	}
	axe, err := os.ReadFile(os.Getenv(AxeVariable)) //nolint:gosec // G703: whoever runs the tests says which
	if err != nil {
		t.Fatalf("%s: %v", AxeVariable, err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		// Machines that test often have no user namespaces, and the pages are the project's own.
		chromedp.NoSandbox,
		// Whatever a page asks for elsewhere is not found, on any machine.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"),
	)
	allocator, end := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(end)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("%s: %s does not start: %v", Variable, path, err)
	}
	return &Browser{ctx: ctx, axe: string(axe)}
}
