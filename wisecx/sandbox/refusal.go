package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// form is how the body of a refusal is written: error bodies are not uniform [W].
type form uint8

const (
	asError   form = iota // {"error": "..."}
	asMessage             // {"message": "..."}
	asText                // plain text
	asPage                // an HTML page, as of what stands in front of the service
)

// refusal is an error that goes out as a status and a message.
type refusal struct {
	status  int
	message string
	form    form
	opened  []int64 // goes out as "opened_cases" [W]
}

func (r *refusal) Error() string { return r.message }

var notImplemented = &refusal{status: http.StatusNotImplemented, message: "Method not implemented"} // [D]

// bad is a 400 [D] that says what is wrong.
func bad(format string, values ...any) error {
	return &refusal{status: http.StatusBadRequest, message: fmt.Sprintf(format, values...)}
}

// Which refusal of a write has which form is [I].

// missing names the fields that a write lacks.
func missing(fields ...string) error {
	return bad("Missing required fields: %s", strings.Join(fields, ", "))
}

// unknown is what a write answers that names something which does not exist.
func unknown(what string) error {
	return &refusal{status: http.StatusBadRequest, message: what + " Not Found", form: asMessage}
}

// gone is what is answered about something that was deleted [I]; what never was answers 400 [W].
func gone(what string) error {
	return &refusal{status: http.StatusNotFound, message: what + " Not Found", form: asMessage}
}

// unreadable is what a body answers that is no JSON object.
func unreadable(format string, values ...any) error {
	return &refusal{status: http.StatusBadRequest, message: fmt.Sprintf(format, values...), form: asText}
}

var tooLarge = &refusal{status: http.StatusRequestEntityTooLarge, message: "Request Entity Too Large", form: asPage}

// answered is how what a handler returns goes out. Nothing to say is 204 [W].
func answered(body []byte, err error) reply {
	switch {
	case err == nil && body == nil:
		return reply{status: http.StatusNoContent, media: mediaJSON}
	case err == nil:
		return reply{status: http.StatusOK, media: mediaJSON, body: body}
	}
	var refused *refusal
	if !errors.As(err, &refused) {
		refused = &refusal{status: http.StatusInternalServerError, message: err.Error()}
	}
	return refused.reply()
}

func (r *refusal) reply() reply {
	switch r.form {
	case asText:
		return reply{status: r.status, media: mediaText, body: []byte(r.message)}
	case asPage:
		title := fmt.Sprint(r.status, " ", r.message)
		return reply{status: r.status, media: mediaHTML, body: []byte("<html><head><title>" + title + "</title></head>\n<body><center><h1>" + title + "</h1></center></body></html>\n")}
	}
	var e encoder
	e.open()
	e.name([...]string{asError: "error", asMessage: "message"}[r.form])
	e.quote(r.message)
	if r.opened != nil {
		e.name("opened_cases")
		e.numbers(r.opened)
	}
	e.close()
	return reply{status: r.status, media: mediaJSON, body: e.out}
}
