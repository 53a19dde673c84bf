package store

import (
	"context"
	"net"
	"time"
)

// lostAfter is how long a machine may be silent before its connections count as
// lost. A client waits 20 s for an answer, and has to get one.
const lostAfter = 8 * time.Second

// dial connects to a server, and notices when its machine is gone: no packet
// says so, and without this the system would wait for a quarter of an hour.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 4 * time.Second, Interval: time.Second, Count: 4},
		Control:         boundSilence,
	}
	return dialer.DialContext(ctx, network, address)
}
