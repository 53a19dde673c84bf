//go:build unix

package main

import (
	"runtime"
	"syscall"
	"time"
)

// resources returns the processor time that this process has used, and the
// bytes of memory that it had at most.
func resources() (cpu time.Duration, peak uint64, err error) {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0, 0, err
	}
	peak = uint64(r.Maxrss)
	if runtime.GOOS != "darwin" {
		peak *= 1 << 10 // elsewhere it is told in KiB
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano()), peak, nil
}
