package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Terraform starts this program for the provider. It runs the provider, whose
// path is in the environment, and then notes in a file what that used.
const (
	providerVariable = "KONNECT_BENCH_PROVIDER"
	usageVariable    = "KONNECT_BENCH_USAGE"
)

const providerName = "terraform-provider-konnect"

// build builds the provider, and puts this program where Terraform looks for it.
func build(ctx context.Context, bin string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(bin, "provider"), "github.com/openkonnect/terraform-provider-konnect") //nolint:gosec // into a folder of our own
	cmd.Stderr = os.Stderr
	self, err := os.Executable()
	if err := errors.Join(err, cmd.Run()); err != nil {
		return fmt.Errorf("building the provider: %w", err)
	}
	return os.Symlink(self, filepath.Join(bin, providerName))
}

// provide is what Terraform starts. No path stands for a provider that does nothing.
func provide(ctx context.Context, provider, notes string) error {
	if provider == "" {
		serveIdle()
		return nil
	}
	cmd := exec.CommandContext(ctx, provider)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	failed := cmd.Run()
	u, err := usageOf(cmd.ProcessState)
	if err != nil {
		return errors.Join(failed, err)
	}
	file, err := os.OpenFile(notes, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // in the folder of the measurement
	if err != nil {
		return errors.Join(failed, err)
	}
	return errors.Join(failed, json.NewEncoder(file).Encode(u), file.Close())
}

// folder is where Terraform runs.
type folder struct {
	path string
	env  []string
}

func newFolder(bin, path, configuration string) (*folder, error) {
	if err := os.Mkdir(path, 0o700); err != nil {
		return nil, err
	}
	rc := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"openkonnect/konnect\" = %q\n  }\n  direct {}\n}\n", bin)
	f := &folder{path: path}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "TF_") && !strings.HasPrefix(v, "KONNECT_") {
			f.env = append(f.env, v)
		}
	}
	f.env = append(f.env, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_CLI_CONFIG_FILE="+f.file("terraformrc"),
		providerVariable+"="+filepath.Join(bin, "provider"), usageVariable+"="+f.file("usage"))
	return f, errors.Join(
		os.WriteFile(f.file("terraformrc"), []byte(rc), 0o600),
		os.WriteFile(f.file("main.tf"), []byte(configuration), 0o600))
}

// idle is the same folder with a provider that does nothing, and logs nothing.
func (f *folder) idle() *folder {
	return &folder{path: f.path, env: append(slices.Clone(f.env), providerVariable+"=", "TF_LOG_SDK=OFF")}
}

func (f *folder) file(name string) string { return filepath.Join(f.path, name) }

// run runs a command and says what it took.
func (f *folder) run(ctx context.Context, args ...string) (m measured, err error) {
	if err := os.Remove(f.file("usage")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	cmd := exec.CommandContext(ctx, "terraform", append(args, "-input=false", "-no-color")...) //nolint:gosec // a step of the measurement
	cmd.Dir, cmd.Env = f.path, f.env
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return m, fmt.Errorf("terraform %s: %w\n%s", args[0], err, last(out.Bytes(), 4000))
	}
	m.wall, m.said = time.Since(start), string(last(out.Bytes(), 4000))
	if m.used, err = f.used(); err != nil {
		return m, err
	}
	all, err := usageOf(cmd.ProcessState) // what it has waited for included
	m.cpu = all.CPU
	return m, err
}

// says is [folder.run] for what has to say something.
func (f *folder) says(ctx context.Context, text string, args ...string) (measured, error) {
	m, err := f.run(ctx, args...)
	if err == nil && !strings.Contains(m.said, text) {
		err = fmt.Errorf("terraform did not say %q:\n%s", text, m.said)
	}
	return m, err
}

// used adds up what the processes of the provider noted.
func (f *folder) used() (sum usage, err error) {
	text, err := os.ReadFile(f.file("usage"))
	if errors.Is(err, fs.ErrNotExist) {
		return sum, nil
	}
	if err != nil {
		return sum, err
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		var u usage
		if err := json.Unmarshal(lines.Bytes(), &u); err != nil {
			return sum, err
		}
		sum.CPU += u.CPU
		sum.Peak = max(sum.Peak, u.Peak)
	}
	return sum, lines.Err()
}

// stateSize is how long the state is as text.
func (f *folder) stateSize() int {
	info, err := os.Stat(f.file("terraform.tfstate"))
	if err != nil {
		return 0
	}
	return int(info.Size())
}

func last(text []byte, n int) []byte { return text[max(len(text)-n, 0):] }
