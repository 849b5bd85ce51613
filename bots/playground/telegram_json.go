package playground

import (
	"strconv"
)

// appendBot appends the bot as a user, without the closing brace.
func (t *Telegram) appendBot(out []byte) []byte {
	out = appendIntField(append(out, '{'), "id", t.botID)
	out = append(out, `,"is_bot":true`...)
	out = appendStringField(out, "first_name", t.profile.get("name", ""))
	return appendStringField(out, "username", "gehoor_demo_bot")
}

// appendMessage appends a message as the Bot API shows it. The caller holds the chat's lock.
func (t *Telegram) appendMessage(out []byte, c *chat, m *Message) []byte {
	out = append(out, `{"message_id":`...)
	out = strconv.AppendInt(out, m.ID, 10)
	out = append(out, `,"from":`...)
	switch {
	case m.FromBot:
		out = append(t.appendBot(out), '}')
	case m.by != nil:
		out = append(out, m.by...)
	default:
		out = append(out, c.userJSON...)
	}
	out = append(out, `,"chat":`...)
	out = append(out, c.chatJSON...)
	out = appendIntField(out, "date", m.At.Unix())
	if !m.EditedAt.IsZero() {
		out = appendIntField(out, "edit_date", m.EditedAt.Unix())
	}
	out = t.appendContent(out, c, m)
	if len(m.Buttons) == 0 {
		return append(out, '}')
	}
	out = append(out, `,"reply_markup":{"inline_keyboard":[`...)
	for i, row := range m.Buttons {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '[')
		for j, b := range row {
			if j > 0 {
				out = append(out, ',')
			}
			out = appendStringField(append(out, '{'), "text", b.Text)
			if b.URL != "" {
				out = appendStringField(out, "url", b.URL)
			} else {
				out = appendStringField(out, "callback_data", b.Data)
			}
			out = append(out, '}')
		}
		out = append(out, ']')
	}
	return append(out, "]}}"...)
}

// appendNamed appends a file that has a name.
func (t *Telegram) appendNamed(out []byte, field, more string, file *file, m *Message) []byte {
	out = append(append(append(out, `,"`...), field...), `":{`...)
	out = file.appendTo(append(out, more...))
	out = appendStringField(out, "file_name", m.FileName)
	return append(appendStringField(out, "mime_type", file.mime), '}')
}

// appendContent appends what the message is: a text, a file, a place.
func (t *Telegram) appendContent(out []byte, c *chat, m *Message) []byte {
	if m.Kind == "text" {
		out = appendStringField(out, "text", m.Text)
		return appendEntities(out, "entities", m.Entities)
	}
	if m.Album != "" {
		out = appendStringField(out, "media_group_id", m.Album)
	}
	file := t.files.get(m.FileID)
	switch m.Kind {
	case "photo":
		out = append(out, `,"photo":[`...)
		for i, side := range [...]int64{90, 320, 800} { // the same picture in several sizes, the largest last
			if i > 0 {
				out = append(out, ',')
			}
			out = file.appendTo(append(out, '{'))
			out = appendIntField(out, "width", side)
			out = append(appendIntField(out, "height", side*3/4), '}')
		}
		out = append(out, ']')
	case "document":
		out = t.appendNamed(out, "document", "", file, m)
	case "video":
		out = t.appendNamed(out, "video", `"duration":3,"width":640,"height":480`, file, m)
	case "animation": // which is a document as well, for old bots
		out = t.appendNamed(out, "animation", `"duration":3,"width":640,"height":480`, file, m)
		out = t.appendNamed(out, "document", "", file, m)
	case "audio":
		out = t.appendNamed(out, "audio", `"duration":3`, file, m)
	case "voice":
		out = file.appendTo(append(out, `,"voice":{"duration":3,"mime_type":"audio/ogg"`...))
		out = append(out, '}')
	case "video_note":
		out = append(file.appendTo(append(out, `,"video_note":{"duration":3,"length":240`...)), '}')
	case "sticker":
		out = file.appendTo(append(out, `,"sticker":{"type":"regular","width":512,"height":512,"is_animated":false,"is_video":false,"emoji":"🙂"`...))
		out = append(out, '}')
	case "contact":
		out = appendStringField(append(out, `,"contact":{`...), "phone_number", m.Text)
		out = appendStringField(out, "first_name", c.person.Name)
		out = append(appendIntField(out, "user_id", c.person.ID), '}')
	case "location":
		out = append(out, `,"location":{"latitude":52.3676,"longitude":4.9041}`...)
	}
	if m.Caption != "" {
		out = appendStringField(out, "caption", m.Caption)
		out = appendEntities(out, "caption_entities", m.Entities)
	}
	return out
}
