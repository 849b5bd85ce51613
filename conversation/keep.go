package conversation

import (
	"maps"
	"slices"

	"websec.nl/gehoor/cases"
)

// own makes Answers and Messages ours to change.
func (t *turn) own() {
	if t.copied {
		return
	}
	t.copied = true
	t.Answers, t.Messages = maps.Clone(t.Answers), maps.Clone(t.Messages)
	if t.Answers == nil {
		t.Answers = cases.Words{}
	}
	if t.Messages == nil {
		t.Messages = map[string]int64{}
	}
}

// set keeps the answer in a field, and which message gave it; 0: none did.
func (t *turn) set(field, value string, message int64) {
	t.own()
	t.Answers[field] = value
	delete(t.Messages, field)
	if message != 0 {
		t.Messages[field] = message
	}
}

func (t *turn) delete(field string) {
	if _, there := t.Answers[field]; there {
		t.own()
		delete(t.Answers, field)
		delete(t.Messages, field)
	}
}

// setAside keeps what is said for what came in between.
func (t *turn) setAside(field, value string) {
	t.Aside = maps.Clone(t.Aside)
	if t.Aside == nil {
		t.Aside = cases.Words{}
	}
	t.Aside[field] = value
}

// forget erases what was told, but for the fields to keep.
func (t *turn) forget(kept ...string) {
	t.own()
	for field := range t.Answers {
		if !slices.Contains(kept, field) {
			delete(t.Answers, field)
		}
	}
	if len(t.Answers) == 0 {
		t.Answers = nil
	}
	t.Messages, t.copied, t.Asking, t.Unsaid = nil, false, false, 0
	t.do(Erase{}) // also where nothing counts any more: a file that could not be kept is still remembered
	t.Story, t.Days, t.Early, t.Draft, t.Changing, t.By, t.Talk, t.Talks, t.Version = Story{}, "", nil, "", "", "", "", nil, ""
}
