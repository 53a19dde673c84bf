package provider_test

import (
	"os"
	"testing"
)

// TestMain lets the acceptance tests run under a plain go test, and keeps the
// plugin SDK from formatting logs that nobody reads.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{
		"TF_ACC":                     "1",
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
