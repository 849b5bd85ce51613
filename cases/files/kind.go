package files

import (
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// cleaners tells by the media type that a content begins as who looks at it further. Whoever does may find that it is
// something else, or nothing that can be kept.
var cleaners = map[string]func([]byte) (format, []byte, error){
	"image/jpeg": cleanJPEG,
	"image/png":  cleanPNG,
	"image/gif":  cleanGIF,
	"image/webp": cleanWebP,

	"audio/mpeg":      cleanMP3,
	"audio/aac":       cleanAAC,
	"audio/amr":       cleanAMR,
	"audio/wav":       cleanWAV,
	"application/ogg": cleanOgg,

	"video/mp4":       cleanBoxes, // HEIC, AVIF, M4A and 3GP as well
	"video/quicktime": cleanBoxes,
	"video/webm":      cleanMatroska,
	"video/matroska":  cleanMatroska,

	"application/pdf":           cleanPDF,
	"application/zip":           cleanOffice,
	"application/x-ole-storage": cleanCompound,
	"text/plain":                cleanText,
}

// archives are files packed together. What is in them can only be known by unpacking, and that is not done.
var archives = map[string]bool{
	"application/x-7z-compressed": true, "application/x-tar": true, "application/x-xar": true, "application/x-bzip2": true,
	"application/gzip": true, "application/vnd.rar": true, "application/zstd": true, "application/x-xz": true,
	"application/vnd.ms-cab-compressed": true, "application/x-installshield": true, "application/lzip": true,
	"application/x-cpio": true, "application/zlib": true, "application/x-archive": true,
}

// clean finds out what a content is, and what is left of it.
func clean(content []byte) (format, []byte, error) {
	family := familyOf(mimetype.Detect(content))
	if archives[family] {
		return format{}, nil, refuse(Archive, family)
	}
	look, known := cleaners[family]
	if !known {
		return format{}, nil, refuse(Unsuitable, family)
	}
	made, content, err := look(content)
	if err != nil {
		return format{}, nil, err
	}
	if family != "application/zip" && family != "application/x-ole-storage" && endsAsZip(content) {
		return format{}, nil, broken(family + " that is an archive as well")
	}
	return made, content, nil
}

// familyOf returns the media type of the container that a content is in: application/zip for a text document.
func familyOf(found *mimetype.MIME) string {
	for parent := found.Parent(); parent != nil && parent.Parent() != nil; parent = found.Parent() {
		found = parent
	}
	return bare(found.String())
}

// bare is a media type without its parameters.
func bare(mediaType string) string {
	mediaType, _, _ = strings.Cut(mediaType, ";")
	return strings.TrimSpace(mediaType)
}
