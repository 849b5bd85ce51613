package files

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"strconv"
	"strings"
)

// pdfLock is what an encrypted PDF says of its password (ISO 32000-2, section 7.6.4).
type pdfLock struct {
	filter   string
	revision int
	bits     int // of the key
	rights   int
	owner    string
	user     string
	open     bool // the metadata are not encrypted
	id       string
}

// pdfLocked says whether a PDF opens only with a password. Banks and governments encrypt theirs with none, to say what may be
// done with it: those open for everybody.
func pdfLocked(content []byte) bool {
	const word = "/Encrypt"
	before := len(content)
	for range 8 { // newest first; a PDF has as many as it was saved
		at := bytes.LastIndex(content[:before], []byte(word))
		if at < 0 {
			return false
		}
		before = at
		lock, found := readPDFLock(content, at+len(word))
		if !found {
			continue // only words
		}
		lock.id = pdfID(content, at)
		return lock.filter != "Standard" || !lock.opensWithNothing()
	}
	return false
}

// pdfID is the first identifier in the dictionary that names the encryption.
func pdfID(content []byte, near int) string {
	around := content[max(0, near-2048):min(len(content), near+2048)]
	at := bytes.Index(around, []byte("/ID"))
	if at < 0 {
		return ""
	}
	p := pdfReader{around[at+3:]}
	if p.token() != "[" {
		return ""
	}
	id, _ := p.text()
	return id
}

// readPDFLock reads the dictionary that stands at a place, or that is referred to from there by its number.
func readPDFLock(content []byte, at int) (pdfLock, bool) {
	p := pdfReader{content[at:min(len(content), at+pdfLockLength)]}
	token := p.token()
	if token != "<<" {
		generation, r := p.token(), p.token()
		if number, err := strconv.Atoi(token); err != nil || number < 0 || r != "R" {
			return pdfLock{}, false
		}
		p = pdfObject(content, token+" "+generation+" obj")
		if p.token() != "<<" {
			return pdfLock{}, false
		}
	}
	lock := p.lock()
	return lock, lock.filter != ""
}

// pdfLockLength is more than any such dictionary needs, in bytes.
const pdfLockLength = 8192

// pdfObject finds an object by the line that it begins with, the newest of that number.
func pdfObject(content []byte, head string) pdfReader {
	for _, line := range []string{"\n", "\r"} {
		if at := bytes.LastIndex(content, []byte(line+head)); at >= 0 {
			at += len(line) + len(head)
			return pdfReader{content[at:min(len(content), at+pdfLockLength)]}
		}
	}
	return pdfReader{}
}

// lock reads the rest of a dictionary.
func (p *pdfReader) lock() pdfLock {
	lock := pdfLock{bits: 40}
	for key := p.token(); key != ">>" && key != ""; key = p.token() {
		switch key {
		case "/Filter":
			lock.filter = strings.TrimPrefix(p.token(), "/")
		case "/R":
			lock.revision, _ = strconv.Atoi(p.token())
		case "/Length":
			lock.bits, _ = strconv.Atoi(p.token())
		case "/P":
			lock.rights, _ = strconv.Atoi(p.token())
		case "/O":
			lock.owner, _ = p.text()
		case "/U":
			lock.user, _ = p.text()
		case "/EncryptMetadata":
			lock.open = p.token() == "false"
		default:
			p.skip()
		}
	}
	return lock
}

// opensWithNothing says whether the empty password is the user's.
func (l pdfLock) opensWithNothing() bool {
	switch {
	case l.revision >= 2 && l.revision <= 4 && len(l.owner) >= 32 && len(l.user) >= 32:
		return l.opensByRC4()
	case l.revision == 5 && len(l.user) >= 48:
		sum := sha256.Sum256([]byte(l.user[32:40]))
		return string(sum[:]) == l.user[:32]
	case l.revision == 6 && len(l.user) >= 48:
		return string(pdfHash([]byte(l.user[32:40]))) == l.user[:32]
	}
	return false
}

// pdfPadding stands for what a password is too short (ISO 32000-2, section 7.6.4.3.2).
const pdfPadding = "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"

// opensByRC4 is algorithm 6 with an empty password.
func (l pdfLock) opensByRC4() bool {
	length := 5
	if l.revision >= 3 {
		length = min(max(l.bits/8, 5), 16)
	}
	if l.revision == 4 {
		length = 16
	}
	sum := md5.New()
	sum.Write([]byte(pdfPadding + l.owner[:32]))
	sum.Write(binary.LittleEndian.AppendUint32(nil, uint32(l.rights)))
	sum.Write([]byte(l.id))
	if l.revision == 4 && l.open {
		sum.Write([]byte{0xFF, 0xFF, 0xFF, 0xFF})
	}
	key := sum.Sum(nil)
	if l.revision == 2 {
		return string(rc4With(key[:length], 0, []byte(pdfPadding))) == l.user[:32]
	}
	for range 50 {
		again := md5.Sum(key[:length])
		key = again[:]
	}
	made := md5.Sum([]byte(pdfPadding + l.id))
	text := made[:]
	for i := range 20 {
		text = rc4With(key[:length], byte(i), text)
	}
	return string(text) == l.user[:16]
}

// rc4With encrypts a text with a key of which each byte is changed by the same.
func rc4With(key []byte, change byte, text []byte) []byte {
	changed := bytes.Clone(key)
	for i := range changed {
		changed[i] ^= change
	}
	stream, err := rc4.NewCipher(changed)
	if err != nil {
		return nil // a key has 5 to 16 bytes
	}
	out := make([]byte, len(text))
	stream.XORKeyStream(out, text)
	return out
}

// pdfHash is algorithm 2.B with an empty password and a salt.
func pdfHash(salt []byte) []byte {
	sum := sha256.Sum256(salt)
	key := sum[:]
	for round := 0; ; round++ {
		block, err := aes.NewCipher(key[:16])
		if err != nil {
			return nil // a key has 16 bytes
		}
		text := bytes.Repeat(key, 64)
		cipher.NewCBCEncrypter(block, key[16:32]).CryptBlocks(text, text)
		rest := 0 // of the first 16 bytes as a number, divided by 3: 256 divided by 3 leaves 1, so their sum will do
		for _, b := range text[:16] {
			rest += int(b)
		}
		switch rest % 3 {
		case 0:
			sum := sha256.Sum256(text)
			key = sum[:]
		case 1:
			sum := sha512.Sum384(text)
			key = sum[:]
		default:
			sum := sha512.Sum512(text)
			key = sum[:]
		}
		if round >= 63 && int(text[len(text)-1]) <= round-31 {
			return key[:32]
		}
	}
}
