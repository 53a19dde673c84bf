package command

import "time"

// watchParent calls gone when the process that started this one, the first parent, has
// ended. Who asks for the first one only when it watches may be too late.
//
// There is no other certain sign. A killed terraform closes the connection, but
// go-plugin waits for another; a log line would fail with a broken pipe, but
// logs are off. On Windows a process keeps the number of its parent, so the
// watch never ends one there.
func watchParent(first int, parent func() int, ticks <-chan time.Time, gone func()) {
	for range ticks {
		if parent() != first {
			gone()
			return
		}
	}
}
