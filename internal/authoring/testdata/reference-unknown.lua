return { name = "mine", fields = {
  { owner = { type = "foreign", reference = "people" } }, --! error fields[1].owner: schema refers to an invalid foreign entity: people | name the entity: reference is one of ca_certificates, certificates
} }
