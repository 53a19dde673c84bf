package main

import (
	"context"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Servers of the tests, and what terraform starts, are this test binary again.
func TestMain(m *testing.M) {
	if provider, ok := os.LookupEnv(providerVariable); ok {
		exit(provide(context.Background(), provider, os.Getenv(usageVariable)))
	}
	if dsn, ok := os.LookupEnv(serveVariable); ok {
		exit(serve(context.Background(), dsn, os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// Every line of the table is there, and shows that something was answered as
// expected.
func TestRun(t *testing.T) {
	s, err := readSettings([]string{"-for", "1ms", "-stored", "0,40", "-clients", "1,2"})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	var out strings.Builder
	if err := s.run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	stages := strings.Split(out.String(), "\n\n")
	measured := 0
	for _, stage := range stages {
		if strings.Contains(stage, "not measured") {
			continue
		}
		measured++
		for _, o := range operations {
			line := regexp.MustCompile(`(?m)^` + o.name + ` +(HTTP|in-process) +[12] +[1-9]\d* `)
			if n := len(line.FindAllString(stage, -1)); n != 4 {
				t.Errorf("%s: %d lines with a rate, want 4, in\n%s", o.name, n, stage)
			}
		}
		if !strings.Contains(stage, "memory of the server: ") {
			t.Errorf("nothing is said of memory in\n%s", stage)
		}
	}
	if measured < 2 {
		t.Errorf("%d stages were measured, want two of SQLite at least", measured)
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// An answer other than the expected one ends the measurement.
func TestLoad_refused(t *testing.T) {
	t.Parallel()
	w, err := newWorld(t.Context(), ":memory:", 0)
	if err == nil {
		w.close()
		t.Fatal("two stores share a database of one's own")
	}
	w, err = newWorld(t.Context(), t.TempDir()+"/konnect.db", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	missing := operation{name: "get nothing", status: 200, next: getOne("/services/", func(*world) string { return "nothing" })}
	_, err = load(t.Context(), w, &inProcess{handler: w.plane}, missing, 2, time.Minute)
	if err == nil || !strings.Contains(err.Error(), "/services/nothing: answered with status 404, not 200") {
		t.Errorf("got %v", err)
	}
}

func TestReadSettings_refused(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"more"}, {"-stored", "x"}, {"-stored", "-1"}, {"-clients", "1,,2"}, {"-for", "1"}, {"-unknown"}} {
		if _, err := readSettings(args); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
}

// Terraform makes, plans and destroys what the configurations say, in few calls,
// and the provider says what it used.
func TestScale(t *testing.T) {
	s, err := readScale([]string{"-sizes", "12", "-mixed=false"})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	var out strings.Builder
	if err := s.run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	if stage := "12 plugins, 16 resources"; !strings.Contains(out.String(), stage) {
		t.Errorf("there is no %q", stage)
	}
	for _, step := range steps {
		under := `\(floor \d[^;]* times that`
		if step.still {
			under += `; idle \d[^;]* times that`
		}
		line := regexp.MustCompile(`(?m)^` + step.name + `: [1-9]\d* calls.* ` + under + `\), \d.* ` + under + `\) of CPU in all, provider \d.* [1-9]\d* MiB at most$`)
		if got := line.FindAllString(out.String(), -1); len(got) != 1 {
			t.Errorf("%q: %d lines", step.name, len(got))
		}
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if t.Failed() {
		t.Log(out.String())
	}
}

// Only the steps that are asked for are shown and done, after an apply, through a
// server that is slow and often too busy.
func TestScale_only(t *testing.T) {
	s, err := readScale([]string{"-sizes", "4", "-only", "no-op", "-floor=false", "-latency", "1ms", "-busy", "0.2"})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	var out strings.Builder
	if err := s.run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	const heading = `; answers come 1ms later, 20% are 429\n`
	line := `no-op plan: [1-9].*MiB at most\n`
	want := regexp.MustCompile(`^\n4 plugins, 6 resources` + heading + line + `\n4 mixed, \d+ resources` + heading + line + `$`)
	if !want.MatchString(out.String()) {
		t.Errorf("%s", &out)
	}
}

// A step that does not find what it is to find ends the measurement.
func TestScale_otherwise(t *testing.T) {
	s, err := readScale([]string{"-sizes", "4", "-mixed=false", "-floor=false", "-only", "destroy"})
	if err != nil {
		t.Fatal(err)
	}
	before := steps[0]
	defer func() { steps[0] = before }()
	steps[0].says = "7 changed"
	t.Setenv("TMPDIR", t.TempDir())
	err = s.run(t.Context(), io.Discard)
	if err == nil || !strings.Contains(err.Error(), `4 plugins: apply: terraform did not say "7 changed"`) {
		t.Errorf("got %v", err)
	}
}

// A state that is grown is one that Terraform would have made: its plans are empty,
// and say what changed.
func TestScale_grown(t *testing.T) {
	s, err := readScale([]string{"-sizes", "48", "-applied", "16"})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	var out strings.Builder
	if err := s.run(t.Context(), &out); err != nil { // a plan that is not empty is an error
		t.Fatal(err)
	}
	for _, step := range steps {
		line := regexp.MustCompile(`(?m)^` + step.name + `: [1-9]\d* calls.* \(floor \d.*$`)
		if got := line.FindAllString(out.String(), -1); (len(got) == 1) == step.writes {
			t.Errorf("%q: %d lines in\n%s", step.name, len(got), &out)
		}
	}
}

func TestReadScale_refused(t *testing.T) {
	for _, args := range [][]string{{"-sizes", "x"}, {"-sizes", ""}, {"-sizes", "-1"}, {"-latency", "1"}, {"-busy", "x"}, {"-what"}, {"more"}} {
		if _, err := readScale(args); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
}
