package plugins

import (
	"fmt"
	"regexp"
	"strconv"
)

// Version is a minor version of the gateway. The zero value is no version.
type Version struct{ Major, Minor int }

var versionPattern = regexp.MustCompile(`^([1-9][0-9]?)\.(0|[1-9][0-9]?)$`)

// ParseVersion reads a version of the form 3.13.
func ParseVersion(text string) (Version, error) {
	m := versionPattern.FindStringSubmatch(text)
	if m == nil {
		return Version{}, fmt.Errorf("%q is not a version of the form major.minor, such as 3.10", text)
	}
	major, _ := strconv.Atoi(m[1]) // two digits at most
	minor, _ := strconv.Atoi(m[2])
	return Version{major, minor}, nil
}

// IsZero reports whether it is no version at all.
func (v Version) IsZero() bool { return v == Version{} }

// Before reports whether v is older than another version.
func (v Version) Before(other Version) bool {
	return v.Major < other.Major || v.Major == other.Major && v.Minor < other.Minor
}

func (v Version) String() string { return fmt.Sprintf("%d.%d", v.Major, v.Minor) }

// before is Before for a version in the facts; nothing is before a missing one.
func (v Version) before(text string) bool {
	other, err := ParseVersion(text)
	return err == nil && v.Before(other)
}

// after reports whether v is newer than a version in the facts.
func (v Version) after(text string) bool {
	other, err := ParseVersion(text)
	return err == nil && other.Before(v)
}
