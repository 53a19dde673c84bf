package provider_test

import (
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }
