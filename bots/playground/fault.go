package playground

import (
	"net/http"
	"strconv"
	"time"
)

// Failure is what a stand-in does instead of answering a call. The zero value changes nothing.
type Failure struct {
	// Delay passes before anything else.
	Delay time.Duration
	// Status is the HTTP status of the answer (429, 500, 403 ...), with Description and RetryAfter in the service's own form.
	Status      int
	Description string
	RetryAfter  int // seconds
	// Body is sent as it is, instead of the service's own form: a proxy's HTML page, for instance.
	Body string
	// Hang answers nothing until the caller gives up.
	Hang bool
	// Refuse drops the connection before the call is carried out; Drop carries it out and drops the connection before the answer.
	Refuse bool
	Drop   bool
}

// before does what comes before the call is carried out. It reports true if that was the answer.
func (f *Failure) before(w http.ResponseWriter, r *http.Request, own func(f *Failure)) bool {
	if f.Delay > 0 {
		timer := time.NewTimer(f.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return true
		}
	}
	switch {
	case f.Hang:
		<-r.Context().Done()
		return true
	case f.Refuse:
		panic(http.ErrAbortHandler)
	case f.Body != "":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
		}
		w.WriteHeader(max(f.Status, http.StatusOK))
		_, _ = w.Write([]byte(f.Body))
		return true
	case f.Status != 0:
		own(f)
		return true
	}
	return false
}
