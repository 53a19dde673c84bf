package framework

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// tags are the default tags of the provider.
type tags struct {
	texts   []string
	unknown bool // not all are known
	null    bool // one of them is nothing
}

func readTags(list types.List) tags {
	t := tags{unknown: list.IsUnknown()}
	for _, e := range list.Elements() {
		text, ok := e.(types.String)
		switch {
		case e.IsUnknown():
			t.unknown = true
		case !ok || e.IsNull():
			t.null = true
		default:
			t.texts = append(t.texts, text.ValueString())
		}
	}
	return t
}

// fault says which tag no control plane takes, by the rules for tags that all
// entities share.
func (t tags) fault() error {
	if t.null {
		return errors.New("default_tags: a tag is null. Wanted is a text, or one tag less")
	}
	for i, text := range t.texts {
		doc := map[string]any{"name": "any", "tags": []any{text}}
		if _, errs := entity.ConsumerGroup.Schema().Check(context.Background(), doc, schema.Insert, document.StandIns); errs != nil {
			return fmt.Errorf("default_tags[%d]: %q is no tag: %s", i, text, errs.Violations()[0].Message)
		}
	}
	return nil
}
