package acceptance

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"text/template"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
)

const root = "../.."

// recipe is how releases are made, as .goreleaser.yml says it.
type recipe struct {
	ProjectName string `yaml:"project_name"`
	Builds      []struct {
		Env       []string
		Flags     []string
		Ldflags   []string
		Goos      []string
		Goarch    []string
		Ignore    []struct{ Goos, Goarch string }
		Binary    string
		Timestamp string `yaml:"mod_timestamp"`
	}
	Archives []struct {
		Formats []string
		Name    string `yaml:"name_template"`
		Built   info   `yaml:"builds_info"`
		Files   []struct {
			Src  string
			Info info
		}
	}
	Checksum struct {
		Name      string `yaml:"name_template"`
		Algorithm string
		Extra     []extra `yaml:"extra_files"`
	}
	Signs []struct {
		Artifacts string
		Args      []string
	}
	Release struct {
		Extra []extra `yaml:"extra_files"`
	}
	Snapshot struct {
		Version string `yaml:"version_template"`
	}
}

type info struct{ Mtime string }

type extra struct {
	Glob string
	Name string `yaml:"name_template"`
}

func readRecipe(t *testing.T) recipe {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, ".goreleaser.yml"))
	var r recipe
	if err == nil {
		err = yaml.Unmarshal(text, &r)
	}
	if err != nil || len(r.Builds) != 1 || len(r.Archives) != 1 {
		t.Fatalf("one build and one archive are known here: %+v, %v", r, err)
	}
	return r
}

// fill puts the values of one release and platform into a text of the recipe.
func (r recipe) fill(t *testing.T, text, version, system, machine string) string {
	t.Helper()
	var b strings.Builder
	parsed, err := template.New("").Option("missingkey=error").Parse(text)
	if err == nil {
		err = parsed.Execute(&b, map[string]any{"ProjectName": r.ProjectName, "Version": version, "Os": system, "Arch": machine})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What registries ask of a release, of which they tell an author only after it was
// published.
func TestRelease_registries(t *testing.T) {
	t.Parallel()
	r := readRecipe(t)
	build, archive := r.Builds[0], r.Archives[0]
	fill := func(text string) string { return r.fill(t, text, "1.2.3", "linux", "amd64") }
	manifest := []extra{{"terraform-registry-manifest.json", "{{ .ProjectName }}_{{ .Version }}_manifest.json"}}
	for what, pair := range map[string][2]any{
		"no cgo":                      {[]string{"CGO_ENABLED=0"}, build.Env},
		"no paths of the machine":     {[]string{"-trimpath"}, build.Flags},
		"time of the binary":          {"{{ .CommitTimestamp }}", build.Timestamp},
		"time of it in the archive":   {"{{ .CommitDate }}", archive.Built.Mtime},
		"snapshots in lower case":     {"{{ .Version }}-snapshot-{{ .ShortCommit }}", r.Snapshot.Version}, // as terraform reads names in a mirror
		"binary":                      {"terraform-provider-konnect_v1.2.3", fill(build.Binary)},
		"archive":                     {"terraform-provider-konnect_1.2.3_linux_amd64", fill(archive.Name)},
		"format":                      {[]string{"zip"}, archive.Formats},
		"checksums":                   {"terraform-provider-konnect_1.2.3_SHA256SUMS", fill(r.Checksum.Name)},
		"algorithm":                   {"sha256", r.Checksum.Algorithm},
		"manifest among the sums":     {manifest, r.Checksum.Extra},
		"manifest among the files":    {manifest, r.Release.Extra},
		"one signature, of the sums":  {"checksum", r.Signs[0].Artifacts},
		"signature in binary form":    {false, slices.Contains(r.Signs[0].Args, "--armor")},
		"signature beside the binary": {true, slices.Contains(r.Signs[0].Args, "--detach-sign")},
	} {
		if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	for _, f := range archive.Files {
		if f.Info.Mtime != "{{ .CommitDate }}" {
			t.Errorf("the time of %s in the archive is %q", f.Src, f.Info.Mtime)
		}
		if _, err := os.Stat(filepath.Join(root, f.Src)); err != nil {
			t.Error(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(root, manifest[0].Glob))
	if err != nil || !regexp.MustCompile(`^\{\s*"version": 1,\s*"metadata": \{\s*"protocol_versions": \["6\.0"\]\s*\}\s*\}\s*$`).Match(text) {
		t.Errorf("the manifest: %s, %v", text, err)
	}
	var platforms []string
	for _, system := range build.Goos {
		for _, machine := range build.Goarch {
			if !slices.Contains(build.Ignore, struct{ Goos, Goarch string }{system, machine}) {
				platforms = append(platforms, system+"_"+machine)
			}
		}
	}
	want := []string{
		"darwin_amd64", "darwin_arm64", "freebsd_386", "freebsd_amd64", "freebsd_arm", "freebsd_arm64",
		"linux_386", "linux_amd64", "linux_arm", "linux_arm64", "windows_386", "windows_amd64", "windows_arm64",
	}
	if slices.Sort(platforms); !slices.Equal(platforms, want) {
		t.Errorf("%v, want %v", platforms, want)
	}
}

// distribution is a release for the platform of the test.
type distribution struct {
	version string
	name    string // of the archive
	archive []byte
}

// dist names a folder in which goreleaser has put a release; without it, the test
// makes the archive itself, by the same recipe.
const dist = "KONNECT_TEST_DIST"

// released is the release that the tests install.
func released(t *testing.T) distribution {
	t.Helper()
	r := readRecipe(t)
	if folder := os.Getenv(dist); folder != "" {
		return found(t, r, folder)
	}
	return r.pack(t)
}

// found is the release in a folder, which has to hold one archive for this
// platform.
func found(t *testing.T, r recipe, folder string) (d distribution) {
	t.Helper()
	before, after, _ := strings.Cut(r.fill(t, r.Archives[0].Name, "VERSION", runtime.GOOS, runtime.GOARCH)+".zip", "VERSION")
	files, err := filepath.Glob(filepath.Join(folder, before+"*"+after))
	if err != nil || len(files) != 1 {
		t.Fatalf("%s: %v, %v", folder, files, err)
	}
	d.name = filepath.Base(files[0])
	d.version = strings.TrimSuffix(strings.TrimPrefix(d.name, before), after)
	if d.archive, err = os.ReadFile(files[0]); err != nil {
		t.Fatal(err)
	}
	return d
}

// pack builds the program and puts it into an archive.
func (r recipe) pack(t *testing.T) distribution {
	t.Helper()
	const version = "0.0.0-test.1"
	fill := func(text string) string { return r.fill(t, text, version, runtime.GOOS, runtime.GOARCH) }
	build, name := r.Builds[0], fill(r.Builds[0].Binary)
	binary := filepath.Join(t.TempDir(), name)
	args := slices.Concat([]string{"build", "-o", binary}, build.Flags, []string{"-ldflags", fill(strings.Join(build.Ldflags, " ")), "."})
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir, cmd.Env = root, append(os.Environ(), build.Env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(file string, mode os.FileMode) {
		header := &zip.FileHeader{Name: filepath.Base(file), Method: zip.Deflate}
		header.SetMode(mode)
		text, err := os.ReadFile(file)
		w, werr := z.CreateHeader(header)
		if err = errors.Join(err, werr); err == nil {
			_, err = w.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add(binary, 0o755)
	for _, f := range r.Archives[0].Files {
		add(filepath.Join(root, f.Src), 0o644)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return distribution{version, fill(r.Archives[0].Name) + ".zip", b.Bytes()}
}

// changed is the archive with something behind its end, which no reader minds.
func (d distribution) changed() distribution {
	d.archive = append(slices.Clone(d.archive), 0)
	return d
}

// mirror is a folder as terraform looks for archives in.
func (d distribution) mirror(t *testing.T) string {
	t.Helper()
	mirror := t.TempDir()
	folder := filepath.Join(mirror, "registry.terraform.io/openkonnect/konnect")
	if err := errors.Join(os.MkdirAll(folder, 0o700), os.WriteFile(filepath.Join(folder, d.name), d.archive, 0o600)); err != nil {
		t.Fatal(err)
	}
	return mirror
}

// TestAccRelease installs a release as users do, and works with it.
func TestAccRelease(t *testing.T) {
	t.Parallel()
	d := released(t)
	t.Run("terraform", func(t *testing.T) {
		t.Parallel()
		d.initialise(t)
	})
	t.Run("install", func(t *testing.T) {
		t.Parallel()
		d.install(t)
	})
}

// initialise takes the quickstart through terraform init, with and without a lock
// file, and applies it.
func (d distribution) initialise(t *testing.T) {
	files := map[string]string{"version_override.tf": fmt.Sprintf("terraform {\n  required_providers {\n    konnect = {\n      source  = \"openkonnect/konnect\"\n      version = %q\n    }\n  }\n}\n", d.version)}
	for _, name := range []string{"main.tf", "schema.lua"} {
		text, err := os.ReadFile(filepath.Join(root, "examples/quickstart", name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(text)
	}
	tf := acctest.Mirrored(t, files, d.mirror(t))
	run := func(tf *acctest.Terraform, exit int, want string, args ...string) {
		t.Helper()
		out, got := tf.Run(t, append(args, "-no-color")...)
		if text := strings.Join(strings.Fields(string(out)), " "); got != exit || !strings.Contains(text, want) {
			t.Fatalf("terraform %v: exit code %d, want %d and %q\n%s", args, got, exit, want, out)
		}
	}
	run(tf, 0, "Installed openkonnect/konnect v"+d.version, "init")
	lock, err := os.ReadFile(tf.File(".terraform.lock.hcl"))
	if err != nil || !strings.Contains(string(lock), fmt.Sprintf("%q", d.version)) || !strings.Contains(string(lock), `"h1:`) {
		t.Fatalf("the lock file: %s, %v", lock, err)
	}
	run(tf, 0, "Apply complete! Resources: 9 added", "apply", "-auto-approve")
	run(tf, 0, "No changes", "plan", "-detailed-exitcode")
	run(tf, 0, "Destroy complete! Resources: 9 destroyed", "destroy", "-auto-approve")

	files[".terraform.lock.hcl"] = string(lock)
	run(tf.Elsewhere(t, files), 0, "Reusing previous version of openkonnect/konnect from the dependency lock file", "init", "-lockfile=readonly")
	files[".terraform.lock.hcl"] = strings.ReplaceAll(string(lock), `"h1:`, `"h1:A`)
	run(tf.Elsewhere(t, files), 1, "doesn't match any of the checksums", "init", "-lockfile=readonly")
}

// install runs the script for machines without Go against servers of releases.
func (d distribution) install(t *testing.T) {
	sums := func(d distribution) string { return fmt.Sprintf("%x  %s\n", sha256.Sum256(d.archive), d.name) }
	other := strings.Replace(sums(d), runtime.GOOS, "plan9", 1)
	prefix := "/download/v" + d.version + "/"
	list := prefix + "terraform-provider-konnect_" + d.version + "_SHA256SUMS"
	tag := "/tag/v" + d.version
	for name, tt := range map[string]struct {
		files   map[string]string
		latest  string // where /latest leads
		version string
		err     string
	}{
		"latest":           {files: map[string]string{list: other + sums(d), prefix + d.name: string(d.archive)}, latest: tag},
		"by version":       {files: map[string]string{list: sums(d), prefix + d.name: string(d.archive)}, version: d.version},
		"by tag":           {files: map[string]string{list: sums(d), prefix + d.name: string(d.archive)}, version: "v" + d.version},
		"changed archive":  {files: map[string]string{list: sums(d), prefix + d.name: string(d.changed().archive)}, latest: tag, err: "is not what the release's checksums say: nothing was installed"},
		"cut off":          {files: map[string]string{list: sums(d), prefix + d.name: string(d.archive[:1000])}, latest: tag, err: "is not what the release's checksums say"},
		"empty list":       {files: map[string]string{list: "", prefix + d.name: string(d.archive)}, latest: tag, err: "has no archive for " + runtime.GOOS},
		"other platforms":  {files: map[string]string{list: other, prefix + d.name: string(d.archive)}, latest: tag, err: "has no archive for " + runtime.GOOS},
		"list of a page":   {files: map[string]string{list: "<html>", prefix + d.name: string(d.archive)}, latest: tag, err: "has no archive for " + runtime.GOOS},
		"no list":          {files: map[string]string{prefix + d.name: string(d.archive)}, latest: tag, err: "cannot download http://"},
		"no archive":       {files: map[string]string{list: sums(d)}, latest: tag, err: d.name},
		"no such version":  {files: map[string]string{list: sums(d)}, version: "9.9.9", err: "v9.9.9/terraform-provider-konnect_9.9.9_SHA256SUMS"},
		"no release":       {err: "no release at http://"},
		"leads to no tag":  {latest: "/", files: map[string]string{"/": "releases"}, err: "which names no version; say which"},
		"not a zip at all": {files: map[string]string{list: sums(distribution{d.version, d.name, []byte("hello")}), prefix + d.name: "hello"}, latest: tag, err: "zip"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(releases(tt.files, tt.latest))
			defer server.Close()
			folder := filepath.Join(t.TempDir(), "with space", "bin")
			cmd := exec.CommandContext(t.Context(), "sh", filepath.Join(root, "install.sh"))
			cmd.Env = append(os.Environ(), "RELEASES="+server.URL, "VERSION="+tt.version, "FOLDER="+folder)
			out, err := cmd.CombinedOutput()
			program := filepath.Join(folder, "terraform-provider-konnect")
			if tt.err != "" {
				if _, found := os.Stat(program); err == nil || !strings.Contains(string(out), tt.err) || !errors.Is(found, os.ErrNotExist) {
					t.Errorf("%v, %s; want %q, and nothing installed (%v)", err, out, tt.err, found)
				}
				return
			}
			if want := "terraform-provider-konnect " + d.version + " ("; err != nil || !strings.HasPrefix(string(out), want) {
				t.Fatalf("%v, %s; want %s", err, out, want)
			}
			if files, err := os.ReadDir(folder); err != nil || len(files) != 1 {
				t.Errorf("%v, %v; want the program and nothing else", files, err)
			}
		})
	}
}

// releases serves the files of a release, and leads from /latest to a page.
func releases(files map[string]string, latest string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := files[r.URL.Path]
		switch {
		case r.URL.Path == "/latest" && latest != "":
			http.Redirect(w, r, latest, http.StatusFound)
		case ok || r.URL.Path == latest:
			_, _ = io.WriteString(w, text)
		default:
			http.NotFound(w, r)
		}
	})
}
