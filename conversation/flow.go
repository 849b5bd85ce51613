package conversation

import (
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// The states that do not come from the questions of the procedure, in the order in which a complainant may meet them. Those
// that do stand in questions.go.
const (
	Consent  State = "consent"  // may we read this?
	Declined State = "declined" // not now
	Menu     State = "menu"

	TalkOne       State = "talk_one"   // is it about one person?
	TalkFirst     State = "talk_first" // would they talk with that person themselves first?
	TalkName      State = "talk_name"
	TalkTelephone State = "talk_telephone"
	TalkMoment    State = "talk_moment"
	TalkEmail     State = "talk_email" // for who would rather go on by e-mail
	TalkPost      State = "talk_post"  // or by letter
	TalkSubject   State = "talk_subject"
	TalkCheck     State = "talk_check"

	Summary State = "summary"
	Express State = "express" // the formal procedure must be wanted expressly

	Resume     State = "resume"     // go on, or begin again?
	Earlier    State = "earlier"    // does what came first belong to the story?
	Instead    State = "instead"    // how would they rather go on?
	Cancelling State = "cancelling" // is all to be erased?
	Forgetting State = "forgetting" // and all else that may go?

	Approving  State = "approving"  // is the write-up a true account?
	Correcting State = "correcting" // what should an answer in it be?
	Disowning  State = "disowning"  // is it not theirs?

	Replying       State = "replying" // what is the answer to the committee?
	ReplyCheck     State = "reply_check"
	Adding         State = "adding" // what is to be added to a case?
	NewContact     State = "new_contact"
	NewTelephone   State = "new_telephone"
	NewEmail       State = "new_email"
	NewCheck       State = "new_check"
	Withdrawing    State = "withdrawing"
	WithdrawReason State = "withdraw_reason"
	Agreeing       State = "agreeing" // with what was proposed
	Objecting      State = "objecting"
	ObjectCheck    State = "object_check"
	RateHandled    State = "rate_handled" // was it handled well?
	RateSolved     State = "rate_solved"
	RateWhy        State = "rate_why"

	// Anywhere stands in the table for the state that was left for what came in between.
	Anywhere State = "anywhere"
	// Onward and Before stand in questions.go for the neighbours of a question.
	Onward State = "onward"
	Before State = "before"
)

// step is one line of the table: what is asked in a state, and where an answer leads.
type step struct {
	state   State
	of      *cases.Question   // the question of the procedure that it belongs to; nil: none
	number  int               // of that question among those that count; 0: it does not count
	part    string            // what it is changed together with, from where it is reviewed
	field   string            // under which the answer is kept
	text    i18n.Text         // the question
	why     i18n.Text         // why we ask, with an example
	expect  i18n.Text         // what would be an answer
	ask     func(*turn)       // says the question
	hear    hearing           // takes an answer, or says why it is none
	read    reading           // what is kept of words that are an answer
	most    int               // characters of an answer
	further bool              // it asks further after an answer to its question
	names   bool              // it asks for the name of somebody
	brief   bool              // what is no answer is met with expect and the buttons, without the question
	between bool              // it comes in between, and is left for where it came from
	review  State             // where an answer leads that is being changed
	behind  func(*turn) State // where back leads, if that is not always the same
	arrows  []arrow
}

type (
	// hearing takes an answer to the open question, or says why it is none.
	hearing func(*turn, answer) i18n.Text
	// reading says what is kept of an answer, or why it is none, and changes nothing.
	reading func(*turn, *step, answer) (value string, objection i18n.Text)
)

// arrow leads from one state to another. On is the choice that was pressed, or words.
type arrow struct {
	on string
	to State
}

// The choices that more than one question knows. Words stands for whatever is typed or shared.
const (
	words    = "words"
	back     = "back"
	skip     = "skip"
	unknown  = "unknown" // they don't know
	keep     = "keep"    // leave the answer as it was
	why      = "why"
	yes      = "yes"
	no       = "no"
	done     = "done"
	more     = "more"
	send     = "send"
	formal   = "formal"
	drop     = "drop"
	show     = "show"    // all that they told, once more
	instead  = "instead" // they would rather talk, or write
	leave    = "leave"   // the talk, for the complaint
	calendar = "calendar"
)

// The lines of the table, in the order in which a complainant meets them; testdata/flow.mmd is drawn from them. The questions
// of the procedure stand after talking. While an answer is being changed, each arrow that leaves its part leads to review.
var (
	opening = []step{
		{state: Consent, ask: askConsent, hear: hearConsent, brief: true, expect: i18n.T("consent.expect"),
			arrows: []arrow{{"agree", Menu}, {"agree", Approving}, {"decline", Declined}}},
		{state: Declined, ask: askDeclined, hear: hearConsent, brief: true, expect: i18n.T("declined.expect"),
			arrows: []arrow{{"agree", Menu}}},
		{state: Menu, ask: askMenu, hear: hearMenu, brief: true, expect: i18n.T("menu.expect"),
			arrows: []arrow{{"talk", TalkOne}, {"file", Onward}, {"continue", Anywhere}, {instead, Instead}}},
	}

	talking = []step{
		{state: TalkOne, ask: askTalkOne, hear: hearTalkOne, brief: true, expect: i18n.T("talk.one.expect"),
			arrows: []arrow{{yes, TalkFirst}, {no, TalkName}, {no, TalkTelephone}, {back, Menu}}},
		{state: TalkFirst, ask: askTalkFirst, hear: hearTalkFirst, brief: true, expect: i18n.T("talk.first.expect"),
			arrows: []arrow{{"themselves", Menu}, {no, TalkName}, {no, TalkTelephone}, {back, TalkOne}}},
		{state: TalkName, names: true, field: cases.FieldName, read: readName, ask: askTalkName, hear: hearTalkName, expect: i18n.T("name.expect"),
			behind: behindTalkName,
			arrows: []arrow{{words, TalkTelephone}, {string(cases.Email), TalkEmail}, {string(cases.Letter), TalkPost}, {back, TalkOne}, {back, Menu}}},
		{state: TalkTelephone, field: fieldCall, text: i18n.T("talk.telephone.ask"), read: readTelephone, ask: askTelephone, hear: hearTelephone,
			expect: i18n.T("telephone.expect"),
			arrows: []arrow{{words, TalkMoment}, {back, TalkName}}},
		{state: TalkMoment, field: cases.FieldMoment, text: i18n.T("talk.moment.ask"), read: readWords, ask: askMoment, hear: hearMoment,
			expect: i18n.T("talk.moment.expect"),
			arrows: []arrow{{words, TalkSubject}, {back, TalkTelephone}}},
		{state: TalkEmail, field: fieldMail, text: i18n.T("talk.email.ask"), read: readEmail, ask: askQuestion, hear: hearEmail,
			expect: i18n.T("intake.email.expect"),
			arrows: []arrow{{words, TalkSubject}, {back, TalkName}}},
		{state: TalkPost, field: cases.FieldPost, text: i18n.T("talk.post.ask"), read: readWords, ask: askQuestion, hear: hearWords,
			expect: i18n.T("talk.post.expect"),
			arrows: []arrow{{words, TalkSubject}, {back, TalkName}}},
		{state: TalkSubject, field: fieldAbout, text: i18n.T("talk.subject.ask"), read: readWords, ask: askQuestion, hear: hearWords,
			expect: i18n.T("talk.subject.expect"), behind: behindTalkSubject,
			arrows: []arrow{{words, TalkCheck}, {skip, TalkCheck}, {back, TalkMoment}, {back, TalkEmail}, {back, TalkPost}}},
		{state: TalkCheck, ask: askTalkCheck, hear: hearTalkCheck, brief: true, expect: i18n.T("talk.check.expect"),
			arrows: []arrow{{send, Menu}, {"change:name", TalkName}, {"change:call", TalkTelephone}, {"change:moment", TalkMoment},
				{"change:mail", TalkEmail}, {"change:post", TalkPost}, {"change:about", TalkSubject}, {back, TalkSubject}}},
	}

	closing = []step{
		{state: Summary, ask: askSummary, hear: hearSummary, brief: true, expect: i18n.T("summary.expect"),
			arrows: []arrow{{"right", Express}, {back, Before}}},
		{state: Express, ask: askExpress, hear: hearExpress, brief: true, expect: i18n.T("express.expect"),
			arrows: []arrow{{formal, Menu}, {back, Summary}}},
	}

	inBetween = []step{
		{state: Resume, ask: askResume, hear: hearResume, brief: true, expect: i18n.T("resume.expect"),
			arrows: []arrow{{"on", Anywhere}, {"again", Onward}, {"again", TalkName}, {"menu", Menu}}},
		{state: Earlier, ask: askEarlier, hear: hearEarlier, brief: true, expect: i18n.T("earlier.expect"),
			arrows: []arrow{{yes, Anywhere}, {no, Anywhere}}},
		{state: Instead, ask: askInstead, hear: hearInstead, brief: true, expect: i18n.T("instead.expect"),
			arrows: []arrow{{string(cases.Call), TalkName}, {string(cases.Email), TalkName}, {string(cases.Letter), TalkName},
				{string(cases.Call), TalkTelephone}, {string(cases.Email), TalkEmail}, {string(cases.Letter), TalkPost}, {drop, Anywhere}}},
		{state: Cancelling, ask: askCancelling, hear: hearCancelling, brief: true, expect: i18n.T("cancel.expect"),
			arrows: []arrow{{yes, Menu}, {yes, Consent}, {no, Anywhere}}},
		{state: Forgetting, ask: askForgetting, hear: hearForgetting, brief: true, expect: i18n.T("forget.expect"),
			arrows: []arrow{{yes, Forgetting}, {no, Anywhere}}},
		{state: Approving, ask: askApproving, hear: hearApproving, brief: true, expect: i18n.T("approve.expect"),
			arrows: []arrow{{"right", Anywhere}, {"change", Correcting}, {"show", Approving}, {"foreign", Disowning}, {drop, Anywhere}}},
		{state: Correcting, ask: askCorrecting, hear: hearCorrecting, expect: i18n.T("approve.correct.expect"),
			arrows: []arrow{{words, Approving}, {cases.ForAnother, Correcting}, {cases.ForJoint, Correcting}, {retell, Correcting}, {drop, Approving}}},
		{state: Disowning, ask: askDisowning, hear: hearDisowning, brief: true, expect: i18n.T("approve.foreign.expect"),
			arrows: []arrow{{yes, Anywhere}, {words, Anywhere}, {no, Approving}}},
		{state: Replying, ask: askReplying, hear: hearLetter, expect: i18n.T("reply.expect"),
			arrows: []arrow{{words, ReplyCheck}, {drop, Anywhere}}},
		{state: ReplyCheck, ask: askLetterCheck, hear: hearLetterCheck, brief: true, expect: i18n.T("reply.check.expect"),
			arrows: []arrow{{words, ReplyCheck}, {send, Anywhere}, {"rewrite", Replying}, {drop, Anywhere}}},
		{state: Adding, ask: askAdding, hear: hearAdding, brief: true, expect: i18n.T("adding.expect"),
			arrows: []arrow{{done, Anywhere}}},
		{state: NewContact, ask: askNewContact, hear: hearNewContact, brief: true, expect: i18n.T("contact.new.expect"),
			arrows: []arrow{{"telephone", NewTelephone}, {"email", NewEmail}, {drop, Anywhere}}},
		{state: NewTelephone, ask: askNewTelephone, hear: hearNewTelephone, expect: i18n.T("telephone.expect"),
			arrows: []arrow{{words, NewCheck}, {back, NewContact}}},
		{state: NewEmail, ask: askNewEmail, hear: hearNewEmail, expect: i18n.T("intake.email.expect"),
			arrows: []arrow{{words, NewCheck}, {back, NewContact}}},
		{state: NewCheck, ask: askNewCheck, hear: hearNewCheck, brief: true, expect: i18n.T("contact.new.check-expect"),
			arrows: []arrow{{yes, Anywhere}, {back, NewContact}, {drop, Anywhere}}},
		{state: Withdrawing, ask: askWithdrawing, hear: hearWithdrawing, brief: true, expect: i18n.T("withdraw.expect"),
			arrows: []arrow{{yes, WithdrawReason}, {no, Anywhere}}},
		{state: WithdrawReason, ask: askWithdrawReason, hear: hearWithdrawReason, expect: i18n.T("withdraw.reason.expect"),
			arrows: []arrow{{words, Anywhere}, {skip, Anywhere}, {no, Anywhere}}},
		{state: Agreeing, ask: askAgreeing, hear: hearAgreeing, brief: true, expect: i18n.T("agree.expect"),
			arrows: []arrow{{words, Agreeing}, {yes, Anywhere}, {drop, Anywhere}}},
		{state: Objecting, ask: askObjecting, hear: hearLetter, expect: i18n.T("object.expect"),
			arrows: []arrow{{words, ObjectCheck}, {drop, Anywhere}}},
		{state: ObjectCheck, ask: askLetterCheck, hear: hearLetterCheck, brief: true, expect: i18n.T("reply.check.expect"),
			arrows: []arrow{{words, ObjectCheck}, {send, Anywhere}, {"rewrite", Objecting}, {drop, Anywhere}}},
		{state: RateHandled, ask: askRateHandled, hear: hearRateHandled, brief: true, expect: i18n.T("rate.expect"),
			arrows: []arrow{{yes, RateSolved}, {partly, RateSolved}, {no, RateSolved}, {drop, Anywhere}}},
		{state: RateSolved, ask: askRateSolved, hear: hearRateSolved, brief: true, expect: i18n.T("rate.expect"),
			arrows: []arrow{{yes, RateWhy}, {partly, RateWhy}, {no, RateWhy}, {back, RateHandled}, {drop, Anywhere}}},
		{state: RateWhy, ask: askRateWhy, hear: hearRateWhy, expect: i18n.T("rate.why.expect"),
			arrows: []arrow{{words, Anywhere}, {skip, Anywhere}, {back, RateSolved}, {drop, Anywhere}}},
	}
)

// comings lists what can come in between from anywhere, and by what.
var comings = []arrow{
	{"/start", Resume}, {"/start", Menu}, {"/start", Consent}, {"/menu", Menu}, {"/cancel", Cancelling}, {"/forgetme", Forgetting},
	{"link", Approving}, {"link", Consent}, {"sent before", Earlier}, {instead, Instead}, {"reply", Replying}, {"add", Adding}, {"contact", NewContact}, {"withdraw", Withdrawing},
	{"agree", Agreeing}, {"object", Objecting}, {"rate", RateHandled}, {"edited", When}, {"edited", WhenCheck},
	{"not sent", ReplyCheck}, {"not sent", ObjectCheck}, {"not sent", Agreeing}, {"not sent", NewContact}, {"not sent", NewTelephone},
	{"not sent", NewEmail}, {"not sent", NewCheck}, {"not sent", RateHandled}, {"not sent", RateSolved}, {"not sent", RateWhy},
}
