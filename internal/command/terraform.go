package command

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/configuration"
	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/deck"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/seed"
)

// terraformFormat is the format of export that writes a folder.
const terraformFormat = "terraform"

// The options that only one of the formats takes.
var (
	ofTerraform = []string{"import", "filter", "from-deck"}
	ofFiles     = []string{"output", "with-id", "konnect", "json", "skip-hash", "select-tag"}
)

// terraformOptions declares what export takes for a folder.
func (o *deckOptions) terraformOptions(flags *flag.FlagSet) {
	flags.BoolVar(&o.folder.Imports, "import", false, "with --format terraform: also write blocks that import everything")
	flags.StringVar(&o.fromDeck, "from-deck", "", "with --format terraform: read this `file` of decK, or of a gateway without a database, instead of a control plane")
	flags.Func("filter", "with --format terraform: export only what has a tag, tag=`NAME`, or is of a kind, kind=services; of several, all tags and any kind", o.filter)
}

func (o *deckOptions) filter(text string) error {
	what, value, _ := strings.Cut(text, "=")
	switch {
	case value == "" || what != "tag" && what != "kind":
		return fmt.Errorf("%q is no filter: wanted is tag=NAME or kind=KIND", text)
	case what == "tag":
		o.folder.Tags = append(o.folder.Tags, value)
		return nil
	}
	kinds, err := configuration.KindsNamed(value)
	o.folder.Kinds = append(o.folder.Kinds, kinds...)
	return err
}

// checkTerraform judges the options for a folder.
func (o *deckOptions) checkTerraform(flags *flag.FlagSet, given map[string]bool) error {
	for _, name := range ofFiles {
		if given[name] && name == "select-tag" {
			return errors.New("--select-tag is for the formats of decK: give --filter tag=NAME")
		}
		if given[name] {
			return fmt.Errorf("--%s is for the formats of decK, not for --format terraform", name)
		}
	}
	if flags.NArg() != 1 {
		return errors.New("give one DIR to write to; options come before it")
	}
	o.output = flags.Arg(0)
	if o.fromDeck == "" {
		return nil
	}
	o.file = o.fromDeck
	switch {
	case given["database"] || given["server-url"]:
		return errors.New("--from-deck takes the place of --database and --server-url: keep one")
	case o.folder.Imports:
		return errors.New("--import is for control planes: what --from-deck reads is nowhere yet")
	case len(o.planes) > 1:
		return errors.New("--from-deck reads one control plane: name one at most")
	}
	return nil
}

// exportTerraform writes a folder.
func (o *deckOptions) exportTerraform(ctx context.Context, p process) (err error) {
	c, targets, closer, err := o.sources(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closer()) }()
	folder := &configuration.Folder{Files: map[string]string{}}
	var names []string
	for _, t := range targets {
		name := ""
		if len(targets) > 1 {
			name = configuration.FolderName(t.Name, names)
			names = append(names, name)
		}
		one, err := o.configurationOf(ctx, c, t, name)
		if err != nil {
			return err
		}
		if name != "" {
			one.Below(name)
		}
		folder.Join(one)
	}
	if err := folder.Write(ctx, o.output); err != nil {
		return err
	}
	o.shown.end()
	for _, note := range folder.Notes {
		fmt.Fprintln(p.stderr, note)
	}
	fmt.Fprintf(p.stderr, "%d resources in %s; %d not exported, or not whole\n", folder.Resources, o.output, len(folder.Notes))
	return nil
}

// sources finds the control planes; close ends the way to them.
func (o *deckOptions) sources(ctx context.Context, p process) (c *client.Client, targets []*deck.Target, closer func() error, err error) {
	if o.fromDeck != "" {
		return o.ofDeck(ctx, p)
	}
	c, closer, err = o.connect(ctx, p)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, name := range o.planes {
		t, err := deck.Find(ctx, c, name)
		if err != nil {
			return nil, nil, nil, errors.Join(err, closer())
		}
		if !slices.ContainsFunc(targets, func(known *deck.Target) bool { return known.ID == t.ID }) {
			targets = append(targets, t)
		}
	}
	return c, targets, closer, nil
}

// ofDeck fills a control plane in memory with what a file of decK holds.
func (o *deckOptions) ofDeck(ctx context.Context, p process) (c *client.Client, targets []*deck.Target, closer func() error, err error) {
	file, err := o.readFile(p)
	if err != nil {
		return nil, nil, nil, err
	}
	plane, err := controlplane.Open(ctx, controlplane.Options{Database: ":memory:"})
	if err != nil {
		return nil, nil, nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, plane.Close())
		}
	}()
	if c, err = client.New(client.Options{Transport: client.HandlerTransport(plane)}); err != nil {
		return nil, nil, nil, err
	}
	name := cmp.Or(strings.Join(o.planes, ""), file.ControlPlane, "gateway")
	doc, err := c.Create(ctx, client.Ref{Type: entity.ControlPlane}, map[string]any{"name": name})
	if err != nil {
		return nil, nil, nil, err
	}
	t := &deck.Target{Client: c, Name: name, Progress: o.shown.report}
	t.ID, _ = doc["id"].(string)
	plan, err := file.Plan(ctx, t, seed.Schemas())
	if err == nil {
		err = plan.Apply(ctx)
	}
	return c, []*deck.Target{t}, plane.Close, err
}

// configurationOf exports one control plane, into a folder of that name below DIR.
func (o *deckOptions) configurationOf(ctx context.Context, c *client.Client, t *deck.Target, name string) (*configuration.Folder, error) {
	s := session.New(resource.Bundled())
	s.API = c
	folder := o.folder
	folder.Progress = o.shown.report
	var err error
	if folder.Provider, err = o.providerBlock(filepath.Join(o.output, name)); err != nil {
		return nil, err
	}
	return configuration.Export(ctx, s, t.ID, folder)
}

// providerBlock says where the control plane is, as seen from a folder.
func (o *deckOptions) providerBlock(folder string) (configuration.Provider, error) {
	out := configuration.Provider{Version: versionName()}
	switch {
	case o.fromDeck != "":
		out.Remark = configuration.Anywhere
	case o.serverURL != "":
		out.ServerURL = o.serverURL
		out.Remark = "The token is in KONNECT_TOKEN, or that of a system account in KONNECT_SPAT."
	case strings.Contains(o.database, "://"):
		out.Remark = "The database " + controlplane.DatabaseName(o.database) + " is used by a server: terraform-provider-konnect serve.\nIts address is in KONNECT_SERVER_URL, and a token for it in KONNECT_TOKEN."
	default:
		from, err := filepath.Abs(folder)
		if err != nil {
			return out, err
		}
		if out.Embedded, err = filepath.Abs(o.database); err != nil {
			return out, err
		}
		if near, err := filepath.Rel(from, out.Embedded); err == nil {
			out.Embedded = near
		}
	}
	return out, nil
}

// readFile reads the declarative configuration that is named.
func (o *deckOptions) readFile(p process) (*deck.File, error) {
	content, err := o.content(p)
	if err != nil {
		return nil, err
	}
	return deck.Read(entity.Types(), content, func(name string) (string, bool) {
		value := p.env(name)
		return value, value != ""
	}, o.tags...)
}

// exportFile writes a file of decK.
func (o *deckOptions) exportFile(ctx context.Context, p process) error {
	return o.on(ctx, p, o.planes[0], func(t *deck.Target) error {
		text, notes, err := deck.Export(ctx, t, entity.Types(), seed.Schemas(), o.exports)
		if err != nil {
			return err
		}
		o.shown.end()
		for _, note := range notes {
			fmt.Fprintln(p.stderr, note)
		}
		return writeFile(p, o.output, func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		})
	})
}
