package playground

import (
	"embed"
	"path"
	"strings"
)

// The files that people send who say nothing of what is in theirs. Nothing real is in them; the photograph says, as those of
// telephones do, where and with what it was made.
//
//go:embed sample
var samples embed.FS

// Where Telegram puts files by their kind, and how their names end there.
var (
	folderOf = map[string]string{
		"photo": "photos", "document": "documents", "video": "videos", "animation": "animations", "voice": "voice", "video_note": "video_notes",
		"audio": "music", "sticker": "stickers",
	}
	endingOf = map[string]string{
		"photo": ".jpg", "document": ".txt", "video": ".mp4", "animation": ".mp4", "voice": ".oga", "video_note": ".mp4", "audio": ".mp3", "sticker": ".webp",
	}
)

// sampleOf is an invented file with the given ending.
func sampleOf(ending string) []byte {
	name := map[string]string{
		".jpg": "photo.jpg", ".jpeg": "photo.jpg", ".oga": "voice.oga", ".ogg": "voice.oga", ".mp4": "film.mp4", ".mp3": "sound.mp3", ".pdf": "letter.pdf",
	}[strings.ToLower(ending)]
	data, err := samples.ReadFile("sample/" + name)
	if err != nil {
		return []byte("An invented file: nothing real is in here.\n")
	}
	return data
}

// endsIn is how the name of a file ends that somebody sends.
func endsIn(a Attachment) string {
	if own := path.Ext(a.FileName); own != "" {
		return own
	}
	return endingOf[a.Kind]
}
