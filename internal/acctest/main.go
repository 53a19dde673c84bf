package acctest

import (
	"os"
	"testing"
)

// Main runs a package's tests so that they need nothing of their surroundings:
// acceptance tests run under a plain go test, nobody's credentials are used,
// and the plugin SDK formats no logs, which nobody reads.
func Main(m *testing.M) {
	for name, value := range map[string]string{
		"TF_ACC":                     "1",
		"GOGC":                       "400", // terraform, which lives for a second, collects less of its garbage
		"TF_LOG_SDK":                 "OFF",
		"TF_LOG_SDK_PROTO":           "OFF",
		"TF_LOG_SDK_FRAMEWORK":       "OFF",
		"CHECKPOINT_DISABLE":         "1",
		"TF_CLI_CONFIG_FILE":         os.DevNull,
		"KONNECT_TOKEN":              "",
		"KONNECT_SPAT":               "",
		"KONNECT_SERVER_URL":         "",
		"KONNECT_EMBEDDED":           "konnect.db", // for configurations without a provider block
		"TF_ACC_PERSIST_WORKING_DIR": "",
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
