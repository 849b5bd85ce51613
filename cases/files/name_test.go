package files

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNamesAreSafeToShowAndToSave(t *testing.T) {
	for name, want := range map[string]string{
		"":                               "file.jpg",
		"photo.jpg":                      "photo.jpg",
		"De trap (2).JPG":                "De trap (2).JPG",
		"photo.jpeg":                     "photo.jpeg",
		"photo":                          "photo.jpg",
		"photo.jpg.exe":                  "photo.jpg",
		"invoice.exe.jpg":                "invoice.jpg",
		"letter.pdf":                     "letter.jpg",
		"Gesprek met mr. Jansen":         "Gesprek met mr. Jansen.jpg",
		"verslag 12.3":                   "verslag 12.3.jpg",
		".jpg":                           "file.jpg",
		".htaccess":                      "htaccess.jpg",
		"...":                            "file.jpg",
		"photo.jpg. . ":                  "photo.jpg",
		"/etc/passwd":                    "passwd.jpg",
		`C:\Users\noor\photo.jpg`:        "photo.jpg",
		"../../photo.jpg":                "photo.jpg",
		"photo\u202egpj.exe":             "photogpj.jpg",
		"ph\u200bo\u2060t\ufeffo.jpg":    "photo.jpg",
		"a\x00b\nc\x1b[31m.jpg":          "ab c[31m.jpg",
		"a\u00a0\u3000 b\u2028c.jpg":     "a b c.jpg",
		"con":                            "_con.jpg",
		"CON.anything.jpg":               "_CON.anything.jpg",
		"lpt¹.jpg":                       "_lpt¹.jpg",
		"-rf.jpg":                        "rf.jpg",
		`a<b>c:d"e|f?g*h.jpg`:            "a-b-c-d-e-f-g-h.jpg",
		"e\u0301t\u00e9.jpg":             "\u00e9t\u00e9.jpg",
		"z\u0301\u0302\u0303\u0304a.jpg": "\u017a\u0302\u0303a.jpg",
		"\xff\xfephoto.jpg":              "photo.jpg",
		"\u3164\u115f.jpg":               "file.jpg",
		"фото 😡.jpg":                     "фото 😡.jpg",
	} {
		if got := safeName(name, jpegFormat.extensions); got != want {
			t.Errorf("%q became %q, not %q", name, got, want)
		}
	}
}

func TestLongNamesKeepTheirExtension(t *testing.T) {
	for _, letter := range []string{"a", "é", "😡", "a.", " .", "ab.exe", "\u0301a"} {
		for _, extension := range []string{"", ".jpg", ".exe", ".JPEG"} {
			got := safeName(strings.Repeat(letter, 3000)+extension, jpegFormat.extensions)
			if utf8.RuneCountInString(got) > maxNameCharacters || len(got) > maxNameBytes || !strings.HasSuffix(strings.ToLower(got), "g") {
				t.Errorf("%q with %q became %q", letter, extension, got)
			}
			if again := safeName(got, jpegFormat.extensions); again != got {
				t.Errorf("%q became %q", got, again)
			}
		}
	}
}
