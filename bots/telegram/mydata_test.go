package telegram_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/conversation"
	"websec.nl/gehoor/i18n"
)

// What was pressed is read back in words, as it is in the chat, and so are the days that were chosen on the calendar.
func TestWhatWasPressedInTheMiddleOfAComplaintIsReadBackInWords(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.types("/start")
	p.chooses("agree")
	p.chooses("file")
	p.hears("1 van 8")
	p.types("Noor (invented)")
	p.chooses("joint")
	p.hears("Met wie")
	p.types("Robin en Sam (invented)")
	p.hears("2 van 8")
	p.types("de helpdesk")
	p.hears("3 van 8")
	p.types("Niemand belde terug.")
	p.chooses("done")
	p.hears("4 van 8")
	p.chooses("calendar")
	p.chooses("day:" + s.Clock().Now().Format(time.DateOnly))
	p.chooses("same")
	p.chooses("once")
	p.types("een telefoontje")
	p.chooses("no")
	p.chooses("self")
	held := func() conversation.Session {
		var session conversation.Session
		if held, err := s.store.PersonalData(t.Context(), noor); err == nil {
			_ = json.Unmarshal(held.Session, &session)
		}
		return session
	}
	s.until("whom to contact is kept", func() bool { return held().Answers[cases.FieldContact] != "" })
	p.types("/mydata")
	var page string
	s.until("a file", func() bool {
		for _, m := range s.Telegram().Messages(noor) {
			if m.FromBot && m.Kind == "document" && m.FileID != "" {
				page = string(s.Telegram().File(m.FileID))
			}
		}
		return page != ""
	})
	day := i18n.T("data.day", "day", i18n.Date{Time: s.store.Procedure().In(s.Clock().Now())}).In(i18n.Dutch)
	for _, there := range []string{"voor uzelf en anderen samen", "Robin en Sam (invented)", day, i18n.T("answer.once").In(i18n.Dutch), i18n.T("answer.self").In(i18n.Dutch)} {
		if !strings.Contains(page, there) {
			t.Errorf("%q is missing in\n%s", there, page)
		}
	}
	for _, code := range []string{"\x1f", ">days<", ">once<", ">no<", ">self<", "joint", ">nobody<"} {
		if strings.Contains(page, code) {
			t.Errorf("%q is there", code)
		}
	}
}
