package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// disturbance is what a proxy does to answers.
type disturbance struct {
	latency time.Duration
	busy    float64
}

// proxy stands between provider and server, counts and disturbs.
type proxy struct {
	address string
	server  *http.Server

	mu      sync.Mutex
	methods tally
}

// tally is how many calls there were, by method.
type tally map[string]int

func (t tally) String() string {
	total, parts := 0, []string{}
	for _, method := range slices.Sorted(maps.Keys(t)) {
		total += t[method]
		parts = append(parts, fmt.Sprintf("%d %s", t[method], method))
	}
	out := fmt.Sprintf("%d calls", total)
	if len(parts) > 1 {
		out += " (" + strings.Join(parts, ", ") + ")"
	}
	return out
}

func newProxy(ctx context.Context, server string, d disturbance) (*proxy, error) {
	forward := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: server})
	forward.Transport = &http.Transport{MaxIdleConnsPerHost: 64}
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{address: listener.Addr().String(), methods: tally{}}
	p.server = &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.count(r.Method)
		if d.latency > 0 {
			<-time.After(d.latency)
		}
		if rand.Float64() < d.busy {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		forward.ServeHTTP(w, r)
	})}
	go func() { _ = p.server.Serve(listener) }() // ends with close
	return p, nil
}

func (p *proxy) close() { _ = p.server.Close() }

func (p *proxy) count(method string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.methods[method]++
}

func (p *proxy) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.methods = tally{}
}

func (p *proxy) calls() tally {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.methods)
}

// drift changes services behind Terraform's back, and says how many there were to change.
func drift(ctx context.Context, server string, n int) (int, error) {
	core, err := coreOf(ctx, server)
	if err != nil {
		return 0, err
	}
	base := core + "/services"
	var services collection
	if err := ask(ctx, http.MethodGet, base+fmt.Sprintf("?size=%d", n), nil, &services); err != nil {
		return 0, err
	}
	for _, doc := range services.Data {
		doc["host"] = "drifted.example"
		if err := ask(ctx, http.MethodPut, fmt.Sprintf("%s/%v", base, doc["id"]), doc, nil); err != nil {
			return 0, err
		}
	}
	return len(services.Data), nil
}

// collection is an answer of a list.
type collection struct {
	Data []map[string]any `json:"data"`
}

// coreOf is the address of the entities of the only control plane.
func coreOf(ctx context.Context, server string) (string, error) {
	base := "http://" + server + "/v2/control-planes"
	var planes collection
	if err := ask(ctx, http.MethodGet, base, nil, &planes); err != nil {
		return "", err
	}
	if len(planes.Data) != 1 {
		return "", fmt.Errorf("there are %d control planes", len(planes.Data))
	}
	return fmt.Sprintf("%s/%v/core-entities", base, planes.Data[0]["id"]), nil
}

// ask sends a request to the server itself.
func ask(ctx context.Context, method, address string, body, out any) (err error) {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, address, &content)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s %s: %s: %s", method, address, res.Status, text)
	}
	if err == nil && out != nil {
		err = json.Unmarshal(text, out)
	}
	return err
}
