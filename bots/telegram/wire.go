package telegram

import (
	"encoding/json"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/conversation"
)

// wire is as much of the Bot API's Update as we have a use for. It is narrow on purpose: what Telegram adds to the rest, or
// changes in it, can't keep us from hearing somebody.
type wire struct {
	ID      int64        `json:"update_id"`
	Message *wireMessage `json:"message"`
	Edited  *wireMessage `json:"edited_message"`
	Press   *struct {
		ID      string       `json:"id"`
		From    wirePerson   `json:"from"`
		Message *wireMessage `json:"message"`
		Data    string       `json:"data"`
	} `json:"callback_query"`
	Member *struct {
		Chat wireChat   `json:"chat"`
		From wirePerson `json:"from"`
		New  struct {
			Status string `json:"status"`
		} `json:"new_chat_member"`
	} `json:"my_chat_member"`
}

type wireChat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

type wirePerson struct {
	ID       int64  `json:"id"`
	Language string `json:"language_code"`
}

// present is a part of a message that is there or not; what it holds is of no use to us.
type present bool

func (p *present) UnmarshalJSON(raw []byte) error {
	*p = string(raw) != "null"
	return nil
}

type wireMessage struct {
	ID      int64           `json:"message_id"`
	Chat    wireChat        `json:"chat"`
	From    wirePerson      `json:"from"`
	Text    string          `json:"text"`
	Caption string          `json:"caption"`
	Markup  json.RawMessage `json:"reply_markup"`
	Contact *struct {
		Telephone string `json:"phone_number"`
		Person    int64  `json:"user_id"`
	} `json:"contact"`
	Photo     []wireFile `json:"photo"` // the same picture in several sizes
	Document  *wireFile  `json:"document"`
	Animation *wireFile  `json:"animation"`
	Video     *wireFile  `json:"video"`
	Voice     *wireFile  `json:"voice"`
	VideoNote *wireFile  `json:"video_note"`
	Audio     *wireFile  `json:"audio"`
	Sticker   present    `json:"sticker"`
	Location  present    `json:"location"`
	Venue     present    `json:"venue"`
}

// wireFile is what PhotoSize, Document, Animation, Video, Voice, VideoNote and Audio of the Bot API have in common, as far as
// we have a use for it.
type wireFile struct {
	ID     string `json:"file_id"`
	Name   string `json:"file_name"`
	Type   string `json:"mime_type"`
	Size   int64  `json:"file_size"`
	Width  int64  `json:"width"`
	Height int64  `json:"height"`
}

// attached says what a message is that is no text, with its file where it has one that can be kept. Where Telegram says
// nothing of the media type it is the one that it makes of all of that kind.
func (m *wireMessage) attached() conversation.Attached {
	is := conversation.Attached{Caption: m.Caption, Message: m.ID}
	kept := func(kind string, file *wireFile, otherwise string) {
		is.Kind = kind
		is.File = cases.Attachment{ID: file.ID, Name: file.Name, Type: file.Type, Size: file.Size}
		if is.File.Type == "" {
			is.File.Type = otherwise
		}
	}
	switch {
	case len(m.Photo) > 0:
		kept(conversation.APhoto, largest(m.Photo), "image/jpeg")
	case m.Animation != nil: // which is a document as well, for old bots
		kept(conversation.ADocument, m.Animation, "video/mp4")
	case m.Document != nil:
		kept(conversation.ADocument, m.Document, "")
	case m.Video != nil:
		kept(conversation.AVideo, m.Video, "video/mp4")
	case m.Voice != nil:
		kept(conversation.AVoice, m.Voice, "audio/ogg")
	case m.VideoNote != nil:
		kept(conversation.AVoice, m.VideoNote, "video/mp4")
	case m.Audio != nil:
		kept(conversation.AVoice, m.Audio, "audio/mpeg")
	case bool(m.Sticker):
		is.Kind = conversation.ASticker
	case bool(m.Location), bool(m.Venue):
		is.Kind = conversation.ALocation
	case m.Contact != nil:
		is.Kind = conversation.AContact
	}
	return is
}

// captioned says whether there can be words under a message.
func (m *wireMessage) captioned() bool {
	return len(m.Photo) > 0 || m.Document != nil || m.Animation != nil || m.Video != nil || m.Voice != nil || m.Audio != nil
}

// largest is the size of a picture that shows most.
func largest(sizes []wireFile) *wireFile {
	most := &sizes[0]
	for i := range sizes {
		if size := &sizes[i]; size.Width*size.Height >= most.Width*most.Height {
			most = size
		}
	}
	return most
}
