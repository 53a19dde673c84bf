package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/framework"
	"github.com/openkonnect/terraform-provider-konnect/internal/seed"
)

// addresses are the provider's own, that which configurations without
// required_providers mean, and those of providers whose states are moved: terraform
// wants to run whatever a state names, and asks it nothing then.
var addresses = []string{
	"registry.terraform.io/openkonnect/konnect", "registry.terraform.io/hashicorp/konnect",
	"registry.terraform.io/kevholditch/kong", "registry.terraform.io/kong/kong-gateway",
}

// Terraform is a folder with a configuration and the real terraform, which
// talks to a provider in this process. It shows what terraform-plugin-testing
// hides: diagnostics with their places in the text, and exit codes.
type Terraform struct {
	folder  string
	env     []string
	started string // file with the process ids of installed providers
}

// Terraform makes a folder with a configuration for this control plane.
func (c *ControlPlane) Terraform(t testing.TB, files map[string]string) *Terraform {
	t.Helper()
	return served(t, c.Open, files)
}

// Embedded makes a folder with a configuration for control planes in files, which
// are opened anew for every command.
func Embedded(t testing.TB, files map[string]string) *Terraform {
	t.Helper()
	return served(t, func(ctx context.Context, path, load string) (http.Handler, io.Closer, error) {
		return (&controlplane.Shared{Fill: seed.Fill}).Open(ctx, path, load)
	}, files)
}

func served(t testing.TB, open framework.Opener, files map[string]string) *Terraform {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	reattach := make(chan *goplugin.ReattachConfig, 1)
	closed := make(chan struct{})
	go func() {
		_ = tf6server.Serve(addresses[0], provider.New("test", open),
			tf6server.WithDebug(ctx, reattach, closed), tf6server.WithoutLogStderrOverride(), tf6server.WithGoPluginLogger(hclog.NewNullLogger()))
	}()
	t.Cleanup(func() {
		stop()
		<-closed
	})
	conf := <-reattach
	running := map[string]any{}
	for _, a := range addresses {
		running[a] = map[string]any{
			"Protocol": string(conf.Protocol), "ProtocolVersion": conf.ProtocolVersion, "Pid": conf.Pid, "Test": true,
			"Addr": map[string]string{"Network": conf.Addr.Network(), "String": conf.Addr.String()},
		}
	}
	text, err := json.Marshal(running)
	if err != nil {
		t.Fatal(err)
	}
	tf := &Terraform{folder: t.TempDir(), env: append(os.Environ(), "TF_REATTACH_PROVIDERS="+string(text), "TF_IN_AUTOMATION=1")}
	for name, content := range files {
		tf.Write(t, name, content)
	}
	return tf
}

// Role is the environment variable that makes a test's program play the provider
// for [Installed]: where it is set, TestMain runs the provider's command.
const Role = "KONNECT_TEST_PROVIDER"

// Installed makes a folder with a configuration for a provider that terraform
// starts itself, as processes that can be killed ([Terraform.Provider]). The
// test's program plays it.
func Installed(t testing.TB, files map[string]string) *Terraform {
	t.Helper()
	tf := &Terraform{folder: t.TempDir()}
	bin := &Terraform{folder: t.TempDir()}
	tf.started = bin.File("started")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin.Write(t, "terraform-provider-konnect", fmt.Sprintf("#!/bin/sh\necho $$ >> %q\n%s=1 exec %q \"$@\"\n", tf.started, Role, program))
	bin.Write(t, "dev.tfrc", fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"openkonnect/konnect\" = %[1]q\n    \"hashicorp/konnect\" = %[1]q\n  }\n  direct {}\n}\n", bin.folder))
	if err := os.Chmod(bin.File("terraform-provider-konnect"), 0o700); err != nil {
		t.Fatal(err)
	}
	tf.env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+bin.File("dev.tfrc"), "TF_IN_AUTOMATION=1", "KONNECT_EMBEDDED=")
	for name, content := range files {
		tf.Write(t, name, content)
	}
	return tf
}

// Mirrored makes a folder with a configuration whose providers come from a mirror,
// a folder with archives as they are released, and from nowhere else.
func Mirrored(t testing.TB, files map[string]string, mirror string) *Terraform {
	t.Helper()
	tf := &Terraform{folder: t.TempDir()}
	config := &Terraform{folder: t.TempDir()}
	config.Write(t, "mirror.tfrc", fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror))
	tf.env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+config.File("mirror.tfrc"), "TF_IN_AUTOMATION=1", "KONNECT_EMBEDDED=", "CHECKPOINT_DISABLE=1")
	for name, content := range files {
		tf.Write(t, name, content)
	}
	return tf
}

// Elsewhere makes another folder with a configuration, whose providers are
// installed in the same way, as on another machine.
func (tf *Terraform) Elsewhere(t testing.TB, files map[string]string) *Terraform {
	t.Helper()
	other := &Terraform{folder: t.TempDir(), env: tf.env, started: tf.started}
	for name, content := range files {
		other.Write(t, name, content)
	}
	return other
}

// Provider returns the process of an installed provider that terraform started
// last.
func (tf *Terraform) Provider(t testing.TB) *os.Process {
	t.Helper()
	text, err := os.ReadFile(tf.started)
	if err != nil {
		t.Fatal(err)
	}
	pids := strings.Fields(string(text))
	pid, err := strconv.Atoi(pids[len(pids)-1])
	if err != nil {
		t.Fatal(err)
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	return process
}

// Command is a terraform command that was not started yet.
func (tf *Terraform) Command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.Background(), "terraform", args...)
	cmd.Dir, cmd.Env = tf.folder, tf.env
	return cmd
}

// Write writes a file of the configuration.
func (tf *Terraform) Write(t testing.TB, name, content string) {
	t.Helper()
	path := filepath.Join(tf.folder, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// Run runs a terraform command and returns what it printed and its exit code.
func (tf *Terraform) Run(t testing.TB, args ...string) (output []byte, exit int) {
	t.Helper()
	cmd := tf.Command(args...)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	err := cmd.Run()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	out.Write(problems.Bytes())
	return out.Bytes(), cmd.ProcessState.ExitCode()
}

// Diagnostic is what terraform shows of a fault: where it is written, and why.
type Diagnostic struct {
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail"`
	Address  string `json:"address"`
	Range    *struct {
		Start struct {
			Line int `json:"line"`
		} `json:"start"`
	} `json:"range"`
	Snippet *struct {
		Context string `json:"context"` // the block
		Code    string `json:"code"`    // the line
	} `json:"snippet"`
}

// Validate runs terraform validate.
func (tf *Terraform) Validate(t testing.TB) []Diagnostic {
	t.Helper()
	output, _ := tf.Run(t, "validate", "-json")
	var result struct {
		Diagnostics []Diagnostic `json:"diagnostics"`
	}
	if err := json.Unmarshal(output, &result); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	return result.Diagnostics
}

// File is the path of a file of the configuration.
func (tf *Terraform) File(name string) string { return filepath.Join(tf.folder, name) }

// Change is what a plan does to one resource.
type Change struct {
	Actions       []string
	Before, After map[string]any // After has [Unknown] for what is not known yet
}

// Plan makes a plan and returns what it does, by address. The exit code of
// terraform plan -detailed-exitcode is 0 for a plan that does nothing.
func (tf *Terraform) Plan(t testing.TB, args ...string) (changes map[string]Change, exit int) {
	t.Helper()
	output, exit := tf.Run(t, append([]string{"plan", "-out=plan", "-detailed-exitcode", "-no-color", "-input=false"}, args...)...)
	if exit == 1 {
		t.Fatalf("%s", output)
	}
	shown, failed := tf.Run(t, "show", "-json", "plan")
	if failed != 0 {
		t.Fatalf("%s", shown)
	}
	var plan struct {
		Changes []struct {
			Address string `json:"address"`
			Change  struct {
				Actions []string       `json:"actions"`
				Before  map[string]any `json:"before"`
				After   map[string]any `json:"after"`
				Unknown map[string]any `json:"after_unknown"`
			} `json:"change"`
		} `json:"resource_changes"`
	}
	d := json.NewDecoder(bytes.NewReader(shown))
	d.UseNumber()
	if err := d.Decode(&plan); err != nil {
		t.Fatal(err)
	}
	changes = make(map[string]Change, len(plan.Changes))
	for _, c := range plan.Changes {
		after, _ := withUnknown(c.Change.After, c.Change.Unknown).(map[string]any)
		changes[c.Address] = Change{c.Change.Actions, c.Change.Before, after}
	}
	return changes, exit
}

// withUnknown puts [Unknown] where a second tree says true.
func withUnknown(v, unknown any) any {
	switch unknown := unknown.(type) {
	case bool:
		if unknown {
			return Unknown
		}
	case map[string]any:
		out := map[string]any{}
		in, _ := v.(map[string]any)
		for k, e := range in {
			out[k] = e
		}
		for k, u := range unknown {
			if e := withUnknown(in[k], u); e != nil {
				out[k] = e
			}
		}
		if len(out) > 0 {
			return out
		}
	case []any:
		in, _ := v.([]any)
		out := make([]any, max(len(in), len(unknown)))
		copy(out, in)
		for i, u := range unknown {
			out[i] = withUnknown(out[i], u)
		}
		if len(out) > 0 {
			return out
		}
	}
	return v
}
