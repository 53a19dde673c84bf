package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
)

// connection is an HTTP/1.1 client that costs little: it keeps one connection,
// and reads from an answer only its status and where it ends.
type connection struct {
	net.Conn

	host   string
	reader *bufio.Reader
	out    []byte
}

func dial(ctx context.Context, address string) (*connection, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &connection{Conn: conn, host: address, reader: bufio.NewReaderSize(conn, 64<<10)}, nil
}

func (c *connection) close() error { return c.Close() }

func (c *connection) send(r request) (status int, err error) {
	c.out = append(c.out[:0], r.method...)
	c.out = append(c.out, ' ')
	c.out = append(c.out, r.path...)
	c.out = append(c.out, " HTTP/1.1\r\nHost: "...)
	c.out = append(c.out, c.host...)
	if len(r.body) > 0 {
		c.out = append(c.out, "\r\nContent-Type: application/json\r\nContent-Length: "...)
		c.out = strconv.AppendInt(c.out, int64(len(r.body)), 10)
	}
	c.out = append(c.out, "\r\n\r\n"...)
	c.out = append(c.out, r.body...)
	if _, err := c.Write(c.out); err != nil {
		return 0, err
	}
	return c.receive()
}

// receive reads one answer.
func (c *connection) receive() (status int, err error) {
	first, err := c.line()
	if err != nil {
		return 0, err
	}
	if len(first) < 12 {
		return 0, fmt.Errorf("an answer begins with %q", first)
	}
	if status, err = strconv.Atoi(string(first[9:12])); err != nil {
		return 0, fmt.Errorf("an answer begins with %q", first)
	}
	length, chunked := 0, false
	for {
		header, err := c.line()
		if err != nil {
			return 0, err
		}
		if len(header) == 0 {
			break
		}
		name, value, _ := bytes.Cut(header, []byte(": "))
		switch string(name) {
		case "Content-Length":
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, err
			}
		case "Transfer-Encoding":
			chunked = string(value) == "chunked"
		}
	}
	if chunked {
		return status, c.chunks()
	}
	_, err = c.reader.Discard(length)
	return status, err
}

// chunks reads a body that comes in pieces, each after its length.
func (c *connection) chunks() error {
	for {
		size, err := c.line()
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(string(size), 16, 32)
		if err != nil {
			return err
		}
		if _, err := c.reader.Discard(int(n) + len("\r\n")); err != nil || n == 0 {
			return err
		}
	}
}

func (c *connection) line() ([]byte, error) {
	line, err := c.reader.ReadSlice('\n')
	if errors.Is(err, io.EOF) {
		err = errors.New("the server closed the connection")
	}
	return bytes.TrimRight(line, "\r\n"), err
}
