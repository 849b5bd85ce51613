package s3_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"websec.nl/gehoor/cases/s3"
	"websec.nl/gehoor/cases/s3test"
)

func open(t *testing.T, cfg s3.Config) *s3.Bucket {
	t.Helper()
	b, err := s3.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// stream hides from who reads that what is read could be read again.
type stream struct{ io.Reader }

func TestWhatIsPutIsThereUntilItIsDeleted(t *testing.T) {
	server := s3test.Start(t)
	b := open(t, server.Config())
	for _, size := range []int{1, 1 << 20, 21 << 20} {
		content := bytes.Repeat([]byte("sealed"), size/6+1)[:size]
		if err := b.Put(t.Context(), "NAME", stream{bytes.NewReader(content)}, int64(size)); err != nil {
			t.Fatalf("%d bytes: %v", size, err)
		}
		in, err := b.Get(t.Context(), "NAME")
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(in)
		if err := errors.Join(err, in.Close()); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d of %d bytes came back, %v", len(got), size, err)
		}
	}
	for range 2 { // that it is gone already is no error
		if err := b.Delete(t.Context(), "NAME"); err != nil {
			t.Fatal(err)
		}
	}
	if len(server.Objects()) != 0 {
		t.Error("it is still there")
	}
	if _, err := b.Get(t.Context(), "NAME"); err == nil {
		t.Error("what is not there can be got")
	}
}

func TestUploadThatIsCutOffLeavesNothing(t *testing.T) {
	server := s3test.Start(t)
	b := open(t, server.Config())
	short := stream{io.MultiReader(strings.NewReader("half of"), failing{})}
	if err := b.Put(t.Context(), "NAME", short, 14); err == nil {
		t.Error("half an object is an object")
	}
	server.Fail(func(method, _ string) int { return map[string]int{http.MethodPut: s3test.Cut}[method] })
	if err := b.Put(t.Context(), "NAME", stream{strings.NewReader("all of it")}, 9); err == nil {
		t.Error("no answer is a good answer")
	}
	if all := server.Objects(); len(all) != 0 {
		t.Errorf("%d objects", len(all))
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("no more") }

func TestCheckTellsWhatIsWrong(t *testing.T) {
	server := s3test.Start(t)
	right := server.Config()
	if err := open(t, right).Check(t.Context()); err != nil {
		t.Errorf("nothing is wrong: %v", err)
	}
	elsewhere := right
	elsewhere.Bucket = "another"
	if err := open(t, elsewhere).Check(t.Context()); !errors.Is(err, s3.ErrNoBucket) {
		t.Errorf("another bucket: %v", err)
	}
	stranger := right
	stranger.Key = "stranger"
	if err := open(t, stranger).Check(t.Context()); !errors.Is(err, s3.ErrRefused) {
		t.Errorf("another key: %v", err)
	}
	nowhere := right
	nowhere.Endpoint = "http://127.0.0.1:1"
	if err := open(t, nowhere).Check(t.Context()); err == nil || strings.Contains(err.Error(), s3test.Secret) {
		t.Errorf("nobody listens: %v", err)
	}
	for _, address := range []string{"", "storage.example.org", "http://storage.example.org/path", "://"} {
		if _, err := s3.Open(s3.Config{Endpoint: address, Bucket: "b"}); err == nil {
			t.Errorf("%q is taken for an address", address)
		}
	}
}
