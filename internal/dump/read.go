package dump

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"unicode/utf8"

	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// maxLine bounds the text of one document, far above what any API takes.
const maxLine = 64 << 20

// LineError says where a dump is wrong, and how.
type LineError struct {
	Line int // from 1
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns the cause.
func (e *LineError) Unwrap() error { return e.Err }

// Read fills an empty database with a dump, or leaves it empty: the last line
// has to be read and right before anything becomes visible. Errors:
// *LineError, store.ErrNotEmpty, and those of reading and of the database.
func Read(ctx context.Context, s *store.Store, r io.Reader) (Summary, error) {
	d := &reader{text: bufio.NewReaderSize(r, 64<<10), sum: newDigest(), Summary: Summary{Types: map[string]int{}}}
	err := s.Load(ctx, d.documents())
	if wrong := (*store.DocumentError)(nil); errors.As(err, &wrong) {
		err = &LineError{Line: wrong.Number + 1, Err: wrong.Err} // the header is a line
	}
	if err != nil {
		return Summary{}, err
	}
	return d.Summary, nil
}

// tail is how much of the end of a file holds its last line.
const tail = 64 << 10

// Documents returns how many documents a file says that it holds, or 0 if its
// end does not say so. Reading goes on at the beginning.
func Documents(r io.ReadSeeker) (int, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, nil //nolint:nilerr // a pipe has no end to look at
	}
	if _, err := r.Seek(max(size-tail, 0), io.SeekStart); err != nil {
		return 0, err
	}
	text, err := io.ReadAll(io.LimitReader(r, tail))
	if err != nil {
		return 0, err
	}
	text = bytes.TrimSuffix(text, []byte("\n"))
	var l line
	if json.Unmarshal(text[bytes.LastIndexByte(text, '\n')+1:], &l) != nil || l.End == nil {
		l.End = &Summary{}
	}
	_, err = r.Seek(0, io.SeekStart)
	return l.End.Documents, err
}

// reader reads lines and sums them up.
type reader struct {
	text *bufio.Reader
	sum  digest
	line int // last read

	Summary
}

// documents yields what lies between the first and the last line.
func (d *reader) documents() iter.Seq2[store.Document, error] {
	return func(yield func(store.Document, error) bool) {
		if err := d.header(); err != nil {
			yield(store.Document{}, err)
			return
		}
		for {
			doc, ended, err := d.next()
			if ended && err == nil || !yield(doc, err) || err != nil {
				return
			}
		}
	}
}

func (d *reader) header() error {
	text, err := d.read()
	if err != nil {
		return err
	}
	var h header
	if json.Unmarshal(text, &h) != nil || h.Format != formatName {
		return d.wrong("this is no dump: its first line must begin with {\"format\":%q", formatName)
	}
	switch {
	case h.Version > Version:
		return d.wrong("a newer version of this program wrote the dump, in format %d; this one reads formats up to %d", h.Version, Version)
	case h.Version < 1:
		return d.wrong("there is no format %d", h.Version)
	}
	d.sum.Write(text)
	return nil
}

// next returns a document, or ended when the last line is read.
func (d *reader) next() (doc store.Document, ended bool, err error) {
	text, err := d.read()
	if err != nil {
		return doc, false, err
	}
	var l line
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&l); err != nil {
		return doc, false, d.wrong("damaged: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return doc, false, d.wrong("damaged: more than one JSON value")
	}
	if l.End != nil {
		return doc, true, d.end(l)
	}
	if l.Type == "" || l.Doc == nil || l.SHA256 != "" {
		return doc, false, d.wrong(`neither a document ("type", "doc") nor the last line ("end", "sha256")`)
	}
	d.sum.Write(text)
	d.count(l.Type)
	return store.Document{Type: l.Type, Scope: l.Scope, Body: string(l.Doc)}, false, nil
}

// end compares what was read with what was written.
func (d *reader) end(l line) error {
	switch {
	case l.Type != "" || l.Scope != "" || l.Doc != nil:
		return d.wrong("both a document and the last line")
	case l.End.Documents != d.Documents || !maps.Equal(l.End.Types, d.Types):
		return d.wrong("%d documents were written, and %d are here, or of other types: lines are missing or were added", l.End.Documents, d.Documents)
	case l.SHA256 != d.sum.String():
		return d.wrong("the digest does not fit: the dump has changed since it was written")
	}
	switch _, err := d.text.ReadByte(); {
	case err == nil:
		d.line++
		return d.wrong("nothing may follow the last line")
	case err != io.EOF:
		return err
	}
	return nil
}

// read returns the next line with its line break.
func (d *reader) read() ([]byte, error) {
	d.line++
	var text []byte
	for {
		part, err := d.text.ReadSlice('\n')
		text = append(text, part...)
		switch {
		case len(text) > maxLine:
			return nil, d.wrong("longer than %d MiB", maxLine>>20)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			return nil, d.wrong("the dump was cut off: it ends before its last line, or within it")
		case err != nil:
			return nil, fmt.Errorf("line %d: %w", d.line, err)
		case !utf8.Valid(text):
			return nil, d.wrong("damaged: text that is not UTF-8")
		}
		return text, nil
	}
}

func (d *reader) wrong(format string, args ...any) error {
	return &LineError{Line: d.line, Err: fmt.Errorf(format, args...)}
}
