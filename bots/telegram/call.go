package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	telegram "github.com/go-telegram/bot"
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

// call calls a method with parameters that are JSON already, and returns the answer as it came; an answer that is a refusal
// is an *apiError. An answer longer than most bytes is cut off, and so is no JSON.
func (b *Bot) call(ctx context.Context, client *http.Client, method string, params []byte, most int64) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, b.base+method, bytes.NewReader(params))
	if err != nil {
		return nil, err
	}
	request.Header["Content-Type"] = asJSON
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body := bytes.NewBuffer(make([]byte, 0, max(512, min(response.ContentLength+bytes.MinRead, most))))
	if _, err := body.ReadFrom(io.LimitReader(response.Body, most)); err != nil {
		return nil, fmt.Errorf("read the answer to %s: %w", method, err)
	}
	if bytes.HasPrefix(body.Bytes(), accepted) {
		return body.Bytes(), nil
	}
	var said struct {
		OK bool `json:"ok"`
		apiError
	}
	if err := json.Unmarshal(body.Bytes(), &said); err != nil {
		return nil, fmt.Errorf("the answer to %s is no JSON (HTTP %d): %w", method, response.StatusCode, err)
	}
	if !said.OK {
		return nil, &said.apiError
	}
	return body.Bytes(), nil
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
