package schema

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Judgement is one validation or completion of one entity. It is the context of
// the functions that it calls. Values that they keep in it last until the
// verdict, and their bounds hold for all of their calls together. It serves one
// goroutine.
type Judgement struct {
	context.Context
	// Memory belongs to the functions: all functions of a schema from outside
	// keep one value here.
	Memory any
}

type judgementKey struct{}

// Value is part of context.Context.
func (j *Judgement) Value(key any) any {
	if key == (judgementKey{}) {
		return j
	}
	return j.Context.Value(key)
}

// Judge begins a judgement. Completing and validating with the context that it
// returns belong to that one judgement.
func Judge(ctx context.Context) *Judgement { return &Judgement{Context: ctx} }

// JudgementOf returns the judgement that calls the function, or nil.
func JudgementOf(ctx context.Context) *Judgement {
	if j, ok := ctx.(*Judgement); ok {
		return j
	}
	j, _ := ctx.Value(judgementKey{}).(*Judgement)
	return j
}

// Bounds of the messages of one judgement, since texts of schemas and values
// from outside become messages.
const (
	// MaxMessage is the length of the longest message, in bytes.
	MaxMessage = 4 << 10
	// MaxMessages is the length of all messages of a judgement. Later messages
	// are cut to shortMessage.
	MaxMessages  = 256 << 10
	shortMessage = 200
	// maxPatternSteps bounds the steps of all patterns of a schema in one
	// judgement; luapattern itself bounds a single search.
	maxPatternSteps = 20_000_000
)

// Cut shortens a text from outside for a message, and marks the cut.
func Cut(text string) string { return cut(text, MaxMessage) }

func cut(text string, length int) string {
	if len(text) <= length {
		return text
	}
	tail := "... (" + strconv.Itoa(len(text)) + " bytes in all)"
	end := length - len(tail)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return strings.Clone(text[:end]) + tail // a clone lets go of the long text
}

// bounded cuts a message to the bounds.
func (r *run) bounded(message string) string {
	length := MaxMessage
	if r.said > MaxMessages {
		length = shortMessage
	}
	message = cut(message, length)
	r.said += len(message)
	return message
}

// boundedValue is bounded for a result that is no text.
func (r *run) boundedValue(v any) any {
	switch v := v.(type) {
	case string:
		return r.bounded(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = r.boundedValue(e)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, k := range sortedKeys(v) {
			out[r.bounded(k)] = r.boundedValue(v[k])
		}
		return out
	}
	return v
}

// function is the context of a function's call.
func (r *run) function() context.Context {
	if r.judgement == nil {
		if r.judgement = JudgementOf(r.ctx); r.judgement == nil {
			r.judgement = Judge(r.ctx)
		}
	}
	return r.judgement
}
