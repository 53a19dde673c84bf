//go:build (linux && (386 || amd64 || arm || arm64 || riscv64)) || (darwin && (amd64 || arm64))

package regex

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unsafe"

	"go.elara.ws/pcre/lib"
	"modernc.org/libc"
)

func check(pattern string, flags Flags) error {
	s := newSession()
	defer s.close()
	return s.compile(pattern, flags)
}

func find(ctx context.Context, pattern string, flags Flags, text string, init, most int) (*Match, int, error) {
	s := newSession()
	defer s.close()
	if err := s.compile(pattern, flags|lib.DPCRE2_USE_OFFSET_LIMIT); err != nil {
		return nil, len(pattern), err
	}
	last := len(text)
	if info[uint32](s, lib.DPCRE2_INFO_ALLOPTIONS)&uint32(Anchored) != 0 {
		last = init
	}
	s.repeats = strings.ContainsAny(pattern, "*+{")
	s.most = most
	m, err := s.match(ctx, text, init, last)
	return m, len(pattern) + s.steps, err
}

// session owns the C memory of one use.
type session struct {
	tls   *libc.TLS
	code  uintptr
	free  []func()
	steps int
	most  int // steps that the search may take
	// repeats says that a match may run over the whole text from each place
	// where it may begin.
	repeats bool
}

func newSession() *session { return &session{tls: libc.NewTLS()} }

func (s *session) close() {
	for i := len(s.free) - 1; i >= 0; i-- {
		s.free[i]()
	}
	s.tls.Close()
}

// alloc returns C memory for the session; size may be 0.
func (s *session) alloc(size int) uintptr {
	p := libc.Xmalloc(s.tls, libc.Tsize_t(size+1))
	if p != 0 {
		s.free = append(s.free, func() { libc.Xfree(s.tls, p) })
	}
	return p
}

// text copies a text to C memory.
func (s *session) text(text string) uintptr {
	p := s.alloc(len(text))
	if p != 0 {
		copy(bytesAt(p, len(text)), text)
	}
	return p
}

func (s *session) compile(pattern string, flags Flags) error {
	source, code, offset := s.text(pattern), s.alloc(8), s.alloc(8)
	if source == 0 || code == 0 || offset == 0 {
		return ErrTooComplex
	}
	s.code = lib.Xpcre2_compile_8(s.tls, source, lib.Tsize_t(len(pattern)), uint32(flags), code, offset, 0)
	if s.code == 0 {
		return &SyntaxError{Reason: s.reason(load[int32](code)), Offset: int(load[lib.Tsize_t](offset))}
	}
	s.free = append(s.free, func() { lib.Xpcre2_code_free_8(s.tls, s.code) })
	return nil
}

// reason is PCRE's text for an error code.
func (s *session) reason(code int32) string {
	const size = 256
	p := s.alloc(size)
	if p == 0 {
		return "out of memory"
	}
	n := lib.Xpcre2_get_error_message_8(s.tls, code, p, size)
	if n < 0 {
		return fmt.Sprintf("error %d", code)
	}
	return string(bytesAt(p, int(n)))
}

// match searches text for a match that begins at init or later, up to last.
func (s *session) match(ctx context.Context, text string, init, last int) (*Match, error) {
	subject := s.text(text)
	bounds := lib.Xpcre2_match_context_create_8(s.tls, 0)
	data := lib.Xpcre2_match_data_create_from_pattern_8(s.tls, s.code, 0)
	if subject == 0 || bounds == 0 || data == 0 {
		return nil, ErrTooComplex
	}
	s.free = append(s.free,
		func() { lib.Xpcre2_match_context_free_8(s.tls, bounds) },
		func() { lib.Xpcre2_match_data_free_8(s.tls, data) })
	lib.Xpcre2_set_heap_limit_8(s.tls, bounds, HeapLimit)

	for step := window / (len(text) + 1); init <= last; init += step + 1 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if s.steps > s.most {
			return nil, ErrTooComplex
		}
		lib.Xpcre2_set_offset_limit_8(s.tls, bounds, lib.Tsize_t(init+step))
		found := s.matchWithin(bounds, func() int32 {
			return lib.Xpcre2_match_8(s.tls, s.code, subject, lib.Tsize_t(len(text)), lib.Tsize_t(init), 0, data, bounds)
		})
		if places := min(step+1, last-init+1); s.repeats {
			s.steps += places * len(text) / looksPerStep
		} else {
			s.steps += places / looksPerStep
		}
		if found >= 0 {
			return &Match{Groups: s.groups(data), Names: s.names()}, nil
		}
		if found != lib.DPCRE2_ERROR_NOMATCH {
			return nil, s.matchError(found)
		}
	}
	return nil, nil
}

// matchWithin raises the limit on backtracking as it is reached. PCRE does not
// tell how much it backtracked; this way the count is off by no more than a
// factor that the limits have between them.
func (s *session) matchWithin(bounds uintptr, match func() int32) int32 {
	found := int32(lib.DPCRE2_ERROR_MATCHLIMIT)
	for limit := MatchLimit / 1000; limit <= MatchLimit && s.steps <= s.most; limit *= 10 {
		lib.Xpcre2_set_match_limit_8(s.tls, bounds, uint32(limit))
		found = match()
		if found != lib.DPCRE2_ERROR_MATCHLIMIT {
			break
		}
		s.steps += limit
	}
	return found
}

func (s *session) matchError(code int32) error {
	switch code {
	case lib.DPCRE2_ERROR_MATCHLIMIT, lib.DPCRE2_ERROR_HEAPLIMIT, lib.DPCRE2_ERROR_DEPTHLIMIT:
		return ErrTooComplex
	default:
		return errors.New(s.reason(code))
	}
}

func (s *session) groups(data uintptr) [][2]int {
	type pair [2]lib.Tsize_t
	next := lib.Xpcre2_get_ovector_pointer_8(s.tls, data)
	groups := make([][2]int, lib.Xpcre2_get_ovector_count_8(s.tls, data))
	for i := range groups {
		// the largest size, -1 as an int, stands for a group without part in the match
		offsets := load[pair](next)
		groups[i] = [2]int{int(offsets[0]), int(offsets[1])}
		next += unsafe.Sizeof(pair{})
	}
	return groups
}

// names reads PCRE's table of names: entries of fixed size, each the number of
// a group in two bytes and a name that ends with a zero byte.
func (s *session) names() map[string][]int {
	count := info[uint32](s, lib.DPCRE2_INFO_NAMECOUNT)
	if count == 0 {
		return nil
	}
	size := info[uint32](s, lib.DPCRE2_INFO_NAMEENTRYSIZE)
	entry := info[uintptr](s, lib.DPCRE2_INFO_NAMETABLE)
	names := make(map[string][]int, count)
	for range count {
		number := bytesAt(entry, 2)
		name := libc.GoString(entry + 2)
		names[name] = append(names[name], int(number[0])<<8|int(number[1]))
		entry += uintptr(size)
	}
	return names
}

// info asks PCRE for a property of the expression.
func info[T any](s *session, what uint32) (property T) {
	p := s.alloc(int(unsafe.Sizeof(property)))
	if p == 0 || lib.Xpcre2_pattern_info_8(s.tls, s.code, what, p) != 0 {
		return property
	}
	return load[T](p)
}

// load reads a value from C memory. The detour over the address of the pointer
// tells the compiler that no Go memory is meant.
func load[T any](p uintptr) T { return **(**T)(unsafe.Pointer(&p)) }

// bytesAt is C memory as a slice.
func bytesAt(p uintptr, n int) []byte { return unsafe.Slice(*(**byte)(unsafe.Pointer(&p)), n) }
