//go:build unix

package main

import (
	"errors"
	"os"
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
	return time.Duration(r.Utime.Nano() + r.Stime.Nano()), bytesOf(r), nil
}

func bytesOf(r syscall.Rusage) uint64 {
	peak := uint64(r.Maxrss)
	if runtime.GOOS != "darwin" {
		peak *= 1 << 10 // elsewhere it is told in KiB
	}
	return peak
}

// usageOf says what a process used that has ended.
func usageOf(p *os.ProcessState) (usage, error) {
	if p == nil {
		return usage{}, errors.New("the process did not start")
	}
	r, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return usage{}, errors.New("the system does not say what the process used")
	}
	return usage{CPU: p.UserTime() + p.SystemTime(), Peak: bytesOf(*r)}, nil
}
