package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

// Terraform writes its whole state after each object, so that an apply of ten
// thousand takes hours of which this program is no part. What is larger than that is
// worth is grown: a few places are applied, and the state and the control plane get
// copies of them under other names and ids.

// places is how many places with their plugins are applied before a state grows: one of
// each kind.
const places = 4

// state is a state of Terraform's, as far as it grows.
type state struct {
	all       map[string]any
	resources []any
}

func readState(file string) (*state, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var s state
	if err := decode(text, &s.all); err != nil {
		return nil, err
	}
	s.resources, _ = s.all["resources"].([]any)
	return &s, nil
}

func decode(text []byte, to any) error {
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	return d.Decode(to)
}

func (s *state) write(file string) error {
	s.all["resources"] = s.resources
	text, err := json.Marshal(s.all)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}

// sprout is a resource of the state that is copied for a place: its kind, and the
// attributes of its only instance.
type sprout struct {
	kind       string
	attributes map[string]any
	whole      any
}

func (s sprout) id() string { return fmt.Sprint(s.attributes["id"]) }

// template are the resources of a place, its own first.
func (s *state) template(place int) (out []sprout) {
	for _, prefix := range []string{"x", "p"} {
		for _, r := range s.resources {
			if one := sproutOf(r); hasName(r, fmt.Sprintf("%s%d", prefix, place)) {
				out = append(out, one)
			}
		}
	}
	return out
}

// hasName reports whether a resource has a name, or ends with it, as those of the floor.
func hasName(r any, name string) bool {
	resource, _ := r.(map[string]any)
	text, _ := resource["name"].(string)
	return text == name || strings.HasSuffix(text, "_"+name)
}

func sproutOf(r any) sprout {
	resource, _ := r.(map[string]any)
	out := sprout{whole: r}
	out.kind, _ = resource["type"].(string)
	if instances, _ := resource["instances"].([]any); len(instances) == 1 {
		one, _ := instances[0].(map[string]any)
		out.attributes, _ = one["attributes"].(map[string]any)
	}
	return out
}

// copies are what turns the texts of one place into those of another.
type copies struct {
	name *regexp.Regexp
	to   string
	ids  []string // pairs
}

func newCopies(template []sprout, from, to int) copies {
	c := copies{name: regexp.MustCompile(fmt.Sprintf(`\b(|\w+_)([xp])%d\b`, from)), to: fmt.Sprintf("${1}${2}%d", to)}
	for _, s := range template {
		c.ids = append(c.ids, s.id(), uuid.NewString())
	}
	return c
}

// of returns a copy of a value.
func (c copies) of(v any) (out any, err error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	replaced := strings.NewReplacer(c.ids...).Replace(c.name.ReplaceAllString(string(text), c.to))
	return out, decode([]byte(replaced), &out)
}

// grow makes copies until there are so many places. The function makes what a copy of
// a resource stands for, and returns attributes that only the control plane knows; it may be nil.
func (s *state) grow(ctx context.Context, n int, create func(context.Context, sprout, copies) (map[string]any, error)) error {
	templates := make([][]sprout, places)
	for i := range templates {
		templates[i] = s.template(i)
	}
	made := make([][]any, n)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(8)
	for place := places; place < n; place++ {
		group.Go(func() error {
			template := templates[place%places]
			c := newCopies(template, place%places, place)
			for _, one := range template {
				copied, err := c.of(one.whole)
				if err == nil && create != nil {
					var known map[string]any
					known, err = create(ctx, one, c)
					for name, v := range known {
						sproutOf(copied).attributes[name] = v
					}
				}
				if err != nil {
					return err
				}
				made[place] = append(made[place], copied)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, list := range made {
		s.resources = append(s.resources, list...)
	}
	return nil
}

// copier makes copies of entities on a server.
type copier struct{ core string }

// collections are the paths of what grows, by resource type; all others are plugins.
var collections = map[string]string{
	"konnect_gateway_service": "services", "konnect_gateway_route": "routes", "konnect_gateway_consumer_group": "consumer_groups",
}

func (k copier) create(ctx context.Context, one sprout, c copies) (map[string]any, error) {
	path, ok := collections[one.kind]
	if !ok {
		path = "plugins"
	}
	var doc, held map[string]any
	if err := ask(ctx, http.MethodGet, k.core+"/"+path+"/"+one.id(), nil, &doc); err != nil {
		return nil, err
	}
	body, err := c.of(entityIn(doc))
	if err != nil {
		return nil, err
	}
	to, _ := body.(map[string]any)
	if err := ask(ctx, http.MethodPut, k.core+"/"+path+"/"+fmt.Sprint(to["id"]), body, &held); err != nil {
		return nil, err
	}
	held = entityIn(held)
	known := map[string]any{}
	for _, name := range []string{"created_at", "updated_at"} {
		if _, has := one.attributes[name]; has {
			known[name] = held[name]
		}
	}
	return known, nil
}

// entityIn takes an entity out of the envelope that some answers have.
func entityIn(doc map[string]any) map[string]any {
	if inner, ok := doc["consumer_group"].(map[string]any); ok && doc["id"] == nil {
		return inner
	}
	return doc
}

// grown applies a few places and grows them to n.
func grown(ctx context.Context, f *folder, configuration func(n int) string, server string, n int) error {
	if err := os.WriteFile(f.file("main.tf"), []byte(configuration(places*len(scoped))), 0o600); err != nil {
		return err
	}
	f.env = append(f.env, "TF_VAR_changed=bench") // the last of few is not the last of many
	if _, err := f.run(ctx, "apply", "-auto-approve"); err != nil {
		return err
	}
	s, err := readState(f.file("terraform.tfstate"))
	if err != nil {
		return err
	}
	var create func(context.Context, sprout, copies) (map[string]any, error)
	if server != "" {
		core, err := coreOf(ctx, server)
		if err != nil {
			return err
		}
		create = copier{core}.create
	}
	if err := s.grow(ctx, n/len(scoped), create); err != nil {
		return err
	}
	return errors.Join(s.write(f.file("terraform.tfstate")), os.WriteFile(f.file("main.tf"), []byte(configuration(n)), 0o600))
}
