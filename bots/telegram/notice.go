package telegram

import (
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// NoticeText says what the chat tells a complainant for a notice of their case, in the case's language, as plain text. It
// is not ok for what is no notice to a complainant, or has lost its event or its words.
func NoticeText(f *cases.File, n cases.Notice, p *cases.Procedure) (text string, ok bool) {
	event, found := f.Event(n.Event)
	told, known := noticeTexts[n.Kind]
	if !found || !known {
		return "", false
	}
	texts := told(&notice{file: f, event: event, to: n.To, procedure: p})
	said := make([]string, len(texts))
	for i, t := range texts {
		said[i] = t.In(f.Case.Language)
	}
	return strings.Join(said, "\n\n"), len(said) > 0
}

// notice is what there is to tell about one event of a case.
type notice struct {
	file      *cases.File
	event     cases.Event
	to        cases.Recipient
	procedure *cases.Procedure
}

// noticeTexts holds the paragraphs of each notice; none if there is nothing to say.
var noticeTexts = map[cases.NoticeKind]func(*notice) []i18n.Text{
	cases.Acknowledgement:  (*notice).acknowledgement,
	cases.InHand:           (*notice).inHand,
	cases.Message:          (*notice).message,
	cases.Summary:          (*notice).summary,
	cases.Delay:            (*notice).delay,
	cases.LateNotice:       (*notice).late,
	cases.ProgressNotice:   (*notice).progress,
	cases.Confirmation:     (*notice).confirmation,
	cases.Proposal:         (*notice).proposal,
	cases.HelpedQuestion:   (*notice).helpedQuestion,
	cases.RatingQuestion:   (*notice).ratingQuestion,
	cases.ContactNotice:    (*notice).contactChanged,
	cases.WithdrawalNotice: (*notice).withdrawal,
	cases.ReopenedNotice:   (*notice).reopened,
	cases.ReportNotice:     (*notice).report,
	cases.LapseNotice:      (*notice).lapse,
	cases.ApprovalRequest:  (*notice).approval,
	cases.NobodyNotice:     (*notice).nobody,
}

// acknowledgement goes by chat only where mail failed.
func (n *notice) acknowledgement() []i18n.Text {
	received := i18n.Moment{Time: n.procedure.In(n.file.Case.Received)}
	return append([]i18n.Text{i18n.T("notice.acknowledgement", "number", n.number(), "received", received)}, n.aim()...)
}

func (n *notice) inHand() []i18n.Text {
	switch {
	case n.file.Case.Kind == cases.Talk:
		return []i18n.Text{i18n.T(talkTexts[n.by()], "number", n.number(), "organisation", n.procedure.Organisation)}
	case n.wasInHand():
		return append([]i18n.Text{i18n.T("notice.in-hand-again", "number", n.number())}, n.aim()...)
	}
	return append([]i18n.Text{i18n.T("notice.in-hand", "number", n.number())}, n.aim()...)
}

var talkTexts = map[cases.Means]string{
	cases.Call: "notice.talk-in-hand", cases.Email: "notice.talk-in-hand-email", cases.Letter: "notice.talk-in-hand-letter",
}

// by is how somebody asked to be spoken with.
func (n *notice) by() cases.Means {
	if asked, _ := n.file.Event(1); asked.Data["by"] == string(cases.Email) || asked.Data["by"] == string(cases.Letter) {
		return cases.Means(asked.Data["by"])
	}
	return cases.Call
}

// wasInHand says whether somebody else had taken the case up before.
func (n *notice) wasInHand() bool {
	for _, earlier := range n.file.Events[:n.event.Seq-1] {
		if earlier.Kind == cases.Taken || earlier.Kind == cases.Handed {
			return true
		}
	}
	return false
}

// aim says by when we want to be done, if that is still to come.
func (n *notice) aim() []i18n.Text {
	c := &n.file.Case
	if c.Deadline.IsZero() || c.Late(n.event.At) {
		return nil
	}
	return []i18n.Text{i18n.T("notice.aim", "day", i18n.Date{Time: c.LastDay(n.procedure)})}
}

// message are words of the committee; where they ask something, with the day by which an answer is asked for.
func (n *notice) message() []i18n.Text {
	texts := n.quoting("notice.message", cases.FieldText, "organisation", n.procedure.Organisation)
	if texts == nil {
		return nil
	}
	texts = append(texts, n.along()...)
	if n.event.Data["question"] == "" {
		return texts
	}
	if until, ok := n.day("until"); ok {
		return append(texts, i18n.T("notice.question-by", "until", until))
	}
	return append(texts, i18n.T("notice.question"))
}

// along says which files come after the words.
func (n *notice) along() []i18n.Text {
	var names []string
	for _, one := range n.file.FilesWith(n.event) {
		names = append(names, strings.TrimSpace(one.Name))
	}
	if len(names) == 0 {
		return nil
	}
	return []i18n.Text{i18n.T("notice.along", "count", len(names), "names", strings.Join(names, "\n"))}
}

func (n *notice) summary() []i18n.Text {
	when, err := time.Parse(time.RFC3339, n.event.Data["when"])
	if err != nil {
		return nil
	}
	said := i18n.Moment{Time: n.procedure.In(when)}
	if how, known := howTexts[cases.Manner(n.event.Data["how"])]; known {
		return n.quoting("notice.summary-how", cases.FieldSteps, "when", said, "how", i18n.T(how))
	}
	return n.quoting("notice.summary", cases.FieldSteps, "when", said)
}

// howTexts say how a contact was, as the data of its event tell.
var howTexts = map[cases.Manner]string{
	cases.OnTelephone: "notice.how.telephone", cases.OnVideo: "notice.how.video", cases.OnVisit: "notice.how.visit", cases.AtOffice: "notice.how.office",
}

var outcomeTexts = map[string]string{
	string(cases.Upheld):    "notice.outcome.upheld",
	string(cases.Partly):    "notice.outcome.partly",
	string(cases.NotUpheld): "notice.outcome.not-upheld",
	string(cases.Settled):   "notice.outcome.settled",
}

func (n *notice) confirmation() []i18n.Text {
	outcome, ok := outcomeTexts[n.event.Data["outcome"]]
	if !ok {
		return nil
	}
	made, _ := n.procedure.ClosingOf(n.event)
	key := "notice.solution"
	if made.Outcome == cases.NotUpheld {
		key = "notice.answer" // what follows is no solution
	}
	solution := n.quoting(key, cases.FieldSolution)
	if solution == nil {
		return nil
	}
	texts := []i18n.Text{i18n.T("notice.confirmation", "number", n.number(), "outcome", i18n.T(outcome))}
	texts = append(append(append(texts, points(made)...), solution...), measures(made)...)
	texts = append(texts, n.turnTo("notice.disagree")...)
	return append(texts, n.outside()...)
}

var pointTexts = map[cases.Outcome]string{
	cases.Upheld:    "notice.point.upheld",
	cases.Partly:    "notice.point.partly",
	cases.NotUpheld: "notice.point.not-upheld",
	cases.Settled:   "notice.point.settled",
}

// points say of each point of a complaint what it ended in, and why.
func points(made cases.Closing) (texts []i18n.Text) {
	for i, point := range made.Points {
		texts = append(texts, i18n.T("notice.point", "index", i+1, "point", strings.TrimSpace(point.Text),
			"outcome", i18n.T(pointTexts[point.Outcome]), "why", strings.TrimSpace(point.Why)))
	}
	return texts
}

// measures say what was promised, and by when, not by whom.
func measures(made cases.Closing) (texts []i18n.Text) {
	for i, m := range made.Measures {
		one := i18n.T("notice.measure", "what", strings.TrimSpace(m.Text), "day", i18n.Date{Time: m.Due})
		if i == 0 {
			one = i18n.T("notice.measures", "first", one)
		}
		texts = append(texts, one)
	}
	return texts
}

// report is what came of the hearing, to which they may react.
func (n *notice) report() []i18n.Text {
	return n.quoting("notice.report", cases.FieldText)
}

// lapse says that the case ended because nothing was heard.
func (n *notice) lapse() []i18n.Text {
	text := i18n.T("notice.lapse", "number", n.number())
	switch words := strings.TrimSpace(n.event.Words[cases.FieldText]); {
	case n.event.Kind != cases.Lapsed:
		return nil
	case words != "":
		text = i18n.T("notice.lapse-why", "number", n.number(), "words", words)
	}
	return append([]i18n.Text{text}, n.turnTo("notice.turn-to")...)
}

// approval goes by chat only to who has one with us already: the link to a write-up comes by mail.
func (n *notice) approval() []i18n.Text {
	if n.file.Case.Stage != cases.Awaiting {
		return nil
	}
	return append([]i18n.Text{i18n.T("notice.approval", "number", n.number())}, n.turnTo("notice.turn-to")...)
}

// nobody says that nobody of the committee may handle the case, who sees to it now, and by when they hear more.
func (n *notice) nobody() []i18n.Text {
	who := i18n.Plain(n.procedure.Organisation)
	if n.procedure.Contact != "" {
		who = i18n.T("notice.contact-person", "contact", n.procedure.Contact)
	}
	until := i18n.Date{Time: n.procedure.In(n.procedure.AddWorkingDays(n.event.At, max(1, n.procedure.Milestones.Owned.Within)))}
	return append([]i18n.Text{i18n.T("notice.nobody", "number", n.number(), "who", who, "until", until)}, n.turnTo("notice.turn-to")...)
}

func (n *notice) proposal() []i18n.Text {
	return n.quoting("notice.proposal", cases.FieldSolution)
}

// helpedQuestion asks whether a talk helped; it is asked without a word of what was said there.
func (n *notice) helpedQuestion() []i18n.Text {
	if n.by() == cases.Call {
		return []i18n.Text{i18n.T("notice.helped-question", "number", n.number())}
	}
	return []i18n.Text{i18n.T("notice.helped-question-other", "number", n.number())}
}

func (n *notice) ratingQuestion() []i18n.Text {
	return []i18n.Text{i18n.T("notice.rating-question", "number", n.number())}
}

// contactChanged goes by chat only where mail failed.
func (n *notice) contactChanged() []i18n.Text {
	return append([]i18n.Text{i18n.T("notice.contact-changed", "number", n.number())}, n.turnTo("notice.turn-to")...)
}

// withdrawal goes by chat where mail failed, or where they withdrew it otherwise than here.
func (n *notice) withdrawal() []i18n.Text {
	if n.file.Case.Kind == cases.Talk {
		return []i18n.Text{i18n.T("notice.withdrawal-talk", "number", n.number())}
	}
	if _, byMember := n.event.By.Member(); byMember { // they said so otherwise than here
		if told := n.quoting("notice.withdrawal-told", cases.FieldText); told != nil {
			return told
		}
	}
	return []i18n.Text{i18n.T("notice.withdrawal", "number", n.number())}
}

func (n *notice) reopened() []i18n.Text {
	texts := []i18n.Text{i18n.T("notice.reopened", "number", n.number())}
	if until, ok := n.day("until"); ok {
		texts = append(texts, i18n.T("notice.aim", "day", until))
	}
	return texts
}

// outside names the body to turn to afterwards, if the procedure has one.
func (n *notice) outside() []i18n.Text {
	to := n.procedure.Outside
	if to.Name == "" {
		return nil
	}
	body := to.Name
	if to.Link != "" {
		body += " (" + to.Link + ")"
	}
	if to.Within <= 0 {
		return []i18n.Text{i18n.T("notice.outside", "body", body)}
	}
	return []i18n.Text{i18n.T("notice.outside-within", "body", body, "count", to.Within)}
}

// turnTo names the person to turn to and the ways there, in the sentence given.
func (n *notice) turnTo(key string) []i18n.Text {
	p := n.procedure
	ways := i18n.Plain(p.Email)
	switch {
	case p.Email == "" && p.Telephone == "":
		return nil
	case p.Email == "":
		ways = i18n.Plain(p.Telephone)
	case p.Telephone != "":
		ways = i18n.T("notice.or", "one", p.Email, "other", p.Telephone)
	}
	contact := i18n.Plain(p.Contact)
	if p.Contact == "" {
		contact = i18n.T("notice.committee")
	}
	return []i18n.Text{i18n.T(key, "contact", contact, "ways", ways)}
}

// quoting is a text around words of the event; nothing when they were erased.
func (n *notice) quoting(key, field string, pairs ...any) []i18n.Text {
	words := strings.TrimSpace(n.event.Words[field])
	if words == "" {
		return nil
	}
	return []i18n.Text{i18n.T(key, append(pairs, "number", n.number(), "words", words)...)}
}

func (n *notice) number() string { return string(n.file.Case.Number) }

// day reads a day from the event's data.
func (n *notice) day(name string) (i18n.Date, bool) {
	day, err := time.ParseInLocation(time.DateOnly, n.event.Data[name], n.procedure.Location())
	return i18n.Date{Time: day}, err == nil
}
