package luaschema

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/openkonnect/terraform-provider-konnect/internal/regex"
)

// ngxLibrary is the part of OpenResty that schema code uses: above all null,
// and functions that do not reach outside the sandbox.
func (s *sandbox) ngxLibrary() lua.LValue {
	s.ngx = s.l.CreateTable(0, 0)
	if s.nullOnly {
		s.ngx.RawSetString("null", s.null)
	} else {
		s.fillNgx()
	}
	return s.ngx
}

// namesNullOnly reports whether a source uses ngx for nothing but ngx.null, as
// most do. No other field begins like that one.
func namesNullOnly(source string) bool {
	return strings.Count(source, "ngx") == strings.Count(source, "ngx.null")
}

// completeNgx adds what a state has left out because its source names only null.
func (s *sandbox) completeNgx() {
	if s.nullOnly && s.ngx != nil {
		s.fillNgx()
	}
	s.nullOnly = false
}

func (s *sandbox) fillNgx() {
	ngx := s.ngx
	s.fill(ngx, functions{
		"time": ngxTime, "now": ngxNow, "update_time": nothing, "log": nothing, "print": nothing, "say": nothing,
		"encode_base64": s.encodeBase64, "decode_base64": s.decodeBase64, "escape_uri": s.escapeURI, "unescape_uri": s.unescapeURI,
		"md5": ngxMD5, "sha1_bin": ngxSHA1, "crc32_short": ngxCRC32, "crc32_long": ngxCRC32, "get_phase": ngxPhase,
	})
	ngx.RawSetString("null", s.null)
	for i, level := range strings.Fields("STDERR EMERG ALERT CRIT ERR WARN NOTICE INFO DEBUG") {
		ngx.RawSetString(level, lua.LNumber(i))
	}
	ngx.RawSetString("re", s.library(functions{"match": s.reMatch, "find": s.reFind, "gmatch": s.reGmatch, "sub": s.reSub, "gsub": s.reGsub}))
	shared := s.l.CreateTable(0, len(zones))
	for _, zone := range zones {
		shared.RawSetString(zone, s.l.CreateTable(0, 0)) // nothing can be kept in it
	}
	ngx.RawSetString("shared", shared)
	config := s.l.CreateTable(0, 1)
	config.RawSetString("subsystem", lua.LString("http"))
	ngx.RawSetString("config", config)
}

// zones are the shared memory zones of a gateway as installed, including those
// of the enterprise edition.
var zones = strings.Fields(`kong kong_cluster_events kong_core_db_cache kong_core_db_cache_miss kong_counters kong_db_cache
	kong_db_cache_miss kong_debug_session kong_healthchecks kong_keyring kong_locks kong_process_events kong_profiling_state
	kong_rate_limiting_counters kong_reports_consumers kong_reports_routes kong_reports_services kong_reports_workspaces
	kong_secrets kong_vitals kong_vitals_counters kong_vitals_lists prometheus_metrics`)

// IsZone reports whether a gateway has a shared memory zone of that name
// without any configuration; a schema finds these in ngx.shared.
func IsZone(name string) bool { return slices.Contains(zones, name) }

func nothing(*lua.LState) int { return 0 }

func ngxTime(l *lua.LState) int { return pushNumbers(l, float64(time.Now().Unix())) }

func ngxNow(l *lua.LState) int {
	return pushNumbers(l, float64(time.Now().UnixMilli())/1000)
}

func ngxPhase(l *lua.LState) int { return pushText(l, "init") }

func ngxMD5(l *lua.LState) int {
	sum := md5.Sum([]byte(arguments{l, "md5"}.str(1)))
	return pushText(l, hex.EncodeToString(sum[:]))
}

func ngxSHA1(l *lua.LState) int {
	sum := sha1.Sum([]byte(arguments{l, "sha1_bin"}.str(1)))
	return pushText(l, string(sum[:]))
}

func ngxCRC32(l *lua.LState) int {
	return pushNumbers(l, float64(crc32.ChecksumIEEE([]byte(arguments{l, "crc32"}.str(1)))))
}

func (s *sandbox) encodeBase64(l *lua.LState) int {
	text := arguments{l, "encode_base64"}.str(1)
	s.take(l, 2*len(text))
	encoding := base64.StdEncoding
	if lua.LVAsBool(l.Get(2)) {
		encoding = base64.RawStdEncoding
	}
	return pushText(l, encoding.EncodeToString([]byte(text)))
}

func (s *sandbox) decodeBase64(l *lua.LState) int {
	text := arguments{l, "decode_base64"}.str(1)
	s.take(l, len(text))
	data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		l.Push(lua.LNil)
		return 1
	}
	return pushText(l, string(data))
}

// reFlags reads ngx.re's options; o and j only say how to compile.
func reFlags(options string) regex.Flags {
	known := map[rune]regex.Flags{
		'a': regex.Anchored, 'i': regex.Caseless, 'm': regex.Multiline, 's': regex.DotAll, 'u': regex.UTF, 'x': regex.Extended, 'D': regex.DupNames,
	}
	var flags regex.Flags
	for _, option := range options {
		flags |= known[option]
	}
	return flags
}

// searchCost is how many instructions take as long as one step of a search, and
// readCost the same for one byte of an expression that is read.
const (
	searchCost = 4
	readCost   = 8
)

// reSearch searches within the steps that are left of the run. An expression
// that is not supported here ends the run: code would take an error for the
// gateway's answer.
func (s *sandbox) reSearch(text, pattern string, flags regex.Flags, init int) (*regex.Match, error) {
	s.budget.check()
	start := s.budget.started
	if start.IsZero() {
		start = time.Now()
	}
	ctx, cancel := context.WithDeadline(s.budget.parent, start.Add(s.budget.limits.time))
	defer cancel()
	s.budget.work(len(pattern) * readCost)
	m, steps, err := regex.FindCounted(ctx, pattern, flags, text, init, (s.budget.limits.steps-s.budget.steps)/searchCost)
	s.budget.work(steps * searchCost)
	if ctx.Err() != nil && s.budget.parent.Err() == nil {
		s.budget.end(ErrTime)
	}
	if errors.Is(err, regex.ErrUnsupported) {
		s.budget.end(err)
	}
	return m, err
}

// reFound searches on behalf of the functions that return one match. Without a
// match it pushes what they return then.
func (s *sandbox) reFound(l *lua.LState, name string) (text string, m *regex.Match, pushed int) {
	a := arguments{l, name}
	text = a.str(1)
	position, _ := l.Get(4).(*lua.LTable)
	init := 0
	if position != nil {
		if n, ok := toNumber(position.RawGetString("pos")); ok {
			init = toInt(n) - 1
		}
	}
	s.work(l, len(text)/16+100)
	s.take(l, 2*len(text)+4096)
	m, err := s.reSearch(text, a.str(2), reFlags(a.optStr(3, "")), init)
	s.work(l, 0)
	switch {
	case err != nil:
		l.Push(lua.LNil)
		pushed = 2
		if name == "find" {
			l.Push(lua.LNil)
			pushed = 3
		}
		l.Push(lua.LString("pcre2_compile() failed: " + err.Error()))
		return text, nil, pushed
	case m == nil:
		l.Push(lua.LNil)
		return text, nil, 1
	}
	if position != nil {
		s.store(l, position, lua.LString("pos"), lua.LNumber(m.Groups[0][1]+1))
	}
	return text, m, 0
}

func (s *sandbox) reMatch(l *lua.LState) int {
	l.SetTop(max(l.GetTop(), 4))
	text, m, pushed := s.reFound(l, "match")
	if m == nil {
		return pushed
	}
	l.Push(s.groups(l, text, m))
	return 1
}

// groups is a match as ngx.re gives it: by number from 0, and by name.
func (s *sandbox) groups(l *lua.LState, text string, m *regex.Match) *lua.LTable {
	table := s.newTable(l)
	group := func(i int) lua.LValue {
		if g := m.Groups[i]; g[0] >= 0 {
			return lua.LString(text[g[0]:g[1]])
		}
		return lua.LFalse
	}
	for i := range m.Groups {
		s.store(l, table, lua.LNumber(i), group(i))
	}
	for _, name := range slices.Sorted(maps.Keys(m.Names)) {
		for _, number := range m.Names[name] {
			if v := group(number); v != lua.LFalse || table.RawGetString(name) == lua.LNil {
				s.store(l, table, lua.LString(name), v)
			}
		}
	}
	return table
}

func (s *sandbox) reFind(l *lua.LState) int {
	l.SetTop(max(l.GetTop(), 4))
	nth := arguments{l, "find"}.optInteger(5, 0)
	_, m, pushed := s.reFound(l, "find")
	if m == nil {
		return pushed
	}
	if nth < 0 || nth >= len(m.Groups) || m.Groups[nth][0] < 0 {
		l.Push(lua.LNil)
		return 1
	}
	return pushNumbers(l, float64(m.Groups[nth][0]+1), float64(m.Groups[nth][1]))
}

// ngxReModule holds split, which the module of that name adds to ngx.re.
func (s *sandbox) ngxReModule() lua.LValue {
	return s.library(functions{"split": s.reSplit, "opt": nothing})
}

func (s *sandbox) reSplit(l *lua.LState) int {
	a := arguments{l, "split"}
	text, pattern, flags := a.str(1), a.str(2), reFlags(a.optStr(3, ""))
	most := a.optInteger(5, 0)
	parts := s.newTable(l)
	at, search := 0, 0
	for search <= len(text) && (most <= 0 || parts.Len() < most-1) {
		s.work(l, len(text)/16+100)
		m, err := s.reSearch(text, pattern, flags, search)
		s.work(l, 0)
		if err != nil {
			l.Push(lua.LNil)
			l.Push(lua.LString(err.Error()))
			return 2
		}
		if m == nil {
			break
		}
		from, to := m.Groups[0][0], m.Groups[0][1]
		if search = to; from == to {
			if search++; from == at || from >= len(text) {
				continue
			}
		}
		s.push(l, parts, lua.LString(text[at:from]))
		for _, group := range m.Groups[1:] {
			if group[0] >= 0 {
				s.push(l, parts, lua.LString(text[group[0]:group[1]]))
			}
		}
		at = to
	}
	s.push(l, parts, lua.LString(text[at:]))
	l.Push(parts)
	return 1
}

func (s *sandbox) reGmatch(l *lua.LState) int {
	a := arguments{l, "gmatch"}
	text, pattern, flags := a.str(1), a.str(2), reFlags(a.optStr(3, ""))
	next, old := 0, !s.changes.ready
	l.Push(l.NewFunction(func(l *lua.LState) int {
		s.touchOld(old)
		s.work(l, len(text)/16+100)
		m, err := s.reSearch(text, pattern, flags, next)
		s.work(l, 0)
		if err != nil || m == nil {
			next = len(text) + 1
			l.Push(lua.LNil)
			return 1
		}
		next = max(m.Groups[0][1], m.Groups[0][0]+1)
		l.Push(s.groups(l, text, m))
		return 1
	}))
	return 1
}

func (s *sandbox) reSub(l *lua.LState) int  { return s.reReplace(l, "sub", 1) }
func (s *sandbox) reGsub(l *lua.LState) int { return s.reReplace(l, "gsub", math.MaxInt) }

func (s *sandbox) reReplace(l *lua.LState, name string, most int) int {
	a := arguments{l, name}
	text, pattern, flags := a.str(1), a.str(2), reFlags(a.optStr(4, ""))
	var b strings.Builder
	at, count := 0, 0
	for at <= len(text) && count < most {
		s.work(l, len(text)/16+100)
		m, err := s.reSearch(text, pattern, flags, at)
		s.work(l, 0)
		if err != nil {
			l.Push(lua.LNil)
			l.Push(lua.LNil)
			l.Push(lua.LString(err.Error()))
			return 3
		}
		if m == nil {
			break
		}
		count++
		replacement := s.reReplacement(l, a, text, m)
		end := m.Groups[0][1]
		s.take(l, growing*(len(replacement)+end-at+1))
		b.WriteString(text[at:m.Groups[0][0]])
		b.WriteString(replacement)
		if end == m.Groups[0][0] {
			if end < len(text) {
				b.WriteByte(text[end])
			}
			end++
		}
		at = end
	}
	if at < len(text) {
		s.take(l, growing*(len(text)-at))
		b.WriteString(text[at:])
	}
	pushText(l, b.String())
	l.Push(lua.LNumber(count))
	return 2
}

// reReplacement calls a function, or fills groups into a template: $1, ${1},
// $$ for a dollar sign.
func (s *sandbox) reReplacement(l *lua.LState, a arguments, text string, m *regex.Match) string {
	if f, ok := l.Get(3).(*lua.LFunction); ok {
		replacement, ok := concatText(s.invoke(l, f, s.groups(l, text, m)))
		if !ok {
			l.RaiseError("string expected from the replacement function")
		}
		return replacement
	}
	template := a.str(3)
	var b strings.Builder
	for i := 0; i < len(template); i++ {
		if template[i] != '$' || i+1 == len(template) {
			b.WriteByte(template[i])
			continue
		}
		before := b.Len()
		rest := template[i+1:]
		braces := strings.HasPrefix(rest, "{")
		n := digits(strings.TrimPrefix(rest, "{"))
		switch {
		case rest[0] == '$':
			b.WriteByte('$')
			i++
		case n == 0:
			b.WriteByte('$')
		default:
			number, _ := textNumber(strings.TrimPrefix(rest, "{")[:n])
			i += n
			if braces {
				i += 2
			}
			if g := toInt(number); g < len(m.Groups) && m.Groups[g][0] >= 0 {
				b.WriteString(text[m.Groups[g][0]:m.Groups[g][1]])
			}
		}
		s.take(l, growing*(b.Len()-before))
	}
	return b.String()
}
