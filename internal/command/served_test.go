package command

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
)

// create makes an entity and returns its id.
func (s *served) create(t *testing.T, path, token, body string) string {
	t.Helper()
	status, answer := s.ask(t, http.MethodPost, path, token, body)
	var doc struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal([]byte(answer), &doc); err != nil || status != http.StatusCreated {
		t.Fatalf("POST %s: %d %s", path, status, answer)
	}
	return doc.ID
}

// names are those of all services of a control plane.
func (s *served) names(t *testing.T, plane, token string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for path := "/v2/control-planes/" + plane + "/core-entities/services?size=1000"; path != ""; {
		_, answer := s.ask(t, http.MethodGet, path, token, "")
		var page struct {
			Data []struct {
				Name string `json:"name"`
			} `json:"data"`
			Next string `json:"next"`
		}
		if err := json.Unmarshal([]byte(answer), &page); err != nil {
			t.Fatalf("%v: %s", err, answer)
		}
		for _, doc := range page.Data {
			names[doc.Name] = true
		}
		path = page.Next
	}
	return names
}

func TestServe_konnectLimits(t *testing.T) {
	t.Parallel()
	s := startServe(t, nil, "--database", filepath.Join(t.TempDir(), "konnect.db"), "--konnect-limits")
	go func() { // a log that nobody reads would stop the server
		for s.log.Scan() {
		}
	}()
	for i := range 100 {
		s.create(t, "/v2/control-planes", "", fmt.Sprintf(`{"name":"plane-%d"}`, i))
	}
	status, answer := s.ask(t, http.MethodPost, "/v2/control-planes", "", `{"name":"one too many"}`)
	if status != http.StatusForbidden || !strings.Contains(answer, "Quota Exceeded") {
		t.Errorf("got %d %s", status, answer)
	}
}

// TestServe_shutdownUnderLoad stops a server that many are writing to. What it
// said to have written is there afterwards, and nobody was told of an error.
func TestServe_shutdownUnderLoad(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "konnect.db")
	s := startServe(t, nil, "--database", database)
	plane := s.create(t, "/v2/control-planes", "", `{"name":"demo"}`)
	go func() { // a log that nobody reads would stop the server
		for s.log.Scan() {
		}
	}()
	var written sync.Map
	var count atomic.Int64
	enough := make(chan struct{})
	var clients sync.WaitGroup
	for client := range 8 {
		clients.Go(func() {
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			for i := 0; ; i++ {
				name := fmt.Sprintf("s-%d-%d", client, i)
				status, err := post(t, &http.Client{Transport: transport}, s.address, plane, name)
				if err != nil {
					return // nothing was acknowledged
				}
				if status != http.StatusCreated {
					t.Errorf("%s: %d", name, status)
					return
				}
				written.Store(name, true)
				if count.Add(1) == 200 {
					close(enough)
				}
			}
		})
	}
	<-enough
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	clients.Wait()
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
	again := startServe(t, nil, "--database", database)
	names := again.names(t, plane, "")
	written.Range(func(name, _ any) bool {
		if !names[name.(string)] {
			t.Errorf("%s was acknowledged and is gone", name)
		}
		return true
	})
	t.Logf("%d writes acknowledged, %d kept", count.Load(), len(names))
}

func post(t *testing.T, client *http.Client, address, plane, name string) (status int, err error) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/v2/control-planes/"+plane+"/core-entities/services",
		strings.NewReader(`{"host":"h","name":"`+name+`"}`))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = res.Body.Close() }()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}

// TestServe_drain has a load balancer that takes its time: it is told to go
// elsewhere, and those whom it still sends are served.
func TestServe_drain(t *testing.T) {
	t.Parallel()
	s := startServe(t, nil, "--drain-delay", "1h") // the end of the test ends it
	if status, body := s.ask(t, http.MethodGet, "/readyz", "", ""); status != http.StatusOK {
		t.Errorf("before: %d %s", status, body)
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.await(t, "shutting down")
	if status, body := s.ask(t, http.MethodGet, "/readyz", "", ""); status != http.StatusServiceUnavailable || !strings.Contains(body, "stopping") {
		t.Errorf("readyz: %d %s", status, body)
	}
	if status, body := s.ask(t, http.MethodGet, "/healthz", "", ""); status != http.StatusOK {
		t.Errorf("healthz: %d %s", status, body)
	}
	s.create(t, "/v2/control-planes", "", `{"name":"late"}`)
}

func TestServe_metrics(t *testing.T) {
	t.Parallel()
	s := startServe(t, []string{tokenVariable + "=kpat_hidden"}, "--metrics-listen", "127.0.0.1:0", "--rate-limit", "1", "--rate-burst", "2")
	for i, want := range []int{200, 200, 429} {
		if status, body := s.ask(t, http.MethodGet, "/v2/control-planes", "kpat_hidden", ""); status != want {
			t.Errorf("request %d: %d %s", i, status, body)
		}
	}
	if status, _ := s.ask(t, http.MethodGet, "/metrics", "kpat_hidden", ""); status == http.StatusOK {
		t.Error("metrics are served to clients")
	}
	scraped := &served{address: s.metrics}
	status, metrics := scraped.ask(t, http.MethodGet, "/metrics", "", "")
	for _, want := range []string{
		`konnect_http_requests_total{method="GET",pattern="/v2/control-planes",status="200"} 2`,
		`konnect_http_requests_total{method="GET",pattern="none",status="429"}`,
		`konnect_http_requests_in_flight 0`, `konnect_build_info{version="`, "go_goroutines ", "process_start_time_seconds ",
	} {
		if status != http.StatusOK || !strings.Contains(metrics, want) {
			t.Errorf("%d, metrics lack %s", status, want)
		}
	}
	if strings.Contains(metrics, "hidden") {
		t.Error("metrics tell a secret")
	}
	for _, path := range []string{"/", "/v2/control-planes", "/debug/pprof/", "/readyz"} {
		if status, _ := scraped.ask(t, http.MethodGet, path, "kpat_hidden", ""); status != http.StatusNotFound {
			t.Errorf("%s is served where metrics are: %d", path, status)
		}
	}
}

const (
	greeterSchema = `return {name="greeter",fields={{config={type="record",fields={{greeting={type="string",required=true}}}}}}}`
	betterSchema  = `return {name="greeter",fields={{config={type="record",fields={{greeting={type="string",required=true}},{times={type="integer",default=3}}}}}}}`
)

// TestServe_twoProcesses has two servers on one PostgreSQL. A change through
// one is known to the other with the next request: of entities, schemas of
// custom plugins and tokens.
func TestServe_twoProcesses(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	all := token(t, database, "create", "all")
	one := startServe(t, []string{databaseVariable + "=" + database})
	two := startServe(t, []string{databaseVariable + "=" + database})

	plane := one.create(t, "/v2/control-planes", all, `{"name":"demo"}`)
	core := "/v2/control-planes/" + plane + "/core-entities"
	expect := func(s *served, method, path, token, body string, want int, says string) {
		t.Helper()
		if status, answer := s.ask(t, method, path, token, body); status != want || !strings.Contains(answer, says) {
			t.Errorf("%s %s: %d %s, want %d, %s", method, path, status, answer, want, says)
		}
	}
	expect(two, "GET", "/v2/control-planes/"+plane, all, "", 200, "demo")
	for i := range 20 {
		name := fmt.Sprint("s", i)
		one.create(t, core+"/services", all, `{"host":"h","name":"`+name+`"}`)
		expect(two, "GET", core+"/services/"+name, all, "", 200, name)
		expect(two, "POST", core+"/services", all, `{"host":"h","name":"`+name+`"}`, 400, "unique")
		expect(two, "DELETE", core+"/services/"+name, all, "", 204, "")
		expect(one, "GET", core+"/services/"+name, all, "", 404, "")
	}

	schema := func(lua string) string { return `{"lua_schema":` + quote(t, lua) + `}` }
	plugin := func(config string) string { return `{"name":"greeter","config":` + config + `}` }
	expect(two, "POST", core+"/plugins", all, plugin(`{"greeting":"hi"}`), 400, "does not exist")
	expect(one, "POST", core+"/plugin-schemas", all, schema(greeterSchema), 201, "")
	expect(two, "POST", core+"/plugins", all, plugin(`{"greeting":"hi","times":2}`), 400, "unknown field")
	expect(one, "PUT", core+"/plugin-schemas/greeter", all, schema(betterSchema), 200, "")
	expect(two, "POST", core+"/plugins", all, plugin(`{"greeting":"hi"}`), 201, `"times":3`)
	expect(one, "DELETE", core+"/plugin-schemas/greeter", all, "", 400, "")

	reader := token(t, database, "create", "reader", "--read-only", "--control-plane", "demo")
	for _, s := range []*served{one, two} {
		expect(s, "GET", core+"/services", reader, "", 200, "")
		expect(s, "POST", core+"/services", reader, `{"host":"h"}`, 403, "may only read")
		expect(s, "GET", "/readyz", "", "", 200, "ok")
	}
	token(t, database, "delete", "reader")
	for _, s := range []*served{one, two} {
		expect(s, "GET", core+"/services", reader, "", 401, "")
	}
}

func quote(t *testing.T, text string) string {
	t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(quoted)
}
