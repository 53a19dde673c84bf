package server_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/server"
)

// declared is an entity of a file that decK synchronizes.
type declared struct {
	at     string // the collection; {name} is the id of an earlier entity
	list   string // where all of them are listed, if that is not the collection
	schema string // the JSON Schema whose defaults complete it
	id     string // what later entities call it
	doc    string
	// later is what the file says the second time, when it says something else.
	later string
	// without are members that the schema of more than one form fills in and
	// that decK takes out again.
	without []string
}

// file is in the order in which decK writes. It deletes in the opposite one.
var file = []declared{
	{at: "ca_certificates", schema: "ca_certificate", id: "ca", doc: `{"cert":"{ca.crt}"}`},
	{at: "certificates", schema: "certificate", id: "crt", doc: `{"cert":"{rsa.crt}","key":"{rsa.key}"}`},
	{at: "snis", schema: "sni", id: "sni", doc: `{"name":"a.test","certificate":{"id":"{crt}"}}`, later: `{"name":"b.test","certificate":{"id":"{crt}"}}`},
	{at: "services", schema: "service", id: "http", doc: `{"name":"pay","host":"pay.test"}`, later: `{"name":"pay","host":"pay.test","retries":7}`},
	{at: "services", schema: "service", id: "tls", doc: `{"name":"mail","host":"mail.test","protocol":"https","port":443,"client_certificate":{"id":"{crt}"},"ca_certificates":["{ca}"],"tls_verify":true,"path":"/in"}`},
	{at: "services", schema: "service", id: "grpc", doc: `{"name":"rpc","host":"rpc.test","protocol":"grpc"}`},
	{at: "routes", schema: "route", id: "plain", doc: `{"name":"pay","paths":["/pay","~/p(a|b)$"],"headers":{"x-v":["1"]},"service":{"id":"{http}"}}`, later: `{"name":"pay","hosts":["pay.test"],"service":{"id":"{http}"}}`},
	{at: "routes", schema: "route", id: "written", doc: `{"name":"written","expression":"http.path == \"/x\"","service":{"id":"{http}"}}`, later: `{"name":"written","expression":"http.path == \"/y\"","priority":3,"service":{"id":"{http}"}}`, without: []string{"path_handling", "regex_priority"}},
	{at: "routes", schema: "route", id: "calls", doc: `{"name":"calls","protocols":["grpc"],"hosts":["rpc.test"],"strip_path":false,"service":{"id":"{grpc}"}}`},
	{at: "routes", schema: "route", id: "stream", doc: `{"name":"stream","protocols":["tcp"],"destinations":[{"port":25}],"service":{"id":"{tls}"}}`},
	{at: "upstreams", schema: "upstream", id: "up", doc: `{"name":"up","healthchecks":{"active":{"http_path":"/health"}}}`, later: `{"name":"up","algorithm":"least-connections"}`},
	{at: "upstreams/{up}/targets", schema: "target", id: "one", doc: `{"target":"10.0.0.1:80"}`, later: `{"target":"10.0.0.1:80","weight":50}`},
	{at: "upstreams/{up}/targets", schema: "target", id: "two", doc: `{"target":"10.0.0.2:80","weight":0}`},
	{at: "consumer_groups", schema: "consumer_group", id: "gold", doc: `{"name":"gold","tags":["a","b"]}`, later: `{"name":"gold"}`},
	{at: "consumers", schema: "consumer", id: "ann", doc: `{"username":"ann","custom_id":"1"}`, later: `{"username":"ann"}`},
	{at: "consumers/{ann}/key-auth", list: "key-auths", schema: "key-auth", id: "key", doc: `{"key":"k1"}`, later: `{"key":"k2"}`},
	{at: "consumers/{ann}/basic-auth", list: "basic-auths", schema: "basic-auth", id: "basic", doc: `{"username":"ann","password":"p"}`, later: `{"username":"ann","password":"q"}`},
	{at: "consumers/{ann}/hmac-auth", list: "hmac-auths", schema: "hmac-auth", id: "hmac", doc: `{"username":"ann","secret":"s"}`},
	{at: "consumers/{ann}/jwt", list: "jwts", schema: "jwt", id: "jwt", doc: `{"key":"k","secret":"s"}`, later: `{"key":"k","secret":"s","algorithm":"HS512"}`},
	{at: "consumers/{ann}/acls", list: "acls", schema: "acl", id: "acl", doc: `{"group":"g"}`},
	{at: "consumers/{ann}/mtls-auth", list: "mtls-auths", schema: "mtls-auth", id: "mtls", doc: `{"subject_name":"ann.test"}`},
	{at: "key-sets", schema: "key-set", id: "set", doc: `{"name":"set"}`},
	{at: "keys", schema: "key", id: "pem", doc: `{"name":"pem","kid":"1","pem":{"public_key":"{ec.pub}"},"set":{"id":"{set}"}}`},
	{at: "vaults", schema: "vault", id: "env", doc: `{"name":"env","prefix":"my-env","config":{"prefix":"A_"}}`, later: `{"name":"env","prefix":"my-env","config":{"prefix":"B_"}}`},
	{at: "plugins", id: "cors", doc: `{"name":"cors","config":{"origins":["a.test"]}}`, later: `{"name":"cors","enabled":false}`},
	{at: "plugins", id: "limit", doc: `{"name":"rate-limiting","config":{"minute":5},"route":{"id":"{plain}"},"consumer":{"id":"{ann}"}}`, later: `{"name":"rate-limiting","config":{"minute":5,"policy":"redis","redis":{"host":"r.test"}},"route":{"id":"{plain}"},"consumer":{"id":"{ann}"}}`},
	{at: "plugins", id: "auth", doc: `{"name":"basic-auth","service":{"id":"{http}"}}`},
	{at: "plugins", id: "metrics", doc: `{"name":"prometheus"}`},
	{at: "plugins", id: "group", doc: `{"name":"request-transformer-advanced","config":{"add":{"headers":["a:1"]}},"consumer_group":{"id":"{gold}"}}`},
}

// decK reads what there is, completes its file by the schemas that the server
// shows, and writes what differs, several entities at a time. When all is
// written nothing differs any more.
func TestServer_synchronized(t *testing.T) {
	t.Parallel()
	for name, fresh := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &session{handler: newServerOn(t, fresh(t), server.Options{}), vars: pemFiles(t)}
			s.createControlPlane(t)
			s.vars["cp_id"] = jsonText(t, lookup(s.answer(t, "GET /konnect-api/api/runtime_groups"), "data.0.id"))
			for _, d := range file {
				s.vars[d.id] = uuid.NewString()
			}
			later := slices.Clone(file)
			changed := 0
			for i, d := range later {
				if d.later != "" {
					later[i].doc = d.later
					changed++
				}
			}
			for _, round := range []struct {
				name          string
				file          []declared
				made, updated int
			}{
				{"new", file, len(file), 0},
				{"the same", file, 0, 0},
				{"changed", later, 0, changed},
				{"the same again", later, 0, 0},
				{"as it was", file, 0, changed},
				{"and no more", file, 0, 0},
			} {
				if made, updated := s.synchronize(t, round.file); made != round.made || updated != round.updated {
					t.Fatalf("%s: %d entities are made and %d updated, want %d and %d", round.name, made, updated, round.made, round.updated)
				}
			}
			s.run(t, row{Do: "POST {core}/consumer_groups/{gold}/consumers", Body: json.RawMessage(s.expand(`{"consumer":"{ann}"}`)), Status: http.StatusCreated})
			for list, want := range map[string]string{"": s.vars["ann"], "?list_consumers=true": s.vars["ann"], "?list_consumers=false": ""} {
				if got, _ := lookup(s.answer(t, "GET {core}/consumer_groups/{gold}"+list), "consumers.0.id").(string); got != want {
					t.Errorf("the group%s has the member %q, want %q", list, got, want)
				}
			}
			for _, d := range slices.Backward(file) {
				s.run(t, row{Do: "DELETE {core}/" + d.at + "/{" + d.id + "}", Status: http.StatusNoContent})
				if left := s.listed(t, d); left[s.vars[d.id]] != nil {
					t.Errorf("%s is still listed", d.id)
				}
			}
		})
	}
}

// synchronize makes the control plane what a file says, and counts what it has
// to write.
func (s *session) synchronize(t *testing.T, file []declared) (made, updated int) {
	t.Helper()
	for _, d := range file {
		held := s.listed(t, d)[s.vars[d.id]]
		target := s.completed(t, d)
		if held != nil && s.alike(t, d, target, held) {
			continue
		}
		do := "PUT {core}/" + d.at + "/{" + d.id + "}"
		if d.schema == "basic-auth" {
			do += "?skip_hash=true"
		}
		r := row{Do: do, Body: json.RawMessage(encodeJSON(t, target)), Status: http.StatusOK}
		if s.run(t, r); held == nil {
			made++
		} else {
			updated++
		}
		if got := s.listed(t, d)[s.vars[d.id]]; !s.alike(t, d, target, got) {
			t.Fatalf("%s: written is\n%s, and listed\n%s", d.id, encodeJSON(t, target), encodeJSON(t, got))
		}
	}
	return made, updated
}

// completed is an entity of a file with the defaults that the server shows.
func (s *session) completed(t *testing.T, d declared) map[string]any {
	t.Helper()
	doc, _ := decodeJSON(t, []byte(s.expand(d.doc))).(map[string]any)
	doc["id"] = s.vars[d.id]
	if d.schema == "" {
		return s.completedPlugin(t, doc)
	}
	complete(s.answer(t, "GET {core}/v1/schemas/json/"+d.schema), doc)
	for _, name := range d.without {
		delete(doc, name)
	}
	if doc["expression"] != nil && doc["priority"] == nil {
		doc["priority"] = json.Number("0")
	}
	return doc
}

// completedPlugin fills in what a plugin has at the top by the JSON Schema of
// plugins, and its configuration by the plugin's own schema.
func (s *session) completedPlugin(t *testing.T, doc map[string]any) map[string]any {
	t.Helper()
	fields, _ := lookup(s.answer(t, "GET {core}/schemas/plugins/"+jsonText(t, doc["name"])), "fields").([]any)
	completeRecord(fields, doc)
	if doc["enabled"] == nil {
		doc["enabled"] = true
	}
	return doc
}

// completeRecord fills in the defaults of a record in Kong's language, and the
// records that have to be there.
func completeRecord(fields []any, doc map[string]any) {
	for _, f := range fields {
		for name, def := range f.(map[string]any) {
			below, _ := lookup(def, "fields").([]any)
			if lookup(def, "type") != "record" {
				below = nil
			}
			if _, given := doc[name]; !given {
				switch standard := lookup(def, "default"); {
				case standard != nil:
					doc[name] = standard
				case below != nil && lookup(def, "required") == true:
					doc[name] = map[string]any{}
				}
			}
			if record, ok := doc[name].(map[string]any); ok && below != nil {
				record = maps.Clone(record)
				completeRecord(below, record)
				doc[name] = record
			}
		}
	}
}

// alike compares as decK does: null is nothing, times are not compared, nor is
// the parent that the path names, nor what a plugin's fields were called before.
func (s *session) alike(t *testing.T, d declared, want, got map[string]any) bool {
	t.Helper()
	if got == nil {
		return false
	}
	want, got = s.comparable(t, d, want), s.comparable(t, d, got)
	if a, b := encodeJSON(t, want), encodeJSON(t, got); a != b {
		t.Logf("%s: in the file\n%sand here\n%s", d.id, a, b)
		return false
	}
	return true
}

func (s *session) comparable(t *testing.T, d declared, doc map[string]any) map[string]any {
	t.Helper()
	out, _ := decodeJSON(t, []byte(encodeJSON(t, doc))).(map[string]any)
	dropNull(out)
	for _, name := range []string{"created_at", "updated_at", "cert_digest", "snis", "ttl"} {
		if d.schema != "route" || name != "snis" {
			delete(out, name)
		}
	}
	if parent := parentOf(d.at); parent != d.at {
		delete(out, strings.TrimSuffix(parent, "s"))
	}
	if d.schema == "" {
		fields, _ := lookup(s.answer(t, "GET {core}/schemas/plugins/"+jsonText(t, doc["name"])), "fields").([]any)
		dropFormer(fields, out)
	}
	return out
}

// dropFormer takes the older names of fields out of a record.
func dropFormer(fields []any, doc map[string]any) {
	for _, f := range fields {
		for name, def := range f.(map[string]any) {
			record, ok := doc[name].(map[string]any)
			if !ok || lookup(def, "type") != "record" {
				continue
			}
			former, _ := lookup(def, "shorthand_fields").([]any)
			for _, old := range former {
				for oldName := range old.(map[string]any) {
					delete(record, oldName)
				}
			}
			below, _ := lookup(def, "fields").([]any)
			dropFormer(below, record)
		}
	}
}

// listed are the entities of a collection by their ids, read in pages as large
// as there are.
func (s *session) listed(t *testing.T, d declared) map[string]map[string]any {
	t.Helper()
	path := d.at
	if d.list != "" {
		path = d.list
	}
	found := map[string]map[string]any{}
	for offset := ""; ; {
		query := url.Values{"size": {"1000"}}
		if offset != "" {
			query.Set("offset", offset)
		}
		answer := s.answer(t, "GET {core}/"+path+"?"+query.Encode())
		data, _ := lookup(answer, "data").([]any)
		for _, v := range data {
			doc, _ := v.(map[string]any)
			id := jsonText(t, doc["id"])
			if found[id] != nil {
				t.Fatalf("%s is listed twice in %s", id, path)
			}
			found[id] = doc
		}
		if offset, _ = lookup(answer, "offset").(string); offset == "" {
			return found
		}
	}
}

func jsonText(t *testing.T, v any) string {
	t.Helper()
	text, ok := v.(string)
	if !ok {
		t.Fatalf("%v is no text", v)
	}
	return text
}

// More entities than a page holds, written by ten at a time as decK does: each
// can be read when its request is answered, and each is listed once.
func TestServer_manyPages(t *testing.T) {
	t.Parallel()
	const many, writers = 1234, 10
	for name, fresh := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &session{handler: newServerOn(t, fresh(t), server.Options{}), vars: map[string]string{}}
			s.createControlPlane(t)
			ids := make([]string, many)
			var group sync.WaitGroup
			for w := range writers {
				group.Go(func() {
					for i := w; i < many; i += writers {
						ids[i] = uuid.NewString()
						one := s.expand("{core}/consumers/") + ids[i]
						rec := s.send(t, http.MethodPut, one, fmt.Sprintf(`{"username":"u%d"}`, i))
						if rec.Code != http.StatusOK {
							t.Errorf("%d: %s", rec.Code, rec.Body)
						}
						if read := s.send(t, http.MethodGet, one, ""); read.Body.String() != rec.Body.String() {
							t.Errorf("written is %s, and read %s", rec.Body, read.Body)
						}
					}
				})
			}
			group.Wait()
			found := s.listed(t, declared{at: "consumers"})
			for i, id := range ids {
				if got := found[id]["username"]; got != fmt.Sprintf("u%d", i) {
					t.Errorf("u%d is listed as %v", i, got)
				}
			}
			if len(found) != many {
				t.Errorf("%d are listed", len(found))
			}
		})
	}
}
