package command

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruptible ends a context at SIGINT or SIGTERM. A second one ends the
// program, whatever it waits for.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// howToGoOn says what to do after a command was interrupted.
var howToGoOn = map[string]string{
	"import": "What was changed stays. Run the same command again: it finds what is done already, and does the rest.",
	"export": "Nothing was written. Run the same command again.",
	"dump":   "FILE is as it was before. Run the same command again.",
	"load":   "The database is as empty as it was before. Run the same command again.",
}
