// Package s3test stands in for an object storage that speaks as Amazon's S3 does, as far as package s3 asks it: a bucket to
// look for, objects to put, get and remove. It does not verify signatures, but refuses a request that has none of its keys.
package s3test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"websec.nl/gehoor/cases/s3"
)

// The keys that the storage takes, and the bucket that it has.
const (
	Key    = "invented-key"
	Secret = "invented-secret"
	Bucket = "complaints"
)

// Server is the storage.
type Server struct {
	http *httptest.Server

	mu      sync.Mutex
	objects map[string][]byte
	fail    func(method, name string) int
}

// Start starts a storage on loopback, and stops it at the end of the test.
func Start(t testing.TB) *Server {
	s := &Server{objects: map[string][]byte{}}
	s.http = httptest.NewServer(s)
	t.Cleanup(s.http.Close)
	return s
}

// Config says how to reach the bucket.
func (s *Server) Config() s3.Config {
	return s3.Config{Endpoint: s.http.URL, Bucket: Bucket, Key: Key, Secret: Secret}
}

// Objects is what is kept, by name.
func (s *Server) Objects() map[string][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.objects)
}

// Change lets a test tamper with what is kept.
func (s *Server) Change(name string, content []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects[name] = content
}

// Cut makes a connection end where the answer would be.
const Cut = -1

// Fail lets a function say, request by request, what goes wrong: a status of HTTP, or Cut for a connection that ends before the
// answer does. 0 from it: nothing. It is called before a request is carried out. A nil function: nothing ever.
func (s *Server) Fail(f func(method, name string) int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = f
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bucket, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	s.mu.Lock()
	fail := s.fail
	s.mu.Unlock()
	if fail != nil {
		switch status := fail(r.Method, name); {
		case status == Cut:
			panic(http.ErrAbortHandler)
		case status != 0:
			refuse(w, status, "SlowDown")
			return
		}
	}
	signed := r.Header.Get("Authorization")
	switch {
	case !strings.HasPrefix(signed, "AWS4-HMAC-SHA256 Credential="+Key+"/") || !strings.Contains(signed, "Signature="):
		refuse(w, http.StatusForbidden, "InvalidAccessKeyId")
	case bucket != Bucket:
		refuse(w, http.StatusNotFound, "NoSuchBucket")
	case name == "":
		w.WriteHeader(http.StatusOK)
	default:
		s.object(w, r, name)
	}
}

func (s *Server) object(w http.ResponseWriter, r *http.Request, name string) {
	switch r.Method {
	case http.MethodPut:
		content, err := body(r)
		if err != nil {
			refuse(w, http.StatusBadRequest, "IncompleteBody")
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.objects[name] = content
		w.Header().Set("ETag", `"invented"`)
	case http.MethodGet, http.MethodHead:
		s.mu.Lock()
		content, there := s.objects[name]
		s.mu.Unlock()
		if !there {
			refuse(w, http.StatusNotFound, "NoSuchKey")
			return
		}
		w.Header().Set("ETag", `"invented"`)
		w.Header().Set("Last-Modified", "Sun, 22 Nov 2026 09:15:00 GMT")
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		_, _ = w.Write(content)
	case http.MethodDelete:
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.objects, name)
		w.WriteHeader(http.StatusNoContent)
	default:
		refuse(w, http.StatusMethodNotAllowed, "MethodNotAllowed")
	}
}

// body reads what is put. In the clear it comes in chunks of which each is signed, as S3's "aws-chunked" has it.
func body(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		content, err := io.ReadAll(r.Body)
		if err == nil && int64(len(content)) != r.ContentLength {
			err = io.ErrUnexpectedEOF
		}
		return content, err
	}
	var content bytes.Buffer
	in := bufio.NewReader(r.Body)
	for {
		head, err := in.ReadString('\n')
		if err != nil {
			return nil, io.ErrUnexpectedEOF
		}
		size, signature, signed := strings.Cut(strings.TrimSpace(head), ";chunk-signature=")
		n, err := strconv.ParseInt(size, 16, 64)
		if err != nil || !signed || len(signature) != 64 {
			return nil, fmt.Errorf("chunk %q", head)
		}
		if _, err := io.CopyN(&content, in, n); err != nil {
			return nil, err
		}
		if _, err := in.Discard(2); err != nil {
			return nil, err
		}
		if n > 0 {
			continue
		}
		if want := r.Header.Get("X-Amz-Decoded-Content-Length"); want != strconv.Itoa(content.Len()) {
			return nil, io.ErrUnexpectedEOF
		}
		return content.Bytes(), nil
	}
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>no</Message></Error>`, code)
}
