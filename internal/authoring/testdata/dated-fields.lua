return { --! error the schema has the form of Kong 0 | write { name --! error name: field required for entity check
  fields = { --! error fields: expected an array
    endpoint = { type = "string" },
  },
}
