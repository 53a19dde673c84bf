package dao_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
)

// withSecrets has fields of all the kinds that answers treat in their own way.
var withSecrets = &entity.Type{Internal: []string{"inside", "link"}, WriteOnly: []string{"secret"}}

// presented is what a view has to make of a text, by way of decoding it.
func presented(t testing.TB, doc map[string]any, whole string) string {
	t.Helper()
	out := dao.Present(withSecrets, doc)
	if whole != "" && doc[whole] != nil {
		out[whole] = doc[whole]
	}
	text, err := jsonvalue.Append(nil, out)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(out, dao.PresentWhole(withSecrets, doc, whole)); diff != "" {
		t.Error(diff)
	}
	return string(text)
}

// What a view makes of a stored text is what answers show of the document, byte
// by byte.
func FuzzView(f *testing.F) {
	for _, text := range []string{
		`{}`, `{"a":null}`, `{"a":null,"b":null}`, `{"a":1,"b":null}`, `{"a":null,"b":1}`, `{"a":null,"b":1,"c":null,"d":2}`,
		`{"a":{"b":null},"c":[{"d":null,"e":[null,{"f":null}]},null]}`, `{"config":{"a":null,"b":[{"c":null}]},"d":null}`,
		`{"config":null}`, `{"config":[]}`, `{"a":{"config":{"b":null}}}`, `{"a":{"secret":1,"inside":null}}`,
		`{"inside":{"a":null,"b":{}},"link":[null],"secret":"x"}`, `{"a":1,"inside":1,"z":2}`, `{"secret":1,"z":null}`, `{"inside":1,"z":2}`,
		`{"a":":null","b":"\"inside\":1","c":"\\","d":"\\\"","e":null,"f":"\\\\"}`, `{"a":-1.5e+7,"b":true,"c":false}`, `{"\"":null,"\\":null,"":null}`,
		`{"name":"x\"y","z":null}`, `{"name":null}`, `[{}]`, `"a"`, `null`, ``, `{`, `{"a"`, `{"a":1,}`, `{"a":[1,]}`, `{"a":nul}`, `{"a":1}}`,
		`{"config":{"b":1,"c":{"d":"x","e":"x"}},"name":"a"}`, `{"config":{"b":[null],"c":{}}}`, `{"config":{"b":{},"c":{"e":null}}}`, `{"config":{"a":1,"c":{"d":1}}}`, `{"config":{"z":{"a":"0"}}}`,
		`{"a":` + strings.Repeat(`[`, 200) + strings.Repeat(`]`, 200) + `}`,
	} {
		f.Add(text)
	}
	views := map[string]*dao.View{"": dao.NewView(withSecrets, "", "name"), "config": dao.NewView(withSecrets, "config", "name")}
	f.Fuzz(func(t *testing.T, text string) {
		for _, v := range views {
			if got, _, ok := v.Append([]byte("before "), text); !ok && string(got) != "before " {
				t.Fatalf("of a text that is refused, %q is kept", got)
			}
		}
		doc, err := jsonvalue.Object(text)
		if err != nil {
			return
		}
		stored, err := jsonvalue.Append(nil, doc)
		if err != nil {
			t.Fatal(err)
		}
		for whole, v := range views {
			got, name, ok := v.Append([]byte("before "), string(stored))
			if want := "before " + presented(t, doc, whole); !ok || string(got) != want {
				t.Errorf("%s: %v\ngot  %s\nwant %s", stored, ok, got, want)
			}
			if whole != "" {
				checkFormer(t, v, doc, string(stored))
			}
			if members, _ := jsonvalue.Members(string(stored)); name != members["name"] {
				t.Errorf("%s: noted %q, want %q", stored, name, members["name"])
			}
		}
	})
}

// checkFormer holds what a view shows under older names against a copy of the document
// that has them.
func checkFormer(t *testing.T, v *dao.View, doc map[string]any, stored string) {
	former := &dao.Former{}
	former.Add([]string{"config"}, "aa", [][]string{{"b"}}, false)
	former.Add([]string{"config"}, "z", [][]string{{"c", "d"}}, false)
	former.Add([]string{"config", "c"}, "dd", [][]string{{"d"}, {"e"}}, false)
	got, _, ok := v.AppendFormer(nil, stored, former)
	config, isRecord := doc["config"].(map[string]any)
	if !ok {
		return // somebody decodes it
	}
	if isRecord {
		older := maps.Clone(config)
		older["aa"], older["z"] = config["b"], nil
		if c, ok := config["c"].(map[string]any); ok {
			within := maps.Clone(c)
			older["z"], within["dd"], older["c"] = c["d"], c["d"], within
		}
		doc = maps.Clone(doc)
		doc["config"] = older
	}
	if want := presented(t, doc, "config"); string(got) != want {
		t.Errorf("%s with older names:\ngot  %s\nwant %s", stored, got, want)
	}
}

// A text that the store did not write is left to those who decode it and say
// what is wrong.
func TestView_refused(t *testing.T) {
	t.Parallel()
	v := dao.NewView(withSecrets, "config", "name")
	for _, text := range []string{
		``, ` `, `null`, `[]`, `"a"`, `{`, `}`, `{}}`, `{} `, ` {}`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{"a":1 }`, `{"a": 1}`, `{,}`, `{a:1}`, `{"a":1"b":2}`,
		`{"a":tru}`, `{"a":nul`, `{"a":x}`, `{"a":"b}`, `{"a":"b\"}`, `{"a":"\\\"}`, `{"a":[}`, `{"a":[1}`, `{"a":[1,]}`, `{"a":{]}`, `{"config":{"a":1,}}`, `{"secret":{}`,
		`{"a":` + strings.Repeat(`[`, 1000) + strings.Repeat(`]`, 1000) + `}`, strings.Repeat(`{"a":`, 5000),
	} {
		if got, _, ok := v.Append([]byte("before "), text); ok || string(got) != "before " {
			t.Errorf("%s: got %s", text, got)
		}
	}
}

func BenchmarkView(b *testing.B) {
	text := `{"ca_certificates":null,"client_certificate":null,"connect_timeout":60000,"created_at":1782909045,"enabled":true,` +
		`"host":"orders.internal.example","id":"5c1a2b0e-3a1b-4c57-a7c6-0f9a3a9a4c11","name":"orders","path":"/v1","port":443,"protocol":"https",` +
		`"read_timeout":60000,"retries":3,"tags":["bench"],"tls_verify":null,"tls_verify_depth":null,"updated_at":1782909045,"write_timeout":60000}`
	v := dao.NewView(entity.Service, "", "")
	var dst []byte
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		var ok bool
		if dst, _, ok = v.Append(dst[:0], text); !ok {
			b.Fatal(text)
		}
	}
}
