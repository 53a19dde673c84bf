package dao

import (
	"slices"
	"strconv"
	"strings"
)

// Former are the older names under which a document shows some of its members again,
// below the member that a [View] shows whole. The zero value has none.
type Former struct {
	members map[string]*Former
	slots   []int // where the text of this member is kept
	names   []formerName
	kept    int // how many texts there are; at the root only
}

// formerName is a member that is shown beside those of its object.
type formerName struct {
	name  string
	slots []int
	made  bool
}

// Add adds a name to the object that a path of members leads to. It stands for the
// members that other paths lead to, from there. If their texts differ, it takes more than
// a text to say what is shown; also if the value is made of theirs, unless they are null.
func (f *Former) Add(object []string, name string, members [][]string, made bool) {
	at := f.at(object)
	one := formerName{name: name, made: made}
	for _, path := range members {
		member := at.at(path)
		member.slots = append(member.slots, f.kept)
		one.slots = append(one.slots, f.kept)
		f.kept++
	}
	i, _ := slices.BinarySearchFunc(at.names, name, func(n formerName, name string) int { return strings.Compare(n.name, name) })
	at.names = slices.Insert(at.names, i, one)
}

func (f *Former) at(path []string) *Former {
	for _, name := range path {
		if f.members == nil {
			f.members = map[string]*Former{}
		}
		if f.members[name] == nil {
			f.members[name] = &Former{}
		}
		f = f.members[name]
	}
	return f
}

// below is what there is below a member, or nil.
func (f *Former) below(name string) *Former {
	if f == nil {
		return nil
	}
	return f.members[name]
}

// values are the texts that are kept: null, until something else is found.
func (f *Former) values() []string {
	if f == nil {
		return nil
	}
	return slices.Repeat([]string{"null"}, f.kept)
}

// keep keeps the text of a member. It returns false for an object, which may show
// more than its text.
func (c *copier) keep(f *Former, value string) bool {
	if f == nil || len(f.slots) == 0 {
		return true
	}
	for _, slot := range f.slots {
		c.values[slot] = value
	}
	return value[0] != '{'
}

// insertion puts older names into an object, in the order of all names. Their texts are
// known at its end only.
type insertion struct {
	former *Former
	places []int // in the answer, for the names so far
}

// before notes where the names before a member belong, which starts there. It returns
// false for a member that has such a name itself.
func (n *insertion) before(c *copier, member string, start int) bool {
	names := n.former.olderNames()
	for len(n.places) < len(names) && names[len(n.places)].name < member {
		c.flush(start)
		n.places = append(n.places, len(c.dst))
	}
	return len(n.places) == len(names) || names[len(n.places)].name != member
}

// end inserts the names. It returns false if they do not agree on a text.
func (n *insertion) end(c *copier, empty bool) bool {
	names := n.former.olderNames()
	if len(names) == 0 {
		return true
	}
	c.flush(c.at - 1) // up to the brace
	texts := make([]string, len(names))
	for i, one := range names {
		value := c.values[one.slots[0]]
		for _, slot := range one.slots {
			if c.values[slot] != value || one.made && value != "null" {
				return false
			}
		}
		texts[i] = strconv.Quote(one.name) + ":" + value
	}
	for i := len(n.places); i < len(texts); i++ {
		if !empty || i > 0 {
			c.dst = append(c.dst, ',')
		}
		c.dst = append(c.dst, texts[i]...)
	}
	for i := len(n.places) - 1; i >= 0; i-- {
		c.dst = slices.Insert(c.dst, n.places[i], []byte(texts[i]+",")...)
	}
	return true
}

func (f *Former) olderNames() []formerName {
	if f == nil {
		return nil
	}
	return f.names
}

// flush copies what was kept so far, up to a place.
func (c *copier) flush(to int) {
	c.dst = append(c.dst, c.text[c.from:to]...)
	c.from = to
}
