package files

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestEachKindIsKeptAsWhatItIs(t *testing.T) {
	for _, s := range kept(t) {
		before := bytes.Clone(s.content)
		file, err := Clean("", s.content)
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		if file.Name != s.called || file.Kind != s.made.kind || file.Type != s.made.mediaType {
			t.Errorf("%s: kept as %s, %s, %s", s.name, file.Name, file.Kind, file.Type)
		}
		if !bytes.Equal(before, s.content) {
			t.Errorf("%s: what was given was changed", s.name)
		}
	}
}

func TestNoMetadataAreLeftInPicturesFilmsAndSound(t *testing.T) {
	for _, s := range kept(t) {
		if s.made.kind == Document || s.made.kind == Text {
			continue
		}
		if !bytes.Contains(s.content, []byte(canary)) {
			t.Errorf("%s: the sample proves nothing", s.name)
		}
		content := cleaned(t, s.content)
		for _, word := range []string{canary, "Lavf", "GoPr", "\x88\x25", "Noor", "xmp"} {
			if bytes.Contains(content, []byte(word)) {
				t.Errorf("%s: %q is left", s.name, word)
			}
		}
	}
}

func TestDocumentsAndTextsStayAsTheyAre(t *testing.T) {
	for _, s := range kept(t) {
		if content := cleaned(t, s.content); (s.made.kind == Document || s.made.kind == Text) && !bytes.HasPrefix(s.content, content) {
			t.Errorf("%s was changed", s.name)
		}
	}
}

func TestWhatIsCleanStaysAsItIs(t *testing.T) {
	for _, s := range kept(t) {
		once, err := Clean("De trap (invented).x", s.content)
		if err != nil {
			t.Fatal(err)
		}
		twice, err := Clean(once.Name, once.Content)
		if err != nil || !reflect.DeepEqual(once, twice) {
			t.Errorf("%s: %s (%s) became %s (%s): %v", s.name, once.Name, once.Type, twice.Name, twice.Type, err)
		}
	}
}

func TestTornFilesAreRefusedOrKeptWithoutHarm(t *testing.T) {
	for _, s := range kept(t) {
		step := 1 + len(s.content)/600
		for length := 0; length < len(s.content); length += step {
			file, err := Clean("", s.content[:length])
			if err == nil && file.Kind != Document && file.Kind != Text && bytes.Contains(file.Content, []byte(canary)) {
				t.Errorf("%s: of the first %d bytes the canary is left", s.name, length)
			}
		}
	}
}

func TestSpoiledFilesAreRefusedOrKeptWithoutHarm(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	for _, s := range kept(t) {
		for range 40 {
			spoiled := bytes.Clone(s.content)
			for range 1 + chance.IntN(4) {
				spoiled[chance.IntN(len(spoiled))] = byte(chance.UintN(256))
			}
			checkClean(t, "", spoiled)
		}
	}
}

// checkClean cleans a content and says what is wrong with what comes of it.
func checkClean(t *testing.T, name string, content []byte) {
	t.Helper()
	once, err := Clean(name, content)
	if err != nil {
		reasonOf(t, content)
		return
	}
	if len(once.Content) > len(content)+64 {
		t.Errorf("%d bytes became %d", len(content), len(once.Content))
	}
	if !slices.Contains([]Kind{Picture, Document, Sound, Film, Text}, once.Kind) || once.Type == "" || len(once.Content) == 0 {
		t.Errorf("kept as nothing: %q %q", once.Kind, once.Type)
	}
	twice, err := Clean(once.Name, once.Content)
	if err != nil {
		t.Fatalf("what was clean is refused: %v", err)
	}
	if once.Name != twice.Name || once.Kind != twice.Kind || once.Type != twice.Type || !bytes.Equal(once.Content, twice.Content) {
		t.Errorf("what was clean became another: %q %s, then %q %s", once.Name, once.Type, twice.Name, twice.Type)
	}
}

func TestWhatIsNotKeptIsRefusedWithItsReason(t *testing.T) {
	for name, c := range map[string]struct {
		content string
		reason  Reason
	}{
		"nothing":             {"", Empty},
		"too long":            {strings.Repeat("a", MaxSize+1), TooLarge},
		"a program":           {"MZ\x90\x00\x03" + strings.Repeat("\x00", 100), Unsuitable},
		"a program for Linux": {"\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 100), Unsuitable},
		"a page":              {"<!DOCTYPE html><html><script>alert(1)</script></html>", Unsuitable},
		"a drawing":           {`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, Unsuitable},
		"xml":                 {`<?xml version="1.0"?><a/>`, Unsuitable},
		"a script":            {"#!/bin/sh\nrm -rf /\n", Unsuitable},
		"php":                 {"<?php system($_GET['c']); ?>", Unsuitable},
		"bytes":               {"\x00\x01\x02\x03\x04\x05", Unsuitable},
		"text with a bell":    {strings.Repeat("words ", 1000) + "\x07", Unsuitable},
		"text with nothing":   {strings.Repeat("words ", 1000) + "\x00", Unsuitable},
		"tiff":                {"II*\x00\x08\x00\x00\x00" + strings.Repeat("\x00", 50), Unsuitable},
		"flac":                {"fLaC\x00\x00\x00\x22" + strings.Repeat("\x00", 50), Unsuitable},
		"an archive":          {string(zipOf("photo.jpg", "x")), Archive},
		"a program's archive": {string(zipOf("META-INF/MANIFEST.MF", "x", "A.class", "x")), Archive},
		"gzip":                {"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", Archive},
		"7z":                  {"7z\xbc\xaf\x27\x1c\x00\x04", Archive},
		"rar":                 {"Rar!\x1a\x07\x01\x00", Archive},
		"half an archive":     {string(zipOf("photo.jpg", "x"))[:60], Archive},
		"half a document":     {string(docxSample())[:200], Unreadable},
	} {
		if reason := reasonOf(t, []byte(c.content)); reason != c.reason {
			t.Errorf("%s: refused as %q", name, reason)
		}
	}
}

func TestNothingOfAFileStandsInARefusal(t *testing.T) {
	for _, s := range kept(t) {
		_, err := Clean(canary, append([]byte{0}, s.content...))
		if err != nil && strings.Contains(err.Error(), canary) {
			t.Errorf("%s: %v", s.name, err)
		}
	}
}

func TestWhatIsHungBehindAFileIsCutOff(t *testing.T) {
	archive := string(zipOf("evil.php", "<?php evil(); ?>"))
	for _, s := range kept(t) {
		if s.made.kind == Document || s.made.kind == Text || s.made.mediaType == "audio/aac" {
			continue
		}
		clean := cleaned(t, s.content)
		for _, tail := range []string{archive, "<?php evil(); ?>", pdfSample, "<script>alert(1)</script>", "MZ\x90\x00"} {
			file, err := Clean("", append(bytes.Clone(clean), tail...))
			if err == nil && !bytes.Equal(file.Content, clean) {
				t.Errorf("%s with %.10q behind it: %d bytes became %d", s.name, tail, len(clean), len(file.Content))
			}
		}
	}
}

func TestAPictureThatIsAnArchiveAsWellIsRefused(t *testing.T) {
	archive := zipOf("evil.exe", "MZ")
	picture := jpegSample(1)
	both := be(picture[:len(picture)-2], archive, picture[len(picture)-2:])
	if reason := reasonOf(t, both); reason != Unreadable {
		t.Errorf("refused as %q", reason)
	}
}

func TestWhatAFileCostsIsBoundedByItsLength(t *testing.T) {
	const length = 4 << 20
	picture := jpegSample(1)
	film := cameraSample()
	for name, content := range map[string][]byte{
		"picture":  be(picture[:len(picture)-2], bytes.Repeat([]byte{1}, length), picture[len(picture)-2:]),
		"segments": be(picture[:2], bytes.Repeat(jpegSegment(0xFE, make([]byte, 60_000)), length/60_000), picture[2:]),
		"film":     be(film, boxOf("mdat", make([]byte, length))),
		"boxes":    be(film, bytes.Repeat(boxOf("free"), length/8)),
		"text":     bytes.Repeat([]byte("words and "), length/10),
		"mail":     append([]byte(emlSample), bytes.Repeat([]byte("words and\n"), length/10)...),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _ = Clean("", content)
		runtime.ReadMemStats(&after)
		if spent := after.TotalAlloc - before.TotalAlloc; spent > 3*length {
			t.Errorf("%s: %d MB for %d", name, spent>>20, len(content)>>20)
		}
	}
}
