package plugins

import (
	"fmt"
	"sort"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/regex"
)

func corsOrigin(origin any) any {
	s, _ := origin.(string)
	if s == "*" || regex.Check(s, 0) == nil {
		return nil
	}
	return fmt.Sprintf("'%s' is not a valid regex", s)
}

func terminationContent(config any) any {
	c := record(config)
	_, message := text(c["message"])
	_, contentType := text(c["content_type"])
	_, body := text(c["body"])
	switch {
	case message && (contentType || body):
		return "message cannot be used with content_type or body"
	case contentType && !body:
		return "content_type requires a body"
	case c["echo"] == true && (contentType || body):
		return "echo cannot be used with content_type and body"
	}
	return nil
}

// httpLogCredentials refuses credentials in two places: the user info of the
// endpoint and an Authorization header.
func httpLogCredentials(config any) any {
	c := record(config)
	endpoint, _ := c["http_endpoint"].(string)
	if !hasUserInfo(endpoint) {
		return nil
	}
	for name := range record(c["headers"]) {
		if strings.EqualFold(name, "authorization") {
			return "specifying both an 'Authorization' header and user info in 'http_endpoint' is not allowed"
		}
	}
	return nil
}

// authority cuts scheme and authority out of a URL without judging either.
func authority(url string) (scheme, host string) {
	url, _, _ = strings.Cut(url, "#")
	scheme, rest, found := strings.Cut(url, ":")
	if !found || strings.ContainsAny(scheme, "/?") {
		scheme, rest = "", url
	}
	rest, found = strings.CutPrefix(rest, "//")
	if !found {
		return scheme, ""
	}
	host, _, _ = strings.Cut(rest, "/")
	return scheme, host
}

func hasUserInfo(url string) bool {
	_, host := authority(url)
	return strings.Contains(host, "@")
}

func proxyScheme(entity any) any {
	url, ok := text(record(record(entity)["config"])["proxy_url"])
	if !ok {
		return nil
	}
	// without a scheme it is no URL, and the field reports that
	if scheme, _ := authority(url); scheme != "" && scheme != "http" {
		return "proxy_url scheme must be http"
	}
	return nil
}

func oauth2Grants(config any) any {
	grants := []string{"enable_authorization_code", "enable_implicit_grant", "enable_client_credentials", "enable_password_grant"}
	for _, grant := range grants {
		if record(config)[grant] == true {
			return nil
		}
	}
	return "at least one of these fields must be true: " + strings.Join(grants, ", ")
}

func staticTags(tags any) any {
	seen := make(map[string]bool)
	list, _ := tags.([]any)
	for _, tag := range list {
		name, _ := record(tag)["name"].(string)
		if seen[name] {
			return "repeated tags are not allowed: " + name
		}
		seen[name] = true
	}
	return nil
}

// resourceAttributes judges attributes in the order of their names, so that it
// always reports the same fault.
func resourceAttributes(attributes any) any {
	values := record(attributes)
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		switch v := values[name].(type) {
		case string:
			if v == "" {
				return "required field missing"
			}
		case bool:
		case nil:
			return "invalid type of value: userdata"
		case map[string]any, []any:
			return "invalid type of value: table"
		}
	}
	return nil
}

// sharedDictionary judges by the dictionaries of this process. That is right
// for a gateway and wrong for a control plane, whose data planes may have
// others. So the bundled data do not use it.
func sharedDictionary(entity any) any {
	config := record(record(entity)["config"])
	if config["strategy"] != "memory" {
		return nil
	}
	name, _ := record(config["memory"])["dictionary_name"].(string)
	if !luaschema.IsZone(name) {
		return fmt.Sprintf("missing shared dict '%s'", name)
	}
	return nil
}
