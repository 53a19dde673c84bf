package luaschema

import (
	"fmt"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// osFunctions are the functions of os that use nothing but the clock.
func (s *sandbox) osFunctions() functions {
	return functions{"clock": s.osClock, "date": s.osDate, "difftime": osDifftime, "time": osTime}
}

// osClock counts steps as microseconds: code from outside must not learn the
// processor's time.
func (s *sandbox) osClock(l *lua.LState) int {
	return pushNumbers(l, float64(s.budget.steps)/1e6)
}

func osDifftime(l *lua.LState) int {
	a := arguments{l, "difftime"}
	return pushNumbers(l, a.number(1)-a.optNumber(2, 0))
}

func osTime(l *lua.LState) int {
	if l.Get(1) == lua.LNil {
		return pushNumbers(l, float64(time.Now().Unix()))
	}
	a := arguments{l, "time"}
	table := a.table(1)
	field := func(name string, otherwise int) int {
		n, ok := toNumber(table.RawGetString(name))
		if ok {
			return toInt(n)
		}
		if otherwise < 0 {
			l.RaiseError("field '%s' missing in date table", name)
		}
		return otherwise
	}
	t := time.Date(field("year", -1), time.Month(field("month", -1)), field("day", -1), field("hour", 12), field("min", 0), field("sec", 0), 0, time.UTC)
	return pushNumbers(l, float64(t.Unix()))
}

// dateLayouts are strftime's directives as Go's layouts.
var dateLayouts = map[byte]string{
	'a': "Mon", 'A': "Monday", 'b': "Jan", 'B': "January", 'c': "Mon Jan _2 15:04:05 2006", 'd': "02", 'D': "01/02/06", 'F': "2006-01-02",
	'H': "15", 'I': "03", 'j': "002", 'm': "01", 'M': "04", 'p': "PM", 'S': "05", 'T': "15:04:05", 'x': "01/02/06", 'X': "15:04:05",
	'y': "06", 'Y': "2006", 'z': "-0700", 'Z': "MST",
}

// osDate knows one time zone, UTC, as a server does.
func (s *sandbox) osDate(l *lua.LState) int {
	a := arguments{l, "date"}
	format := strings.TrimPrefix(a.optStr(1, "%c"), "!")
	t := time.Now().UTC()
	if l.Get(2) != lua.LNil {
		t = time.Unix(clipped(a.number(2), whole), 0).UTC()
	}
	if strings.HasPrefix(format, "*t") {
		l.Push(s.dateTable(l, t))
		return 1
	}
	s.take(l, len(format)*16)
	s.work(l, len(format))
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		switch layout := dateLayouts[format[i]]; {
		case layout != "":
			b.WriteString(t.Format(layout))
		case format[i] == 'w':
			fmt.Fprint(&b, int(t.Weekday()))
		default:
			b.WriteByte(format[i])
		}
	}
	return pushText(l, b.String())
}

func (s *sandbox) dateTable(l *lua.LState, t time.Time) *lua.LTable {
	table := s.newTable(l)
	for _, part := range []struct {
		name string
		n    int
	}{
		{"year", t.Year()}, {"month", int(t.Month())}, {"day", t.Day()}, {"hour", t.Hour()}, {"min", t.Minute()}, {"sec", t.Second()},
		{"wday", int(t.Weekday()) + 1}, {"yday", t.YearDay()},
	} {
		s.store(l, table, lua.LString(part.name), lua.LNumber(part.n))
	}
	s.store(l, table, lua.LString("isdst"), lua.LFalse)
	return table
}
