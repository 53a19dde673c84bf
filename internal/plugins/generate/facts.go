package main

// info collects the facts about a plugin as a whole.
func info(p, def table) table {
	a, _ := p["availability"].(table)
	versions, _ := a["versions"].(table)
	protocols, _ := a["protocols"].(table)
	out := table{
		"tier":                a["tier"],
		"since":               versions["min"],
		"last":                versions["last"],
		"konnect":             a["konnect"],
		"not_in_konnect":      a["konnect_unavailable_evidence"] != nil || a["konnect"] == nil,
		"managed_by_konnect":  a["managed_by_konnect"],
		"published":           a["official_provider_resource"],
		"tech_preview":        a["tech_preview"],
		"scopes":              a["scopes"],
		"global":              a["global_allowed"],
		"protocols":           protocols["allowed"],
		"default_protocols":   protocols["default"],
		"priority":            a["priority"],
		"priority_by_version": a["priority_by_version"],
		"partials":            def["supported_partials"],
		"rules_of":            p["schema_source"],
	}
	notes, _ := a["konnect_notes"].(table)
	out["konnect_only"] = notes["konnect_only"]
	out["limits"] = notes["config"]
	for k, v := range out {
		if list, isList := v.([]any); v == nil || v == false || isList && len(list) == 0 {
			delete(out, k)
		}
	}
	return out
}
