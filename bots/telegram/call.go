package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	telegram "github.com/go-telegram/bot"
	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttpproxy"
)

// The client library makes a multipart form of every request, by reflection, and decodes whole messages of every answer. For
// what each step of each conversation needs, that is most of what the step costs, so these few methods go as JSON, whose
// parameters are ready before they wait: getUpdates, sendMessage, answerCallbackQuery, and the edits of messages. All others go
// through the library.

// apiError is what Telegram says when it refuses.
type apiError struct {
	Code       int    `json:"error_code"`
	Text       string `json:"description"`
	Parameters struct {
		RetryAfter int `json:"retry_after"` // seconds
	} `json:"parameters"`
}

func (e *apiError) Error() string { return fmt.Sprintf("telegram says %d: %s", e.Code, e.Text) }

// retryAfter is how long Telegram asks to wait; 0: it does not.
func (e *apiError) retryAfter() time.Duration {
	return time.Duration(e.Parameters.RetryAfter) * time.Second
}

// sender is what calls the Bot API but for getUpdates. Of the time that our program takes for a step most goes into its HTTP,
// and this client of the library fasthttp takes a third of what net/http does. It never tries twice by itself: what waits to be
// sent is tried again by who sends it.
func sender() *fasthttp.Client {
	dialer := fasthttpproxy.Dialer{Timeout: 10 * time.Second, DialDualStack: true}
	dial, err := dialer.GetDialFunc(true) // by way of the proxy of the environment, if there is one
	if err != nil {
		dial = func(string) (net.Conn, error) { return nil, fmt.Errorf("the proxy of the environment: %w", err) }
	}
	return &fasthttp.Client{
		Dial: dial, MaxConnsPerHost: 512, MaxResponseBodySize: mostAnswered, NoDefaultUserAgentHeader: true,
		RetryIfErr: func(*fasthttp.Request, int, error) (resetTimeout, retry bool) { return false, false },
	}
}

// callLimit bounds a call whose context has no end.
const callLimit = 30 * time.Second

// call calls a method with parameters that are JSON already, and returns the answer as it came; an answer that is a refusal
// is an *apiError. It lasts as long as its context may at most, also where that ends earlier.
func (b *Bot) call(ctx context.Context, method string, params []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(response)
	request.SetRequestURI(b.base + method)
	request.Header.SetMethod(http.MethodPost)
	request.Header.SetContentType("application/json")
	request.SetBodyRaw(params)
	deadline, bounded := ctx.Deadline()
	if !bounded {
		deadline = time.Now().Add(callLimit)
	}
	if err := b.sending.DoDeadline(request, response, deadline); err != nil {
		return nil, fmt.Errorf("call %s: %w", method, err)
	}
	return understood(method, response.StatusCode(), bytes.Clone(response.Body()))
}

// ask asks for updates, which Telegram may take long to answer. Of an answer at most mostPolled bytes are read.
func (b *Bot) ask(ctx context.Context, params []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, b.base+"getUpdates", bytes.NewReader(params))
	if err != nil {
		return nil, err
	}
	request.Header["Content-Type"] = asJSON
	response, err := b.polling.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body := bytes.NewBuffer(make([]byte, 0, max(512, min(response.ContentLength+bytes.MinRead, mostPolled))))
	if _, err := body.ReadFrom(io.LimitReader(response.Body, mostPolled)); err != nil {
		return nil, fmt.Errorf("read the updates: %w", err)
	}
	return understood("getUpdates", response.StatusCode, body.Bytes())
}

// understood is an answer that is no refusal.
func understood(method string, status int, body []byte) ([]byte, error) {
	if bytes.HasPrefix(body, accepted) {
		return body, nil
	}
	var said struct {
		OK bool `json:"ok"`
		apiError
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return nil, fmt.Errorf("the answer to %s is no JSON (HTTP %d): %w", method, status, err)
	}
	if !said.OK {
		return nil, &said.apiError
	}
	return body, nil
}

// asAPIError makes of an error of the client library what a refusal is here; any other stays as it is.
func asAPIError(err error) error {
	var slower *telegram.TooManyRequestsError
	if errors.As(err, &slower) {
		refused := &apiError{Code: http.StatusTooManyRequests, Text: "Too Many Requests"}
		refused.Parameters.RetryAfter = slower.RetryAfter
		return refused
	}
	for code, known := range map[int]error{
		http.StatusForbidden: telegram.ErrorForbidden, http.StatusBadRequest: telegram.ErrorBadRequest, http.StatusNotFound: telegram.ErrorNotFound,
		http.StatusUnauthorized: telegram.ErrorUnauthorized, http.StatusConflict: telegram.ErrorConflict,
	} {
		if errors.Is(err, known) {
			return &apiError{Code: code, Text: err.Error()}
		}
	}
	return err
}

var (
	asJSON   = []string{"application/json"}
	accepted = []byte(`{"ok":true,`) // as Telegram writes it; any other writing of it is decoded
)
