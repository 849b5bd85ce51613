// Command gehoor carries out a complaints procedure by chat: complainants in Telegram, a committee in Slack, and a clock.
// This package reads the settings, opens and wires what they name, and decides nothing of a complaint.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is the command line. What a command needs to know is in the fields of its struct; each has a Run method.
type commands struct {
	Demo      demoSettings      `cmd:"" help:"Try it all on this machine: one page, nothing to configure, nothing leaves the machine."`
	Serve     settings          `cmd:"" help:"Run for real, between your Telegram bot, your Slack and your mail server."`
	Migrate   migrateSettings   `cmd:"" help:"Bring the database to this version and stop. The command serve does this by itself."`
	Procedure procedureCommands `cmd:"" help:"Check a file with settings of your procedure, or print those in force."`
	Schedule  scheduleSettings  `cmd:"" help:"Show what runs by itself, and when next."`
	Timeline  timelineSettings  `cmd:"" help:"Show what would happen to a complaint that nobody touches, day by day, and who is told."`
	Flow      flowSettings      `cmd:"" help:"Draw the conversation with a complainant, as a Mermaid state diagram."`
	Version   versionSettings   `cmd:"" help:"Say which version this is."`
}

const description = `Gehoor carries out a complaints procedure by chat: complainants in Telegram, a committee in Slack, and a clock that ` +
	`lets nobody be forgotten. To see it work, run: gehoor demo`

// The statuses with which the program ends.
const (
	exitFailed  = 1 // it could not do what it was asked
	exitSetting = 2 // it was asked wrongly: a setting or the command line
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// What lives long is small and what is made for one message is not: collecting less often costs little memory.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
	// After the first signal everything winds down; a second one ends the program on the spot.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run does what the command line asks and returns the status to end with.
func run(ctx context.Context, args []string, out, complaints io.Writer) int {
	parser, err := kong.New(new(commands),
		kong.Name("gehoor"), kong.Description(description), kong.Writers(out, complaints),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}), kong.ExplicitGroups(groups),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.BindTo(out, (*io.Writer)(nil)),
	)
	if err != nil {
		return fail(complaints, err)
	}
	if len(args) == 0 {
		parser.Stdout = complaints
		args = []string{"--help"}
		parser.Exit = func(int) { os.Exit(exitSetting) }
	}
	forgetEmpty()
	chosen, err := parser.Parse(args)
	if err != nil {
		return fail(complaints, &settingError{What: err.Error() + "; gehoor --help shows what there is"})
	}
	if err := misspelt(parser.Model.Node, chosen.Selected()); err != nil {
		return fail(complaints, err)
	}
	return fail(complaints, chosen.Run())
}

// fail says in one line what went wrong, if anything did, and returns the status to end with.
func fail(complaints io.Writer, err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(complaints, "gehoor:", strings.Join(strings.Fields(err.Error()), " "))
	var coder kong.ExitCoder
	if errors.As(err, &coder) {
		return coder.ExitCode()
	}
	return exitFailed
}
