package playground

import (
	"context"
	"sync"
)

// signal tells any number of waiters that something changed. Sending costs next to nothing while nobody waits.
type signal struct {
	mu sync.Mutex
	ch chan struct{}
}

func (s *signal) send() {
	s.mu.Lock()
	if s.ch != nil {
		close(s.ch)
		s.ch = nil
	}
	s.mu.Unlock()
}

// next returns a channel that is closed at the next send.
func (s *signal) next() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ch == nil {
		s.ch = make(chan struct{})
	}
	return s.ch
}

// until returns nil as soon as ok says yes; it looks again after each send. It returns the context's cause when that ends first.
func (s *signal) until(ctx context.Context, ok func() bool) error {
	for {
		changed := s.next()
		if ok() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
