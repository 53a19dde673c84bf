package resource

import (
	"context"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
)

// controlPlane differs from other entities in its verb: a PATCH, which changes
// what it names and merges labels key by key. Its settings are at the top of
// requests and below config in answers.
type controlPlane struct{ patched }

// retiredClusterType is what Konnect once called a plain control plane.
const retiredClusterType = "CLUSTER_TYPE_HYBRID"

func (c controlPlane) judge(ctx context.Context, s *session.Session, in subject) candidate {
	read := c.patched.judge(ctx, s, in)
	if tfvalue.ToGo(tfvalue.Members(in.value)["cluster_type"]) == retiredClusterType {
		read.problems = report.Diagnostics{report.Warning(report.AttributePath("cluster_type"), "Retired cluster type",
			retiredClusterType+" is not known any more and is taken as CLUSTER_TYPE_CONTROL_PLANE. Write that, or leave the attribute out.")}
	}
	return read
}

func (c controlPlane) create(ctx context.Context, s *session.Session, w write) (map[string]any, error) {
	doc, err := c.patched.create(ctx, s, w)
	if err == nil {
		s.NotePlane(doc)
	}
	return doc, err
}

func (c controlPlane) read(ctx context.Context, s *session.Session, in subject) (map[string]any, error) {
	doc, err := c.patched.read(ctx, s, in)
	if err == nil {
		s.NotePlane(doc)
	}
	return doc, err
}
