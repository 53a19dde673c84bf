package authoring

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luasyntax"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Path judges a schema file, or a plugin's directory with Konnect's rules for
// its other files. The error says that something could not be read; mistakes of
// the plugin are findings.
func (c Checker) Path(ctx context.Context, path string) (*luaschema.Plugin, []finding.Finding, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, err
	}
	if info.IsDir() {
		return c.directory(ctx, path)
	}
	return c.file(ctx, path)
}

func (c Checker) file(ctx context.Context, path string) (*luaschema.Plugin, []finding.Finding, error) {
	source, err := readSource(path)
	if err != nil {
		return nil, nil, err
	}
	p, findings := c.Source(ctx, path, source)
	return p, findings, nil
}

// readSource reads at most one byte more than a schema may have.
func readSource(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, luasyntax.MaxSource+1))
	return string(b), err
}

// forbidden are the files of a plugin that Konnect cannot take.
var forbidden = map[string]string{
	"api.lua":        "Konnect does not extend its API with a plugin's",
	"dao.lua":        "Konnect keeps no entities of a plugin's own",
	"daos.lua":       "Konnect keeps no entities of a plugin's own",
	"migrations.lua": "Konnect keeps no entities of a plugin's own",
	"migrations":     "Konnect keeps no entities of a plugin's own",
}

func (c Checker) directory(ctx context.Context, dir string) (*luaschema.Plugin, []finding.Finding, error) {
	root, err := schemaDirectory(dir)
	if err != nil {
		return nil, nil, err
	}
	p, findings, err := c.file(ctx, filepath.Join(root, "schema.lua"))
	if err != nil {
		return nil, nil, err
	}
	findings = append(findings, misnamed(p, root)...)
	entries, err := os.ReadDir(root)
	if err != nil {
		return nil, nil, err
	}
	handler := false
	for _, e := range entries {
		file := filepath.Join(root, e.Name())
		if reason, ok := forbidden[e.Name()]; ok {
			findings = append(findings, fault(file, 0, reason, "leave "+e.Name()+" out"))
		}
		handler = handler || e.Name() == "handler.lua"
		extra := strings.HasSuffix(e.Name(), ".lua") && e.Name() != "schema.lua" && e.Name() != "handler.lua" && forbidden[e.Name()] == ""
		if c.Streamed && extra {
			findings = append(findings, fault(file, 0, "a streamed plugin is one schema and one handler", "move the code into handler.lua"))
		}
	}
	more, err := c.handler(filepath.Join(root, "handler.lua"), handler)
	if err != nil {
		return nil, nil, err
	}
	findings = append(findings, more...)
	if mistakes, _ := finding.Count(findings); mistakes > 0 {
		p = nil
	}
	return p, findings, nil
}

// layouts are the usual places of plugins in a folder; the first one that holds
// a plugin counts.
var layouts = []string{
	"schema.lua",
	"kong/plugins/*/schema.lua",
	"plugins/*/schema.lua",
	"*/schema.lua",
}

// schemaDirectory finds the folder of schema.lua: the given one, or the only
// one in a plugin's repository.
func schemaDirectory(dir string) (string, error) {
	for _, layout := range layouts {
		found, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(layout)))
		if err != nil {
			return "", err
		}
		for i, file := range found {
			found[i] = filepath.Dir(file)
		}
		switch len(found) {
		case 0:
			continue
		case 1:
			return found[0], nil
		}
		return "", fmt.Errorf("%s holds %d plugins, name their folders: %s", dir, len(found), strings.Join(found, " "))
	}
	return "", fmt.Errorf("%s: %w: neither schema.lua nor kong/plugins/<name>/schema.lua", dir, fs.ErrNotExist)
}

// misnamed warns of a folder whose name is not that of its plugin: data planes
// look for the code of a plugin in kong/plugins/<name>.
func misnamed(p *luaschema.Plugin, root string) []finding.Finding {
	folder, err := filepath.Abs(root)
	if p == nil || err != nil || filepath.Base(filepath.Dir(folder)) != "plugins" || filepath.Base(folder) == p.Name {
		return nil
	}
	f := regret(filepath.Join(root, "schema.lua"), 0,
		fmt.Sprintf("the plugin is called '%s', but its folder '%s'", p.Name, filepath.Base(folder)),
		fmt.Sprintf("data planes look for its code in kong/plugins/%s", p.Name))
	f.Path = schema.Path{schema.Key("name")}
	return []finding.Finding{f}
}

// handler judges the rules of Konnect for a handler: it has to be Lua, and a
// streamed one must not use more than streaming supports.
func (c Checker) handler(file string, exists bool) ([]finding.Finding, error) {
	if !exists {
		say := regret
		if c.Streamed {
			say = fault
		}
		return []finding.Finding{say(file, 0, "the plugin has no handler.lua", "data planes run the handler; the control plane needs only the schema")}, nil
	}
	source, err := readSource(file)
	if err != nil {
		return nil, err
	}
	return c.Handler(file, source), nil
}

// Handler judges the text of a handler.
func (c Checker) Handler(file, source string) []finding.Finding {
	chunk, err := luasyntax.Parse(filepath.Base(file), source)
	var mistake *luasyntax.Error
	switch {
	case errors.As(err, &mistake):
		return []finding.Finding{fault(file, mistake.Line, mistake.Message, "")}
	case err != nil:
		return []finding.Finding{fault(file, 0, err.Error(), "")}
	case !c.Streamed:
		return nil
	}
	return streamedHandler(file, chunk)
}

func streamedHandler(file string, chunk *luasyntax.Chunk) []finding.Finding {
	var out []finding.Finding
	for _, line := range definitionsOf(chunk.Stmts, "init_worker") {
		out = append(out, fault(file, line, "a streamed plugin has no init_worker phase", "do the work when the first request comes"))
	}
	for _, line := range usesOf(chunk.Stmts, "ngx", "timer") {
		out = append(out, fault(file, line, "a streamed plugin must not start timers", "do the work within the request"))
	}
	for _, r := range chunk.Requires {
		if strings.HasPrefix(r.Module, "kong.plugins.") {
			out = append(out, fault(file, r.Line, fmt.Sprintf("a streamed plugin brings no modules, but requires '%s'", r.Module), "move the code into handler.lua"))
		}
	}
	return out
}
