package telegram

import (
	"strconv"
	"testing"

	"websec.nl/gehoor/conversation"
)

func TestASessionIsUsedOnceAndOnlyForWhatIsKept(t *testing.T) {
	var s sessions
	s.put(7001, []byte("kept"), conversation.Session{Step: 3})
	if _, ok := s.take(7001, []byte("kept by another process")); ok {
		t.Error("it is taken for what another process kept")
	}
	s.put(7001, []byte("kept"), conversation.Session{Step: 3})
	if one, ok := s.take(7001, []byte("kept")); !ok || one.Step != 3 {
		t.Errorf("it is not what was kept: %+v", one)
	}
	if _, ok := s.take(7001, []byte("kept")); ok {
		t.Error("it is used again, whatever came of it the first time")
	}
	for chat := range int64(3 * mostSessions) {
		s.put(chat, []byte(strconv.FormatInt(chat, 10)), conversation.Session{})
	}
	if len(s.last) != mostSessions {
		t.Errorf("%d are remembered", len(s.last))
	}
}
