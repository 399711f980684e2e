package sandbox

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// reply is an answer before it goes out.
type reply struct {
	status     int
	media      string // the Content-Type
	retryAfter time.Duration
	body       []byte
}

const (
	mediaJSON = "application/json; charset=utf-8"
	mediaText = "text/plain; charset=utf-8"
	mediaHTML = "text/html; charset=utf-8"
)

// serverErrors are the forms of a 5xx; that bodies are not uniform is the API's way [W].
var serverErrors = [...]reply{
	{status: http.StatusInternalServerError, media: mediaJSON, body: []byte(`{"error":"Internal Server Error"}`)},
	{status: http.StatusBadGateway, media: mediaText, body: []byte("Bad Gateway")},
	{status: http.StatusServiceUnavailable, media: mediaJSON, body: []byte(`{"message":"Service Unavailable"}`)},
	{status: http.StatusGatewayTimeout, media: mediaText, body: []byte("Gateway Timeout")},
}

const proxyPage = `<!DOCTYPE html>
<html><head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr><center>sandbox proxy</center></body></html>
`

// warning is what stands in front of an answer that is not JSON.
const warning = "Warning: Undefined array key \"data\" in index.php on line 42\n"

// disturb answers a request while faults are set.
func (a *API) disturb(w http.ResponseWriter, known bool, r *request) {
	f := a.trouble.draw(a.options.Now, r.Method != http.MethodGet)
	if f.kind == expireToken && r.route != nil && r.route.name == login {
		f.kind = ""
	}
	if f.kind != outage && !pause(r.Context(), f) {
		f.kind = outage
	}
	if f.kind != "" {
		a.trouble.count(f.kind)
	}
	if f.kind == expireToken {
		a.tokens.end(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	}
	instead, is := f.instead()
	if !is {
		instead = f.spoil(answered(a.answer(known, r)))
	}
	if f.kind == cutBody {
		instead.sendHalf(w)
	}
	instead.send(w)
}

// pause waits the request's latency and tells whether the service is still up. A client that leaves ends the pause,
// not the work: a service does not notice in time.
func pause(client context.Context, f fate) bool {
	if f.delay == 0 {
		return true
	}
	timer := time.NewTimer(f.delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-client.Done():
	case <-f.fell:
		return false
	}
	return true
}

// instead is what is answered without doing the work, if that is the request's fate.
func (f fate) instead() (reply, bool) {
	switch f.kind {
	case outage, dropBefore:
		hangUp()
	case tooMany, overMinute, overDay:
		return reply{http.StatusTooManyRequests, mediaJSON, f.wait, []byte(`{"message":"Too Many Requests"}`)}, true
	case serverError:
		e := serverErrors[int(f.variety*float64(len(serverErrors)))]
		return e, e.status != http.StatusGatewayTimeout
	case proxyPages:
		status := http.StatusBadGateway
		if f.variety >= 0.5 {
			status = http.StatusOK
		}
		return reply{status: status, media: mediaHTML, body: []byte(proxyPage)}, true
	case expireToken:
		return answered(nil, expired), true
	}
	return reply{}, false
}

// spoil is what becomes of the answer once the work is done.
func (f fate) spoil(good reply) reply {
	switch f.kind {
	case dropAfter, dropWrite:
		hangUp()
	case emptyWrite:
		return reply{status: good.swallowed(), media: good.media}
	case pageWrite:
		return reply{status: good.swallowed(), media: mediaHTML, body: []byte(proxyPage)}
	case serverError:
		return serverErrors[len(serverErrors)-1]
	case notJSON:
		return reply{status: http.StatusOK, media: mediaJSON, body: append([]byte(warning), good.body...)}
	}
	return good
}

// swallowed is the status of an answer whose body is lost on the way: that of a refusal stays.
func (p reply) swallowed() int {
	if p.status < http.StatusMultipleChoices {
		return http.StatusOK
	}
	return p.status
}

// hangUp closes the connection: what was flushed has gone out, and nothing else does.
func hangUp() { panic(http.ErrAbortHandler) }

func (p reply) send(w http.ResponseWriter) {
	w.Header().Set("Content-Type", p.media)
	if p.retryAfter > 0 {
		// Whole seconds, and never too few.
		w.Header().Set("Retry-After", strconv.Itoa(int((p.retryAfter+time.Second-1)/time.Second)))
	}
	w.WriteHeader(p.status)
	// A client that went away is no business of the API's.
	_, _ = w.Write(p.body)
}

// sendHalf promises the whole body, sends half of it and closes the connection.
func (p reply) sendHalf(w http.ResponseWriter) {
	if len(p.body) == 0 {
		hangUp() // sent, an empty body would be whole
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(p.body)))
	p.body = p.body[:len(p.body)/2]
	p.send(w)
	_ = http.NewResponseController(w).Flush()
	hangUp()
}
