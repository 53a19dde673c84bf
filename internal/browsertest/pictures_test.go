package browsertest_test

import (
	"bytes"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/browsertest"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
)

var update = flag.Bool("update", false, "take the pictures of the documentation anew")

// TestPictures takes the pictures of the documentation, and keeps them with -update.
// Fonts differ between machines, so that only their sizes are compared.
func TestPictures(t *testing.T) {
	t.Parallel()
	browser := browsertest.New(t)
	w := newWorld(t, access.Unguarded)
	shop := "planes/" + w.ids["shop"]
	for name, tt := range map[string]struct {
		page, scheme  string
		width, height int64
	}{
		"overview": {shop, "light", 1000, 700},
		"plugin":   {shop + "/plugins/" + "3a3c2a9c-52e5-4a6b-8d6f-5d0b0a5a0021", "dark", 1000, 700},
		"search":   {"search?q=orders", "light", browsertest.Phone, 700},
	} {
		tab := browser.Tab(t)
		tab.Prefer(tt.scheme)
		tab.Open(w.address + tt.page)
		picture := tab.Picture(tt.width, tt.height)
		file := filepath.Join("..", "..", "docs", "images", name+".png")
		if *update {
			if err := os.WriteFile(file, picture, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for what, data := range map[string][]byte{"taken": picture, "kept": kept} {
			size, err := png.DecodeConfig(bytes.NewReader(data))
			if err != nil || size.Width != int(tt.width) || size.Height != int(tt.height) || len(data) > 150_000 {
				t.Errorf("%s, as %s: %d × %d, %d bytes, %v", name, what, size.Width, size.Height, len(data), err)
			}
		}
	}
}
