package server_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/server"
)

// A key that was given a time to live counts down, and is gone at its end: its
// text is free for another.
func TestServer_keysEnd(t *testing.T) {
	t.Parallel()
	now := clock
	s := &session{handler: newServer(t, server.Options{Now: func() time.Time { return now }}), vars: map[string]string{}}
	s.createControlPlane(t)
	body := json.RawMessage(`{"key":"k","ttl":60}`)
	s.run(t, row{Do: "POST {core}/consumers", Body: json.RawMessage(`{"username":"ann"}`), Status: http.StatusCreated})
	s.run(t, row{Do: "POST {core}/consumers/ann/key-auth", Body: body, Status: http.StatusCreated, Save: map[string]string{"key": "id"}})
	for _, step := range []struct {
		after  time.Duration
		status int
		ttl    json.Number
	}{
		{0, http.StatusOK, "60"},
		{10 * time.Second, http.StatusOK, "50"},
		{59 * time.Second, http.StatusOK, "1"},
		{60 * time.Second, http.StatusNotFound, ""},
		{time.Hour, http.StatusNotFound, ""},
	} {
		now = clock.Add(step.after)
		r := row{Do: "GET {core}/key-auths/{key}", Status: step.status}
		list := row{Do: "GET {core}/key-auths", Status: http.StatusOK, Want: map[string]any{"data": []any{}}}
		if step.status == http.StatusOK {
			r.Want = map[string]any{"ttl": step.ttl}
			list.Want = map[string]any{"data": []any{r.Want}}
		}
		s.run(t, r)
		s.run(t, list)
	}
	s.run(t, row{Do: "POST {core}/consumers/ann/key-auth", Body: body, Status: http.StatusCreated})
}
