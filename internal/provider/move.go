package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// moved is a state of ours, of the published provider, or of one for self-managed
// gateways, as one of this resource.
func (s *server) moved(req *tfprotov6.MoveResourceStateRequest, target *resource.Resource) (tftypes.Value, report.Diagnostics) {
	read := func() (tftypes.Value, error) { return target.Moved(s.resources[req.SourceTypeName], req.SourceState) }
	if source := resource.Elsewhere(req.SourceProviderAddress, req.SourceTypeName); source == target.Type {
		read = func() (tftypes.Value, error) { return target.From(req.SourceState) }
	} else if fault := s.unmovable(req, target); fault != "" {
		return tftypes.Value{}, report.Diagnostics{report.Failure(nil, "Unable to move the resource", fault)}
	}
	state, err := read()
	if err != nil {
		return state, target.Unreadable("state", err)
	}
	return state, nil
}

// unmovable says why a state cannot become one of this resource, or "". States
// move between resource types of one entity, and from the published provider,
// whatever registry it was installed from.
func (s *server) unmovable(req *tfprotov6.MoveResourceStateRequest, target *resource.Resource) string {
	source := s.resources[req.SourceTypeName]
	switch {
	case !isOurs(req.SourceProviderAddress):
		return fmt.Sprintf("The state of %s belongs to the provider %s, which is another.", req.SourceTypeName, req.SourceProviderAddress)
	case req.SourceSchemaVersion != 0:
		return fmt.Sprintf("The state of %s has the schema version %d; known is version 0.", req.SourceTypeName, req.SourceSchemaVersion)
	case source == nil || source.Type != target.Type:
		return fmt.Sprintf("%s and %s are different things; nothing moves from one to the other.", req.SourceTypeName, req.TargetTypeName)
	}
	return ""
}

// isOurs reports whether a provider address, host/namespace/type, is this
// provider or the one whose resources it takes over.
func isOurs(address string) bool {
	parts := strings.Split(address, "/")
	return len(parts) >= 2 && parts[len(parts)-1] == "konnect"
}
