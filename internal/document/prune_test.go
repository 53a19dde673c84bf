package document

import (
	"context"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Completing what pruning left gives back the whole.
func TestPrune_inverse(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	def, err := os.ReadFile("testdata/limiter.json")
	if err != nil {
		t.Fatal(err)
	}
	s := schema.MustCompile(parsed(t, string(def)), nil)
	config := s.Field("config")
	for _, text := range []string{
		`{"namespace":"xyz"}`, `{"namespace":"xyz","minute":7}`, `{"namespace":"xyz","tokens":[]}`, `{"namespace":"xyz","tokens":["id"]}`, `{"namespace":"xyz","extra":{}}`, `{"namespace":"xyz","extra":{"size":11}}`,
		`{"namespace":"xyz","redis":{"port":1}}`, `{"namespace":"xyz","rules":[{"name":"1","action":"allow"},{"name":"2","action":"deny"}]}`, `{"namespace":"xyz","headers":{"a":"b"}}`,
	} {
		full := CompleteAnswer(ctx, s, map[string]any{"config": parsed(t, text)})["config"]
		pruned := Prune(ctx, config, full)
		again := FillMade(config, CompleteValue(ctx, config, pruned), full)
		if diff := cmp.Diff(OmitNulls(full), OmitNulls(again)); diff != "" {
			t.Errorf("%s, pruned to %v: (-full +again)\n%s", text, pruned, diff)
		}
	}
}

func parsed(t testing.TB, text string) map[string]any {
	t.Helper()
	out, ok := DecodeObject(text)
	if !ok {
		t.Fatalf("%s is not an object", text)
	}
	return out.(map[string]any)
}
