package files

import (
	"bytes"
	"encoding/binary"
	"image"
	gifs "image/gif"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// samePixels compares two pictures as they are seen.
func samePixels(t *testing.T, name string, before, after []byte) {
	t.Helper()
	a, _, err := image.Decode(bytes.NewReader(before))
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := image.Decode(bytes.NewReader(after))
	if err != nil || a.Bounds() != b.Bounds() {
		t.Fatalf("%s: of another size: %v", name, err)
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if a.At(x, y) != b.At(x, y) {
				t.Fatalf("%s: another colour at %d, %d", name, x, y)
			}
		}
	}
}

func TestPicturesLookTheSame(t *testing.T) {
	for name, content := range map[string][]byte{
		"jpeg": jpegSample(1), "png": pngSample(), "gif": gifSample(), "camera.jpg": read(t, "camera.jpg"), "camera.png": read(t, "camera.png"),
	} {
		samePixels(t, name, content, cleaned(t, content))
	}
}

func TestAPictureIsStillTurnedAsItWasHeld(t *testing.T) {
	tag := func(turned byte) []byte { return []byte{0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turned, 0, 0} }
	for turned := uint16(0); turned <= 9; turned++ {
		content := cleaned(t, jpegSample(turned))
		want := turned >= 2 && turned <= 8
		if bytes.Contains(content, []byte("Exif")) != want || bytes.Contains(content, tag(byte(turned))) != want {
			t.Errorf("orientation %d: %q", turned, content[:100])
		}
	}
	for name, turned := range map[string]byte{"camera.jpg": 6, "camera.png": 6, "camera.webp": 6, "moving.webp": 6} {
		if !bytes.Contains(cleaned(t, read(t, name)), tag(turned)) {
			t.Errorf("%s lies on its side", name)
		}
	}
}

func TestOfAJPEGOnlyThePictureIsLeft(t *testing.T) {
	content := cleaned(t, jpegSample(3))
	var markers []byte
	for at := 2; at < len(content) && content[at+1] != 0xDA; at += 2 + int(binary.BigEndian.Uint16(content[at+2:])) {
		markers = append(markers, content[at+1])
	}
	if want := []byte{0xE0, 0xE1, 0xE2, 0xDB, 0xC0, 0xC4}; !bytes.Equal(slices.Compact(markers), want) {
		t.Errorf("segments %x", markers)
	}
	if !bytes.Contains(content, []byte("ICC_PROFILE\x00\x01\x01profile")) {
		t.Error("the colours are lost")
	}
}

func TestWhatStandsBetweenTheSegmentsOfAJPEGIsNotKept(t *testing.T) {
	picture := jpegSample(1)
	table := bytes.Index(picture, []byte{0xFF, 0xDB})
	if got := cleaned(t, be(picture[:table], canary, picture[table:])); !bytes.Equal(got, cleaned(t, picture)) {
		t.Errorf("%d bytes are left", len(got))
	}
}

func TestOfAPNGOnlyThePictureIsLeft(t *testing.T) {
	var names []string
	content := cleaned(t, pngSample())
	for at := 8; at < len(content); at += 12 + int(binary.BigEndian.Uint32(content[at:])) {
		names = append(names, string(content[at+4:at+8]))
	}
	if got := strings.Join(slices.Compact(names), " "); got != "IHDR iCCP gAMA pHYs eXIf IDAT IEND" {
		t.Errorf("chunks %s", got)
	}
}

func TestAMovingPNGStillMoves(t *testing.T) {
	still := pngSample()
	end := len(still) - 12
	data := bytes.Index(still, []byte("IDAT")) - 4
	moving := be(still[:data], pngChunk("acTL", uint32(2), uint32(0)), pngChunk("fcTL", make([]byte, 26)), still[data:end],
		pngChunk("fcTL", make([]byte, 26)), pngChunk("fdAT", uint32(1), "coded"), still[end:])
	content := cleaned(t, moving)
	if bytes.Count(content, []byte("fcTL")) != 2 || !bytes.Contains(content, []byte("fdAT\x00\x00\x00\x01coded")) {
		t.Error("a picture is lost")
	}
}

func TestAGIFMovesAsItDid(t *testing.T) {
	before, err := gifs.DecodeAll(bytes.NewReader(gifSample()))
	if err != nil {
		t.Fatal(err)
	}
	after, err := gifs.DecodeAll(bytes.NewReader(cleaned(t, gifSample())))
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("another film: %v", err)
	}
}

func TestOfAWebPOnlyThePictureIsLeft(t *testing.T) {
	want := riffOf("WEBP", riffChunk("VP8X", uint8(0x3A), "\x00\x00\x00", "\x17\x00\x00", "\x0F\x00\x00"),
		riffChunk("ICCP", "profile"), riffChunk("ANIM", uint32(0), uint16(0)),
		riffChunk("ANMF", make([]byte, 16), riffChunk("VP8L", vp8l(24, 16))), riffChunk("EXIF", exifOf(8)))
	if got := cleaned(t, webpSample()); !bytes.Equal(got, want) {
		t.Errorf("left is %q", got)
	}
	plain := riffOf("WEBP", riffChunk("VP8L", vp8l(24, 16)))
	if got := cleaned(t, append(riffOf("WEBP", riffChunk("VP8L", vp8l(24, 16)), riffChunk("EXIF", gps(1))), canary...)); !bytes.Equal(got, plain) {
		t.Errorf("left is %q", got)
	}
}

func TestTheCodedPictureOfAHEICStaysInItsPlace(t *testing.T) {
	for _, inside := range []bool{false, true} {
		before := heicSample(inside)
		after := cleaned(t, before)
		at := bytes.Index(before, []byte("coded picture"))
		if len(after) != len(before) || bytes.Index(after, []byte("coded picture")) != at {
			t.Error("it was moved")
		}
		if !bytes.Contains(after, []byte("\x00\x00\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00")) {
			t.Error("what is left of Exif is none")
		}
		for _, property := range []string{"irot\x01", "hvcCconfiguration"} {
			if !bytes.Contains(after, []byte(property)) {
				t.Errorf("%s is lost", property)
			}
		}
	}
}

func TestAHEICThatPointsOutsideItsPicturesIsRefused(t *testing.T) {
	whole := heicSample(false)
	exif := bytes.Index(whole, be(uint32(0), gps(6)))
	entry := bytes.Index(whole, be(uint32(exif), uint32(len(gps(6))+4)))
	for name, place := range map[string][]byte{
		"into the boxes":  be(uint32(30), uint32(40)),
		"behind the end":  be(uint32(exif), uint32(1<<29)),
		"nowhere":         be(uint32(1<<31), uint32(4)),
		"to the very end": be(uint32(exif), uint32(0)),
	} {
		spoiled := bytes.Clone(whole)
		copy(spoiled[entry:], place)
		if reason := reasonOf(t, spoiled); reason != Unreadable {
			t.Errorf("%s: refused as %q", name, reason)
		}
	}
}

func TestHugePicturesAreRefusedByTheirHeader(t *testing.T) {
	wide := jpegSample(1)
	copy(wide[bytes.Index(wide, []byte{0xFF, 0xC0})+5:], be(uint16(0xFFFF), uint16(0xFFFF)))
	gif := gifSample()
	copy(gif[6:], le(uint16(60000), uint16(60000)))
	frame := gifSample()
	copy(frame[bytes.Index(frame, []byte{0x2C, 0, 0, 0, 0})+5:], le(uint16(60000), uint16(60000)))
	heic := heicSample(false)
	copy(heic[bytes.Index(heic, []byte("ispe"))+8:], be(uint32(1<<20), uint32(1<<20)))
	for name, content := range map[string][]byte{
		"jpeg": wide, "gif": gif, "gif frame": frame, "heic": heic,
		"png":       be(pngSignature, pngChunk("IHDR", uint32(1<<30), uint32(1<<30), uint32(0x08060000), uint8(0))),
		"webp":      riffOf("WEBP", riffChunk("VP8L", vp8l(16384, 16384))),
		"webp film": riffOf("WEBP", riffChunk("VP8X", uint32(2), "\xFF\xFF\xFF\xFF\xFF\xFF")),
	} {
		if reason := reasonOf(t, content); reason != TooWide {
			t.Errorf("%s: refused as %q", name, reason)
		}
	}
}

func TestPicturesMadeToKeepSomebodyBusyAreRefused(t *testing.T) {
	picture := jpegSample(1)
	scan := bytes.Index(picture, []byte{0xFF, 0xDA})
	end := len(picture) - 2
	for name, content := range map[string][]byte{
		"scans":    be(picture[:end], bytes.Repeat(picture[scan:end], maxScans), picture[end:]),
		"segments": be(picture[:2], bytes.Repeat(jpegSegment(0xE9), maxSegments+1), picture[2:]),
		"boxes":    be(heicSample(false), bytes.Repeat(boxOf("free"), maxBoxes)),
	} {
		if reason := reasonOf(t, content); reason != Unreadable {
			t.Errorf("%s: refused as %q", name, reason)
		}
	}
}
