package command

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider"
)

// role makes a test binary play another part: the program itself, or a process
// that starts it and waits, as terraform does.
const role = "KONNECT_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "program":
		os.Exit(Run(context.Background()))
	case "terraform":
		beTerraform()
	default:
		os.Exit(m.Run())
	}
}

// program returns the real program, ready to be started.
func program(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), role+"=program", tokenVariable+"=", databaseVariable+"=", "TF_PLUGIN_MAGIC_COOKIE=")
	cmd.Env = append(cmd.Env, env...)
	cmd.Dir = t.TempDir()
	return cmd
}

// result is how the program ended.
type result struct {
	code           int
	stdout, stderr string
}

func runProgram(t *testing.T, env []string, args ...string) result {
	t.Helper()
	cmd := program(t, env, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

func TestMain_arguments(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args           []string
		code           int
		stdout, stderr string
	}{
		{[]string{"version"}, 0, "terraform-provider-konnect ", ""},
		{[]string{"-v"}, 0, "terraform-provider-konnect ", ""},
		{[]string{"--version"}, 0, "(go1.", ""},
		{[]string{"help"}, 0, "serve     serve a control plane over HTTP", ""},
		{[]string{"-h"}, 0, "Commands:", ""},
		{[]string{"--help"}, 0, "Commands:", ""},
		{[]string{"serve", "-h"}, 0, "-token-file file", ""},
		{nil, 2, "", "terraform did not start this"},
		{[]string{"server"}, 2, "", `"server" is not a command`},
		{[]string{""}, 2, "", `"" is not a command`},
		{[]string{"-x"}, 2, "", `"-x" is not a command`},
		{[]string{"-debug", "x"}, 2, "", `"-debug" is not a command`},
	} {
		got := runProgram(t, nil, tt.args...)
		if got.code != tt.code {
			t.Errorf("%q: exit code %d, want %d\n%s", tt.args, got.code, tt.code, got.stderr)
		}
		for _, out := range []struct{ name, got, want string }{{"stdout", got.stdout, tt.stdout}, {"stderr", got.stderr, tt.stderr}} {
			if (out.want == "") != (out.got == "") || !strings.Contains(out.got, out.want) {
				t.Errorf("%q: %s is %q, want %q", tt.args, out.name, out.got, out.want)
			}
		}
	}
}

func TestQuietLogs(t *testing.T) {
	quiet := []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_KONNECT"}
	for _, asked := range append([]string{""}, logVariables...) {
		for _, name := range append(quiet, logVariables...) {
			t.Setenv(name, "")
		}
		want := "OFF"
		if asked != "" {
			t.Setenv(asked, "trace")
			want = ""
		}
		quietLogs()
		got := map[string]string{}
		for _, name := range quiet {
			if name != asked {
				got[name] = os.Getenv(name)
			}
		}
		for name, value := range got {
			if value != want {
				t.Errorf("with %q asked for, %s is %q, want %q", asked, name, value, want)
			}
		}
	}
}

func TestWatchParent(t *testing.T) {
	t.Parallel()
	parents := []int{7, 7, 7, 1}
	calls, ended := 0, 0
	parent := func() int {
		calls++
		return parents[min(calls, len(parents))-1]
	}
	ticks := make(chan time.Time, 10)
	for range 10 {
		ticks <- time.Time{}
	}
	watchParent(parent(), parent, ticks, func() { ended++ })
	if diff := cmp.Diff([]int{4, 1, 7}, []int{calls, ended, len(ticks)}); diff != "" {
		t.Error(diff)
	}
}

// cookie is what tells a plugin that terraform started it.
var cookie = []string{
	"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
	"PLUGIN_PROTOCOL_VERSIONS=6",
}

// beTerraform starts the program as a plugin, with this process's own standard
// output, and waits until nobody holds its standard input any more.
func beTerraform() {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), role+"=program")
	cmd.Stdout = os.Stdout
	if err := cmd.Start(); err != nil {
		os.Exit(exitFailed)
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// TestPlugin_parentKilled kills what started a plugin, and waits until the
// plugin has let go of its standard output.
func TestPlugin_parentKilled(t *testing.T) {
	t.Parallel()
	cmd := program(t, append(cookie, role+"=terraform"))
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stdin.Close() })
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	output := bufio.NewReader(stdout)
	if line, err := output.ReadString('\n'); err != nil || !strings.HasPrefix(line, "1|6|") {
		t.Fatalf("the plugin said %q, %v", line, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(output); err != nil {
		t.Errorf("the plugin said %q, %v", rest, err)
	}
	_ = cmd.Wait() // killed
}

func TestPlugin_debug(t *testing.T) {
	t.Parallel()
	cmd := program(t, nil, "-debug")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	output := bufio.NewReader(stdout)
	for {
		line, err := output.ReadString('\n')
		if err != nil {
			t.Fatalf("the plugin ended with %v", err)
		}
		if strings.Contains(line, "TF_REATTACH_PROVIDERS=") {
			if !strings.Contains(line, provider.Address) {
				t.Errorf("%s is not what terraform looks for", line)
			}
			break
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, output); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
