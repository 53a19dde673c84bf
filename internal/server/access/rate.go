package access

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
)

// Rate is how many requests are served per second, and how many at once after
// a pause. The zero value is no limit.
type Rate struct {
	PerSecond float64
	Burst     int
}

// guesses is how fast one address may send wrong tokens; few honest mistakes
// are that fast.
var guesses = Rate{PerSecond: 10, Burst: 100}

// maxBuckets bounds the number of buckets of a limiter.
const maxBuckets = 10_000

// limiter has a bucket for each client.
type limiter struct {
	rate Rate

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
	swept   time.Time
}

func newLimiter(r Rate) *limiter {
	return &limiter{rate: r, buckets: map[string]*rate.Limiter{}}
}

// limits reports whether there is a limit at all.
func (l *limiter) limits() bool { return l.rate.PerSecond > 0 }

// take counts a request, or returns how long to wait until there is room.
func (l *limiter) take(key string, now time.Time) error {
	if !l.limits() {
		return nil
	}
	bucket := l.bucket(key, now)
	if bucket.AllowN(now, 1) {
		return nil
	}
	missing := 1 - bucket.TokensAt(now)
	return fault.TooMany(time.Duration(missing / l.rate.PerSecond * float64(time.Second)))
}

// bucket returns the bucket of a key. If there are too many, new keys share
// one.
func (l *limiter) bucket(key string, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := l.buckets[key]
	if bucket == nil && len(l.buckets) >= maxBuckets {
		l.sweep(now)
		if len(l.buckets) >= maxBuckets {
			key = ""
			bucket = l.buckets[key]
		}
	}
	if bucket == nil {
		bucket = rate.NewLimiter(rate.Limit(l.rate.PerSecond), l.rate.Burst)
		l.buckets[key] = bucket
	}
	return bucket
}

// sweep deletes full buckets, once a second at most.
func (l *limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < time.Second {
		return
	}
	l.swept = now
	for key, bucket := range l.buckets {
		if bucket.TokensAt(now) >= float64(l.rate.Burst) {
			delete(l.buckets, key)
		}
	}
}
