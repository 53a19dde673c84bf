package attribute

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
)

// Faults finds what is wrong with a value before it is a document: texts that
// should be JSON and are not, and records of no kind or of several kinds.
func (a *Attribute) Faults(v tftypes.Value, found func(at *tftypes.AttributePath, text string)) {
	a.faultsAt(v, tftypes.NewAttributePath(), "", found)
}

func (a *Attribute) faultsAt(v tftypes.Value, at *tftypes.AttributePath, place string, found func(*tftypes.AttributePath, string)) {
	if tfvalue.IsNull(v) || !v.IsKnown() || !a.mayBeFaulty {
		return
	}
	switch a.Form {
	case FormObject:
		fields := tfvalue.Members(v)
		if text := a.kindFault(fields); text != "" {
			found(at, strings.TrimPrefix(place+": "+text, ": "))
		}
		for _, c := range a.Children {
			c.faultsAt(fields[c.Name], at.WithAttributeName(c.Name), join(place, c.Name), found)
		}
	case FormList:
		for i, e := range tfvalue.Elements(v) {
			a.Elem.faultsAt(e, at.WithElementKeyInt(i), fmt.Sprintf("%s[%d]", place, i), found)
		}
	case FormMap:
		fields := tfvalue.Members(v)
		for _, k := range slices.Sorted(maps.Keys(fields)) {
			a.Elem.faultsAt(fields[k], at.WithElementKeyString(k), join(place, k), found)
		}
	case FormString:
		text, _ := tfvalue.ToGo(v).(string)
		if _, ok := document.DecodeJSON(text); !ok {
			found(at, place+": the text is not JSON. Wanted is jsonencode of the value.")
		}
	}
}

// kindFault says that a record is of no kind, or of more than one.
func (a *Attribute) kindFault(fields map[string]tftypes.Value) string {
	if a.kind == "" {
		return ""
	}
	var names, given []string
	for _, c := range a.Children {
		if !c.OfKind {
			continue
		}
		names = append(names, c.Name)
		if !tfvalue.IsNull(fields[c.Name]) {
			given = append(given, c.Name)
		}
	}
	switch len(given) {
	case 0:
		return "no kind is given. Wanted is one of " + strings.Join(names, ", ") + "."
	case 1:
		return ""
	}
	return "it is given as " + strings.Join(given, " and ") + ". Wanted is one of them; each is one of its own."
}
