package telegram

import (
	"testing"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/conversation"
)

func TestUpdatesBecomeEvents(t *testing.T) {
	const who = `"chat":{"id":7001,"type":"private"},"from":{"id":7001,"language_code":"nl"}`
	message := func(rest string) string { return `{"update_id":5,"message":{"message_id":31,` + who + rest + `}}` }
	edited := func(rest string) string {
		return `{"update_id":5,"edited_message":{"message_id":31,` + who + `,"edit_date":1` + rest + `}}`
	}
	member := func(kind, status string) string {
		return `{"update_id":5,"my_chat_member":{"chat":{"id":-5,"type":"` + kind + `"},"from":{"id":7001},"new_chat_member":{"status":"` + status + `"}}}`
	}
	file := func(kind, caption, name, media string, size int64) conversation.Attached {
		return conversation.Attached{Kind: kind, Caption: caption, Message: 31, File: cases.Attachment{ID: "F", Name: name, Type: media, Size: size}}
	}
	for _, c := range []struct {
		raw  string
		want update
	}{
		{message(`,"text":"hallo"`), update{Event: conversation.Typed{Text: "hallo", Message: 31}}},
		{message(`,"text":"/start x"`), update{Event: conversation.Started{Profile: "nl"}}},
		{message(`,"text":"/MyData@a_bot"`), update{Event: conversation.Command{Name: "MyData"}}},
		{message(`,"contact":{"phone_number":"+31","user_id":7001}`), update{Event: conversation.Shared{Telephone: "+31", Message: 31}}},
		{message(`,"contact":{"phone_number":"+31","user_id":7}`), update{Event: conversation.Attached{Kind: conversation.AContact, Message: 31}}},
		{message(`,"media_group_id":"A","caption":"c","photo":[{"file_id":"s","width":90,"height":60,"file_size":5},{"file_id":"F","width":900,"height":600,"file_size":50},{"file_id":"m","width":320,"height":200}]`),
			update{Event: file(conversation.APhoto, "c", "", "image/jpeg", 50)}},
		{message(`,"document":{"file_id":"F","file_name":"b.pdf","mime_type":"application/pdf","file_size":7}`), update{Event: file(conversation.ADocument, "", "b.pdf", "application/pdf", 7)}},
		{message(`,"document":{"file_id":"F"}`), update{Event: file(conversation.ADocument, "", "", "", 0)}},
		{message(`,"animation":{"file_id":"F","file_name":"a.gif","mime_type":"video/mp4","file_size":7},"document":{"file_id":"F"}`), update{Event: file(conversation.ADocument, "", "a.gif", "video/mp4", 7)}},
		{message(`,"video":{"file_id":"F","mime_type":"video/quicktime","file_size":7}`), update{Event: file(conversation.AVideo, "", "", "video/quicktime", 7)}},
		{message(`,"voice":{"file_id":"F","duration":3}`), update{Event: file(conversation.AVoice, "", "", "audio/ogg", 0)}},
		{message(`,"video_note":{"file_id":"F","file_size":7}`), update{Event: file(conversation.AVoice, "", "", "video/mp4", 7)}},
		{message(`,"audio":{"file_id":"F","file_name":"m.mp3","mime_type":"audio/mpeg","file_size":7}`), update{Event: file(conversation.AVoice, "", "m.mp3", "audio/mpeg", 7)}},
		{message(`,"sticker":{"file_id":"F"}`), update{Event: conversation.Attached{Kind: conversation.ASticker, Message: 31}}},
		{message(`,"location":{"latitude":1}`), update{Event: conversation.Attached{Kind: conversation.ALocation, Message: 31}}},
		{message(`,"dice":{"value":1}`), update{Event: conversation.Attached{Message: 31}}},
		{edited(`,"text":"beter"`), update{Event: conversation.Edited{Message: 31, Text: "beter"}}},
		{edited(`,"caption":"beter","photo":[{"file_id":"s"}]`), update{Event: conversation.Edited{Message: 31, Text: "beter", File: true}}},
		{edited(`,"photo":[{"file_id":"s"}]`), update{Event: conversation.Edited{Message: 31, File: true}}},
		{edited(`,"location":{"latitude":2}`), update{}}, // a place that moves is no correction
		{member("private", "kicked"), update{Left: true}},
		{member("private", "member"), update{Back: true}},
		{member("supergroup", "member"), update{Group: true, Joined: true}},
		{member("supergroup", "left"), update{Group: true}},
		{member("channel", "administrator"), update{Group: true, Channel: true, Joined: true}},
	} {
		got := decode([]byte(c.raw))
		if got.err != nil || got.ID != 5 || got.Chat == 0 {
			t.Errorf("%s: update %d of chat %d: %v", c.raw, got.ID, got.Chat, got.err)
		}
		if got.Event != c.want.Event || got.Left != c.want.Left || got.Back != c.want.Back || got.Group != c.want.Group ||
			got.Channel != c.want.Channel || got.Joined != c.want.Joined {
			t.Errorf("%s:\ngot  %+v\nwant %+v", c.raw, got, c.want)
		}
	}
}

func TestWhatTelegramAddsHidesNoWords(t *testing.T) {
	all, err := decodeAll([]byte(`{"ok":true,"result":[{"update_id":1,"message":{"message_id":1,"chat":{"id":7,"type":"private"},"text":"a","new_thing":{"x":[1]}}},
		{"update_id":2,"message":{"message_id":"two"}},{"update_id":3,"message":{"message_id":3,"chat":{"id":7,"type":"private"},"text":"b"}}]}`))
	if err != nil || len(all) != 3 {
		t.Fatal(len(all), err)
	}
	if all[0].Event != (conversation.Typed{Text: "a", Message: 1}) || all[1].err == nil || all[1].ID != 2 || all[2].Event != (conversation.Typed{Text: "b", Message: 3}) {
		t.Errorf("%+v, %+v, %+v", all[0], all[1], all[2])
	}
}
