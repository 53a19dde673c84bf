package resource

import (
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
)

// upstreamRows are the ways to the applications behind the gateway.
func upstreamRows() []row {
	return []row{
		{
			Type: entity.Upstream,
			summary: "An upstream: a name that services use for a host, behind which requests are balanced among targets " +
				"(`konnect_gateway_target`).",
			facts: attribute.Facts{SetsAreLists: true, At: upstreamFacts()},
		},
		{
			Type:    entity.Target,
			summary: "One address of an upstream.",
			facts: attribute.Facts{SetsAreLists: true, At: map[string]attribute.Fact{
				"target":   {Description: "Address or host name with a port; without one it is 8000."},
				"weight":   {Description: "Share of the requests, in relation to the other targets. 0 takes it out of use."},
				"failover": {Description: "Whether it is used only while all others are unhealthy."},
				"upstream": {Description: "The upstream, as `upstream_id` says."},
			}},
		},
		{
			Type: entity.RouteExpression,
			summary: "A gateway route that matches by an expression. A route is live as soon as it exists; put plugins that must not be missed on " +
				"its service, or let the route depend on them. Routes with methods, hosts and paths are `konnect_gateway_route`.",
			facts: attribute.Facts{SetsAreLists: true, At: map[string]attribute.Fact{
				"expression":                 {Mode: attribute.Optional, Description: "Expression that requests must meet. Required."},
				"https_redirect_status_code": {Description: "Status that asks for HTTPS when a request came by HTTP."},
				"name":                       {Description: "Name of the route, unique in its control plane."},
				"path_handling":              {Description: "How the service's path, the route's path and the request's path are put together."},
				"preserve_host":              {Description: "Whether the upstream sees the host name of the request."},
				"priority":                   {Description: "Which of several routes wins: the higher number."},
				"protocols":                  {Description: "Protocols that match."},
				"request_buffering":          {Description: "Whether a request is read to its end before it is passed on."},
				"response_buffering":         {Description: "Whether a response is read to its end before it is passed on."},
				"service":                    {Description: "The service that requests go to."},
				"strip_path":                 {Description: "Whether the part of the path that matched is taken off."},
			}},
		},
	}
}

func upstreamFacts() map[string]attribute.Fact {
	at := map[string]attribute.Fact{
		"algorithm":                   {Description: "How a target is chosen."},
		"client_certificate":          {Description: "The certificate that the gateway presents to the targets."},
		"hash_fallback":               {Description: "What is hashed where `hash_on` finds nothing."},
		"hash_fallback_header":        {Description: "Header that is hashed in that case."},
		"hash_fallback_query_arg":     {Description: "Query argument that is hashed in that case."},
		"hash_fallback_uri_capture":   {Description: "Capture of the path that is hashed in that case."},
		"hash_on":                     {Description: "What is hashed to choose a target."},
		"hash_on_cookie":              {Description: "Cookie that is hashed; the gateway sets it where it is missing."},
		"hash_on_cookie_path":         {Description: "Path of that cookie."},
		"hash_on_header":              {Description: "Header that is hashed."},
		"hash_on_query_arg":           {Description: "Query argument that is hashed."},
		"hash_on_uri_capture":         {Description: "Capture of the path that is hashed."},
		"healthchecks":                {Description: "How the gateway finds out which targets are healthy."},
		"healthchecks.active":         {Description: "Requests of the gateway's own to the targets."},
		"healthchecks.passive":        {Description: "What is learnt from the requests of clients."},
		"healthchecks.threshold":      {Description: "Share of the weight, in percent, that must be healthy for the upstream to be."},
		"host_header":                 {Description: "Host name that targets see in place of the request's."},
		"name":                        {Description: "Name of the upstream in the form of a host name, unique in its control plane."},
		"slots":                       {Description: "Places among which the balancer deals out the targets."},
		"sticky_sessions_cookie":      {Description: "Cookie that ties a client to a target."},
		"sticky_sessions_cookie_path": {Description: "Path of that cookie."},
		"use_srv_name":                {Description: "Whether targets see the name of the SRV record as host name."},
	}
	for path, text := range map[string]string{
		"active.concurrency": "How many targets are asked at the same time.", "active.headers": "Headers of the requests, each with its values.",
		"active.http_path": "Path of the requests.", "active.https_sni": "Server name for TLS.",
		"active.https_verify_certificate": "Whether the targets' certificates are checked.",
		"active.timeout":                  "Seconds to wait for an answer.",
	} {
		at["healthchecks."+path] = attribute.Fact{Description: text}
	}
	for _, kind := range []string{"active", "passive"} {
		for path, text := range map[string]string{
			"type": "What is asked for: TCP connections, or HTTP answers.", "healthy": "What makes a target healthy.", "unhealthy": "What makes a target unhealthy.",
			"healthy.http_statuses": "Statuses that count as success.", "healthy.interval": "Seconds between requests to healthy targets; 0 for none.",
			"healthy.successes":       "Successes that make a target healthy; 0 for never.",
			"unhealthy.http_failures": "Failed HTTP answers that make a target unhealthy; 0 for never.", "unhealthy.http_statuses": "Statuses that count as failure.",
			"unhealthy.interval":     "Seconds between requests to unhealthy targets; 0 for none.",
			"unhealthy.tcp_failures": "Failed connections that make a target unhealthy; 0 for never.",
			"unhealthy.timeouts":     "Timeouts that make a target unhealthy; 0 for never.",
		} {
			at["healthchecks."+kind+"."+path] = attribute.Fact{Description: text}
		}
	}
	sni := at["healthchecks.active.https_sni"]
	sni.Mode = both
	at["healthchecks.active.https_sni"] = sni
	return at
}
