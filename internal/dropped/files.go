package dropped

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
)

// MaxSize is how many bytes a file may have. What people and generators write
// stays far below.
const MaxSize = 4 << 20

// isConfiguration reports whether Terraform reads a file of that name: it passes
// over hidden files and those that editors leave behind.
func isConfiguration(name string) bool {
	return !strings.HasPrefix(name, ".") && (strings.HasSuffix(name, ".tf") || isJSON(name))
}

func isJSON(name string) bool { return strings.HasSuffix(name, ".tf.json") }

// source is a file to read, or what keeps it from being read.
type source struct {
	name  string
	fault string
}

// sources lists the files of a path, in their order. A link to a folder is not
// followed below the path itself: what it leads to has a place of its own, and
// may lie above.
func (f Finder) sources(path string) (out []source, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []source{{name: path}}, nil
	}
	err = fs.WalkDir(os.DirFS(path), ".", func(below string, entry fs.DirEntry, err error) error {
		name := filepath.Join(path, filepath.FromSlash(below))
		switch {
		case err != nil && below == ".":
			return err
		case err != nil:
			out = append(out, source{name, reason(err)})
		case below == ".":
		case entry.IsDir():
			if f.Flat || strings.HasPrefix(entry.Name(), ".") {
				return fs.SkipDir
			}
		case isConfiguration(entry.Name()) && !leadsToFolder(name, entry):
			out = append(out, source{name: name})
		}
		return nil
	})
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("%s: %w: the folder has no *.tf or *.tf.json files", path, fs.ErrNotExist)
	}
	return out, err
}

func leadsToFolder(name string, entry fs.DirEntry) bool {
	if entry.Type()&fs.ModeSymlink == 0 {
		return false
	}
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// read reads a file, or says why not.
func (s source) read() (text []byte, fault string) {
	if s.fault != "" {
		return nil, s.fault
	}
	info, err := os.Stat(s.name)
	switch {
	case err != nil:
		return nil, reason(err)
	case !info.Mode().IsRegular(): // a pipe would be waited for
		return nil, "is no file"
	case info.Size() > MaxSize:
		return nil, fmt.Sprintf("has %d MB; at most %d are read", info.Size()>>20, MaxSize>>20)
	}
	if text, err = os.ReadFile(s.name); err != nil {
		return nil, reason(err)
	}
	return text, ""
}

// reason is what the system says, without the name of the file.
func reason(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return "cannot be read: " + err.Error()
}

// unread says that a file was not read.
func unread(name, fault string) finding.Finding {
	return finding.Finding{Severity: finding.Error, Rule: Unreadable, File: name, Message: "the file " + fault + "."}
}
