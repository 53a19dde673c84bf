package meaning

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// sentence is how every text begins and ends: with a capital letter or a name,
// and with a full stop.
var sentence = regexp.MustCompile("^([A-Z]|`)[^\t]*[.]$")

func TestTexts(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(texts, "text/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no texts: %v", err)
	}
	used := map[string]bool{}
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "text/"), ".txt")
		p, err := read(texts, name)
		if err != nil {
			t.Error(err)
			continue
		}
		if p.Group == "" {
			t.Errorf("%s has no @group", file)
		}
		judge(t, file+" @about", p.About)
		judge(t, file+" @when", p.When)
		for path, text := range p.own {
			judge(t, file+" "+path, text)
		}
		content, err := fs.ReadFile(texts, file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(content)) {
			if value, ok := strings.CutPrefix(strings.TrimSpace(line), "@uses "); ok {
				for other := range strings.SplitSeq(value, ", ") {
					used[other] = true
				}
			}
		}
	}
	shared, err := fs.Glob(texts, "text/shared/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range shared {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "text/shared/"), ".txt")
		if !used[name] {
			t.Errorf("no plugin uses %s", file)
		}
		words, err := sharedWords(texts, name)
		if err != nil {
			t.Error(err)
		}
		for path, text := range words {
			judge(t, file+" "+path, text)
		}
	}
}

// judge holds a text to the form of all others. One or two sentences are enough:
// who needs more reads the guides.
func judge(t *testing.T, where, text string) {
	t.Helper()
	if !sentence.MatchString(text) || strings.Contains(text, "  ") {
		t.Errorf("%s is no sentence: %q", where, text)
	}
	if len(text) > 200 {
		t.Errorf("%s has %d bytes, of 200", where, len(text))
	}
}

func TestPlugin_Field(t *testing.T) {
	t.Parallel()
	from := fstest.MapFS{
		"text/a.txt":               {Data: []byte("# for editors\n@group Tests\n@about Does it.\n@when Use it.\n@same store redis-x\n@uses test-one, test-two\n\nhost: Own.\nlog: Log.\n")},
		"text/shared/test-one.txt": {Data: []byte("redis-x.host: First.\nport: Port.\nhost: Shadowed.\n")},
		"text/shared/test-two.txt": {Data: []byte("redis-x.host: Second.\nmodel.port: Longer.\n")},
	}
	p, err := read(from, "a")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"config.host":            "Own.",
		"config.redis-x.host":    "First.",
		"config.store.host":      "First.",
		"config.deep.store.host": "First.",
		"config.deep.port":       "Port.",
		"config.a.model.port":    "Longer.",
		"config.b.log":           "", // own words are for the very path
		"config.unknown":         "",
		"config":                 "",
		"host":                   "",
		"":                       "",
	} {
		if got := p.Field(path); got != want {
			t.Errorf("Field(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestRead_wrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"no words":          {"host", "text/a.txt:1: write a path"},
		"no colon":          {"\nhost Words.", "text/a.txt:2: write a path"},
		"two words":         {"the host: Words.", "text/a.txt:1: write a path"},
		"twice":             {"host: Words.\nhost: Others.", "text/a.txt:2: host is described above already"},
		"unknown directive": {"@abut Typo.", "text/a.txt:1: @abut is none of"},
		"missing file":      {"@uses nothing-there", "text/a.txt:1: open text/shared/nothing-there.txt"},
		"half a same":       {"@same client", "text/a.txt:1: @same takes"},
		"shared directive":  {"@uses test-wrong", "text/shared/test-wrong.txt:1: @group has no meaning"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := read(fstest.MapFS{"text/a.txt": {Data: []byte(c.text)}, "text/shared/test-wrong.txt": {Data: []byte("@group X")}}, "a")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	if got := Of("no-such-plugin").Field("config.host"); got != "" {
		t.Errorf("an unknown plugin is described: %q", got)
	}
}

func BenchmarkOf(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if Of("openid-connect").Field("config.cluster_cache_redis.cloud_authentication.aws_region") == "" {
			b.Fatal("no words")
		}
	}
}
