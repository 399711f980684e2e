package wisecx

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"

	"wisecx-mcp/wisecx/transport"
)

// MayHaveHappened tells, of the error of a method that writes, whether the API may have done it all the same; of no error
// at all it is true. It is false only where it is certain that nothing changed:
//
//   - the method refused to send it, or the limiter, the open breaker or the login did;
//   - nothing that could carry it out had left this machine when it failed or its caller ended it: no connection came
//     about. Of a request without a body (deletes, groups of contacts) that is known only where the dial or the
//     certificate is what failed;
//   - the API refused it: 4xx but 408, or 501.
//
// It is true of time-outs, connections that broke, other 5xx, redirects, and answers of 2xx that cannot be read. What
// the attempts before the last were answered is not known here; so of a write that was repeated every refusal but 401 and
// 403 counts as true, also where it was refused throughout.
func MayHaveHappened(err error) bool {
	var certain undone
	return !errors.As(err, &certain)
}

// undone is the error of a write that certainly changed nothing.
type undone struct{ error }

func (u undone) Unwrap() error { return u.error }

// NotSent is the error of a write that ended before anything of it was sent.
func NotSent(err error) error { return undone{err} }

// writing is what is known of a write on its way.
type writing struct {
	hasBody bool
	sends   atomic.Int32 // how often the body went to the wire
	times   times
}

// watch counts how often the body of a request is begun to be read. The wire alone does that, with a connection in hand;
// before, the request cannot be whole at the API, which therefore cannot have carried it out.
func watch(request *http.Request, n times) *writing {
	w := &writing{times: n, hasBody: request.GetBody != nil}
	if !w.hasBody {
		return w
	}
	open := request.GetBody
	request.GetBody = func() (io.ReadCloser, error) {
		body, err := open()
		return &watched{ReadCloser: body, sends: &w.sends}, err
	}
	request.Body = &watched{ReadCloser: request.Body, sends: &w.sends}
	return w
}

type watched struct {
	io.ReadCloser
	sends *atomic.Int32
	begun bool
}

func (b *watched) Read(p []byte) (int, error) {
	if !b.begun {
		b.begun = true
		b.sends.Add(1)
	}
	return b.ReadCloser.Read(p)
}

// neverLeft tells whether a write without an answer never reached the API. One that is sent once reached it at most by
// its last attempt: what came before was refused for its token.
func (w *writing) neverLeft(err error) bool {
	var (
		limit       *transport.LimitError
		open        *transport.OpenError
		login       *transport.LoginError
		certificate *tls.CertificateVerificationError
		network     *net.OpError
	)
	switch {
	case errors.Is(err, transport.ErrRedirect):
		return false // it was answered
	case w.hasBody && w.sends.Load() == 0:
		return true
	case w.times == repeatedly:
		return false
	case errors.As(err, &limit), errors.As(err, &open), errors.As(err, &login), errors.As(err, &certificate):
		return true
	}
	return errors.As(err, &network) && (network.Op == "dial" || network.Op == "proxyconnect")
}

// wasRefused tells whether an answer means that the API did nothing.
func (w *writing) wasRefused(status int) bool {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return true // a permission that is missing was missing for the attempts before as well
	case w.times == repeatedly && w.sends.Load() > 1:
		return false // the answer to an attempt before may have got lost
	case status == http.StatusRequestTimeout:
		return false // also a proxy's word for having waited too long
	}
	return status/100 == 4 || status == http.StatusNotImplemented
}
