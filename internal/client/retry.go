package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// RetryEvent tells that a request did not succeed and will be repeated.
type RetryEvent struct {
	Method, Address, Path string
	// Attempt counts from 1: the one that just failed.
	Attempt int
	// Status is that of the answer, 0 where there was none.
	Status int
	Reason string
	Wait   time.Duration
}

// fault is why an attempt failed, as far as that matters for repeating it.
type fault uint8

const (
	final   fault = iota // repeating would not help
	unsent               // no connection: nothing reached the server
	busy                 // 429, 503: the server did nothing yet
	lost                 // the connection broke before the whole answer
	silent               // connected, but no answer in time
	broken               // 500
	gateway              // 502, 504: said by something in between
)

// unbounded means that only the budget limits the patience.
const unbounded = time.Duration(math.MaxInt64)

// policies say what to do about each fault. If the server cannot have acted, a
// request of any method is sent again, otherwise only one that is safe to
// repeat. Patience is a limit besides the budget. It is short for hopeless
// cases: Terraform sends many requests in parallel, and each would wait.
var policies = map[fault]struct {
	untouched bool
	patience  time.Duration
}{
	unsent:  {untouched: true, patience: 4 * time.Second},
	busy:    {untouched: true, patience: unbounded},
	lost:    {patience: unbounded},
	silent:  {patience: 0},
	broken:  {patience: 8 * time.Second},
	gateway: {patience: unbounded},
}

// faultOf says what a status means for repeating.
func faultOf(status int) fault {
	switch status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return busy
	case http.StatusInternalServerError:
		return broken
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return gateway
	default:
		return final
	}
}

// repeatable reports whether two requests of the method have the same result as
// one.
func repeatable(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete:
		return true
	default:
		return false
	}
}

// send sends a call until it succeeds, cannot succeed, or the budget is spent.
func (c *Client) send(ctx context.Context, request *call) (*reply, error) {
	var started time.Time
	var failed *Error
	for attempt := 1; ; attempt++ {
		if err := c.pause.wait(ctx, c); err != nil {
			return nil, canceled(request, err, failed)
		}
		if e := c.outage.known(request, c.opts.Now()); e != nil {
			return nil, e
		}
		queued := c.opts.Now()
		round, err := c.width.enter(ctx)
		if err != nil {
			return nil, canceled(request, err, failed)
		}
		if attempt == 1 {
			started = queued
		}
		started = started.Add(c.opts.Now().Sub(queued)) // a queue is no reason to give up
		r, e := c.attempt(ctx, request)
		c.width.leave(round, e != nil && e.fault == busy)
		elapsed := c.opts.Now().Sub(started)
		if e == nil || e.Status != 0 {
			c.outage.end(c.opts.Now())
		}
		if e == nil {
			r.attempts, r.elapsed = attempt, elapsed
			return r, nil
		}
		e.Attempts, e.Elapsed = attempt, elapsed
		if !c.mayRepeat(e) {
			c.outage.learn(e, c.opts.Now())
			return nil, e
		}
		if err := c.rest(ctx, e); err != nil {
			return nil, canceled(request, err, e)
		}
		failed = e
	}
}

// mayRepeat decides whether another attempt is safe and within the budget. If
// not, it completes the error.
func (c *Client) mayRepeat(e *Error) bool {
	if e.fault == final {
		return false
	}
	policy := policies[e.fault]
	if !policy.untouched && !repeatable(e.Method) {
		e.MayHaveHappened = true
		return false
	}
	limit := min(policy.patience, c.opts.RetryBudget)
	if e.retryAfter > c.opts.RetryBudget && c.opts.RetryBudget > 0 {
		e.Message += fmt.Sprintf("; the server asks to wait for %s, which is more than is waited for a request (%s)", e.retryAfter, c.opts.RetryBudget)
		return false
	}
	e.retryAfter = max(e.retryAfter, c.backoff(e.Attempts))
	return e.Elapsed+e.retryAfter <= limit
}

// rest waits before the next attempt. If the server is too busy, all requests
// of this client wait, not only this one.
func (c *Client) rest(ctx context.Context, e *Error) error {
	c.opts.OnRetry(ctx, RetryEvent{
		Method: e.Method, Address: e.Address, Path: e.Path,
		Attempt: e.Attempts, Status: e.Status, Reason: e.Message, Wait: e.retryAfter,
	})
	if e.fault == busy {
		c.pause.extend(c.opts.Now().Add(e.retryAfter))
		return nil
	}
	return c.opts.Sleep(ctx, e.retryAfter)
}

// backoff starts at half a second and doubles up to 15 seconds. The upper half
// of it is random.
func (c *Client) backoff(attempt int) time.Duration {
	const first, last = 500 * time.Millisecond, 15 * time.Second
	d := last
	if attempt < 6 {
		d = min(first<<(attempt-1), last)
	}
	return d/2 + time.Duration(c.opts.Random()*float64(d/2))
}

// retryAfter reads the header of that name, in seconds or as a date; a date is
// compared with the server's own clock where the answer shows it.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if theirs, err := http.ParseTime(header.Get("Date")); err == nil {
		now = theirs
	}
	return max(date.Sub(now), 0)
}

// pause is shared by the requests of a client: none starts before its end.
type pause struct {
	mu    sync.Mutex
	until time.Time
}

func (p *pause) extend(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until.After(p.until) {
		p.until = until
	}
}

func (p *pause) left(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until.Sub(now)
}

// wait returns when the pause is over. Requests that waited start spread over a
// part of that time again, so that they do not all come at once.
func (p *pause) wait(ctx context.Context, c *Client) error {
	for {
		left := p.left(c.opts.Now())
		if left <= 0 {
			return ctx.Err()
		}
		spread := c.opts.Random() * float64(min(left, time.Second)) / 4
		if err := c.opts.Sleep(ctx, left+time.Duration(spread)); err != nil {
			return err
		}
	}
}

// canceled is the error of a request whose caller no longer waits. It tells
// what went wrong until then, if anything did.
func canceled(request *call, err error, failed *Error) *Error {
	e := request.fail("the request was cancelled")
	if errors.Is(err, context.DeadlineExceeded) {
		e.Message = "the caller's time for the request is over"
	}
	if failed != nil {
		e.Message += " while it waited to be repeated: " + failed.Message
	}
	e.cause = err
	return e
}

// unanswered is the error of an attempt without a whole answer.
func (c *Client) unanswered(request *call, err error, timedOut bool) *Error {
	e := request.fail("")
	e.cause = err
	switch e.fault = faultIn(err, timedOut); e.fault {
	case unsent:
		e.Message = "cannot connect: " + e.cause.Error()
		e.kinds = []error{ErrUnreachable}
	case silent:
		e.Message = fmt.Sprintf("no answer within %s", c.opts.AttemptTimeout)
		e.kinds = []error{ErrUnreachable}
	case lost:
		e.Message = "the connection broke before the whole answer had arrived: " + e.cause.Error()
	default:
		e.Message = hopeless(err)
		if !isPanic(err) {
			e.kinds = []error{ErrUnreachable}
		}
	}
	c.redact(e)
	return e
}

func faultIn(err error, timedOut bool) fault {
	dial, isDial := errors.AsType[*net.OpError](err)
	switch {
	case noSuchHost(err) || untrusted(err) || isPanic(err):
		return final
	case isDial && (dial.Op == "dial" || dial.Op == "proxyconnect"):
		return unsent
	case timedOut:
		return silent
	default:
		return lost
	}
}

// hopeless is the message of a fault that only a person can mend.
func hopeless(err error) string {
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "cannot connect: the server does not speak https: is it an http:// address?"
	}
	if isPanic(err) {
		return err.Error()
	}
	return "cannot connect: " + err.Error()
}

func noSuchHost(err error) bool {
	dns, ok := errors.AsType[*net.DNSError](err)
	return ok && dns.IsNotFound
}

// untrusted reports faults of encryption, which last until a person mends them.
func untrusted(err error) bool {
	_, alert := errors.AsType[tls.AlertError](err)
	_, record := errors.AsType[tls.RecordHeaderError](err)
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	return alert || record || certificate
}
