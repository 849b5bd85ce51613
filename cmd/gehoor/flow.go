package main

import (
	"io"

	"websec.nl/gehoor/conversation"
)

// flowSettings is what the command flow wants to know.
type flowSettings struct {
	Procedure procedureSettings `embed:""`
}

// Run is the command flow.
func (f *flowSettings) Run(out io.Writer) error {
	if err := f.Procedure.check(); err != nil {
		return err
	}
	_, err := io.WriteString(out, conversation.Drawing(f.Procedure.Settings))
	return err
}
