package command

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/configuration"
	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/deck"
	"github.com/openkonnect/terraform-provider-konnect/internal/seed"
)

// exportUsage is the help of export.
const exportUsage = `Usage: terraform-provider-konnect export --control-plane NAME [options]
       terraform-provider-konnect export --format terraform --control-plane NAME [options] DIR
       terraform-provider-konnect export --format terraform --from-deck FILE [options] DIR

Writes a control plane as declarative configuration (format version 3.0), for
decK or for a gateway without a database. Two exports of the same contents are
equal, byte by byte. What the format has no place for, and what cannot be read
back, such as passwords of which only hashes are kept, is said on the standard
error and in comments on top.

What is written holds keys and certificates in plain text.

With --format terraform it writes a configuration of Terraform into DIR: a file
for each kind, with references in place of ids and without defaults. Lua texts
and certificates are files of their own. Secrets are sensitive variables; their
values are in terraform.tfvars, which only its owner may read and which .gitignore
lists. With --import, terraform plan imports everything and changes nothing.
Several --control-plane make a folder each. A DIR that is not empty is refused,
unless everything in it was written by export and not changed since; what
Terraform keeps there (.terraform, its lock file and state) stays.

Options:
`

// importUsage is the help of import.
const importUsage = `Usage: terraform-provider-konnect import [--control-plane NAME] [options] FILE

Reads declarative configuration, in YAML or JSON, from FILE ("-" is the
standard input) into a control plane: of decK or of a gateway without a
database, nested or flat, format versions 1.1 to 3.0. All of it is judged before
anything is written; mistakes are reported with their lines. What has the id or
the name of something that is there changes it, and nothing is deleted, unless
--sync is given: then the control plane becomes equal to FILE. With --select-tag,
or _info.select_tags in FILE, that concerns only what has all of these tags, and
nothing else is touched; a membership counts as a part of its consumer. What
FILE refers to without having it must be out of the tags, or have those of
_info.default_lookup_tags. Custom and cloned plugins are deleted only where FILE
says _info.include_plugin_definitions. Before anything happens --sync shows what
it is going to do, and asks at a terminal; elsewhere it needs --yes.

Placeholders ${{ env "DECK_…" }} take their values from the environment.

Exit code 0: done; 1: mistakes in FILE, or it could not be written; 2: the
command was misused.

Options:
`

// deckOptions are those of export and import.
type deckOptions struct {
	controlPlane string
	database     string
	serverURL    string

	format  string
	output  string
	dryRun  bool
	sync    bool
	yes     bool
	tags    []string // of import
	file    string
	exports deck.ExportOptions

	// Of export.
	planes   []string
	folder   configuration.Options
	fromDeck string

	shown *progress
}

// exportCommand runs "export".
func exportCommand(ctx context.Context, p process) int {
	return deckCommand(ctx, p, "export", exportUsage, (*deckOptions).export)
}

// importCommand runs "import".
func importCommand(ctx context.Context, p process) int {
	return deckCommand(ctx, p, "import", importUsage, (*deckOptions).importFile)
}

func deckCommand(ctx context.Context, p process, name, usage string, run func(*deckOptions, context.Context, process) error) int {
	o, err := readDeckOptions(p, name, usage)
	if errors.Is(err, flag.ErrHelp) {
		return exitFine
	}
	if err != nil {
		return p.refused(name, err, exitUsage)
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	err = run(o, ctx, p)
	o.shown.end()
	if ctx.Err() != nil && err != nil {
		return p.refused(name, fmt.Errorf("interrupted: %w\n%s", err, howToGoOn[name]), exitFailed)
	}
	if problems := (deck.Problems)(nil); errors.As(err, &problems) {
		for _, one := range problems {
			fmt.Fprintln(p.stderr, one.In(o.file))
		}
		return exitFailed
	}
	if err != nil {
		return p.refused(name, err, exitFailed)
	}
	return exitFine
}

func readDeckOptions(p process, name, usage string) (*deckOptions, error) {
	o := &deckOptions{shown: p.newProgress(false)}
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(p.stderr)
	flags.StringVar(&o.database, "database", "", "`path` of a SQLite file or a postgres:// address that holds it")
	flags.StringVar(&o.serverURL, "server-url", p.env("KONNECT_SERVER_URL"), "or `address` of Konnect or a served control plane; the token is in KONNECT_TOKEN or KONNECT_SPAT")
	if name == "export" {
		flags.Func("control-plane", "`name` or id of the control plane; with --format terraform it may be given several times", func(name string) error {
			o.planes = append(o.planes, name)
			return nil
		})
		flags.StringVar(&o.format, "format", "deck", "`deck`, dbless for a gateway without a database, or terraform")
		o.terraformOptions(flags)
		flags.StringVar(&o.output, "output", "", "`file` to write; only its owner may read it")
		flags.BoolVar(&o.exports.WithID, "with-id", false, "write the ids of everything, not only of what has no name")
		flags.BoolVar(&o.exports.Konnect, "konnect", false, "name the control plane in _konnect, for decK")
		flags.BoolVar(&o.exports.JSON, "json", false, "write JSON, which is quicker to read and needs less memory, but has no comments")
		flags.BoolVar(&o.exports.Hashes, "skip-hash", false, "also write basic-auth credentials, with the hashes of their passwords, which the import must not hash again")
		tagOption(flags, "export only what has this `tag`; may be given several times", &o.exports.SelectTags)
	} else {
		flags.StringVar(&o.controlPlane, "control-plane", "", "`name` or id of the control plane")
		flags.BoolVar(&o.dryRun, "dry-run", false, "say what would be done, and do nothing")
		flags.BoolVar(&o.sync, "sync", false, "also delete what FILE lacks")
		flags.BoolVar(&o.yes, "yes", false, "do not ask before --sync changes anything")
		tagOption(flags, "give everything in FILE this `tag`, and let --sync touch only what has it; may be given several times", &o.tags)
	}
	flags.Usage = func() {
		fmt.Fprint(p.stderr, usage)
		flags.PrintDefaults()
	}
	asked := progressOption(flags)
	if err := flags.Parse(p.args); err != nil {
		return nil, err
	}
	o.shown = p.newProgress(*asked)
	if name == "import" {
		return o, o.checkImport(flags)
	}
	return o, o.checkExport(flags)
}

// tagOption collects tags.
func tagOption(flags *flag.FlagSet, usage string, to *[]string) {
	flags.Func("select-tag", usage, func(tag string) error {
		if tag == "" {
			return errors.New("a tag has at least one character")
		}
		*to = append(*to, tag)
		return nil
	})
}

func (o *deckOptions) checkExport(flags *flag.FlagSet) error {
	given := givenTo(flags)
	if o.format == terraformFormat {
		if err := o.checkTerraform(flags, given); err != nil || o.fromDeck != "" {
			return err
		}
	} else if err := o.checkFile(flags, given); err != nil {
		return err
	}
	if len(o.planes) == 0 || slices.Contains(o.planes, "") {
		return errors.New("--control-plane is missing: name the control plane, or give its id")
	}
	return o.checkSource(given)
}

// checkFile judges the options for a file of decK.
func (o *deckOptions) checkFile(flags *flag.FlagSet, given map[string]bool) error {
	switch o.format {
	case "deck":
	case "dbless":
		o.exports.Format = deck.ForDBless
	default:
		return fmt.Errorf("--format %q: give deck, dbless or terraform", o.format)
	}
	if o.exports.Format == deck.ForDBless && o.exports.Konnect {
		return errors.New("--konnect is for decK; a gateway without a database refuses it")
	}
	for _, name := range ofTerraform {
		if given[name] {
			return fmt.Errorf("--%s is for --format terraform", name)
		}
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q is more than export takes; --output names the file", flags.Arg(0))
	}
	if len(o.planes) > 1 {
		return errors.New("a file has one control plane; --format terraform takes several")
	}
	return nil
}

func (o *deckOptions) checkImport(flags *flag.FlagSet) error {
	if flags.NArg() != 1 {
		return errors.New("give one FILE; options come before it")
	}
	o.file = flags.Arg(0)
	if o.yes && !o.sync {
		return errors.New("--yes is for --sync: without that, nothing is asked")
	}
	return o.checkSource(givenTo(flags))
}

// givenTo are the options that were given.
func givenTo(flags *flag.FlagSet) map[string]bool {
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	return given
}

// checkSource lets a flag win over the environment.
func (o *deckOptions) checkSource(given map[string]bool) error {
	switch {
	case given["database"] && given["server-url"]:
		return errors.New("--database and --server-url are two places: keep one")
	case given["database"]:
		o.serverURL = ""
	}
	if o.database == "" && o.serverURL == "" {
		return errors.New("say where the control plane is: --database or --server-url")
	}
	return nil
}

// connect opens the way to the API; close ends it.
func (o *deckOptions) connect(ctx context.Context, p process) (c *client.Client, closer func() error, err error) {
	if o.serverURL != "" {
		options := client.Options{ServerURL: o.serverURL, Token: p.env("KONNECT_TOKEN"), TokenSource: "KONNECT_TOKEN"}
		if options.Token == "" {
			options.Token, options.TokenSource = p.env("KONNECT_SPAT"), "KONNECT_SPAT"
		}
		c, err := client.New(options)
		return c, func() error { return nil }, err
	}
	if err := mustExist(o.database); err != nil {
		return nil, nil, err
	}
	plane, err := controlplane.Open(ctx, controlplane.Options{Database: o.database})
	if err != nil {
		return nil, nil, err
	}
	c, err = client.New(client.Options{Transport: client.HandlerTransport(plane)})
	return c, plane.Close, err
}

// on does something with the control plane.
func (o *deckOptions) on(ctx context.Context, p process, name string, do func(*deck.Target) error) error {
	c, closer, err := o.connect(ctx, p)
	if err != nil {
		return err
	}
	target, err := deck.Find(ctx, c, name)
	if err == nil {
		target.Progress = o.shown.report
		err = do(target)
	}
	return errors.Join(err, closer())
}

func (o *deckOptions) export(ctx context.Context, p process) error {
	if o.format == terraformFormat {
		return o.exportTerraform(ctx, p)
	}
	return o.exportFile(ctx, p)
}

// maxConfiguration bounds the file of import.
const maxConfiguration = 256 << 20

func (o *deckOptions) importFile(ctx context.Context, p process) error {
	file, err := o.readFile(p)
	if err != nil {
		return err
	}
	name := o.controlPlane
	switch {
	case name == "" && file.ControlPlane == "":
		return errors.New("--control-plane is missing, and the file names none")
	case name == "":
		name = file.ControlPlane
	}
	return o.on(ctx, p, name, func(t *deck.Target) error {
		if file.ControlPlane != "" && file.ControlPlane != t.Name && file.ControlPlane != t.ID {
			return fmt.Errorf("%s is for the control plane %q, not %q: change _konnect or --control-plane", o.file, file.ControlPlane, t.Name)
		}
		return o.apply(ctx, p, file, t)
	})
}

func (o *deckOptions) content(p process) ([]byte, error) {
	from := p.stdin
	if o.file != "-" {
		file, err := os.Open(o.file)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		from = file
	}
	content, err := io.ReadAll(io.LimitReader(from, maxConfiguration+1))
	if err == nil && len(content) > maxConfiguration {
		err = fmt.Errorf("%s is longer than %d MiB", o.file, maxConfiguration>>20)
	}
	return content, err
}

func (o *deckOptions) apply(ctx context.Context, p process, file *deck.File, t *deck.Target) error {
	prepare := file.Plan
	if o.sync {
		prepare = file.Sync
	}
	plan, err := prepare(ctx, t, seed.Schemas())
	if err != nil {
		return err
	}
	n := plan.Count()
	if o.dryRun {
		printSteps(p.stdout, plan, true)
		o.shown.end()
		fmt.Fprintln(p.stderr, o.summary(n, "to create", "to update", "to delete", "as they are"))
		return nil
	}
	o.shown.end()
	if err := o.confirm(p, plan, n); err != nil {
		return err
	}
	if err := plan.Apply(ctx); err != nil {
		return fmt.Errorf("%s: %w", o.file, err)
	}
	o.shown.end()
	fmt.Fprintln(p.stderr, o.summary(n, "created", "updated", "deleted", "as they were"))
	return nil
}

func printSteps(w io.Writer, plan *deck.Plan, all bool) {
	for _, s := range plan.Steps {
		if all || s.Action != deck.Keep {
			fmt.Fprintf(w, "%-6s %s %s\n", s.Action, s.Type.Singular, s.Label)
		}
	}
}

// summary says how much is to be done or was; deletions are of --sync only.
func (o *deckOptions) summary(n map[deck.Action]int, created, updated, deleted, kept string) string {
	text := fmt.Sprintf("%d %s, %d %s, ", n[deck.Create], created, n[deck.Update], updated)
	if o.sync {
		text += fmt.Sprintf("%d %s, ", n[deck.Delete], deleted)
	}
	return text + fmt.Sprintf("%d %s", n[deck.Keep], kept)
}

// confirm shows what --sync is going to do, and asks for consent.
func (o *deckOptions) confirm(p process, plan *deck.Plan, n map[deck.Action]int) error {
	if !o.sync || n[deck.Create]+n[deck.Update]+n[deck.Delete] == 0 {
		return nil
	}
	printSteps(p.stderr, plan, false)
	fmt.Fprintln(p.stderr, o.summary(n, "to create", "to update", "to delete", "as they are"))
	if o.yes {
		return nil
	}
	if o.file == "-" || !isTerminal(p.stdin) || !isTerminal(p.stderr) {
		return errors.New("nothing was done: nobody can be asked here; give --yes if that is what you want")
	}
	fmt.Fprint(p.stderr, "Do it? Only yes is taken for consent: ")
	answer, err := bufio.NewReader(p.stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if strings.TrimSpace(answer) != "yes" {
		return errors.New("nothing was done")
	}
	return nil
}
