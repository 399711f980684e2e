package transport

import (
	"io"
	"net/http"
	"sync/atomic"
)

// once counts what reaches the wire, and keeps the standard library from sending a request again on
// its own: on a reused connection that breaks it would, unseen by limiter and breaker.
type once struct {
	next http.RoundTripper
	sent atomic.Int64
}

func (o *once) RoundTrip(request *http.Request) (*http.Response, error) {
	o.sent.Add(1)
	callOf(request.Context()).requests.Add(1)
	switch request.Method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		request = unrepeatable(request)
	}
	return o.next.RoundTrip(request)
}

// unrepeatable gives the request a body that cannot be had twice, which net/http takes as a reason not
// to send it twice. An empty one leaves no trace on an HTTP/1.1 wire: "identity" says that it is sent
// as it is, without a length; without that, net/http reads ahead for at most 200 ms to find it empty,
// and on a machine that is busy for so long announces a chunked body.
func unrepeatable(request *http.Request) *http.Request {
	single := *request
	single.GetBody = nil
	if request.Body == nil || request.Body == http.NoBody {
		single.Body = noBody{}
		single.TransferEncoding = []string{"identity"}
	}
	return &single
}

// noBody is an http.NoBody that net/http does not know.
type noBody struct{}

func (noBody) Read([]byte) (int, error)         { return 0, io.EOF }
func (noBody) WriteTo(io.Writer) (int64, error) { return 0, nil } // so that io.Copy takes no buffer for nothing
func (noBody) Close() error                     { return nil }
