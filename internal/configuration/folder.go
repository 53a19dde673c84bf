package configuration

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// manifest is the file by which a folder is known again: the checksums of the
// others, as sha256sum reads them.
const manifest = ".konnect-export"

// sealed begins a file with secrets, which has its checksum in itself: in a file
// that is shared, guesses could be held against it.
const sealed = "# Written by terraform-provider-konnect export, with the checksum "

// ErrOccupied says that a folder has something that was not written by export.
var ErrOccupied = errors.New("export replaces only what it wrote itself")

// Below moves everything into a folder of its own.
func (f *Folder) Below(name string) {
	files := make(map[string]string, len(f.Files))
	for file, text := range f.Files {
		files[name+"/"+file] = text
	}
	f.Files = files
	for i, note := range f.Notes {
		f.Notes[i] = name + ": " + note
	}
}

// Join adds another configuration, which has other files.
func (f *Folder) Join(other *Folder) {
	maps.Copy(f.Files, other.Files)
	f.Resources += other.Resources
	f.Notes = append(f.Notes, other.Notes...)
}

// Write puts the configuration into a folder, whole or not at all. What an earlier
// export wrote is replaced, if nobody changed it since, and what Terraform keeps
// beside it stays. Anything else there is [ErrOccupied]. The folder that it is in
// must be there. Secrets are for their owner alone to read.
func (f *Folder) Write(ctx context.Context, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	former, err := survey(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return f.create(ctx, dir)
	}
	if err != nil {
		return err
	}
	return f.replace(ctx, dir, former)
}

// create writes a folder that is not there yet.
func (f *Folder) create(ctx context.Context, dir string) (err error) {
	staged, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(staged))
		}
	}()
	if err := f.stage(ctx, staged); err != nil {
		return err
	}
	if err := os.Chmod(staged, 0o755); err != nil { //nolint:gosec // a configuration is for everybody to read
		return err
	}
	return os.Rename(staged, dir)
}

// replace takes the place of an earlier export. Files change places one by one,
// which takes no time, and go back if one of them cannot.
func (f *Folder) replace(ctx context.Context, dir string, former []string) (err error) {
	work, err := os.MkdirTemp(dir, manifest+"-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	staged, before := filepath.Join(work, "new"), filepath.Join(work, "old")
	if err := f.stage(ctx, staged); err != nil {
		return err
	}
	if err := moveAll(dir, before, former); err != nil {
		return err
	}
	if err := moveAll(staged, dir, f.names()); err != nil {
		return errors.Join(err, moveAll(before, dir, former))
	}
	removeEmpty(dir, former)
	return nil
}

// names are those of all files, the manifest among them.
func (f *Folder) names() []string { return append(slices.Sorted(maps.Keys(f.Files)), manifest) }

// stage writes all files where nobody looks for them.
func (f *Folder) stage(ctx context.Context, dir string) error {
	var sums strings.Builder
	for _, name := range f.names() {
		content, mode := f.Files[name], os.FileMode(0o644)
		switch {
		case name == manifest:
			content = sums.String()
		case path.Base(name) == valuesFile:
			content, mode = sealed+checksum(content)+"\n"+content, 0o600
			fmt.Fprintf(&sums, "-  %s\n", name)
		default:
			fmt.Fprintf(&sums, "%s  %s\n", checksum(content), name)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // a configuration is for everybody to read
			return err
		}
		if err := os.WriteFile(file, []byte(content), mode); err != nil {
			return err
		}
	}
	return nil
}

func checksum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// moveAll moves files from one folder to another. If one cannot be moved, all stay
// where they were.
func moveAll(from, to string, names []string) error {
	for i, name := range names {
		name = filepath.FromSlash(name)
		err := os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o755) //nolint:gosec // a configuration is for everybody to read
		if err == nil {
			err = os.Rename(filepath.Join(from, name), filepath.Join(to, name))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(err, moveAll(to, from, names[:i]))
		}
	}
	return nil
}

// removeEmpty removes the folders in which nothing is left of some files.
func removeEmpty(dir string, names []string) {
	for _, name := range names {
		for at := path.Dir(name); at != "."; at = path.Dir(at) {
			_ = os.Remove(filepath.Join(dir, filepath.FromSlash(at))) // one that is not empty stays
		}
	}
}

// survey returns the names of what an earlier export wrote into a folder. Anything
// else there is an error, but what Terraform keeps.
func survey(dir string) (former []string, err error) {
	sums, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	var strange, changed []string
	err = filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || file == dir {
			return err
		}
		name, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		sum, ours := sums[name]
		switch {
		case isTerraforms(entry):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir():
		case !ours || !entry.Type().IsRegular():
			strange = append(strange, name)
		case isChanged(file, sum):
			changed = append(changed, name)
		default:
			former = append(former, name)
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case len(strange) > 0:
		return nil, fmt.Errorf("%s has files that export did not write: %s. Name another folder, or an empty one; %w", dir, listed(strange), ErrOccupied)
	case len(changed) > 0:
		return nil, fmt.Errorf("%s: changed since export wrote it: %s. Name another folder, and compare; %w", dir, listed(changed), ErrOccupied)
	}
	return former, nil
}

// listed names the first few.
func listed(names []string) string {
	const most = 5
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// readManifest returns the checksums of an earlier export by names; none if the
// folder has no manifest.
func readManifest(dir string) (map[string]string, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, err
	}
	content, err := os.ReadFile(filepath.Join(dir, manifest))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	sums := map[string]string{manifest: ""}
	for line := range strings.Lines(string(content)) {
		if sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  "); ok {
			sums[name] = sum
		}
	}
	return sums, err
}

// isChanged reports whether a file is another one than was written.
func isChanged(file, sum string) bool {
	content, err := os.ReadFile(file)
	if err != nil {
		return true
	}
	if sum == "-" {
		head, rest, _ := strings.Cut(string(content), "\n")
		return head != sealed+checksum(rest)
	}
	return sum != "" && sum != checksum(string(content))
}

// isTerraforms reports whether Terraform keeps something there itself.
func isTerraforms(entry fs.DirEntry) bool {
	name := entry.Name()
	if entry.IsDir() {
		return name == ".terraform" || name == "terraform.tfstate.d"
	}
	return name == ".terraform.lock.hcl" || name == ".terraform.tfstate.lock.info" || name == "terraform.tfstate" || strings.HasPrefix(name, "terraform.tfstate.")
}
