package fault_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// What is wrong with a database is told in every dialect, without its path. The
// status says what a client may do: repeat the request (503), repeat it if two
// do no more than one (504), or neither (507). Other failures keep their cause
// to themselves.
func TestAnswer_database(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind   error
		status int
		says   string
	}{
		"full":        {store.ErrFull, http.StatusInsufficientStorage, "no space left for the database"},
		"read-only":   {store.ErrReadOnly, http.StatusInsufficientStorage, "the database is read-only"},
		"unreachable": {store.ErrUnreachable, http.StatusServiceUnavailable, "nothing was written"},
		"undecided":   {store.ErrUndecided, http.StatusGatewayTimeout, "may have been made"},
		"newer":       {store.ErrNewer, http.StatusServiceUnavailable, "start the newer one"},
		"damaged":     {store.ErrDamaged, http.StatusInternalServerError, "internal error"},
		"unknown":     {nil, http.StatusInternalServerError, "internal error"},
	} {
		for _, dialect := range []entity.Family{entity.Core, entity.Platform, entity.Legacy} {
			err := &store.DatabaseError{Database: "/secret/place.db", Kind: c.kind, Err: errors.New("driver")}
			status, _, body := fault.Answer(http.Header{}, err, dialect, "1")
			text, _ := json.Marshal(body)
			if status != c.status || !strings.Contains(string(text), c.says) || strings.Contains(string(text), "place.db") {
				t.Errorf("%s, %v: got %d %s", name, dialect, status, text)
			}
			if dialect == entity.Core && body["code"] == 0 || dialect == entity.Platform && body["title"] == "" {
				t.Errorf("%s, %v: got %s", name, dialect, text)
			}
			if !fault.Failed(err) {
				t.Errorf("%s: the cause is not logged", name)
			}
		}
	}
}
