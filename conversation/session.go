package conversation

import (
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// State names what the conversation waits for. The states stand in flow.go.
type State string

// Session is all that is remembered of one conversation. It stays small whatever is told: a long story is kept in parts
// beside it, by Append, and files by Attach. Make a new one with New; the zero Session is one that never began.
type Session struct {
	Version   string           `json:"v,omitempty"` // of the procedure that what is being told began with; empty: the one of now
	Language  i18n.Language    `json:"l,omitempty"`
	State     State            `json:"s,omitempty"`
	Step      int              `json:"n,omitempty"` // grows with each question; a button carries the step it belongs to
	Consented time.Time        `json:"c,omitzero"`
	Answers   cases.Words      `json:"a,omitempty"` // of the complaint or the talk that is being told, by their fields
	Days      days             `json:"y,omitempty"` // that the answer to when speaks of
	Messages  map[string]int64 `json:"m,omitempty"` // by fields: the message that gave the answer
	Story     Story            `json:"t,omitzero"`
	Early     []early          `json:"e,omitempty"`  // what came before there was a place for it
	Changing  string           `json:"z,omitempty"`  // the part that is being changed from where it is reviewed
	Draft     State            `json:"d,omitempty"`  // where the complaint goes on that was put aside for the menu or a talk
	By        cases.Means      `json:"b,omitempty"`  // how somebody would rather go on than by chat; empty: they would be called
	Asking    bool             `json:"aa,omitempty"` // something was answered for a talk that is not asked for yet
	Talk      cases.Number     `json:"p,omitempty"`  // the talk that was asked for with what is told now
	Return    State            `json:"r,omitempty"`  // where it goes on after what came in between
	Case      cases.Number     `json:"k,omitempty"`  // the case that what comes in between is about
	Proposal  int              `json:"ab,omitempty"` // the event of Case with the proposal that it is about
	Aside     cases.Words      `json:"i,omitempty"`  // what was said for it, until it is sent
	Pieces    []piece          `json:"j,omitempty"`  // of Aside's words to the committee
	Added     int              `json:"x,omitempty"`  // files that were added to Case
	Link      link             `json:"ac,omitzero"`  // of the write-up that they are shown, or will be once they agree that we read what they send
	Talks     []cases.Number   `json:"ad,omitempty"` // the talks that were asked for with it before Talk
	Grown     []grown          `json:"ae,omitempty"` // the complaints that were filed of what talks had been asked for with
	Unsent    []letter         `json:"af,omitempty"` // what was begun for cases and left before it was sent
	Has       bool             `json:"h,omitempty"`  // the person has filed something: there are cases to look up
	Scoped    bool             `json:"o,omitempty"`  // they know what the procedure is not for
	Heard     int64            `json:"w,omitempty"`  // when they were last heard, in unix seconds
	Reminded  int              `json:"q,omitempty"`  // how often since then they were reminded of what is unfinished
	Spoke     int64            `json:"u,omitempty"`  // when something was last said that led nowhere, in unix seconds
	Pace      int              `json:"f,omitempty"`  // how much they said lately that led nowhere
	Refusal   string           `json:"ba,omitempty"` // why something was not kept, the last that was said of that
	Refused   int64            `json:"bb,omitempty"` // when something was last not kept for that reason, in unix seconds
	Maybe     maybe            `json:"be,omitzero"`  // what was typed for a name or a day, and is most often none
	Unsaid    int              `json:"bc,omitempty"` // files that were kept since it was last said that one was
	Took      int64            `json:"bd,omitempty"` // when it was last said that a file was kept, in unix seconds

	asked asked // what is remembered of an effect until it is resolved, and not kept
}

// asked says what an effect was for, where the session does not say so.
type asked struct {
	pending pending      // what Done will be about
	looking cases.Number // the case of which Look is to tell, or that Helped is about; empty: Look tells of all
	edited  Edited       // the message that Amend may find a part of

	field    string    // the answer that was changed
	said     i18n.Text // of the change
	helps    bool      // what they said of a talk
	goes     bool      // the complaint that a talk grew into is open
	begin    string    // what a button under a proposal asked for
	proposal int       // which

	attached Attached // the file that Attach is about
	spoke    int64    // what Spoke was when it came
}

// Story says what is kept of the story and of the files of a complaint.
type Story struct {
	Parts   int    `json:"p,omitempty"`
	Length  int    `json:"l,omitempty"` // characters in all parts together
	Excerpt string `json:"x,omitempty"` // how it begins
	Files   int    `json:"f,omitempty"`
	Bytes   int64  `json:"b,omitempty"` // of all files together, as far as they are known
	Done    bool   `json:"d,omitempty"` // they said that this is all of it
	Since   int64  `json:"s,omitempty"` // the first message that is part of it
	Last    int64  `json:"m,omitempty"` // the last
	Said    int    `json:"n,omitempty"` // what we said since the last
}

// early is something that came before there was a place for it: words, or a file with words under it.
type early struct {
	Text    string            `json:"t,omitempty"`
	File    *cases.Attachment `json:"f,omitempty"`
	Message int64             `json:"m,omitempty"`
}

// piece is a piece of what is being written to the committee: the message that it came from, and its length in bytes.
type piece struct {
	Message int64 `json:"m,omitempty"`
	Length  int   `json:"l"`
}

// New is the session of somebody who was not heard of before. Profile is the BCP 47 tag of the language that they set in
// their chat program; empty where it is not known.
func New(profile string) Session {
	if profile == "" {
		return Session{Language: i18n.Languages[0]}
	}
	return Session{Language: i18n.Closest(profile)}
}

// Kept is the session as it is when it is read back: without what is remembered of an effect until that is resolved.
func (s Session) Kept() Session {
	s.asked = asked{}
	return s
}

// has says whether anything is kept of the complaint in the story or its files.
func (s Story) has() bool { return s.Parts > 0 || s.Files > 0 }

// told says whether anything is kept of what the person told and has not sent.
func (s *Session) told() bool {
	return len(s.Answers) > 0 || s.Story.has() || len(s.Early) > 0
}

// at is where the person is, leaving out what came in between.
func (s *Session) at(f *flow) State {
	if f.between(s.State) {
		return s.Return
	}
	return s.State
}
