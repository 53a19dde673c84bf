package access

import (
	"strconv"
	"testing"
	"time"
)

// A limiter remembers a bounded number of addresses and limits all of them:
// those that it cannot remember share a bucket.
func TestLimiter_bounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	l := newLimiter(Rate{PerSecond: 1, Burst: 1})
	for i := range 3 * maxBuckets {
		_ = l.take(strconv.Itoa(i), now)
	}
	if len(l.buckets) > maxBuckets+1 {
		t.Errorf("%d buckets are kept", len(l.buckets))
	}
	if l.take("0", now) == nil {
		t.Error("the first was forgotten while its bucket was empty")
	}
	if l.take("newcomer", now) == nil {
		t.Error("a newcomer has a bucket of its own while there is no room for one")
	}
	now = now.Add(time.Minute)
	if l.take("newcomer", now) != nil {
		t.Error("a newcomer is refused when everything is quiet again")
	}
	if len(l.buckets) != 1 {
		t.Errorf("%d buckets are kept of those that are full again", len(l.buckets))
	}
}
