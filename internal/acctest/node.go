package acctest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

// Node is a data plane of which a control plane knows. None ever connects to the
// control planes of tests, so the list of them is the one thing that is made up.
type Node struct {
	Hostname, Version string
	From              time.Duration // when it connects
	Takes             time.Duration // when it runs what is expected; or [Never]
	Until             time.Duration // when it falls silent; 0 is never
	Before            string        // hash of what it runs until then
	State             string        // of its compatibility
	Issues            []any
}

// Never is when a node runs what it refuses.
const Never time.Duration = -1

// Report is what a control plane shows of a node of a certain age.
func (n Node) Report(age time.Duration, now time.Time, expected string) Object {
	hash := n.Before
	if n.Takes != Never && age >= n.Takes {
		hash = expected
	}
	if n.Until > 0 && age > n.Until {
		now = now.Add(n.Until - age)
	}
	return Object{"id": "id-of-" + n.Hostname, "hostname": n.Hostname, "version": n.Version, "config_hash": hash, "last_ping": now.Unix(),
		"compatibility_status": Object{"state": n.State, "issues": n.Issues}}
}

// Nodes answers as a control plane to which data planes connect from a moment
// on. What it expects of them is its own answer.
func Nodes(begin time.Time, fleet ...Node) Answer {
	return func(out http.ResponseWriter, r *http.Request, next http.Handler) bool {
		place, isNodes := strings.CutSuffix(r.URL.Path, "/nodes")
		if !isNodes {
			return false
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, httptest.NewRequestWithContext(r.Context(), http.MethodGet, place+"/expected-config-hash", nil))
		var expected struct {
			Hash string `json:"expected_hash"`
		}
		_ = json.Unmarshal(rec.Body.Bytes(), &expected) // a test sees that it is missing
		items := []any{}
		for _, n := range fleet {
			if now := time.Now(); now.Sub(begin) >= n.From {
				items = append(items, n.Report(now.Sub(begin), now, expected.Hash))
			}
		}
		_ = json.NewEncoder(out).Encode(Object{"items": items, "page": Object{"total_count": len(items)}})
		return true
	}
}
