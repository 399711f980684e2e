package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// ErrTimeout is an attempt that took longer than its limit, while its caller would have waited.
var ErrTimeout = errors.New("no answer in time")

// attempt bounds one attempt in time, from sending to the last byte of the answer.
type attempt struct {
	next  http.RoundTripper
	limit time.Duration
}

// RoundTrip fails with ErrTimeout when the attempt's own limit ended it.
func (a attempt) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeoutCause(request.Context(), a.limit, fmt.Errorf("%w (%s)", ErrTimeout, a.limit))
	response, err := a.next.RoundTrip(request.WithContext(ctx))
	if err != nil {
		err = because(ctx, err)
		cancel()
		return nil, err
	}
	response.Body = &timedBody{ReadCloser: response.Body, ctx: ctx, cancel: cancel}
	return response, nil
}

// timedBody keeps the attempt's clock running until its answer is closed.
type timedBody struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelFunc
}

func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = because(b.ctx, err)
	}
	return n, err
}

func (b *timedBody) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}

// because names the attempt's own limit where the standard library only says that a context ended.
func because(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); errors.Is(cause, ErrTimeout) {
		return cause
	}
	return err
}
