package provider

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// plane is what is known of a control plane. None of it ever changes.
type plane struct {
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

// deployment is the kind of its data planes, where plugins depend on that.
func (p plane) deployment() plugins.Deployment {
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
func planeOf(doc map[string]any) plane {
	doc = regular{entity.ControlPlane}.lift(doc)
	id, _ := doc["id"].(string)
	name, _ := doc["name"].(string)
	cluster, _ := doc["cluster_type"].(string)
	cloud, _ := doc["cloud_gateway"].(bool)
	return plane{id, name, cluster, cloud}
}

// planeBook knows the control planes of a session: those that Terraform showed
// and those that were asked for, each once.
type planeBook struct {
	mu    sync.Mutex
	asked map[string]*planeAnswer
}

type planeAnswer struct {
	once  sync.Once
	plane plane
	known bool
}

// note keeps what Terraform or the control plane itself said.
func (b *planeBook) note(p plane) {
	if p.id == "" || p.cluster == "" {
		return
	}
	a := b.answer(p.id, true)
	a.once.Do(func() { a.plane, a.known = p, true })
}

// answer returns the answer for an id, a new one when the last was of no use
// and there is something better now.
func (b *planeBook) answer(id string, better bool) *planeAnswer {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.asked == nil {
		b.asked = map[string]*planeAnswer{}
	}
	a := b.asked[id]
	if a == nil || better {
		a = &planeAnswer{}
		b.asked[id] = a
	}
	return a
}

// plane returns a control plane by its id, if it is known or can be asked.
// That it cannot be read is not this caller's business.
func (s *session) plane(ctx context.Context, id any) (plane, bool) {
	key, ok := id.(string)
	if !ok || key == "" || s.api == nil {
		return plane{}, false
	}
	a := s.planes.answer(key, false)
	a.once.Do(func() {
		doc, err := s.api.Get(ctx, client.Ref{Type: entity.ControlPlane, Key: key})
		if err == nil {
			a.plane, a.known = planeOf(doc), true
		}
	})
	return a.plane, a.known
}

// readOnly says why a control plane takes no entities, and which would; or "".
func (s *session) readOnly(ctx context.Context, p plane) string {
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
func (s *session) members(ctx context.Context, group string) []string {
	path, err := client.Ref{Type: entity.ControlPlane, Key: group}.Path()
	if err != nil {
		return nil
	}
	docs, err := s.api.ListPath(ctx, entity.Platform, path+"/"+entity.GroupMember.Path, nil)
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

// holdsEntities reports whether objects of a type are part of what a control
// plane group takes from its members.
func holdsEntities(t *entity.Type) bool {
	for ; t != nil; t = t.Parent {
		if strings.HasPrefix(t.Path, "core-entities/") {
			return true
		}
	}
	return false
}
