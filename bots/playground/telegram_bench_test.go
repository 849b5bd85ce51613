package playground_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"websec.nl/gehoor/bots/playground"
)

// BenchmarkSendMessage is what a message costs the stand-in, without the network: by JSON, and by a form as the client library sends it.
func BenchmarkSendMessage(b *testing.B) {
	markup := `{"inline_keyboard":[[{"text":"Yes","callback_data":"yes"},{"text":"No","callback_data":"no"}]]}`
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	for name, value := range map[string]string{"chat_id": "7001", "text": "How are you today?", "reply_markup": markup} {
		if err := writer.WriteField(name, value); err != nil {
			b.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		b.Fatal(err)
	}
	for name, body := range map[string]struct{ kind, text string }{
		"json": {"application/json", `{"chat_id":7001,"text":"How are you today?","reply_markup":` + markup + `}`},
		"form": {writer.FormDataContentType(), form.String()},
	} {
		b.Run(name, func(b *testing.B) {
			p := playground.New(playground.Options{Lean: true, Persons: []playground.Person{{ID: 7001, Name: "Noor (invented)", Started: true}}})
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest(http.MethodPost, "/telegram/bot"+p.TelegramToken()+"/sendMessage", strings.NewReader(body.text))
				r.Header.Set("Content-Type", body.kind)
				w := httptest.NewRecorder()
				p.Handler().ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
			}
		})
	}
}

// BenchmarkRoundTrip is a message in, a long poll, and an answer out, over HTTP.
func BenchmarkRoundTrip(b *testing.B) {
	p := playground.New(playground.Options{Lean: true})
	if err := p.Start(b.Context(), "127.0.0.1:0"); err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	base := p.TelegramURL() + "/bot" + p.TelegramToken()
	post := func(method, body string) {
		response, err := http.Post(base+"/"+method, "application/json", strings.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			b.Fatal(err)
		}
		response.Body.Close()
	}
	b.ReportAllocs()
	offset := int64(0)
	for b.Loop() {
		_, id, err := p.Telegram().Send(noor, "hello")
		if err != nil {
			b.Fatal(err)
		}
		post("getUpdates", `{"timeout":30,"offset":`+strconv.FormatInt(offset, 10)+`}`)
		offset = id + 1
		post("sendMessage", `{"chat_id":7001,"text":"hello to you"}`)
	}
}
