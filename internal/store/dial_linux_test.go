package store_test

import (
	"net"
	"syscall"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// A connection to a machine that falls silent ends before a client that waits
// for an answer has given up.
func TestDial_boundsSilence(t *testing.T) {
	t.Parallel()
	host, _ := mute(t)
	conn, err := store.Dial(t.Context(), "tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	const tcpUserTimeout, clientWaits = 18, 20_000
	err = raw.Control(func(fd uintptr) {
		for _, option := range []int{tcpUserTimeout, syscall.TCP_KEEPIDLE, syscall.TCP_KEEPINTVL, syscall.TCP_KEEPCNT} {
			value, err := syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, option)
			if err != nil || value == 0 || value >= clientWaits/2 {
				t.Errorf("option %d is %d, %v", option, value, err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}
