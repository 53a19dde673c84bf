package nodes

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

const (
	// silence is how long a node may be silent and still counts as connected: it
	// calls every half a minute.
	silence = 2 * time.Minute

	// Between two looks passes more and more time: most nodes take what is new
	// within seconds.
	firstPause, longestPause = 2 * time.Second, 15 * time.Second
)

// Watch says what to wait for.
type Watch struct {
	API          *client.Client
	ControlPlane string
	// Timeout is how long to wait; 0 looks once.
	Timeout time.Duration
	// Minimum is how many nodes must be connected. Without any, a control plane
	// that nobody is connected to is as it should be.
	Minimum int
	// Progress is told what is waited for, whenever that changes.
	Progress func(string)
}

// Wait looks until all connected nodes run what the control plane expects, or
// the time is over, and returns what it saw last: [Sight.Reached] tells which.
// The error is that of a request, or of the context.
func (w Watch) Wait(ctx context.Context) (Sight, error) {
	end := time.Now().Add(w.Timeout)
	told, pause := "", firstPause
	for {
		s, err := w.look(ctx)
		left := time.Until(end)
		if err != nil || s.Reached() || left <= 0 {
			return s, err
		}
		if news := s.Waiting(); news != told {
			told = news
			w.Progress(news)
		}
		if err := client.Sleep(ctx, min(pause, left)); err != nil {
			return s, err
		}
		pause = min(pause*3/2, longestPause)
	}
}

// look takes two requests. The hash comes first: what nodes report after it
// can only be newer.
func (w Watch) look(ctx context.Context) (Sight, error) {
	path, err := place(w.ControlPlane)
	if err != nil {
		return Sight{}, err
	}
	var answer map[string]any
	if err := w.API.Do(ctx, http.MethodGet, path+"/expected-config-hash", nil, &answer); err != nil {
		return Sight{}, err
	}
	expected := jsonvalue.Text(answer["expected_hash"])
	if expected == "" {
		return Sight{}, fmt.Errorf("GET %s%s/expected-config-hash: the answer has no expected_hash", w.API.Address(), path)
	}
	all, err := List(ctx, w.API, w.ControlPlane)
	if err != nil {
		return Sight{}, err
	}
	return w.sight(expected, all), nil
}
