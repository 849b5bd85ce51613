package conversation

import (
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// The states, in the order in which a complainant may meet them.
const (
	Consent  State = "consent"  // may we read this?
	Declined State = "declined" // not now
	Menu     State = "menu"

	TalkName      State = "talk_name"
	TalkTelephone State = "talk_telephone"
	TalkMoment    State = "talk_moment"
	TalkSubject   State = "talk_subject"
	TalkCheck     State = "talk_check"

	Name         State = "name"
	Subject      State = "subject"
	Problem      State = "problem"
	Retell       State = "retell" // is the story to be told anew?
	When         State = "when"
	Often        State = "often"
	HowOften     State = "how_often"
	Wish         State = "wish"
	Prior        State = "prior"
	PriorContact State = "prior_contact" // with whom, and what came of it?
	Contact      State = "contact"
	OtherContact State = "other_contact"
	Telephone    State = "telephone"
	Email        State = "email"
	Summary      State = "summary"
	Express      State = "express" // the formal procedure must be wanted expressly

	Resume     State = "resume"     // go on, or begin again?
	Cancelling State = "cancelling" // is all to be erased?
	Replying   State = "replying"   // what is the answer to the committee?
	ReplyCheck State = "reply_check"

	// Anywhere stands in the table for the state that was left for what came in between.
	Anywhere State = "anywhere"
)

// step is one line of the table: what is asked in a state, and where an answer leads.
type step struct {
	state  State
	number int                               // of the question in the procedure; 0: none of them
	field  string                            // under which the answer is kept
	ask    func(*turn)                       // says the question
	hear   func(t *turn, a answer) i18n.Text // takes an answer, or says why it is none
	expect i18n.Text                         // says what would be an answer
	why    i18n.Text                         // says why we ask, with an example
	brief  bool                              // what is no answer is met with expect and the buttons, without the question
	review State                             // where an answer leads that is being changed
	arrows []arrow
}

// arrow leads from one state to another. On is the choice that was pressed, or words.
type arrow struct {
	on string
	to State
}

// The choices that more than one question knows. Words stands for whatever is typed or shared.
const (
	words = "words"
	back  = "back"
	skip  = "skip"
	keep  = "keep" // leave the answer as it was
	why   = "why"
	yes   = "yes"
	no    = "no"
	done  = "done"
	more  = "more"
)

// flow is the whole conversation, in the order in which a complainant meets it; testdata/flow.mmd is drawn from it. The
// first line is where everybody begins. While an answer is being changed, each arrow that leaves its field leads to review.
var flow = []step{
	{state: Consent, ask: askConsent, hear: hearConsent, brief: true, expect: i18n.T("consent.expect"),
		arrows: []arrow{{"agree", Menu}, {"decline", Declined}}},
	{state: Declined, ask: askDeclined, hear: hearConsent, brief: true, expect: i18n.T("declined.expect"),
		arrows: []arrow{{"agree", Menu}}},
	{state: Menu, ask: askMenu, hear: hearMenu, brief: true, expect: i18n.T("menu.expect"),
		arrows: []arrow{{"talk", TalkName}, {"file", Name}, {"continue", Anywhere}}},

	{state: TalkName, field: cases.FieldName, review: TalkCheck, hear: hearName, expect: i18n.T("name.expect"),
		ask:    question(i18n.T("talk.name.ask")),
		arrows: []arrow{{words, TalkTelephone}, {back, Menu}}},
	{state: TalkTelephone, field: cases.FieldTelephone, review: TalkCheck, hear: hearTelephone, expect: i18n.T("telephone.expect"),
		ask:    askTelephone(i18n.T("talk.telephone.ask")),
		arrows: []arrow{{words, TalkMoment}, {back, TalkName}}},
	{state: TalkMoment, field: cases.FieldMoment, review: TalkCheck, hear: hearMoment, expect: i18n.T("talk.moment.expect"),
		ask:    askMoment,
		arrows: []arrow{{words, TalkSubject}, {back, TalkTelephone}}},
	{state: TalkSubject, field: cases.FieldSubject, review: TalkCheck, hear: hearWords, expect: i18n.T("talk.subject.expect"),
		ask:    question(i18n.T("talk.subject.ask")),
		arrows: []arrow{{words, TalkCheck}, {skip, TalkCheck}, {back, TalkMoment}}},
	{state: TalkCheck, ask: askTalkCheck, hear: hearTalkCheck, brief: true, expect: i18n.T("talk.check.expect"),
		arrows: []arrow{{"send", Menu}, {"change:name", TalkName}, {"change:telephone", TalkTelephone},
			{"change:moment", TalkMoment}, {"change:subject", TalkSubject}, {back, TalkSubject}}},

	{state: Name, number: 1, field: cases.FieldName, review: Summary, hear: hearName, expect: i18n.T("name.expect"),
		ask: question(i18n.T("intake.name.ask")), why: i18n.T("intake.name.why"),
		arrows: []arrow{{words, Subject}, {back, Menu}}},
	{state: Subject, number: 2, field: cases.FieldSubject, review: Summary, hear: hearWords, expect: i18n.T("intake.subject.expect"),
		ask: question(i18n.T("intake.subject.ask")), why: i18n.T("intake.subject.why"),
		arrows: []arrow{{words, Problem}, {back, Name}}},
	{state: Problem, number: 3, field: cases.FieldProblem, review: Summary, hear: hearStory, expect: i18n.T("intake.problem.expect"),
		ask: askStory, why: i18n.T("intake.problem.why"), brief: true,
		arrows: []arrow{{done, When}, {"retell", Retell}, {back, Subject}}},
	{state: Retell, number: 3, field: cases.FieldProblem, review: Summary, hear: hearRetell, expect: i18n.T("intake.retell.expect"),
		ask: askRetell, brief: true,
		arrows: []arrow{{yes, Problem}, {no, Problem}}},
	{state: When, number: 4, field: cases.FieldWhen, review: Summary, hear: hearWords, expect: i18n.T("intake.when.expect"),
		ask: question(i18n.T("intake.when.ask")), why: i18n.T("intake.when.why"),
		arrows: []arrow{{words, Often}, {back, Problem}}},
	{state: Often, number: 5, field: cases.FieldOften, review: Summary, hear: hearOften, expect: i18n.T("intake.often.expect"),
		ask: question(i18n.T("intake.often.ask"), choice(i18n.T("intake.often.button.once"), "once"),
			choice(i18n.T("intake.often.button.more"), more)),
		why:    i18n.T("intake.often.why"),
		arrows: []arrow{{words, Wish}, {"once", Wish}, {more, HowOften}, {back, When}}},
	{state: HowOften, number: 5, field: cases.FieldOften, review: Summary, hear: hearWords, expect: i18n.T("intake.how-often.expect"),
		ask:    question(i18n.T("intake.how-often.ask")),
		arrows: []arrow{{words, Wish}, {back, Often}}},
	{state: Wish, number: 6, field: cases.FieldWish, review: Summary, hear: hearWords, expect: i18n.T("intake.wish.expect"),
		ask: question(i18n.T("intake.wish.ask")), why: i18n.T("intake.wish.why"),
		arrows: []arrow{{words, Prior}, {skip, Prior}, {back, Often}}},
	{state: Prior, number: 7, field: cases.FieldPrior, review: Summary, hear: hearPrior, expect: i18n.T("intake.prior.expect"),
		ask: question(i18n.T("intake.prior.ask"), choice(i18n.T("intake.prior.button.no"), no),
			choice(i18n.T("intake.prior.button.yes"), yes)),
		why:    i18n.T("intake.prior.why"),
		arrows: []arrow{{words, Contact}, {no, Contact}, {yes, PriorContact}, {back, Wish}}},
	{state: PriorContact, number: 7, field: cases.FieldPrior, review: Summary, hear: hearWords, expect: i18n.T("intake.prior-contact.expect"),
		ask:    question(i18n.T("intake.prior-contact.ask")),
		arrows: []arrow{{words, Contact}, {back, Prior}}},
	{state: Contact, number: 8, field: cases.FieldContact, review: Summary, hear: hearContact, expect: i18n.T("intake.contact.expect"),
		ask: question(i18n.T("intake.contact.ask"), choice(i18n.T("intake.contact.button.self"), "self"),
			choice(i18n.T("intake.contact.button.other"), "other")),
		why:    i18n.T("intake.contact.why"),
		arrows: []arrow{{words, Telephone}, {"self", Telephone}, {"other", OtherContact}, {back, Prior}}},
	{state: OtherContact, number: 8, field: cases.FieldContact, review: Summary, hear: hearName, expect: i18n.T("intake.other-contact.expect"),
		ask:    question(i18n.T("intake.other-contact.ask")),
		arrows: []arrow{{words, Telephone}, {back, Contact}}},
	{state: Telephone, number: 8, field: cases.FieldTelephone, review: Summary, hear: hearTelephone, expect: i18n.T("telephone.expect"),
		ask:    askTelephone(i18n.T("intake.telephone.ask")),
		arrows: []arrow{{words, Email}, {skip, Email}, {back, Contact}}},
	{state: Email, number: 8, field: cases.FieldEmail, review: Summary, hear: hearEmail, expect: i18n.T("intake.email.expect"),
		ask:    question(i18n.T("intake.email.ask")),
		arrows: []arrow{{words, Summary}, {skip, Summary}, {back, Telephone}}},
	{state: Summary, ask: askSummary, hear: hearSummary, brief: true, expect: i18n.T("summary.expect"),
		arrows: []arrow{{"right", Express},
			{"change:name", Name}, {"change:subject", Subject}, {"change:problem", Problem}, {"change:when", When},
			{"change:often", Often}, {"change:wish", Wish}, {"change:prior", Prior}, {"change:contact", Contact},
			{"change:telephone", Telephone}, {"change:email", Email}, {back, Email}}},
	{state: Express, ask: askExpress, hear: hearExpress, brief: true, expect: i18n.T("express.expect"),
		arrows: []arrow{{"formal", Menu}, {back, Summary}}},

	{state: Resume, ask: askResume, hear: hearResume, brief: true, expect: i18n.T("resume.expect"),
		arrows: []arrow{{"on", Anywhere}, {"again", Name}, {"again", TalkName}, {"menu", Menu}}},
	{state: Cancelling, ask: askCancelling, hear: hearCancelling, brief: true, expect: i18n.T("cancel.expect"),
		arrows: []arrow{{yes, Menu}, {no, Anywhere}}},
	{state: Replying, ask: askReplying, hear: hearReplying, expect: i18n.T("reply.expect"),
		arrows: []arrow{{words, ReplyCheck}, {"drop", Anywhere}}},
	{state: ReplyCheck, ask: askReplyCheck, hear: hearReplyCheck, brief: true, expect: i18n.T("reply.check.expect"),
		arrows: []arrow{{words, ReplyCheck}, {"send", Anywhere}, {"rewrite", Replying}, {"drop", Anywhere}}},
}

// between lists what can come in between from anywhere, and by what.
var between = []arrow{{"/start", Resume}, {"/start", Menu}, {"/start", Consent}, {"/cancel", Cancelling}, {"reply", Replying}}

var (
	steps = map[State]*step{} // flow by its states
	total int                 // questions of the procedure
)

func init() {
	for i := range flow {
		steps[flow[i].state] = &flow[i]
		total = max(total, flow[i].number)
	}
}

// arrow says where on leads from this step.
func (s *step) arrow(on string) (State, bool) {
	for _, a := range s.arrows {
		if a.on == on {
			return a.to, true
		}
	}
	return "", false
}

// comesBetween says whether a state is left for the one it came after.
func comesBetween(s State) bool {
	return s == Resume || s == Cancelling || s == Replying || s == ReplyCheck
}

// ofTalk says whether a state belongs to asking for a talk.
func ofTalk(s State) bool { return s == TalkCheck || steps[s] != nil && steps[s].review == TalkCheck }

// ofComplaint says whether a state belongs to making a complaint.
func ofComplaint(s State) bool {
	return s == Summary || s == Express || steps[s] != nil && steps[s].review == Summary
}
