// Package files decides what becomes of a file that somebody sent: whether it may be kept, what it really is, under which
// name it is shown, and what must go from it first. It looks at content only; what the sender or a platform says a file is
// counts for nothing.
//
// From pictures, sound and films goes whatever tells where, when, by whom and with which device they were made, and whatever
// is hung behind them. What one sees and hears stays byte for byte as it was: nothing is decoded, scaled or packed anew.
// Documents and mails are kept as they were sent, with the author's name that a word processor wrote into them: they are
// evidence, and to change them would be to change it.
//
// It refuses to know networks, disks and databases, and never unpacks anything: what it spends is bounded by the length of
// what it is given. It is no virus scanner. A document may hold a fault that a program stumbles over, and a link to somewhere
// else: what it keeps must still be given out as a download, with the media type it says, and be opened with care.
package files

// Limits on what is looked at.
const (
	// MaxSize is the longest file that is kept, in bytes: the most that Telegram gives to a bot.
	MaxSize = 20 << 20

	// MaxPixels is the largest picture that is kept, width times height: shown, it takes four bytes for each.
	MaxPixels = 100_000_000
)

// Kind says what a file is to somebody who opens it.
type Kind string

// The kinds.
const (
	Picture  Kind = "picture"
	Document Kind = "document" // mails as well
	Sound    Kind = "sound"
	Film     Kind = "film"
	Text     Kind = "text"
)

// File is a file as it may be kept.
type File struct {
	Name    string // safe to show and to save under; ends in an extension of its Type
	Kind    Kind
	Type    string // media type by content; of a text with its charset
	Content []byte // where nothing had to go, the very bytes that Clean was given
}

// Clean looks at what a file is by its content, and returns it as it may be kept: under a safe name and, of pictures, sound
// and films, without metadata. A file that may not be kept is a *Refusal; there is no other error. What it returns, it would
// return again.
func Clean(name string, content []byte) (File, error) {
	switch {
	case len(content) == 0:
		return File{}, refuse(Empty, "nothing in it")
	case len(content) > MaxSize:
		return File{}, refuse(TooLarge, "longer than is kept")
	}
	made, content, err := clean(content)
	if err != nil {
		return File{}, err
	}
	return File{Name: safeName(name, made.extensions), Kind: made.kind, Type: made.mediaType, Content: content}, nil
}

// format is a kind of file that is kept.
type format struct {
	kind       Kind
	mediaType  string
	extensions []string // the first is given to a file that has none of them
}

// The formats that are kept.
var (
	jpegFormat = format{Picture, "image/jpeg", []string{".jpg", ".jpeg", ".jpe", ".jfif"}}
	pngFormat  = format{Picture, "image/png", []string{".png", ".apng"}}
	gifFormat  = format{Picture, "image/gif", []string{".gif"}}
	webpFormat = format{Picture, "image/webp", []string{".webp"}}
	heicFormat = format{Picture, "image/heic", []string{".heic", ".heif", ".hif"}}
	heifFormat = format{Picture, "image/heif", []string{".heif", ".heic", ".hif"}}
	avifFormat = format{Picture, "image/avif", []string{".avif"}}

	mp3Format  = format{Sound, "audio/mpeg", []string{".mp3", ".mp2", ".mpga"}}
	aacFormat  = format{Sound, "audio/aac", []string{".aac"}}
	amrFormat  = format{Sound, "audio/amr", []string{".amr"}}
	awbFormat  = format{Sound, "audio/amr-wb", []string{".awb", ".amr"}}
	oggFormat  = format{Sound, "audio/ogg", []string{".ogg", ".oga", ".opus"}}
	wavFormat  = format{Sound, "audio/wav", []string{".wav"}}
	m4aFormat  = format{Sound, "audio/mp4", []string{".m4a", ".m4b", ".mp4"}}
	threeSound = format{Sound, "audio/3gpp", []string{".3gp", ".3ga", ".3gpp", ".3g2"}}
	webmSound  = format{Sound, "audio/webm", []string{".weba", ".webm"}}
	mkaFormat  = format{Sound, "audio/matroska", []string{".mka", ".mkv"}}

	mp4Format  = format{Film, "video/mp4", []string{".mp4", ".m4v"}}
	movFormat  = format{Film, "video/quicktime", []string{".mov", ".qt"}}
	threeFilm  = format{Film, "video/3gpp", []string{".3gp", ".3gpp", ".3g2"}}
	webmFormat = format{Film, "video/webm", []string{".webm"}}
	mkvFormat  = format{Film, "video/matroska", []string{".mkv"}}

	pdfFormat  = format{Document, "application/pdf", []string{".pdf"}}
	docxFormat = format{Document, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{".docx"}}
	xlsxFormat = format{Document, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []string{".xlsx"}}
	pptxFormat = format{Document, "application/vnd.openxmlformats-officedocument.presentationml.presentation", []string{".pptx"}}
	odtFormat  = format{Document, "application/vnd.oasis.opendocument.text", []string{".odt"}}
	odsFormat  = format{Document, "application/vnd.oasis.opendocument.spreadsheet", []string{".ods"}}
	odpFormat  = format{Document, "application/vnd.oasis.opendocument.presentation", []string{".odp"}}
	docFormat  = format{Document, "application/msword", []string{".doc"}}
	rtfFormat  = format{Document, "application/rtf", []string{".rtf"}}
	emlFormat  = format{Document, "message/rfc822", []string{".eml"}}
	msgFormat  = format{Document, "application/vnd.ms-outlook", []string{".msg"}}
)

// textFormat is that of plain text. Everything that can be read as it is becomes plain text and no more: of a list that a
// spreadsheet would calculate with, or a script without a sign of it, only the words are left.
func textFormat(charset string) format {
	return format{Text, "text/plain; charset=" + charset, []string{".txt", ".text", ".log"}}
}

// formats lists every format but that of plain text, whose extensions stand in its function.
var formats = []format{
	jpegFormat, pngFormat, gifFormat, webpFormat, heicFormat, heifFormat, avifFormat,
	mp3Format, aacFormat, amrFormat, awbFormat, oggFormat, wavFormat, m4aFormat, threeSound, webmSound, mkaFormat,
	mp4Format, movFormat, threeFilm, webmFormat, mkvFormat,
	pdfFormat, docxFormat, xlsxFormat, pptxFormat, odtFormat, odsFormat, odpFormat, docFormat, rtfFormat, emlFormat, msgFormat,
	textFormat(""),
}
