package gateway

import (
	"net/http"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
)

// searched are the types in which forms of the user interface look for a
// reference.
var searched = []*entity.Type{entity.Service, entity.Route, entity.Consumer, entity.ConsumerGroup, entity.Plugin}

// searchRoutes serves searches: lists of what has the text q in its id, in one
// of its names or in a tag, whatever the case of letters.
func (s *Gateway) searchRoutes(serve openapi.Register) {
	for _, t := range searched {
		c := s.collection(t)
		asked := openapi.OffsetParameters(t)
		asked["q"] = openapi.Text
		serve("GET "+dao.InControlPlane+t.Path+"/search", openapi.OK(openapi.OffsetPage(openapi.AnswerOf(t))).Asking(asked), c.reading(c.search))
	}
}

func (c *collection) search(w http.ResponseWriter, r *http.Request, scope, _ string) error {
	q, err := wire.CoreQuery(c.typ, r.URL.Query())
	if err != nil {
		return err
	}
	text := strings.ToLower(r.URL.Query().Get("q"))
	q.Match = func(doc map[string]any) bool {
		return slices.ContainsFunc(calledBy(doc), func(name string) bool { return strings.Contains(strings.ToLower(name), text) })
	}
	return c.answerList(w, r, scope, q)
}

// calledBy are the texts by which people know an entity.
func calledBy(doc map[string]any) []string {
	var names []string
	for _, field := range []string{"id", "name", "username", "custom_id", "instance_name"} {
		names = append(names, jsonvalue.Text(doc[field]))
	}
	tags, _ := doc["tags"].([]any)
	for _, tag := range tags {
		names = append(names, jsonvalue.Text(tag))
	}
	return names
}
