package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
)

const tokenUsage = `Makes, lists and deletes the tokens that clients of "serve" send. They are kept in the database, as digests; every
server on it knows them, and stops knowing them, from one request to the next.

  token create NAME [options]   prints the token, which cannot be had again
  token list [options]
  token delete NAME [options]

`

// tokenRequest is what the arguments of token ask for.
type tokenRequest struct {
	do       string
	database string
	token    access.Token // for list, nothing of it
	lifetime lifetime
}

// tokenCommand makes, lists and deletes tokens.
func tokenCommand(ctx context.Context, p process) int {
	r, err := readTokenRequest(p)
	if errors.Is(err, flag.ErrHelp) {
		return exitFine
	}
	if err != nil {
		return p.refused("token", err, exitUsage)
	}
	plane, err := controlplane.Open(ctx, controlplane.Options{Database: r.database})
	if err != nil {
		return p.failed(err)
	}
	if err := errors.Join(r.run(ctx, p, plane.Tokens()), plane.Close()); err != nil {
		return p.failed(err)
	}
	return exitFine
}

func readTokenRequest(p process) (*tokenRequest, error) {
	r := &tokenRequest{}
	flags := flag.NewFlagSet("token", flag.ContinueOnError)
	flags.SetOutput(p.stdout)
	flags.Usage = func() {
		fmt.Fprint(p.stdout, tokenUsage)
		flags.PrintDefaults()
	}
	databaseFlag(flags, p, &r.database)
	flags.BoolVar(&r.token.ReadOnly, "read-only", false, "create: the token may not change anything")
	flags.Func("control-plane", "create: `id or name` of a control plane that the token is limited to; may be repeated", func(plane string) error {
		r.token.ControlPlanes = append(r.token.ControlPlanes, plane)
		return nil
	})
	flags.Var(&r.lifetime, "expires", "create: `time` after which the token is of no use, such as 12h or 90d")
	words, err := parseMixed(flags, p.args)
	if err != nil {
		return nil, err
	}
	return r, r.read(words)
}

// read takes the words between the options.
func (r *tokenRequest) read(words []string) error {
	wanted := map[string]int{"create": 2, "list": 1, "delete": 2}
	if len(words) == 0 || wanted[words[0]] == 0 {
		return errors.New("say create, list or delete (token -h tells more)")
	}
	r.do = words[0]
	if len(words) != wanted[r.do] {
		return fmt.Errorf("%s takes %s (token -h tells more)", r.do, []string{"no name", "one name"}[wanted[r.do]-1])
	}
	limits := r.token.ReadOnly || r.token.ControlPlanes != nil || r.lifetime > 0
	if limits && r.do != "create" {
		return fmt.Errorf("%s takes no limits, they are set when a token is created", r.do)
	}
	if len(words) > 1 {
		r.token.Name = words[1]
	}
	return nil
}

func (r *tokenRequest) run(ctx context.Context, p process, tokens *access.Tokens) error {
	switch r.do {
	case "create":
		return r.create(ctx, p, tokens)
	case "delete":
		return tokens.Delete(ctx, r.token.Name)
	}
	list, err := tokens.List(ctx)
	if err != nil {
		return err
	}
	return printTokens(p.stdout, list, time.Now())
}

func (r *tokenRequest) create(ctx context.Context, p process, tokens *access.Tokens) error {
	if r.lifetime > 0 {
		r.token.ExpiresAt = time.Now().Add(time.Duration(r.lifetime))
	}
	secret, err := tokens.Create(ctx, r.token)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, secret)
	return err
}

func printTokens(w io.Writer, tokens []access.Token, now time.Time) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tMAY\tCONTROL PLANES\tCREATED\tEXPIRES")
	for _, t := range tokens {
		may, planes, expires := "write", "all", "never"
		if t.ReadOnly {
			may = "read"
		}
		if t.ControlPlanes != nil {
			planes = strings.Join(t.ControlPlanes, ",")
		}
		if !t.ExpiresAt.IsZero() {
			expires = t.ExpiresAt.Format(time.RFC3339)
		}
		if t.Expired(now) {
			expires += " (expired)"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", t.Name, may, planes, t.CreatedAt.Format(time.RFC3339), expires)
	}
	return table.Flush()
}

// lifetime is a time span in which days can be counted too.
type lifetime time.Duration

// String implements [flag.Value].
func (l *lifetime) String() string {
	if *l == 0 {
		return ""
	}
	return time.Duration(*l).String()
}

// maxDays is what a time span can hold.
const maxDays = 100 * 365

// Set implements [flag.Value].
func (l *lifetime) Set(text string) error {
	span, err := time.ParseDuration(text)
	if days, counted := strings.CutSuffix(text, "d"); counted {
		var n int
		if n, err = strconv.Atoi(days); n > maxDays {
			err = strconv.ErrRange
		}
		span = time.Duration(n) * 24 * time.Hour
	}
	if err != nil || span <= 0 {
		return errors.New("write a time such as 12h or 90d")
	}
	*l = lifetime(span)
	return nil
}

// parseMixed parses options that stand before, between and after words.
func parseMixed(flags *flag.FlagSet, args []string) (words []string, err error) {
	for {
		if err := parseFlags(flags, args); err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			return words, nil
		}
		words, args = append(words, flags.Arg(0)), flags.Args()[1:]
	}
}
