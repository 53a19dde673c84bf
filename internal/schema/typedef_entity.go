package schema

func uuidDef() Def {
	return Def{"type": "string", "description": "UUID that identifies an entity.", "uuid": true, "auto": true}
}

func autoTimestampSeconds() Def {
	return Def{"type": "integer", "description": "Time of an event in seconds since 1970.", "timestamp": true, "auto": true}
}

func autoTimestampMilliseconds() Def {
	return Def{"type": "number", "description": "Time of an event in seconds since 1970, with milliseconds.", "timestamp": true, "auto": true}
}

func timeoutDef() Def {
	return Def{"type": "integer", "description": "Time to wait, in milliseconds.", "between": bounds("0", "2147483646")}
}

func ttlDef() Def {
	return Def{"type": "number", "description": "Time to live, in seconds.", "between": bounds("0", "100000000")}
}

func noConsumerDef() Def { return noScope("consumers", "The plugin cannot be applied to a consumer.") }
func noRouteDef() Def    { return noScope("routes", "The plugin cannot be applied to a route.") }
func noServiceDef() Def  { return noScope("services", "The plugin cannot be applied to a service.") }

// noScope is a reference that must not be set.
func noScope(reference, description string) Def {
	return Def{"type": "foreign", "reference": reference, "eq": nil, "description": description}
}

// protocolNames are all protocols that a gateway serves, and httpProtocolNames
// those that carry HTTP requests.
var (
	protocolNames     = []string{"grpc", "grpcs", "http", "https", "tcp", "tls", "tls_passthrough", "udp"}
	httpProtocolNames = []string{"grpc", "grpcs", "http", "https"}
)

func protocolDef() Def {
	return Def{"type": "string", "description": "Protocol of a request.", "one_of": texts(protocolNames...)}
}

func protocolsDef() Def { return protocolSet(protocolDef()) }

func protocolsHTTPDef() Def {
	return protocolSet(Def{"type": "string", "one_of": texts(httpProtocolNames...)})
}

func protocolSet(elements Def) Def {
	return Def{
		"type":        "set",
		"description": "Protocols of the requests that the entity applies to.",
		"required":    true,
		"default":     texts(httpProtocolNames...),
		"elements":    elements,
	}
}
