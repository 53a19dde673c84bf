package command

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/dump"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// dumpUsage is the help of dump.
const dumpUsage = `Usage: terraform-provider-konnect dump --database DATABASE [FILE]

Writes everything that a database holds, as of one moment, into FILE or to the
standard output, in lines of JSON that "load" reads. The database may be in use
meanwhile. FILE appears when it is complete, and replaces what it was before.

What is written holds every secret of the database in plain text: keys,
passwords, values of config stores. Only its owner may read a new FILE; keep
copies as safe.

Options:
`

// loadUsage is the help of load.
const loadUsage = `Usage: terraform-provider-konnect load --database DATABASE [FILE]

Fills an empty database with what "dump" wrote into FILE, or what comes from
the standard input. A SQLite file is made if it is not there. If anything is
wrong, also with the last line, the database stays empty.

Options:
`

// transferOptions are those of dump and load.
type transferOptions struct {
	database string
	file     string // "" is the standard output, or input
	shown    *progress
}

// dumpCommand runs "dump".
func dumpCommand(ctx context.Context, p process) int {
	return transfer(ctx, p, "dump", dumpUsage, (*transferOptions).dump)
}

// loadCommand runs "load".
func loadCommand(ctx context.Context, p process) int {
	return transfer(ctx, p, "load", loadUsage, (*transferOptions).load)
}

// transfer runs one of the two, until it is done or gets SIGINT or SIGTERM.
func transfer(ctx context.Context, p process, name, usage string, run func(*transferOptions, context.Context, process) (string, error)) int {
	o, err := readTransferOptions(p, name, usage)
	if errors.Is(err, flag.ErrHelp) {
		return exitFine
	}
	if err != nil {
		return p.refused(name, err, exitUsage)
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	said, err := run(o, ctx, p)
	o.shown.end()
	if ctx.Err() != nil && err != nil {
		err = fmt.Errorf("interrupted: %w\n%s", err, howToGoOn[name])
	}
	if err != nil {
		return p.refused(name, err, exitFailed)
	}
	fmt.Fprintln(p.stderr, said)
	return exitFine
}

func readTransferOptions(p process, name, usage string) (*transferOptions, error) {
	o := &transferOptions{}
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(p.stderr)
	databaseOption(flags, p, &o.database)
	asked := progressOption(flags)
	flags.Usage = func() {
		fmt.Fprint(p.stderr, usage)
		flags.PrintDefaults()
	}
	if err := flags.Parse(p.args); err != nil {
		return nil, err
	}
	o.shown = p.newProgress(*asked)
	switch {
	case flags.NArg() > 1:
		return nil, fmt.Errorf("%q is more than one FILE; options come before it", flags.Args())
	case flags.Arg(0) != "-":
		o.file = flags.Arg(0)
	}
	if o.database == "" {
		return nil, errors.New("--database is missing: name a SQLite file or a postgres:// address")
	}
	return o, nil
}

// databaseOption names a database by a flag or the environment. It has no other
// default: a dump is to be kept, and what is loaded stays.
func databaseOption(flags *flag.FlagSet, p process, database *string) {
	fromEnv := p.env(databaseVariable)
	flags.StringVar(database, "database", fromEnv, "`path` of a SQLite file, or a postgres:// address; also "+databaseVariable)
	flags.Lookup("database").DefValue = controlplane.DatabaseName(fromEnv) // help shows no password
}

// openExisting opens a database that must be there: a misspelt name would
// make a new one.
func openExisting(ctx context.Context, database string) (*store.Store, error) {
	if err := mustExist(database); err != nil {
		return nil, err
	}
	return store.Open(ctx, database, entity.Types())
}

func mustExist(database string) error {
	if strings.Contains(database, "://") {
		return nil
	}
	if _, err := os.Stat(database); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("database %s: there is no such file", database)
	}
	return nil
}

func (o *transferOptions) dump(ctx context.Context, p process) (string, error) {
	s, err := openExisting(ctx, o.database)
	if err != nil {
		return "", err
	}
	defer s.Close() // it was only read
	total, err := s.Documents(ctx)
	if err != nil {
		return "", err
	}
	var sum dump.Summary
	err = writeFile(p, o.file, func(w io.Writer) (err error) {
		sum, err = dump.Write(ctx, s, &counted{to: w, report: o.lines("documents written", total)})
		return err
	})
	return o.summary(sum, "from "+controlplane.DatabaseName(o.database)), err
}

func (o *transferOptions) load(ctx context.Context, p process) (said string, err error) {
	from, total := p.stdin, 0
	if o.file != "" {
		file, err := os.Open(o.file)
		if err != nil {
			return "", err
		}
		defer file.Close()
		if total, err = dump.Documents(file); err != nil {
			return "", err
		}
		from = file
	}
	s, err := store.Open(ctx, o.database, entity.Types())
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	sum, err := dump.Read(ctx, s, &counted{from: from, report: o.lines("documents read", total)})
	switch {
	case errors.Is(err, store.ErrNotEmpty):
		return "", fmt.Errorf("database %s holds something already; load fills new ones only", controlplane.DatabaseName(o.database))
	case err != nil && o.file != "":
		return "", fmt.Errorf("%s: %w", o.file, err)
	}
	return o.summary(sum, "into "+controlplane.DatabaseName(o.database)), err
}

// lines reports lines as documents; a dump has two more.
func (o *transferOptions) lines(work string, total int) func(int) {
	return func(lines int) { o.shown.report(work, max(lines-2, 0), total) }
}

// progressOption asks for progress where nobody looks on.
func progressOption(flags *flag.FlagSet) *bool {
	return flags.Bool("progress", false, "show progress where the standard error is no terminal, too: a line each minute")
}

// summary says how many documents of which types went where.
func (o *transferOptions) summary(sum dump.Summary, where string) string {
	var types []string
	for name, n := range sum.Types {
		types = append(types, fmt.Sprintf("%s %d", name, n))
	}
	slices.Sort(types)
	return strings.TrimSuffix(fmt.Sprintf("%d documents %s: %s", sum.Documents, where, strings.Join(types, ", ")), ": ")
}

// writeFile writes a file that only its owner may read, and that is there only
// when it is complete and on disk; without a name, it writes to the standard
// output.
func writeFile(p process, name string, write func(io.Writer) error) (err error) {
	if name == "" {
		out := bufio.NewWriter(p.stdout)
		return errors.Join(write(out), out.Flush())
	}
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	if err := write(file); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}
