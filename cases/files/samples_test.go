package files

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	gifs "image/gif"
	jpegs "image/jpeg"
	pngs "image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// canary stands in every place of a sample that no one is to read: the square where the pictures were taken.
const canary = "Keurenplein"

// The files of testdata were made by ffmpeg, libheif, libwebp, mkvtoolnix, exiftool and qpdf, each with the canary in whatever
// place it offers. The samples below are built by hand, for places that no program fills on request.

// read returns a file of testdata.
func read(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// be writes numbers and bytes behind each other, big endian; le little endian.
func be(values ...any) []byte { return pack(binary.BigEndian, values) }
func le(values ...any) []byte { return pack(binary.LittleEndian, values) }

func pack(order binary.ByteOrder, values []any) []byte {
	var out bytes.Buffer
	for _, value := range values {
		switch v := value.(type) {
		case string:
			out.WriteString(v)
		case []byte:
			out.Write(v)
		default:
			if err := binary.Write(&out, order, v); err != nil {
				panic(err)
			}
		}
	}
	return out.Bytes()
}

// drawing is a picture that turned or cut would be another.
func drawing() *image.NRGBA {
	drawn := image.NewNRGBA(image.Rect(0, 0, 24, 16))
	for i := range drawn.Pix {
		drawn.Pix[i] = byte(i * 7)
	}
	return drawn
}

// gps is Exif as a telephone writes it: its maker, how it was held, and where.
func gps(turned uint16) []byte {
	return le("II", uint16(42), uint32(8), uint16(3),
		uint16(0x010F), uint16(2), uint32(12), uint32(50), // maker, at 50
		uint16(0x0112), uint16(3), uint32(1), turned, uint16(0),
		uint16(0x8825), uint16(4), uint32(1), uint32(62), // place, at 62
		uint32(0), canary+"\x00",
		uint16(1), uint16(0x001B), uint16(7), uint32(len(canary)), uint32(80), uint32(0), canary)
}

func jpegSegment(marker byte, body ...any) []byte {
	b := be(body...)
	return be(uint8(0xFF), marker, uint16(len(b)+2), b)
}

// jpegSample is a JPEG with the canary in each kind of segment, held like that.
func jpegSample(turned uint16) []byte {
	var made bytes.Buffer
	if err := jpegs.Encode(&made, drawing(), nil); err != nil {
		panic(err)
	}
	return slices.Concat([]byte{0xFF, 0xD8},
		jpegSegment(0xE0, "JFIF\x00", uint16(0x0101), uint8(1), uint16(72), uint16(72), uint8(1), uint8(1), "rgb", canary),
		jpegSegment(0xE0, "JFXX\x00\x10", canary),
		jpegSegment(0xE1, "Exif\x00\x00", gps(turned)),
		jpegSegment(0xE1, "http://ns.adobe.com/xap/1.0/\x00", canary),
		jpegSegment(0xE2, "MPF\x00", canary),
		jpegSegment(0xE2, "ICC_PROFILE\x00\x01\x01profile"),
		jpegSegment(0xE5, canary), jpegSegment(0xED, "Photoshop 3.0\x00", canary),
		jpegSegment(0xFE, canary), []byte{0xFF, 0xFF}, jpegSegment(0xEF, canary),
		made.Bytes()[2:])
}

func pngChunk(name string, body ...any) []byte {
	b := append([]byte(name), be(body...)...)
	return be(uint32(len(b)-4), b, crc32.ChecksumIEEE(b))
}

// pngSample is a PNG with the canary in each kind of chunk that may hold it.
func pngSample() []byte {
	var made bytes.Buffer
	if err := pngs.Encode(&made, drawing()); err != nil {
		panic(err)
	}
	const head = 8 + 25 // signature and first chunk
	end := made.Len() - 12
	return slices.Concat(made.Bytes()[:head],
		pngChunk("iCCP", canary+"\x00\x00profile"), pngChunk("gAMA", uint32(45455)), pngChunk("gAMA", uint32(1)),
		pngChunk("pHYs", uint32(2835), uint32(2835), uint8(1)), pngChunk("sRGB", canary),
		pngChunk("tEXt", "Author\x00", canary), pngChunk("zTXt", canary), pngChunk("iTXt", canary), pngChunk("tIME", "\x07\xe8\x01\x01\x00\x00\x00"),
		pngChunk("eXIf", gps(6)), pngChunk("caBX", canary), pngChunk("sPLT", canary),
		made.Bytes()[head:end], pngChunk("tEXt", canary), made.Bytes()[end:])
}

// gifSample is a GIF of two pictures with comments and texts.
func gifSample() []byte {
	frame := image.NewPaletted(image.Rect(0, 0, 6, 4), color.Palette{color.Black, color.White})
	frame.Pix[3] = 1
	other := image.NewPaletted(frame.Rect, frame.Palette)
	var made bytes.Buffer
	if err := gifs.EncodeAll(&made, &gifs.GIF{Image: []*image.Paletted{frame, other}, Delay: []int{7, 9}}); err != nil {
		panic(err)
	}
	loop := bytes.Index(made.Bytes(), []byte("\x21\xFF\x0BNETSCAPE2.0"))
	end := made.Len() - 1
	block := string(rune(len(canary))) + canary + "\x00"
	return be(made.Bytes()[:loop], "\x21\xFE"+block, "\x21\xFF\x0BXMP DataXMP"+block,
		"\x21\xF9\x04\x00\x00\x00\x00\x00\x21\x01\x0C\x00\x00\x00\x00\x00\x00\x00\x00\x01\x01\x01\x01"+block,
		made.Bytes()[loop:end], "\x21\xFE"+block, made.Bytes()[end:])
}

func riffChunk(name string, body ...any) []byte {
	b := le(body...)
	if len(b)%2 == 1 {
		return le(name, uint32(len(b)), b, uint8(0))
	}
	return le(name, uint32(len(b)), b)
}

func riffOf(form string, chunks ...[]byte) []byte {
	b := append([]byte(form), slices.Concat(chunks...)...)
	return le("RIFF", uint32(len(b)), b)
}

// vp8l is a coded picture of that size, as far as anybody looks at it here.
func vp8l(width, height uint32) []byte { return le(uint8(0x2F), width-1|(height-1)<<14, "coded") }

func webpSample() []byte {
	return riffOf("WEBP", riffChunk("VP8X", uint8(0x3E), "\x00\x00\x00", "\x17\x00\x00", "\x0F\x00\x00"),
		riffChunk("ICCP", "profile"), riffChunk("ANIM", uint32(0), uint16(0)), riffChunk("JUNK", canary),
		riffChunk("ANMF", make([]byte, 16), riffChunk("JUNK", canary), riffChunk("VP8L", vp8l(24, 16)), riffChunk("JUNK", canary)),
		riffChunk("EXIF", gps(8)), riffChunk("XMP ", canary))
}

func wavSample() []byte {
	return riffOf("WAVE", riffChunk("bext", canary), riffChunk("fmt ", uint16(1), uint16(1), uint32(8000), uint32(8000), uint16(1), uint16(8)),
		riffChunk("LIST", "INFO", riffChunk("IART", canary)), riffChunk("data", "\x80\x81\x82\x83\x84"), riffChunk("id3 ", canary))
}

func boxOf(kind string, parts ...any) []byte {
	b := be(parts...)
	return be(uint32(len(b)+8), kind, b)
}

// heicSample is a HEIC of one picture with Exif and XMP beside it; the Exif stands among the samples or, inside, in the box of
// descriptions.
func heicSample(inside bool) []byte {
	var picture, exif, xmp = "coded picture", string(be(uint32(0), gps(6))), "<x>" + canary + "</x>"
	build := func(at uint32) []byte {
		second := be(uint16(2), uint16(0), uint16(0), uint16(1), at+uint32(len(picture)), uint32(len(exif)))
		data, idat := picture+exif+xmp, ""
		if inside {
			second = be(uint16(2), uint16(1), uint16(0), uint16(1), uint32(0), uint32(len(exif)))
			data, idat = picture+strings.Repeat("-", len(exif))+xmp, exif
		}
		return be(boxOf("ftyp", "heic", uint32(0), "mif1heic"), boxOf("meta", uint32(0),
			boxOf("hdlr", uint32(0), uint32(0), "pict", make([]byte, 12), canary, "\x00"),
			boxOf("pitm", uint32(0), uint16(1)),
			boxOf("iinf", uint32(0), uint16(3),
				boxOf("infe", uint32(2<<24), uint16(1), uint16(0), "hvc1", canary, "\x00"),
				boxOf("infe", uint32(2<<24), uint16(2), uint16(0), "Exif", "\x00"),
				boxOf("infe", uint32(2<<24), uint16(3), uint16(0), "mime", "\x00application/rdf+xml\x00")),
			boxOf("iref", uint32(0), boxOf("cdsc", uint16(2), uint16(1), uint16(1))),
			boxOf("iprp", boxOf("ipco", boxOf("hvcC", "configuration"), boxOf("ispe", uint32(0), uint32(24), uint32(16)), boxOf("irot", uint8(1)),
				boxOf("udes", uint32(0), "nl\x00", canary, "\x00\x00\x00")),
				boxOf("ipma", uint32(0), uint32(1), uint16(1), uint8(3), uint8(0x81), uint8(2), uint8(0x83))),
			boxOf("idat", idat),
			boxOf("iloc", uint32(1<<24), uint16(0x4400), uint16(3),
				uint16(1), uint16(0), uint16(0), uint16(1), at, uint32(len(picture)), second,
				uint16(3), uint16(0), uint16(0), uint16(1), at+uint32(len(picture)+len(exif)), uint32(len(xmp))),
			boxOf("uuid", "0123456789abcdef", canary), boxOf("xml ", canary)),
			boxOf("mdat", data), boxOf("mpvd", canary), boxOf("uuid", "0123456789abcdef", canary))
	}
	return build(uint32(bytes.Index(build(0), []byte(picture))))
}

// cameraSample is a film as an action camera makes it: a picture, a sound, and a track of where it was.
func cameraSample() []byte {
	return cameraWith(func(first, second uint32) (sizes, places []byte) {
		return boxOf("stsz", uint32(0), uint32(len(canary)), uint32(2)), boxOf("co64", uint32(0), uint32(2), uint64(first), uint64(second))
	})
}

// cameraWith is the same; where it was stands at two places, which tables tells of.
func cameraWith(tables func(first, second uint32) (sizes, places []byte)) []byte {
	track := func(id uint32, handler string, description []byte, sizes, offsets []byte, extra ...any) []byte {
		return boxOf("trak", boxOf("tkhd", uint32(7), uint32(111), uint32(222), id, make([]byte, 68)),
			boxOf("tref", boxOf("cdsc", uint32(3))),
			boxOf("mdia", boxOf("mdhd", uint32(1<<24), uint64(333), uint64(444), uint32(90000), uint64(1), uint32(0)),
				boxOf("hdlr", uint32(0), "mhlr", handler, "appl", make([]byte, 8), canary),
				boxOf("minf", boxOf("vmhd", uint32(1), make([]byte, 8)),
					boxOf("dinf", boxOf("dref", uint32(0), uint32(1), boxOf("url ", uint32(0), "http://"+canary))),
					boxOf("stbl", boxOf("stsd", uint32(0), uint32(1), description), boxOf("stts", uint32(0), uint32(0)),
						boxOf("stsc", uint32(0), uint32(1), uint32(1), uint32(1), uint32(1)), sizes, offsets))),
			be(extra...))
	}
	film := boxOf("avc1", make([]byte, 6), uint16(1), make([]byte, 4), "GoPr", make([]byte, 8), uint16(24), uint16(16), make([]byte, 14),
		uint8(len(canary)), canary, make([]byte, 31-len(canary)), uint16(24), int16(-1), boxOf("avcC", "configuration"), boxOf("udta", canary))
	head := be(boxOf("ftyp", "mp42", uint32(0), "isom"), boxOf("uuid", "0123456789abcdef", canary), boxOf("free", canary))
	at := uint32(len(head) + 8)
	sizes, places := tables(at+13, at+35)
	return be(head, boxOf("mdat", "coded picture", canary, "coded sound", canary),
		boxOf("moov", boxOf("mvhd", uint32(0), uint32(111), uint32(222), make([]byte, 88)),
			track(1, "vide", film, boxOf("stsz", uint32(0), uint32(0), uint32(1), uint32(13)), boxOf("stco", uint32(0), uint32(1), at)),
			track(2, "soun", boxOf("mp4a", make([]byte, 28)), boxOf("stsz", uint32(0), uint32(11), uint32(1)), boxOf("stco", uint32(0), uint32(1), at+24)),
			track(3, "meta", boxOf("gpmd", make([]byte, 8)), sizes, places, boxOf("udta", canary)),
			boxOf("udta", boxOf("\xa9xyz", uint16(11), uint16(0), canary)), boxOf("meta", uint32(0), canary), boxOf("cust", canary)))
}

// amrSample is half a second of nobody speaking.
func amrSample() []byte {
	return be("#!AMR\n", bytes.Repeat(be(uint8(0x3C), make([]byte, 31)), 25), canary)
}

func zipOf(files ...string) []byte {
	var made bytes.Buffer
	w := zip.NewWriter(&made)
	for i := 0; i < len(files); i += 2 {
		method := zip.Deflate
		if files[i] == "mimetype" || strings.HasPrefix(files[i+1], "stored") {
			method = zip.Store
		}
		part, err := w.CreateRaw(&zip.FileHeader{Name: files[i], Method: method, CRC32: crc32.ChecksumIEEE([]byte(files[i+1])),
			CompressedSize64: uint64(len(files[i+1])), UncompressedSize64: uint64(len(files[i+1]))})
		if err != nil {
			panic(err)
		}
		if _, err := part.Write([]byte(files[i+1])); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return made.Bytes()
}

func docxSample() []byte {
	return zipOf("[Content_Types].xml", "<Types/>", "_rels/.rels", "<Relationships/>", "word/document.xml", "<w:document/>")
}

func odtSample() []byte {
	return zipOf("mimetype", odtFormat.mediaType, "content.xml", "<office:document-content/>", "META-INF/manifest.xml", "<manifest/>")
}

// compoundOf is a compound file with these streams, all in one directory. Each has whole sectors, but for those that begin with
// "small": they lie in the stream of the root.
func compoundOf(streams ...string) []byte {
	entry := func(name string, sort byte, sector, size int) []byte {
		letters := utf16.Encode([]rune(name + "\x00"))
		field := make([]byte, 64)
		copy(field, le(letters))
		return le(field, uint16(2*len(letters)), sort, uint8(1), int32(-1), int32(-1), int32(-1), make([]byte, 36), int32(sector), uint32(size), uint32(0))
	}
	table := slices.Repeat([]int32{-1}, 128)
	folders := (len(streams)/2 + 1 + 3) / 4
	var directory, data, small []byte
	place := func(body []byte) int {
		first := 1 + folders + len(data)/512
		data = append(data, body...)
		for sector := first; sector < first+len(body)/512; sector++ {
			table[sector] = int32(sector + 1)
		}
		table[first+len(body)/512-1] = -2
		return first
	}
	table[0] = -3
	for i := range folders {
		table[1+i] = int32(2 + i)
	}
	table[folders] = -2
	for i := 0; i < len(streams); i += 2 {
		if content, ok := strings.CutPrefix(streams[i+1], "small"); ok {
			directory = append(directory, entry(streams[i], 2, len(small)/64, len(content))...)
			small = append(small, content...)
			small = append(small, make([]byte, 64-len(small)%64)...)
			continue
		}
		body := make([]byte, max(4096, (len(streams[i+1])+511)/512*512))
		copy(body, streams[i+1])
		directory = append(directory, entry(streams[i], 2, place(body), len(body))...)
	}
	root := place(append(small, make([]byte, 512-len(small)%512)...))
	directory = append(entry("Root Entry", 5, root, len(small)), directory...)
	directory = append(directory, make([]byte, folders*512-len(directory))...)
	parts := slices.Repeat([]int32{-1}, 109)
	parts[0] = 0
	return le("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", make([]byte, 16), uint16(0x3E), uint16(3), uint16(0xFFFE), uint16(9), uint16(6), make([]byte, 6),
		uint32(0), uint32(1), uint32(1), uint32(0), uint32(4096), int32(-2), uint32(0), int32(-2), uint32(0), parts, table, directory, data)
}

func docSample() []byte {
	return compoundOf("WordDocument", "\xEC\xA5\xC1\x00\x00\x00\x00\x00\x00\x00\x00\x00", "1Table", "")
}

func msgSample() []byte {
	return compoundOf("__properties_version1.0", "", "__substg1.0_1000001F", "small words", "__substg1.0_37010102", "a picture")
}

const pdfSample = "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"

const emlSample = "Return-Path: <a@example.org>\r\nFrom: Noor (invented) <noor@example.org>\r\nTo: b@example.org\r\nSubject: the stairs\r\n" +
	"Date: Mon, 5 Jan 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" +
	"--x\r\nContent-Type: text/plain\r\n\r\nThey are broken.\r\n--x\r\nContent-Type: image/png; name=photo.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--x--\r\n"

// kept are samples of everything that is kept, with the name and the format that they must come out with.
func kept(t testing.TB) []sample {
	t.Helper()
	samples := []sample{
		{"jpeg", jpegSample(1), "file.jpg", jpegFormat}, {"jpeg turned", jpegSample(6), "file.jpg", jpegFormat},
		{"png", pngSample(), "file.png", pngFormat}, {"gif", gifSample(), "file.gif", gifFormat}, {"webp", webpSample(), "file.webp", webpFormat},
		{"heic", heicSample(false), "file.heic", heicFormat}, {"heic inside", heicSample(true), "file.heic", heicFormat},
		{"mp4", cameraSample(), "file.mp4", mp4Format}, {"wav", wavSample(), "file.wav", wavFormat}, {"amr", amrSample(), "file.amr", amrFormat},
		{"docx", docxSample(), "file.docx", docxFormat}, {"odt", odtSample(), "file.odt", odtFormat},
		{"xlsx", zipOf("[Content_Types].xml", "<Types/>", "xl/workbook.xml", "<workbook/>"), "file.xlsx", xlsxFormat},
		{"pptx", zipOf("[Content_Types].xml", "<Types/>", "ppt/presentation.xml", "<p/>"), "file.pptx", pptxFormat},
		{"doc", docSample(), "file.doc", docFormat}, {"msg", msgSample(), "file.msg", msgFormat},
		{"pdf", []byte(pdfSample), "file.pdf", pdfFormat}, {"eml", []byte(emlSample), "file.eml", emlFormat},
		{"rtf", []byte(`{\rtf1\ansi the stairs \\objects {\b broken}}` + "\r\n"), "file.rtf", rtfFormat},
		{"utf-8", []byte("De coördinator zei niets.\n"), "file.txt", textFormat("utf-8")},
		{"windows-1252", []byte("De co\xf6rdinator zei \x93niets\x94.\n"), "file.txt", textFormat("windows-1252")},
		{"utf-16", le(uint16(0xFEFF), utf16.Encode([]rune("De trap 😡 is stuk"))), "file.txt", textFormat("utf-16")},
		{"csv", []byte("a,b\n=1+1,c\n2,3\n"), "file.txt", textFormat("utf-8")},
	}
	for name, made := range map[string]format{
		"camera.jpg": jpegFormat, "camera.png": pngFormat, "camera.webp": webpFormat, "moving.webp": webpFormat, "camera.heic": heicFormat,
		"camera.avif": avifFormat, "film.mp4": mp4Format, "pieces.mp4": mp4Format, "film.mov": movFormat, "film.3gp": threeFilm,
		"film.webm": webmFormat, "live.webm": webmFormat, "film.mkv": mkvFormat, "recording.m4a": m4aFormat, "recording.mp3": mp3Format,
		"recording.aac": aacFormat, "recording.wav": wavFormat, "voice.ogg": oggFormat, "vorbis.ogg": oggFormat, "open.pdf": pdfFormat,
		"open-rc4-40.pdf": pdfFormat, "open-rc4-128.pdf": pdfFormat, "open-aes-128.pdf": pdfFormat, "open-aes-256-r5.pdf": pdfFormat,
		"open-aes-256.pdf": pdfFormat, "open-aes-256-streams.pdf": pdfFormat,
	} {
		samples = append(samples, sample{name, read(t, name), "file" + made.extensions[0], made})
	}
	slices.SortFunc(samples, func(a, b sample) int { return strings.Compare(a.name, b.name) })
	return samples
}

type sample struct {
	name    string
	content []byte
	called  string
	made    format
}

// cleaned cleans what must be kept.
func cleaned(t testing.TB, content []byte) []byte {
	t.Helper()
	file, err := Clean("", content)
	if err != nil {
		t.Fatal(err)
	}
	return file.Content
}

// reasonOf is why a content is refused; "" where it is not.
func reasonOf(t testing.TB, content []byte) Reason {
	t.Helper()
	_, err := Clean("", content)
	if err == nil {
		return ""
	}
	refusal, ok := err.(*Refusal)
	if !ok || !slices.Contains(Reasons, refusal.Reason) || refusal.Error() == fmt.Sprint(nil) {
		t.Fatalf("no refusal but %v", err)
	}
	return refusal.Reason
}
