package server

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// metrics count requests by the pattern of their endpoint. Paths, ids and
// tokens are no labels: there are too many, and readers of metrics must not see
// them.
type metrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	inFlight prometheus.Gauge
	failures *prometheus.CounterVec

	mu    sync.RWMutex
	known map[labels]*counted
}

// labels tell apart what is counted.
type labels struct {
	method, pattern string
	status          int
}

// counted is what requests with the same labels count up. Looking each up by
// the texts of its labels takes longer than counting.
type counted struct {
	requests prometheus.Counter
	duration prometheus.Observer
}

// buckets range from the time of a read to the time that clients wait at most.
var buckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// newMetrics registers the metrics, unless the registry is nil.
func newMetrics(r prometheus.Registerer) *metrics {
	m := &metrics{
		known: map[labels]*counted{},
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "konnect_http_requests_total",
			Help: "Requests answered, by method, pattern of the endpoint and status.",
		}, []string{"method", "pattern", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "konnect_http_request_duration_seconds",
			Help:    "Time from a request's header to the end of its answer, by method and pattern of the endpoint.",
			Buckets: buckets,
		}, []string{"method", "pattern"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "konnect_http_requests_in_flight",
			Help: "Requests that are being answered.",
		}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "konnect_database_errors_total",
			Help: "Requests that the database failed, by kind: busy, full, read_only, unreachable, undecided, newer, damaged, closed or other.",
		}, []string{"kind"}),
	}
	if r != nil {
		r.MustRegister(m.requests, m.duration, m.inFlight, m.failures)
	}
	return m
}

// methods are the methods that may be labels; clients may invent others.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}

func (m *metrics) answered(method, pattern string, status int, took time.Duration) {
	c := m.counted(labels{method, pattern, status})
	c.requests.Inc()
	c.duration.Observe(took.Seconds())
}

// counted returns what requests with these labels count up. There are as many as
// patterns, methods and statuses make: the methods that clients invent count as
// one.
func (m *metrics) counted(l labels) *counted {
	if !slices.Contains(methods, l.method) {
		l.method = "other"
	}
	m.mu.RLock()
	c := m.known[l]
	m.mu.RUnlock()
	if c != nil {
		return c
	}
	pattern := l.pattern
	if _, path, found := strings.Cut(pattern, " "); found {
		pattern = path
	}
	if pattern == "" {
		pattern = "none"
	}
	c = &counted{
		requests: m.requests.WithLabelValues(l.method, pattern, strconv.Itoa(l.status)),
		duration: m.duration.WithLabelValues(l.method, pattern),
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known[l] = c
	return c
}

// failed counts failures of the database.
func (m *metrics) failed(err error) {
	kind := ""
	for _, k := range []struct {
		err  error
		name string
	}{
		{store.ErrBusy, "busy"},
		{store.ErrFull, "full"},
		{store.ErrReadOnly, "read_only"},
		{store.ErrUnreachable, "unreachable"},
		{store.ErrUndecided, "undecided"},
		{store.ErrNewer, "newer"},
		{store.ErrDamaged, "damaged"},
		{store.ErrClosed, "closed"},
	} {
		if errors.Is(err, k.err) {
			kind = k.name
			break
		}
	}
	if database := (*store.DatabaseError)(nil); kind == "" && errors.As(err, &database) {
		kind = "other"
	}
	if kind != "" {
		m.failures.WithLabelValues(kind).Inc()
	}
}
