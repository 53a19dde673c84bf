// Package controlplane makes a control plane of its parts: a database, the
// bundled plugin schemas and the API that serves both.
//
// [Open] opens one for a caller that serves it; [Shared] gives those in files
// to the providers of a process, several of which may use one file. The package
// exists so that the program and the acceptance tests put together the same
// thing.
//
// The package opens no port and knows nothing of Terraform.
package controlplane

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// Options say what a control plane is made of.
type Options struct {
	// Database is the path of a SQLite file or a postgres:// address.
	Database string
	// Types are those of the entities that it holds; nil means all of Konnect's.
	Types entity.Table
	// Fill, if set, puts something into the database before anybody sees it.
	Fill func(context.Context, *store.Store) error
	// API says how it is served. Its Store and Bundled are filled in here.
	API server.Options
}

// ControlPlane is an open control plane: a handler of its API.
type ControlPlane struct {
	http.Handler

	store *store.Store
}

// Bundled are the plugins of the gateway, each decoded when first used, once for a process.
func Bundled() *plugins.Set { return bundled() }

var bundled = sync.OnceValue(func() *plugins.Set {
	return plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
})

// Open opens the database, brings it up to date and puts the API before it.
func Open(ctx context.Context, o Options) (*ControlPlane, error) {
	if o.Types == nil {
		o.Types = entity.Types()
	}
	s, err := store.Open(ctx, o.Database, o.Types)
	if err != nil {
		return nil, err
	}
	if o.Fill != nil {
		if err := o.Fill(ctx, s); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	o.API.Store, o.API.Bundled = s, bundled()
	return &ControlPlane{Handler: server.New(o.API), store: s}, nil
}

// Tokens are the tokens that the database keeps.
func (c *ControlPlane) Tokens() *access.Tokens { return access.NewTokens(c.store) }

// Close waits for what the database is doing and closes it.
func (c *ControlPlane) Close() error { return c.store.Close() }

// DatabaseName is a database as logs may show it: without a password.
func DatabaseName(database string) string {
	if !strings.Contains(database, "://") {
		return database
	}
	u, err := url.Parse(database)
	if err != nil {
		scheme, _, _ := strings.Cut(database, "://")
		return scheme + "://…"
	}
	return u.Scheme + "://" + u.Host + u.EscapedPath() // which may be several hosts
}
