package command

import "os"

// logVariables switch on the logs of a provider, by Terraform's convention.
var logVariables = []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_SDK", "TF_LOG_PROVIDER_KONNECT"}

// quietLogs switches the logs off unless someone asked for them. By default
// the SDK writes at trace level, terraform reads and discards it, and that is a
// third of the time of a plan. The levels are read from the environment for
// each call, so there is no other place to set them.
func quietLogs() {
	for _, name := range logVariables {
		if os.Getenv(name) != "" {
			return
		}
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_KONNECT"} {
		_ = os.Setenv(name, "OFF") // cannot fail for these names
	}
}
