package main

import (
	"fmt"
	"regexp"
	"strings"
)

// block is a resource of a configuration.
type block struct{ kind, name, body string }

// preamble leads to a control plane.
func preamble(address string) string {
	return fmt.Sprintf(`terraform {
  required_providers {
    konnect = { source = "openkonnect/konnect" }
  }
}
provider "konnect" { server_url = "http://%s" }
variable "changed" { default = "a" }
`, address)
}

func text(blocks []block) string {
	var b strings.Builder
	for _, k := range blocks {
		fmt.Fprintf(&b, "resource %q %q {\n%s}\n", "konnect_gateway_"+k.kind, k.name, k.body)
	}
	return b.String()
}

// number is what differs between the bodies of two places, beside the variable of the last.
var number = regexp.MustCompile(`\d+|"bench"|var\.changed`)

var references = regexp.MustCompile(`konnect_gateway_(\w+)\.(\w+)\.id`)

// textOfFloor has an object of Terraform's own for every block, about as large
// in state.
func textOfFloor(blocks []block, size int) string {
	var b strings.Builder
	b.WriteString("variable \"changed\" { default = \"a\" }\n")
	for _, k := range blocks {
		body := references.ReplaceAllString(k.body, "terraform_data.${1}_${2}.id")
		length := len(number.ReplaceAllString(body, ""))           // the same for all places
		filler := strings.Repeat("x", max(size-2*length-400, 0)/2) // it is shown as input and as output
		fmt.Fprintf(&b, "resource \"terraform_data\" %q {\ninput = {\n%sfiller = %q\n}\n}\n", k.kind+"_"+k.name, body, filler)
	}
	return b.String()
}

const plane = "control_plane_id = konnect_gateway_control_plane.bench.id\n"

func planeBlock() block {
	return block{"control_plane", "bench", "name = \"bench\"\n"}
}

// scoped are the plugins that each place has: resource type and configuration.
var scoped = []struct{ kind, config string }{
	{"plugin_rate_limiting", `{ minute = 60, limit_by = "consumer", policy = "local" }`},
	{"plugin_request_transformer", `{ add = { headers = ["x-team:orders"] }, remove = { querystring = ["debug"] } }`},
	{"plugin_response_transformer", `{ add = { headers = ["x-served-by:kong"] } }`},
	{"plugin_proxy_cache", `{ strategy = "memory", content_type = ["application/json"], cache_ttl = 30 }`},
}

// plugins is a configuration of n plugins: half of them on services, a quarter
// on consumer groups and a quarter on routes.
func plugins(n int) []block {
	blocks := []block{planeBlock()}
	places := []string{"service", "consumer_group", "service", "route"}
	for i := 0; n > 0; i++ {
		place := places[i%len(places)]
		blocks = append(blocks, placeBlock(place, i))
		for _, p := range scoped {
			if n--; n < 0 {
				break
			}
			tag := `"bench"`
			if n == 0 {
				tag = "var.changed"
			}
			blocks = append(blocks, block{p.kind, fmt.Sprintf("p%d", i), fmt.Sprintf(
				"%s%s = { id = konnect_gateway_%s.x%d.id }\nconfig = %s\ntags = [%s]\n", plane, place, place, i, p.config, tag)})
		}
	}
	return blocks
}

func placeBlock(kind string, i int) block {
	body := fmt.Sprintf("%sname = \"x%d\"\n", plane, i)
	switch kind {
	case "service":
		body += "host = \"orders.internal.example\"\n"
	case "route":
		body += fmt.Sprintf("paths = [\"/x%d\"]\n", i)
	case "consumer":
		body = fmt.Sprintf("%susername = \"x%d\"\n", plane, i)
	}
	return block{kind, fmt.Sprintf("x%d", i), body}
}

// mixed is a configuration of about n resources of all kinds: every other consumer
// comes with a group, all are members of one, and have a key; upstreams have a target.
func mixed(n int) []block {
	blocks := []block{planeBlock()}
	for i := 0; len(blocks) < n+1; i++ {
		route := placeBlock("route", i)
		route.body += fmt.Sprintf("service = { id = konnect_gateway_service.x%d.id }\n", i)
		if i == 0 {
			route.body += "tags = [var.changed]\n"
		}
		blocks = append(blocks, placeBlock("service", i), route, placeBlock("consumer", i))
		if i%2 == 0 {
			blocks = append(blocks, placeBlock("consumer_group", i))
		}
		consumer := fmt.Sprintf("%sconsumer_id = konnect_gateway_consumer.x%d.id\n", plane, i)
		upstream := block{"upstream", fmt.Sprintf("x%d", i), fmt.Sprintf("%sname = \"x%d\"\n", plane, i)}
		target := block{"target", upstream.name, fmt.Sprintf("%supstream_id = konnect_gateway_upstream.x%d.id\ntarget = \"10.0.0.1:%d\"\n", plane, i, 1+i%60_000)}
		blocks = append(blocks, block{"key_auth", upstream.name, consumer + fmt.Sprintf("key = \"key-%d\"\n", i)}, upstream, target)
		blocks = append(blocks, block{"consumer_group_member", fmt.Sprintf("x%d", i), fmt.Sprintf(
			"%sconsumer_group_id = konnect_gateway_consumer_group.x%d.id\n", consumer, i/100*100)})
	}
	return blocks
}
