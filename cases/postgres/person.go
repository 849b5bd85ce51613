package postgres

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// Mine returns the cases of the person in this chat, without words, the newest first.
func (t *Turn) Mine() ([]*cases.Case, error) {
	if err := t.once.write(t.ctx); err != nil { // one may have been filed a moment ago
		return nil, fmt.Errorf("list cases: %w", err)
	}
	return list(t.ctx, t.once, Filter{Chat: t.talk.chat, Limit: 20}, t.Now)
}

// Submit makes the case of a complaint that was confirmed; its story is what was kept by Append, and its files are those of
// Attach.
func (t *Turn) Submit(made cases.Complaint) (*cases.Case, error) {
	told, files, err := t.toldWithFiles()
	if err != nil {
		return nil, err
	}
	if len(told) > 0 {
		made.Answers[cases.FieldProblem] = join(told)
	}
	made.Files = pick(files, func(f draftFile) string { return f.id })
	nobody := t.namesNobody(made)
	number, id, err := t.once.number(t.ctx, cases.Formal)
	if err != nil {
		return nil, err
	}
	c := cases.Submit(number, made, t.talk.chat, t.Procedure, t.Now)
	if nobody {
		if err := c.Screen(nil, true, t.Procedure, t.Now); err != nil {
			return nil, err
		}
	}
	if err := t.once.insert(t.ctx, c, id); err != nil {
		return nil, err
	}
	if err := t.moveFiles(c, files); err != nil {
		return nil, err
	}
	t.rememberTold(c, told, made.Messages)
	t.eraseParts()
	t.talk.filed = true
	return c, t.renew()
}

// namesNobody says whether it is certain by now that a complaint names nobody of the workspace. It comes before the case has its
// number, since all others wait for theirs from then on.
func (t *Turn) namesNobody(made cases.Complaint) bool {
	says := t.once.store.namesNobody
	return says != nil && says(cases.Event{Kind: cases.Filed, Words: made.Answers}, t.Procedure)
}

// rememberTold has it written which messages of the chat a case began with.
func (t *Turn) rememberTold(c *cases.Case, told []part, answers map[string]int64) {
	fields := make(map[int64]string, len(told)+len(answers))
	for _, field := range slices.Backward(slices.Sorted(maps.Keys(answers))) {
		fields[answers[field]] = field
	}
	for _, p := range told {
		fields[p.message] = cases.FieldProblem
	}
	t.remember(c, 1, fields)
}

// Request makes the case of a talk that was asked for. What was told of a complaint goes with it, the files too, and stays where
// it is as well.
func (t *Turn) Request(talk cases.TalkRequest) (*cases.Case, error) {
	told, files, err := t.toldWithFiles()
	if err != nil {
		return nil, err
	}
	number, id, err := t.once.number(t.ctx, cases.Talk)
	if err != nil {
		return nil, err
	}
	copies := copiesOf(files)
	talk.Files = pick(copies, func(f draftFile) string { return f.id })
	if len(told) > 0 {
		if talk.Told = maps.Clone(talk.Told); talk.Told == nil {
			talk.Told = cases.Words{}
		}
		talk.Told[cases.FieldProblem] = join(told)
	}
	c := cases.Request(number, talk, t.talk.chat, t.Procedure, t.Now)
	if err := t.once.insert(t.ctx, c, id); err != nil {
		return nil, err
	}
	if err := t.copyFiles(c, copies); err != nil {
		return nil, err
	}
	t.rememberTold(c, told, talk.Messages)
	return c, nil
}

// remember has it written which messages of the chat stand in an event of a case, and in which field of it, so that a change of
// one finds them. Message 0 is one that is not known.
func (t *Turn) remember(c *cases.Case, event int, fields map[int64]string) {
	delete(fields, 0)
	if len(fields) == 0 {
		return
	}
	messages := slices.Sorted(maps.Keys(fields))
	t.once.saving.add(`INSERT INTO case_message (chat, message, case_id, seq, field)
		SELECT $1, m, $4, $5, f FROM unnest($2::bigint[], $3::text[]) AS n (m, f)
		ON CONFLICT (chat, message) DO UPDATE SET case_id = excluded.case_id, seq = excluded.seq, field = excluded.field`,
		t.talk.chat, messages, pick(messages, func(m int64) string { return fields[m] }), c.ID, event)
}

// change lets the person change a case of theirs. A case of somebody else's is ErrNotFound; a *cases.Refusal is returned as it
// is, and nothing is kept.
func (t *Turn) change(number cases.Number, change func(*cases.Case) error) (*cases.Case, error) {
	c, err := t.own(number)
	if err != nil {
		return nil, err
	}
	if err := change(c); err != nil {
		return nil, err
	}
	return c, t.once.save(t.ctx, c, len(c.Told))
}

// own locks a case of the person. A case of somebody else's is ErrNotFound.
func (t *Turn) own(number cases.Number) (*cases.Case, error) {
	c, err := t.once.lock(t.ctx, number)
	if err != nil {
		return nil, err
	}
	if c.Chat != t.talk.chat {
		return nil, fmt.Errorf("case %s: %w", number, ErrNotFound)
	}
	return c, nil
}

// say lets the person change a case of theirs by words that came in messages of the chat, of which 0 is one that is not known.
// The messages are remembered, so that a change of one finds the case.
func (t *Turn) say(number cases.Number, messages []int64, change func(*cases.Case) error) error {
	c, err := t.change(number, change)
	if err == nil {
		fields := make(map[int64]string, len(messages))
		for _, m := range messages {
			fields[m] = ""
		}
		t.remember(c, c.LastSeq, fields)
	}
	return err
}

// Reply puts words of the person into the file of a case of theirs.
func (t *Turn) Reply(number cases.Number, words string, messages ...int64) error {
	return t.say(number, messages, func(c *cases.Case) error { return c.Reply(words, t.Now) })
}

// ofMessage finds what a message of a chat belongs to in a case: an event with its words, or where it brought a file without words, and
// that is not in what is being told as well, event 0.
const ofMessage = `SELECT m.case_id, m.seq, m.field, e.at AS said FROM case_message m JOIN event e ON e.case_id = m.case_id AND e.seq = m.seq
			WHERE m.chat = $1 AND m.message = $2
		UNION ALL SELECT a.case_id, 0, '', a.at FROM attachment a JOIN cases c ON c.id = a.case_id WHERE c.chat = $1 AND a.message = $2
			AND NOT EXISTS (SELECT FROM attachment WHERE chat = $1 AND message = $2)`

// Correct puts words into the file of the case whose words came from a message, or a file without words, and returns the case; not ok
// where the message belongs to no case of theirs.
func (t *Turn) Correct(message int64, words string) (number cases.Number, ok bool, err error) {
	if message == t.unfiled {
		return "", false, nil
	}
	var earlier cases.Earlier
	c, err := t.once.lockOne(t.ctx, `SELECT `+lockColumns+`, m.seq, m.field, m.said
		FROM cases, (`+ofMessage+` ORDER BY seq DESC LIMIT 1) AS m
		WHERE id = m.case_id AND chat = $1 FOR NO KEY UPDATE OF cases`, []any{t.talk.chat, message}, &earlier.Event, &earlier.Field, &earlier.At)
	if errors.Is(err, ErrNotFound) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("case of a message: %w", err)
	}
	if earlier.Event > 0 {
		err = c.Correct(earlier, words, t.Now)
	} else if err = c.Reply(words, t.Now); err == nil {
		t.remember(c, c.LastSeq, map[int64]string{message: ""})
	}
	if err != nil {
		return c.Number, true, err
	}
	return c.Number, true, t.once.save(t.ctx, c, len(c.Told))
}

// Withdraw ends a case of theirs. The reason may be empty.
func (t *Turn) Withdraw(number cases.Number, reason string, messages ...int64) error {
	return t.say(number, messages, func(c *cases.Case) error { return c.Withdraw(reason, t.Now) })
}

// ChangeContact changes where the person can be reached about a case; what is empty stays.
func (t *Turn) ChangeContact(number cases.Number, telephone, email string) error {
	_, err := t.change(number, func(c *cases.Case) error { return c.ChangeContact(telephone, email, t.Now) })
	return err
}

// Answer says whether they agree with the solution that an event of the case proposed, or what they have against it.
func (t *Turn) Answer(number cases.Number, proposal int, agree bool, words string, messages ...int64) error {
	return t.say(number, messages, func(c *cases.Case) error { return c.Answer(proposal, agree, words, t.Now) })
}

// Helped says whether a talk helped. If that is wanted, it returns what they had told for it, by its fields.
func (t *Turn) Helped(number cases.Number, yes, wanted bool) (told cases.Words, err error) {
	c, err := t.change(number, func(c *cases.Case) error { return c.Helped(yes, t.Now) })
	if err != nil || !wanted {
		return nil, err
	}
	f := new(cases.File)
	if f.Events, err = t.once.events(t.ctx, c); err != nil {
		return nil, err
	}
	f.Assemble()
	return f.Answers, nil
}

// Rate says how a case was handled that is closed.
func (t *Turn) Rate(number cases.Number, rating cases.Rating, messages ...int64) error {
	return t.say(number, messages, func(c *cases.Case) error { return c.Rate(rating, t.once.store.ProcedureOf(c.Version), t.Now) })
}

// ChangeLanguage has the person written to in another language about their open cases, from now on.
func (t *Turn) ChangeLanguage(l i18n.Language) error {
	return t.each(func(c *cases.Case) { c.ChangeLanguage(l, t.Now) })
}

// Left records that the person closed the chat to us, unless something that they did later was heard before: they came back
// since.
func (t *Turn) Left() error {
	if t.late {
		return nil
	}
	t.talk.gone = true
	return t.each(func(c *cases.Case) { c.Leave(t.Now) })
}

// back records that a person who had closed the chat to us is there again, unless what is heard of them is from before that.
func (t *Turn) back() error {
	if !t.talk.gone || t.late {
		return nil
	}
	t.talk.gone = false
	return t.each(func(c *cases.Case) { c.Return(t.Now) })
}

// each changes the open cases of the person.
func (t *Turn) each(change func(*cases.Case)) error {
	mine, err := t.once.lockAll(t.ctx, `chat = $1 AND stage <> 'closed'`, t.talk.chat)
	if err != nil {
		return fmt.Errorf("lock the cases of a person: %w", err)
	}
	for _, c := range mine {
		change(c)
		if err := t.once.save(t.ctx, c, len(c.Told)); err != nil {
			return err
		}
	}
	return nil
}
