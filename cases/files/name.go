package files

import (
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits on a name: what people can read at a glance, and what file systems take.
const (
	maxNameCharacters = 100
	maxNameBytes      = 255
	maxNameRead       = 4096 // bytes of it that are looked at, from its end
)

// noName is the name of a file that has none that can be shown. It is a word in no language, or in all.
const noName = "file"

// otherExtensions are extensions that say what a file is, besides those of the formats that are kept. At the end of a name they
// are taken for such, and go where the file is something else.
var otherExtensions = append(strings.Fields(`.htm .html .xhtml .shtml .mht .mhtml .svg .svgz .xml .zip .rar .7z .tar .gz .tgz .bz2 .xz .tif .tiff
	.bmp .ico .psd .raw .dng .cr2 .nef .avi .wmv .flv .mpg .mpeg .mts .flac .wma .aiff .xls .ppt .pps .csv .json .ics .vcf .srt .vtt .md .bin .dat
	.tmp .part .crdownload .eps .ps .pages .numbers .key .epub`), programExtensions...)

// safeName makes of the name that a sender gave one that can be shown and saved under: no folder, nothing that steers a screen
// or is not seen, no name that means a device, not too long, and at its end an extension of what the file is.
func safeName(name string, extensions []string) string {
	// What is taken away may lay bare what must go as well. Each round but the first makes a name shorter, or ends it.
	for range 100 {
		safe := saferName(name, extensions)
		if safe == name {
			return name
		}
		name = safe
	}
	return noName + extensions[0]
}

func saferName(name string, extensions []string) string {
	name = strings.ToValidUTF8(name[max(0, len(name)-maxNameRead):], "")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	stem, extension := trimEnd(shown(name)), extensions[0]
	for outermost := true; ; outermost = false {
		found := path.Ext(stem)
		lower := strings.ToLower(found)
		ours := slices.Contains(extensions, lower)
		if !ours && !isExtension(lower) {
			break
		}
		if ours && outermost {
			extension = found
		}
		stem = trimEnd(strings.TrimSuffix(stem, found))
	}
	stem = shorten(trimBegin(stem), extension)
	if device, _, _ := strings.Cut(stem, "."); isDevice(device) {
		stem = "_" + shorten(stem, "_"+extension)
	}
	if stem == "" {
		stem = noName
	}
	return stem + extension
}

// isExtension says whether the end of a name says what a file is.
func isExtension(extension string) bool {
	if slices.Contains(otherExtensions, extension) {
		return true
	}
	return slices.ContainsFunc(formats, func(f format) bool { return slices.Contains(f.extensions, extension) })
}

// shown keeps the characters of a name that are seen, and makes of any blank a space, and of characters that a file system
// doesn't take a dash.
func shown(name string) string {
	var b strings.Builder
	marks := 0
	for _, r := range norm.NFC.String(name) {
		switch {
		case unicode.IsSpace(r):
			r = ' '
		case strings.ContainsRune(`<>:"|?*`, r):
			r = '-'
		case !unicode.IsPrint(r), unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector), r == 0x2800, r == utf8.RuneError:
			continue
		}
		if marks++; !unicode.Is(unicode.M, r) {
			marks = 0
		}
		if marks <= 2 { // more on one letter hide the lines around it
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// trimBegin takes away what a name may not begin with: it would hide the file, be taken for an option, or sit on nothing.
func trimBegin(stem string) string {
	return strings.TrimLeftFunc(stem, func(r rune) bool { return strings.ContainsRune(" .-~", r) || unicode.Is(unicode.M, r) })
}

// trimEnd takes away what Windows loses at the end of a name.
func trimEnd(stem string) string { return strings.TrimRight(stem, " .") }

// shorten cuts a stem so that it is not too long with its extension.
func shorten(stem, extension string) string {
	characters, bytes := maxNameCharacters-utf8.RuneCountInString(extension), maxNameBytes-len(extension)
	for at, r := range stem {
		if characters--; characters < 0 || at+utf8.RuneLen(r) > bytes {
			return trimEnd(stem[:at])
		}
	}
	return stem
}

// isDevice says whether Windows takes a name for a device, whatever its extension.
func isDevice(name string) bool {
	name = strings.ToUpper(strings.TrimSpace(name))
	switch name {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	for _, port := range []string{"COM", "LPT"} {
		if rest, ok := strings.CutPrefix(name, port); ok && utf8.RuneCountInString(rest) == 1 && strings.Contains("0123456789¹²³", rest) {
			return true
		}
	}
	return false
}
