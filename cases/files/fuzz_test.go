package files

import "testing"

func FuzzClean(f *testing.F) {
	for _, s := range kept(f) {
		f.Add(s.called, s.content)
	}
	for _, name := range []string{"../../etc/passwd", "CON", "photo.jpg.exe", "photo\u202egpj.exe", "a.\u0301\u0301\u0301b. . ", ".htaccess"} {
		f.Add(name, []byte("words"))
	}
	f.Fuzz(checkClean)
}
