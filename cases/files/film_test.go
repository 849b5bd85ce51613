package files

import (
	"bytes"
	"strings"
	"testing"
)

func TestAFilmLosesItsMetadataInPlace(t *testing.T) {
	before := cameraSample()
	after := cleaned(t, before)
	if len(before) != len(after) {
		t.Fatalf("%d bytes became %d", len(before), len(after))
	}
	data := bytes.Index(before, []byte("coded picture"))
	if want := "coded picture" + strings.Repeat("\x00", 11) + "coded sound" + strings.Repeat("\x00", 11); string(after[data:data+len(want)]) != want {
		t.Errorf("the samples are %q", after[data:data+len(want)])
	}
	for kind, want := range map[string]int{"trak": 2, "stsd": 2, "avcC": 1, "tref": 0, "udta": 0, "uuid": 0, "meta": 0, "cust": 0, "gpmd": 0} {
		if got := bytes.Count(after, []byte(kind)); got != want {
			t.Errorf("%d of %s are left", got, kind)
		}
	}
	for _, times := range [][]byte{be(uint32(111), uint32(222)), be(uint64(333), uint64(444))} {
		if bytes.Contains(after, times) {
			t.Error("it still says when it was made")
		}
	}
	if bytes.Count(after, be("url ", uint32(1))) != 2 {
		t.Error("it refers to another file")
	}
}

func TestWhereACameraWasIsErasedWhateverItsTables(t *testing.T) {
	for name, tables := range map[string]func(first, second uint32) (sizes, places []byte){
		"each its own": func(first, second uint32) ([]byte, []byte) {
			return boxOf("stsz", uint32(0), uint32(0), uint32(2), uint32(11), uint32(11)), boxOf("stco", uint32(0), uint32(2), first, second)
		},
		"in bytes": func(first, second uint32) ([]byte, []byte) {
			return boxOf("stz2", uint32(0), uint32(8), uint32(2), uint8(11), uint8(11)), boxOf("stco", uint32(0), uint32(2), first, second)
		},
		"in two bytes": func(first, second uint32) ([]byte, []byte) {
			return boxOf("stz2", uint32(0), uint32(16), uint32(2), uint16(11), uint16(11)), boxOf("stco", uint32(0), uint32(2), first, second)
		},
	} {
		if content := cleaned(t, cameraWith(tables)); bytes.Contains(content, []byte(canary)) || !bytes.Contains(content, []byte("coded sound")) {
			t.Errorf("%s: left is %q", name, content)
		}
	}
}

func TestTheCodedSamplesOfAFilmAreNotTouched(t *testing.T) {
	// Between these marks stand only coded samples, in files that were made by a program.
	for name, marks := range map[string][2]string{
		"film.mp4": {"mdat", "moov"}, "pieces.mp4": {"mdat", "moof"}, "film.3gp": {"mdat", "moov"}, "recording.m4a": {"mdat", "moov"},
		"film.webm": {"\x1F\x43\xB6\x75", "\x1C\x53\xBB\x6B"}, "live.webm": {"\x1F\x43\xB6\x75", "\xFF\xFF\xFF\xFF"},
	} {
		before := read(t, name)
		after := cleaned(t, before)
		from := bytes.Index(before, []byte(marks[0]))
		to := from + bytes.Index(before[from:], []byte(marks[1]))
		if to < from {
			to = len(before)
		}
		if from < 0 || to-from < 100 || !bytes.Equal(before[from:to], after[from:to]) {
			t.Errorf("%s: changed within %d bytes", name, to-from)
		}
	}
}

func TestAFilmOfOnlySoundIsSound(t *testing.T) {
	content := bytes.Replace(cameraSample(), []byte("vide"), []byte("text"), 1)
	file, err := Clean("", content)
	if err != nil || file.Kind != Sound || file.Type != "audio/mp4" {
		t.Errorf("kept as %s, %s: %v", file.Kind, file.Type, err)
	}
}

func TestFilmsWhoseTablesLieAreRefused(t *testing.T) {
	whole := cameraSample()
	sizes := bytes.Index(whole, be("stsz", uint32(0), uint32(11), uint32(2)))
	places := bytes.Index(whole, []byte("co64"))
	for name, change := range map[string]func([]byte){
		"huge samples":      func(b []byte) { copy(b[sizes+8:], be(uint32(1<<31), uint32(1<<31))) },
		"samples elsewhere": func(b []byte) { copy(b[places+12:], be(uint64(1<<40))) },
		"samples in boxes":  func(b []byte) { copy(b[places+12:], be(uint64(len(whole)-300))) },
		"many chunks":       func(b []byte) { copy(b[places+8:], be(uint32(1<<32-1))) },
		"no tables":         func(b []byte) { copy(b[sizes:], "none") },
		"nothing to see": func(b []byte) {
			copy(b, bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("vide"), []byte("xxxx")), []byte("soun"), []byte("xxxx")))
		},
		"a box too long": func(b []byte) { copy(b[bytes.Index(b, []byte("stts"))-4:], be(uint32(1<<20))) },
	} {
		spoiled := bytes.Clone(whole)
		change(spoiled)
		if reason := reasonOf(t, spoiled); reason != Unreadable {
			t.Errorf("%s: refused as %q", name, reason)
		}
	}
}

func TestSubtitlesAndAttachmentsAreTakenOutOfMatroska(t *testing.T) {
	content := cleaned(t, read(t, "film.mkv"))
	for _, word := range []string{"S_TEXT", canary, "mkvmerge", "s.srt"} {
		if bytes.Contains(content, []byte(word)) {
			t.Errorf("%s is left", word)
		}
	}
	for _, word := range []string{"V_VP8", "A_VORBIS", "\x05vorbis"} {
		if !bytes.Contains(content, []byte(word)) {
			t.Errorf("%q is lost", word)
		}
	}
}

func TestMatroskaWithACodecThatIsNotKnownIsRefused(t *testing.T) {
	content := bytes.Replace(read(t, "film.webm"), []byte("V_VP8"), []byte("V_XXX"), 1)
	if reason := reasonOf(t, content); reason != Unsuitable {
		t.Errorf("refused as %q", reason)
	}
}
