package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// maxAnswer bounds an answer; the largest schema has some 200 kB.
const maxAnswer = 16 << 20

// errNotServed: the source does not have what it was asked for.
var errNotServed = errors.New("not served")

// readSource reads the definitions of plugins from a source, by name. Where a
// source cannot list its plugins, it asks for the known ones.
func readSource(ctx context.Context, source string, known []string) (map[string]table, error) {
	if strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://") {
		s := served{client: &http.Client{Timeout: time.Minute}, base: strings.TrimRight(source, "/"), token: os.Getenv("KONNECT_TOKEN")}
		return s.schemas(ctx, known)
	}
	files, err := filepath.Glob(filepath.Join(source, "*.json"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: neither an address nor a folder with answers", source)
	}
	answers := make(map[string]table)
	for _, file := range files {
		if answers[pluginOf(file)], err = readTable(file); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// served is a control plane or a gateway.
type served struct {
	client      *http.Client
	base, token string
}

func (s served) schemas(ctx context.Context, known []string) (map[string]table, error) {
	names, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	if names == nil {
		names = known
	}
	answers := make(map[string]table)
	for _, name := range names {
		answer, err := s.get(ctx, "/schemas/plugins/"+name)
		if errors.Is(err, errNotServed) {
			continue
		}
		if err != nil {
			return nil, err
		}
		answers[name] = answer
	}
	if len(answers) == 0 {
		return nil, fmt.Errorf("%s serves no schema of a plugin", s.base)
	}
	return answers, nil
}

// names are the plugins that the source lists; nil if it has no list. Konnect
// has one, and a gateway has it on its first page.
func (s served) names(ctx context.Context) ([]string, error) {
	answer, err := s.get(ctx, "/v1/available-plugins")
	if err == nil {
		return texts(answer["names"]), nil
	}
	if !errors.Is(err, errNotServed) {
		return nil, err
	}
	answer, err = s.get(ctx, "/")
	if errors.Is(err, errNotServed) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	available, _ := answer["plugins"].(table)
	enabled, _ := available["available_on_server"].(table)
	return sortedKeys(enabled), nil
}

func (s served) get(ctx context.Context, path string) (table, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	switch {
	case err != nil:
		return nil, err
	case resp.StatusCode == http.StatusNotFound:
		return nil, errNotServed
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s%s answers %s", s.base, path, resp.Status)
	}
	answer, err := parseTable(text)
	if err != nil {
		return nil, fmt.Errorf("%s%s: %w", s.base, path, err)
	}
	return answer, nil
}

func readTable(file string) (table, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	t, err := parseTable(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return t, nil
}

// parseTable reads one JSON object; numbers stay as they are written.
func parseTable(text []byte) (table, error) {
	var t table
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&t); err != nil {
		return nil, err
	}
	if t == nil {
		return nil, errors.New("null is no object")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the object")
	}
	return t, nil
}
