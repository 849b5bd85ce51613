package files

import (
	"bytes"
	"testing"
)

// oggSound is the sound of an Ogg, without the pages around it: what follows so many packets.
func oggSound(t *testing.T, content []byte, headers int) (sound []byte) {
	t.Helper()
	for len(content) > 0 {
		if string(content[:4]) != "OggS" {
			t.Fatal("no page")
		}
		lacing := content[27 : 27+int(content[26])]
		content = content[27+len(lacing):]
		for _, n := range lacing {
			if headers <= 0 {
				sound = append(sound, content[:n]...)
			}
			content = content[n:]
			if n < 255 {
				headers--
			}
		}
	}
	return sound
}

func TestAVoiceNoteSoundsTheSame(t *testing.T) {
	for name, headers := range map[string]int{"voice.ogg": 2, "vorbis.ogg": 3} {
		before, after := oggSound(t, read(t, name), headers), oggSound(t, cleaned(t, read(t, name)), headers)
		if len(before) == 0 || !bytes.Equal(before, after) {
			t.Errorf("%s: %d bytes of sound became %d", name, len(before), len(after))
		}
	}
}

func TestCommentsOverManyPagesAreOnePage(t *testing.T) {
	voice := read(t, "voice.ogg")
	first, second := bytes.Index(voice[1:], []byte("OggS"))+1, 0
	second = first + 1 + bytes.Index(voice[first+1:], []byte("OggS"))
	o := ogg{serial: 7, count: 1}
	o.write(be("OpusTags", bytes.Repeat([]byte(canary), 20_000)), false)
	sound := ogg{left: voice[second:]}
	for page, ok := sound.page(); ok; page, ok = sound.page() {
		page.serial = 7
		o.append(page)
	}
	head := ogg{left: voice[:first], count: 0}
	page, _ := head.page()
	page.serial = 7
	head.append(page)
	long := append(head.out, o.out...)
	content := cleaned(t, long)
	if len(long) < 200_000 || len(content) > len(voice) || bytes.Contains(content, []byte(canary)) {
		t.Errorf("%d bytes became %d", len(long), len(content))
	}
	if !bytes.Equal(oggSound(t, content, 2), oggSound(t, voice, 2)) {
		t.Error("it sounds different")
	}
}

func TestADamagedPageEndsAVoiceNote(t *testing.T) {
	voice := read(t, "voice.ogg")
	voice[len(voice)-1] ^= 1
	if content, err := Clean("", voice); err == nil && len(content.Content) >= len(voice)-100 {
		t.Error("the damaged page was kept")
	}
}

func TestOggOfOtherCodecsIsRefused(t *testing.T) {
	o := ogg{serial: 1}
	o.write([]byte("\x80theora\x03\x02\x01 and some more of it, so that it is long enough"), true)
	if reason := reasonOf(t, o.out); reason != Unsuitable {
		t.Errorf("refused as %q", reason)
	}
}

func TestOfAnMP3OnlyItsFramesAreLeft(t *testing.T) {
	before := read(t, "recording.mp3")
	after := cleaned(t, before)
	if !bytes.Contains(before, after) || len(before)-len(after) < 128 || after[0] != 0xFF {
		t.Errorf("%d bytes became %d", len(before), len(after))
	}
	ape := be("APETAGEX", uint32(0xD0070000), uint32(32), canary, make([]byte, 20))
	middle := len(after) / 2
	for ; middle < len(after); middle++ {
		if size, _ := mp3Frame(after[middle:]); size > 0 && bytes.HasPrefix(after[middle:], after[:2]) {
			break
		}
	}
	tagged := be(before[:len(before)-128], ape, "TAG+", canary, make([]byte, 100), before[len(before)-128:])
	if !bytes.Equal(cleaned(t, tagged), after) {
		t.Error("tags of two kinds change what is left")
	}
	torn := be(after[:middle], "ID3\x04\x00\x00\x00\x00\x00\x0b", canary, after[middle:])
	if !bytes.Equal(cleaned(t, torn), after) {
		t.Error("a tag amid the sound changes what is left")
	}
}

func TestARecordingWithoutItsLengthIsKept(t *testing.T) {
	open := wavSample()
	copy(open[4:], le(uint32(1<<32-1)))
	data := bytes.Index(open, []byte("data"))
	open = append(open[:data+4], le(uint32(1<<32-1), "\x80\x81\x82\x83")...)
	want := riffOf("WAVE", riffChunk("fmt ", uint16(1), uint16(1), uint32(8000), uint32(8000), uint16(1), uint16(8)), riffChunk("data", "\x80\x81\x82\x83"))
	if got := cleaned(t, open); !bytes.Equal(got, want) {
		t.Errorf("left is %q", got)
	}
}

func TestAnAMRIsCutBehindItsLastFrame(t *testing.T) {
	if got := cleaned(t, amrSample()); len(got) != 6+25*32 {
		t.Errorf("%d bytes are left", len(got))
	}
	wide := be("#!AMR-WB\n", uint8(0x44), make([]byte, 60))
	if file, err := Clean("voice.amr", append(wide, canary...)); err != nil || !bytes.Equal(file.Content, wide) || file.Name != "voice.amr" {
		t.Errorf("%s, %d bytes: %v", file.Name, len(file.Content), err)
	}
}
