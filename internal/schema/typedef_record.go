package schema

func queueDef() Def {
	number := func(kind string, rest Def) Def { return with(rest, Def{"type": kind}) }
	return Def{
		"type":        "record",
		"description": "Queue that gathers entries and sends them in batches.",
		"required":    true, // also as a member of an array, once a gateway has loaded its own plugins
		"fields": fieldList(
			Def{"max_batch_size": number("integer", Def{"description": "Largest number of entries sent at once.", "default": Number("1"), "between": bounds("1", "1000000")})},
			Def{"max_coalescing_delay": number("number", Def{"description": "Longest time in seconds to wait for a batch to fill.", "default": Number("1"), "between": bounds("0", "3600")})},
			Def{"max_entries": number("integer", Def{"description": "Largest number of entries that can wait.", "default": Number("10000"), "between": bounds("1", "1000000")})},
			Def{"max_bytes": number("integer", Def{"description": "Largest number of bytes that can wait."})},
			Def{"max_retry_time": number("number", Def{"description": "Time in seconds after which a batch is given up.", "default": Number("60")})},
			Def{"initial_retry_delay": number("number", Def{"description": "Time in seconds before the first retry.", "default": Number("0.01"), "between": bounds("0.001", "1000000")})},
			Def{"max_retry_delay": number("number", Def{"description": "Longest time in seconds between two retries.", "default": Number("60"), "between": bounds("0.001", "1000000")})},
			Def{"concurrency_limit": number("integer", Def{"description": "Number of batches sent at a time, -1 for any.", "default": Number("1"), "one_of": []any{Number("-1"), Number("1")}})},
		),
	}
}

func propagationDef() Def {
	extract := texts("w3c", "b3", "jaeger", "ot", "datadog", "aws", "gcp", "instana")
	formats := texts("w3c", "b3", "b3-single", "jaeger", "ot", "datadog", "aws", "gcp", "instana")
	inject := append(texts("preserve"), formats...)
	return Def{
		"type":        "record",
		"description": "How tracing headers are read from requests and passed on.",
		"fields": fieldList(
			Def{"extract": Def{"type": "array", "description": "Formats to read, in order.", "elements": Def{"type": "string", "one_of": extract}}},
			Def{"clear": Def{"type": "array", "description": "Headers to remove after reading.", "elements": headerNameDef()}},
			Def{"inject": Def{"type": "array", "description": "Formats to write.", "elements": Def{"type": "string", "one_of": inject}}},
			Def{"default_format": Def{"type": "string", "description": "Format to write when none was read.", "required": true, "one_of": formats}},
		),
	}
}

// RedisDef returns a fresh copy of the record that schemas get from
// kong.tools.redis.schema to describe a Redis connection.
func RedisDef() Def {
	return Def{
		"type":        "record",
		"description": "Connection to a Redis server.",
		"required":    true, // as the queue
		"fields": fieldList(
			Def{"host": hostDef()},
			Def{"port": with(portDef(), Def{"default": Number("6379")})},
			Def{"timeout": with(timeoutDef(), Def{"default": Number("2000")})},
			Def{"username": Def{"type": "string", "description": "User name for the connection.", "referenceable": true}},
			Def{"password": Def{"type": "string", "description": "Password for the connection.", "referenceable": true, "encrypted": true, "len_min": Number("0")}},
			Def{"database": Def{"type": "integer", "description": "Number of the database.", "default": Number("0")}},
			Def{"ssl": Def{"type": "boolean", "description": "Whether to connect with TLS.", "required": false, "default": false}},
			Def{"ssl_verify": Def{"type": "boolean", "description": "Whether to verify the server's certificate.", "required": false, "default": false}},
			Def{"server_name": with(sniDef(), Def{"required": false})},
		),
	}
}
