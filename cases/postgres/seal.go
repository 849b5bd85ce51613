package postgres

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
)

// MasterKey wraps the key of each case and each conversation. It is kept outside the database.
type MasterKey [32]byte

// NewMasterKey makes a master key and its text.
func NewMasterKey() (MasterKey, string) {
	var k MasterKey
	rand.Read(k[:])
	return k, base64.StdEncoding.EncodeToString(k[:])
}

// sealed values begin with a version, so that another way of sealing can come beside this one.
const sealVersion = 1

var errUnseal = errors.New("unseal: the key does not fit, or the value was changed")

// key is the data key of one case or of one conversation.
type key struct {
	raw  []byte
	aead cipher.AEAD
}

func newKey(raw []byte) (*key, error) {
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, fmt.Errorf("data key: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("data key: %w", err)
	}
	return &key{raw: raw, aead: aead}, nil
}

// newDataKey is a fresh key.
func newDataKey() (*key, error) {
	raw := make([]byte, 32)
	rand.Read(raw)
	return newKey(raw)
}

// seal makes words unreadable without the key. The context says where they stand: elsewhere they do not open.
func (k *key) seal(words []byte, context ...string) []byte {
	out := make([]byte, 1, 1+len(words)+k.aead.Overhead())
	out[0] = sealVersion
	return k.aead.Seal(out, nil, words, bind(context))
}

func (k *key) open(sealed []byte, context ...string) ([]byte, error) {
	if len(sealed) < 1 || sealed[0] != sealVersion {
		return nil, errUnseal
	}
	words, err := k.aead.Open(nil, nil, sealed[1:], bind(context))
	if err != nil {
		return nil, errUnseal
	}
	return words, nil
}

// commit binds an event to words without telling anything about them to who lacks the key.
func (k *key) commit(words string, context ...string) ([]byte, error) {
	mac, err := hkdf.Key(sha256.New, k.raw, nil, "commit", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("commitment key: %w", err)
	}
	h := hmac.New(sha256.New, mac)
	h.Write(bind(context))
	h.Write([]byte(words))
	return h.Sum(nil), nil
}

// bind joins the parts of a context so that no two contexts join to the same bytes.
func bind(context []string) []byte {
	var b []byte
	for _, part := range context {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	return b
}

// vault makes data keys and keeps them wrapped by the master key.
type vault struct{ master *key }

func newVault(master MasterKey) (*vault, error) {
	k, err := newKey(master[:])
	if err != nil {
		return nil, err
	}
	return &vault{master: k}, nil
}

// make returns a fresh data key, and the same wrapped for the holder.
func (v *vault) make(holder string) (k *key, wrapped []byte, err error) {
	if k, err = newDataKey(); err != nil {
		return nil, nil, err
	}
	return k, v.master.seal(k.raw, "key", holder), nil
}

func (v *vault) unwrap(wrapped []byte, holder string) (*key, error) {
	raw, err := v.master.open(wrapped, "key", holder)
	if err != nil {
		return nil, fmt.Errorf("key of %s: %w", holder, err)
	}
	return newKey(raw)
}
