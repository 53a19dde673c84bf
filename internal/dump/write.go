package dump

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// Write writes everything that the database holds at this moment. It holds
// secrets, in plain text.
func Write(ctx context.Context, s *store.Store, w io.Writer) (Summary, error) {
	buffered := bufio.NewWriterSize(w, 64<<10)
	d := &writer{sum: newDigest(), Summary: Summary{Types: map[string]int{}}}
	d.to = io.MultiWriter(buffered, d.sum)
	if err := d.put(header{Format: formatName, Version: Version}); err != nil {
		return Summary{}, err
	}
	if err := s.Snapshot(ctx, d.document); err != nil {
		return Summary{}, err
	}
	if err := d.put(line{End: &d.Summary, SHA256: d.sum.String()}); err != nil {
		return Summary{}, err
	}
	return d.Summary, buffered.Flush()
}

// writer writes lines and sums them up.
type writer struct {
	to   io.Writer
	sum  digest
	text bytes.Buffer

	Summary
}

func (d *writer) document(doc store.Document) error {
	d.count(doc.Type)
	if err := d.put(line{Type: doc.Type, Scope: doc.Scope, Doc: json.RawMessage(doc.Body)}); err != nil {
		return fmt.Errorf("document %d (%s): %w", d.Documents, doc.Type, err)
	}
	return nil
}

// put writes a line. Documents pass through unchanged but for blanks.
func (d *writer) put(v any) error {
	d.text.Reset()
	enc := json.NewEncoder(&d.text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := d.to.Write(d.text.Bytes())
	return err
}
