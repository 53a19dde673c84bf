package dataplane

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Version is a version of the gateway: a minor one, or one of its patches. The
// zero value is no version.
type Version struct {
	Major, Minor int
	patch        [2]int
}

var versionPattern = regexp.MustCompile(`^([1-9][0-9]?)\.(0|[1-9][0-9]?)$`)

// ParseVersion reads a version of the form 3.13.
func ParseVersion(text string) (Version, error) {
	m := versionPattern.FindStringSubmatch(text)
	if m == nil {
		return Version{}, fmt.Errorf("%q is not a version of the form major.minor, such as 3.10", text)
	}
	major, _ := strconv.Atoi(m[1]) // two digits at most
	minor, _ := strconv.Atoi(m[2])
	return Version{Major: major, Minor: minor}, nil
}

var patchPattern = regexp.MustCompile(`^([0-9]+\.[0-9]+)(?:\.([0-9]{1,4}))?(?:\.([0-9]{1,4}))?(?:[-+.].*)?$`)

// ParsePatch reads a version that may name a patch, as nodes and facts do:
// 3.10.0.7. What does not begin with a version is none.
func ParsePatch(text string) Version {
	m := patchPattern.FindStringSubmatch(text)
	if m == nil {
		return Version{}
	}
	v, err := ParseVersion(m[1])
	if err != nil {
		return Version{}
	}
	for i := range v.patch {
		v.patch[i], _ = strconv.Atoi(m[2+i]) // 0 where there is none
	}
	return v
}

// IsZero reports whether it is no version at all.
func (v Version) IsZero() bool { return v == Version{} }

// Before reports whether v is older than another version.
func (v Version) Before(other Version) bool {
	for _, pair := range [][2]int{
		{v.Major, other.Major}, {v.Minor, other.Minor}, {v.patch[0], other.patch[0]}, {v.patch[1], other.patch[1]},
	} {
		if pair[0] != pair[1] {
			return pair[0] < pair[1]
		}
	}
	return false
}

// Is reports whether v is another version, or a patch of it.
func (v Version) Is(other Version) bool { return v.Major == other.Major && v.Minor == other.Minor }

// String names the version without its patch.
func (v Version) String() string { return fmt.Sprintf("%d.%d", v.Major, v.Minor) }

// Precedes is Before for a version in the facts; nothing precedes a missing one.
func (v Version) Precedes(text string) bool {
	other := ParsePatch(text)
	return !other.IsZero() && v.Before(other)
}

// Follows reports whether v is of a newer minor version than one in the facts.
func (v Version) Follows(text string) bool {
	other := ParsePatch(text)
	return !other.IsZero() && !v.Is(other) && other.Before(v)
}

// Versions are those of the data planes of a control plane; zero where unknown.
type Versions struct{ Oldest, Newest Version }

// Ask asks for versions, which may take a call. It is done only where they
// matter, and may be done several times.
type Ask func() Versions

// Only is a single version.
func Only(v Version) Ask { return Versions{Oldest: v, Newest: v}.known }

func (v Versions) known() Versions { return v }

// Add counts a node of a version.
func (v *Versions) Add(node Version) {
	if v.Oldest.IsZero() || node.Before(v.Oldest) {
		v.Oldest = node
	}
	if v.Newest.Before(node) {
		v.Newest = node
	}
}

// listed joins versions for a sentence.
func listed(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}
