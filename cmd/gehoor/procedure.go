package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"websec.nl/gehoor/cases"
)

// procedureCommands are the commands for whoever writes a procedure file.
type procedureCommands struct {
	Check  checkSettings  `cmd:"" help:"Say all that is wrong with a procedure file, line by line, and what would be right."`
	Print  printSettings  `cmd:"" help:"Print all settings of the procedure that are in force, as such a file."`
	Schema schemaSettings `cmd:"" help:"Print the JSON Schema of a procedure file, with which an editor helps to write one."`
}

// checkSettings is what the command procedure check wants to know.
type checkSettings struct {
	File string `arg:"" help:"YAML file with what differs from the built-in procedure."`
}

// Run is the command procedure check: it prints what it finds as FILE:LINE: setting: what is wrong; what would be right.
func (c *checkSettings) Run(out io.Writer) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return &settingError{What: fmt.Sprintf("%s can't be read (%v); it must be a YAML file with settings of the procedure", c.File, err)}
	}
	now := time.Now()
	procedure, found := cases.CheckProcedure(text, now, schedulesFrom(now))
	wrongs := 0
	for _, f := range found {
		said := f.String()
		if f.Warning {
			said = "warning: " + said
		} else {
			wrongs++
		}
		fmt.Fprintf(out, "%s:%d: %s\n", c.File, max(f.Line, 1), said)
	}
	if procedure == nil {
		return fmt.Errorf("%s is not right: %d to mend", c.File, wrongs)
	}
	_, err = fmt.Fprintf(out, "%s is right: version %s\n", c.File, procedure.Version)
	return err
}

// printSettings is what the command procedure print wants to know.
type printSettings struct {
	Procedure procedureSettings `embed:""`
}

// Run is the command procedure print.
func (p *printSettings) Run(out io.Writer) error {
	if err := p.Procedure.check(); err != nil {
		return err
	}
	settings := p.Procedure.Settings
	_, err := fmt.Fprintf(out, "# The procedure of %s, version %s.\n%s", settings.Organisation, settings.Version, settings.YAML())
	return err
}

// schemaSettings is what the command procedure schema wants to know: nothing.
type schemaSettings struct{}

// Run is the command procedure schema.
func (schemaSettings) Run(out io.Writer) error {
	_, err := out.Write(cases.ProcedureSchema)
	return err
}
