package session

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// Plane is what is known of a control plane. None of it ever changes.
type Plane struct {
	id, name string
	cluster  string // its cluster_type
	cloud    bool   // its data planes run in dedicated cloud gateways
}

const (
	clusterPlain     = "CLUSTER_TYPE_CONTROL_PLANE"
	clusterGroup     = "CLUSTER_TYPE_CONTROL_PLANE_GROUP"
	clusterIngress   = "CLUSTER_TYPE_K8S_INGRESS_CONTROLLER"
	serverlessPrefix = "CLUSTER_TYPE_SERVERLESS" // there are two
)

// Deployment is the kind of its data planes, where plugins depend on that.
func (p Plane) Deployment() plugins.Deployment {
	switch {
	case strings.HasPrefix(p.cluster, serverlessPrefix):
		return plugins.Serverless
	case p.cluster == clusterPlain && p.cloud:
		return plugins.DedicatedCloud
	case p.cluster == clusterPlain:
		return plugins.Hybrid
	}
	return ""
}

// planeOf reads a control plane as the server shows it.
func planeOf(doc map[string]any) Plane {
	doc = document.Lift(doc, entity.ControlPlane.ReplyPaths)
	id, _ := doc["id"].(string)
	name, _ := doc["name"].(string)
	cluster, _ := doc["cluster_type"].(string)
	cloud, _ := doc["cloud_gateway"].(bool)
	return Plane{id, name, cluster, cloud}
}

// IsGroup reports whether a control plane, as the server shows it, is a group.
func IsGroup(doc map[string]any) bool { return planeOf(doc).cluster == clusterGroup }

// NotePlane keeps what the control plane said of itself.
func (s *Session) NotePlane(doc map[string]any) {
	if p := planeOf(doc); p.id != "" && p.cluster != "" {
		s.planes.note(p.id, heldPlane{plane: &p})
	}
}

// Plane returns a control plane by its id, if it is known or can be asked. It
// does not say why a control plane cannot be read: other requests will.
func (s *Session) Plane(ctx context.Context, id any) (Plane, bool) {
	key, ok := id.(string)
	if !ok || key == "" || s.API == nil {
		return Plane{}, false
	}
	found := s.plane(ctx, key).plane
	if found == nil {
		return Plane{}, false
	}
	return *found, true
}

// heldPlane is what the control plane API says of an id.
type heldPlane struct {
	plane   *Plane // nil if it cannot be read
	missing bool   // it says that there is none
}

func (s *Session) plane(ctx context.Context, id string) heldPlane {
	return s.planes.ask(id, func() heldPlane {
		doc, err := s.API.Read(ctx, client.Ref{Type: entity.ControlPlane, Key: id}, client.Often)
		if err != nil {
			return heldPlane{missing: errors.Is(err, client.ErrNotFound)}
		}
		p := planeOf(doc)
		return heldPlane{plane: &p}
	})
}

// ReadOnly says why a control plane takes no entities, and which would; or "".
func (s *Session) ReadOnly(ctx context.Context, p Plane) string {
	who := p.id
	if p.name != "" {
		who = fmt.Sprintf("%q (%s)", p.name, p.id)
	}
	switch p.cluster {
	case clusterGroup:
		text := fmt.Sprintf("control_plane_id: %s is a control plane group, which is read-only: it takes no entities and no plugins of its own, "+
			"but shows its data planes those of its members. ", who)
		if members := s.members(ctx, p.id); len(members) > 0 {
			return text + "Use a member instead: " + strings.Join(members, ", ") + ". What is global on one member holds for the whole group."
		}
		return text + "Use a member instead; it has none yet that could be named here."
	case clusterIngress:
		return fmt.Sprintf("control_plane_id: %s is a read-only control plane: the Kubernetes ingress controller writes it. "+
			"Configure it there, or use another control plane.", who)
	}
	return ""
}

// members names the members of a control plane group, where they can be read.
func (s *Session) members(ctx context.Context, group string) []string {
	path, err := client.Ref{Type: entity.ControlPlane, Key: group}.Path()
	if err != nil {
		return nil
	}
	docs, err := s.API.ListPath(ctx, entity.Platform, path+"/"+entity.GroupMember.Path, nil)
	if err != nil {
		return nil
	}
	out := make([]string, 0, len(docs))
	for _, doc := range docs {
		p := planeOf(doc)
		out = append(out, fmt.Sprintf("%q (%s)", p.name, p.id))
	}
	sort.Strings(out)
	return out
}
