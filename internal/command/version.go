package command

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set by the release build.
var version = ""

// versionName is the version of the release, or of the module where this was
// installed by go install, or "dev".
func versionName() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}

func printVersion(_ context.Context, p process) int {
	fmt.Fprintf(p.stdout, "terraform-provider-konnect %s (%s %s/%s)\n", versionName(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return exitFine
}
