package resource

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/state"
)

// Whatever a server answers: there is a state or an error, the state fits the
// schema, and reading the same answer again changes nothing.
func FuzzState(f *testing.F) {
	for _, seed := range []string{
		`{"id":"a","name":"s","host":"h","port":80,"tags":["b","a","b"],"tls_sans":{"dnsnames":{}},"client_certificate":{"id":"x"}}`,
		`{"id":"a","name":"rate-limiting","config":{"minute":"5","redis":null,"zzz":[{}]},"protocols":["http"],"ordering":{"before":{}},"service":[]}`,
		`{"id":"a","name":"ip-restriction","config":{"allow":{},"status":1e3},"tags":{}}`,
		`{"paths":"x","headers":{"a":["b"]},"sources":[{"ip":5,"port":"7"}],"protocols":["grpc","grpc"]}`,
		`{"labels":{"a":null},"config":{"auth_type":5,"proxy_urls":[{"host":"a","port":1,"protocol":"x"}]},"name":{}}`,
		`{"lua_schema":5,"name":true,"created_at":"x"}`, `{"name":null,"config":"x"}`, `{}`,
	} {
		f.Add(seed)
	}
	all := All()
	s := session.New(Bundled())
	f.Fuzz(func(t *testing.T, text string) {
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		var doc map[string]any
		if d.Decode(&doc) != nil {
			return
		}
		for name, r := range all {
			first, err := stateOf(r, s, tftypes.NewValue(r.Root().Type, nil), doc)
			if err != nil {
				continue
			}
			if _, err := r.Encode(first); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			again, err := stateOf(r, s, first, doc)
			if err != nil {
				t.Fatalf("%s, again: %v", name, err)
			}
			if !again.Equal(first) {
				t.Fatalf("%s: read once it is %s, and again %s", name, first, again)
			}
		}
	})
}

func stateOf(r *Resource, s *session.Session, prior tftypes.Value, doc map[string]any) (tftypes.Value, error) {
	ctx := context.Background()
	sch, doc, err := r.answered(ctx, s, r.subject(prior), doc)
	if err != nil {
		return prior, err
	}
	return state.Projector{Schema: sch}.State(ctx, r.Root(), prior, document.CompleteAnswer(ctx, sch, doc))
}
