// Package seed fills a new control plane with what a file holds: a dump of a
// whole database, or declarative configuration, the format of decK.
//
// [Fill] reads either. Equal files make equal contents, ids included, whenever
// and in whichever process they are read: Terraform starts a provider several
// times for one apply, and what a plan has seen must be there for the apply.
// [Schemas] is what package deck has to be told of plugins.
//
// The package does not know who wants the control plane, nor Terraform.
package seed

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/deck"
	"github.com/openkonnect/terraform-provider-konnect/internal/dump"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// longest bounds a file.
const longest = 256 << 20

// Fill puts what a file holds into an empty database. Declarative configuration
// becomes one control plane, of the name that the file gives in _konnect, else of
// the file's own name without its ending; placeholders take their values from
// the environment. Mistakes in the file are one error each, joined, that begins
// with the file and the line.
func Fill(ctx context.Context, s *store.Store, path string) error {
	content, changed, err := read(path)
	if err != nil {
		return err
	}
	if isDump(content) {
		_, err := dump.Read(ctx, s, bytes.NewReader(content))
		if wrong := (*dump.LineError)(nil); errors.As(err, &wrong) {
			return fmt.Errorf("%s:%d: %w", path, wrong.Line, wrong.Err)
		}
		return err
	}
	return located(path, declare(ctx, s, path, content, changed))
}

// read returns a file, and when it was written.
func read(path string) (content []byte, changed time.Time, err error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, changed, fmt.Errorf("%s: there is no such file; a relative path is taken from the folder in which Terraform runs", path)
	}
	if err != nil {
		return nil, changed, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, changed, err
	}
	content, err = io.ReadAll(io.LimitReader(file, longest+1))
	if err == nil && len(content) > longest {
		err = fmt.Errorf("%s is longer than %d MiB", path, longest>>20)
	}
	return content, info.ModTime(), err
}

// isDump tells the two formats apart: a dump says in its first line what it is.
func isDump(content []byte) bool {
	first, _, _ := bytes.Cut(content, []byte("\n"))
	return bytes.HasPrefix(first, []byte(`{"format":`))
}

// declare makes a control plane and writes the configuration into it.
func declare(ctx context.Context, s *store.Store, path string, content []byte, changed time.Time) error {
	file, err := deck.Read(s.Types(), content, os.LookupEnv)
	if err != nil {
		return err
	}
	name := cmp.Or(file.ControlPlane, strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)))
	api, err := client.New(client.Options{Transport: client.HandlerTransport(server.New(server.Options{
		Store: s, Bundled: bundled(), Now: func() time.Time { return changed }, NewID: func() string { return idOf(name) },
	}))})
	if err != nil {
		return err
	}
	if _, err := api.Create(ctx, client.Ref{Type: entity.ControlPlane}, map[string]any{"name": name}); err != nil {
		return err
	}
	target, err := deck.Find(ctx, api, name)
	if err != nil {
		return err
	}
	target.NewID = func(place string) string { return idOf(name + "\x00" + place) }
	plan, err := file.Plan(ctx, target, Schemas())
	if err != nil {
		return err
	}
	return plan.Apply(ctx)
}

// idOf is the id of something that a file does not give one: always the same.
func idOf(place string) string { return uuid.NewSHA1(namespace, []byte(place)).String() }

// namespace keeps such ids apart from all others.
var namespace = uuid.MustParse("5f0f5d5b-7a0e-4c0e-9a39-0c5d1c8a7f42")

// located puts the file in front of each mistake.
func located(path string, err error) error {
	problems := (deck.Problems)(nil)
	if !errors.As(err, &problems) {
		return err
	}
	all := make([]error, len(problems))
	for i, one := range problems {
		all[i] = errors.New(one.In(path))
	}
	return errors.Join(all...)
}
