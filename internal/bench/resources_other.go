//go:build !unix

package main

import (
	"os"
	"runtime"
	"time"
)

// resources knows of nothing but what Go has asked of this system.
func resources() (cpu time.Duration, peak uint64, err error) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return 0, m.Sys, nil
}

// usageOf knows no memory.
func usageOf(p *os.ProcessState) (usage, error) {
	return usage{CPU: p.UserTime() + p.SystemTime()}, nil
}
