package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// guide is what a guide says of itself, before its text.
type guide struct {
	Title       string `yaml:"page_title"`
	Description string `yaml:"description"`
}

// guides is a line for each guide in a folder, sorted by title: a link, and what
// the guide is about.
func guides(folder string) (string, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.md"))
	if err != nil {
		return "", err
	}
	var lines []string
	for _, file := range files {
		g, err := readGuide(file)
		if err != nil {
			return "", fmt.Errorf("%s: %w", file, err)
		}
		lines = append(lines, fmt.Sprintf("- [%s](guides/%s): %s\n", g.Title, filepath.Base(file), g.Description))
	}
	slices.Sort(lines)
	return "\n" + strings.Join(lines, "") + "\n", nil
}

func readGuide(file string) (guide, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return guide{}, err
	}
	before, rest, ok := strings.Cut(string(text), "---\n")
	matter, _, closed := strings.Cut(rest, "\n---\n")
	if before != "" || !ok || !closed {
		return guide{}, errors.New("it does not begin with front matter, between lines of ---")
	}
	var g guide
	if err := yaml.Unmarshal([]byte(matter), &g); err != nil {
		return guide{}, fmt.Errorf("its front matter: %w", err)
	}
	g.Description = strings.Join(strings.Fields(g.Description), " ")
	switch "" {
	case g.Title:
		return guide{}, errors.New("its front matter has no page_title")
	case g.Description:
		return guide{}, errors.New("its front matter has no description, which the front page shows")
	}
	return g, nil
}
