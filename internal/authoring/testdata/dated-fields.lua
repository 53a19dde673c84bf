return { --! error the schema has the form from before Kong 1.0 | write { name --! error name: field required for entity check
  fields = { --! error fields: expected an array
    endpoint = { type = "string" },
  },
}
