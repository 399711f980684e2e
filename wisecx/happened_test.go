package wisecx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wisecx-mcp/wisecx/transport"
)

func TestOnlyWhatIsCertainHasNotHappened(t *testing.T) {
	for _, err := range []error{nil, errors.New("anything"), context.Canceled, &Error{Kind: ErrBadRequest, Status: 400}, ErrIncomplete} {
		if !MayHaveHappened(err) {
			t.Errorf("%v cannot have happened", err)
		}
	}
	certain := error(undone{&Error{Endpoint: "PUT /cases/5", Kind: ErrBadRequest, Status: 400}})
	wrapped := fmt.Errorf("case 534787: %w", certain)
	var refused *Error
	if MayHaveHappened(certain) || MayHaveHappened(wrapped) || MayHaveHappened(errors.Join(io.EOF, wrapped)) {
		t.Error("what is certain is not known any more where it is wrapped")
	}
	if !errors.As(wrapped, &refused) || !errors.Is(wrapped, ErrBadRequest) || certain.Error() != "PUT /cases/5: the API refused the request as wrong (400)" {
		t.Errorf("the error itself is hidden: %v", wrapped)
	}
}

func TestStatusesThatMeanThatNothingHappened(t *testing.T) {
	for status, may := range map[int]bool{
		400: false, 401: false, 402: false, 403: false, 404: false, 405: false, 409: false, 413: false, 415: false, 422: false, 429: false, 451: false, 501: false,
		300: true, 304: true, 408: true, 500: true, 502: true, 503: true, 504: true, 507: true, 520: true, 524: true,
	} {
		for _, w := range slices.Concat(adding, setting) {
			synctest.Test(t, func(t *testing.T) {
				client, _ := writer(always(status, `{"error": "no"}`))
				ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond) // too little for a repeat
				defer cancel()
				var refused *Error
				if err := w.call(ctx, client); !errors.As(err, &refused) || refused.Status != status || MayHaveHappened(err) != may {
					t.Errorf("%d to %s: %v; want may have happened %t", status, w.name, err, may)
				}
			})
		}
	}
}

// A write that was sent several times is judged by all of them.
func TestRefusalOfARepeatDoesNotMeanThatNothingHappened(t *testing.T) {
	for _, w := range setting {
		for _, test := range []struct {
			name     string
			statuses []int // 0 is a dropped connection
			may      bool
		}{
			{"the first answer lost, the second a refusal", []int{0, 400}, true},
			{"a failing gateway, then gone", []int{502, 404}, true},
			{"too many requests throughout", []int{429, 429, 429, 429}, true}, // the price of not knowing what came before
			{"a failing gateway throughout", []int{502, 503, 504, 502}, true},
		} {
			synctest.Test(t, func(t *testing.T) {
				client, l := writer(func(n int, _ *http.Request) (*http.Response, error) {
					if status := test.statuses[n-1]; status != 0 {
						return says(status, ""), nil
					}
					return nil, io.ErrUnexpectedEOF
				})
				err := w.call(t.Context(), client)
				if err == nil || len(l.done) != len(test.statuses) || MayHaveHappened(err) != test.may {
					t.Errorf("%s, %s: %v after %d requests; may have happened is %t", w.name, test.name, err, len(l.done), MayHaveHappened(err))
				}
			})
		}
	}
}

// A permission that is missing is noticed with a second token, which is a second request.
func TestWriteWithoutPermissionHasNotHappened(t *testing.T) {
	for _, w := range slices.Concat(adding, setting) {
		client, l := writer(func(_ int, r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodGet {
				return says(200, good), nil
			}
			return says(403, ""), nil
		})
		if _, err := client.GetCase(t.Context(), 5); err != nil {
			t.Fatal(err)
		}
		if err := w.call(t.Context(), client); !errors.Is(err, ErrForbidden) || len(l.done) != 3 || MayHaveHappened(err) {
			t.Errorf("%s: %v after %q", w.name, err, l.done)
		}
	}
}

// What a lost answer leaves in doubt, another spelling that is refused would make look certain.
func TestOtherSpellingIsNotTriedAfterALostAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, l := writer(func(n int, _ *http.Request) (*http.Response, error) { return says([]int{502, 400, 400}[n-1], ""), nil })
		err := client.SetCaseStatus(t.Context(), 5, StatusOnHold)
		if !errors.Is(err, ErrBadRequest) || len(l.done) != 2 || l.done[0] != l.done[1] || !MayHaveHappened(err) {
			t.Errorf("%v after %q", err, l.done)
		}
	})
}

func TestWriteBeyondTheLimitsHasNotHappened(t *testing.T) {
	for _, w := range slices.Concat(adding, setting) {
		synctest.Test(t, func(t *testing.T) {
			l := &ledger{answer: always(200, `{"id": 5}`)}
			account := config(l)
			account.RatePerDay = 2
			client := New(account)
			if _, err := client.GetCase(t.Context(), 5); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 45*time.Second)
			defer cancel()
			if err := w.call(ctx, client); !errors.Is(err, ErrLimit) || len(l.done) != 1 || MayHaveHappened(err) {
				t.Errorf("%s: %v after %d requests", w.name, err, len(l.done))
			}
		})
	}
}

func TestWriteToAServiceThatIsDownHasNotHappened(t *testing.T) {
	for _, w := range slices.Concat(adding, setting) {
		synctest.Test(t, func(t *testing.T) {
			client, l := writer(always(500, ""))
			for range 20 {
				client.GetCase(t.Context(), 5)
			}
			sent := len(l.done)
			if err := w.call(t.Context(), client); !errors.Is(err, ErrUnavailable) || len(l.done) != sent || MayHaveHappened(err) {
				t.Errorf("%s: %v after %d requests", w.name, err, len(l.done)-sent)
			}
		})
	}
}

// The breaker opens between a lost answer and the repeat: its refusal is not that of the first attempt.
func TestRepeatThatIsNotSentLeavesTheFirstInDoubt(t *testing.T) {
	for _, w := range setting {
		synctest.Test(t, func(t *testing.T) {
			client, l := writer(always(502, ""))
			for range 18 { // and the login
				_, _ = client.send(t.Context(), "GET", "/cases/5", nil, nil)
			}
			sent := len(l.done)
			err := w.call(t.Context(), client)
			var open *Error
			if len(l.done) != sent+1 || !errors.As(err, &open) || open.RetryAfter == 0 || !MayHaveHappened(err) {
				t.Errorf("%s: %v after %d requests; want the breaker's refusal of a repeat", w.name, err, len(l.done)-sent)
			}
		})
	}
}

func TestWriteWithoutALoginHasNotHappened(t *testing.T) {
	for name, login := range map[string]func(*http.Request) (*http.Response, error){
		"refused":       func(*http.Request) (*http.Response, error) { return says(403, ""), nil },
		"failing":       func(*http.Request) (*http.Response, error) { return says(500, ""), nil },
		"a web page":    func(*http.Request) (*http.Response, error) { return says(200, "<html>"), nil },
		"unreachable":   func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") },
		"without words": hangs,
	} {
		for _, w := range slices.Concat(adding, setting) {
			synctest.Test(t, func(t *testing.T) {
				client := New(config(roundTrip(func(r *http.Request) (*http.Response, error) {
					if !strings.HasSuffix(r.URL.Path, "/authenticate") {
						t.Errorf("%s %s was sent", r.Method, r.URL.Path)
					}
					return login(r)
				})))
				if err := w.call(t.Context(), client); err == nil || MayHaveHappened(err) {
					t.Errorf("%s, the login %s: %v", w.name, name, err)
				}
			})
		}
	}
}

// afterLogin gives a client whose login is answered, and whose other requests take another wire.
func afterLogin(wire http.RoundTripper) *Client {
	login := &ledger{}
	return New(config(roundTrip(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/authenticate") {
			return login.RoundTrip(r)
		}
		return wire.RoundTrip(r)
	})))
}

func TestWriteWithoutAConnectionHasNotHappened(t *testing.T) {
	nobody := httptest.NewServer(nil)
	nobody.Close()
	unknown := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was served") }))
	unknown.Config.ErrorLog = log.New(io.Discard, "", 0)
	unknown.StartTLS()
	defer unknown.Close()
	dial := func(address string) func(context.Context, string, string) (net.Conn, error) {
		return func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://"))
		}
	}
	for name, wire := range map[string]http.RoundTripper{
		"nobody listens":            &http.Transport{DialContext: dial(nobody.URL)},
		"a certificate of nobody's": &http.Transport{DialContext: dial(unknown.URL)},
		"no such host": &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "api.example", IsNotFound: true}}
		}},
	} {
		for _, w := range []aWrite{adding[0], adding[4], setting[0]} {
			if err := w.call(t.Context(), afterLogin(wire)); !errors.Is(err, ErrUnavailable) || MayHaveHappened(err) {
				t.Errorf("%s, %s: %v", w.name, name, err)
			}
		}
	}
}

// The time runs out before there is a connection: only of a request with a body is that known.
func TestConnectionThatTakesTooLong(t *testing.T) {
	never := roundTrip(func(r *http.Request) (*http.Response, error) { return hangs(r) }) // without touching the body
	for _, w := range slices.Concat(adding, setting) {
		synctest.Test(t, func(t *testing.T) {
			if err := w.call(t.Context(), afterLogin(never)); !errors.Is(err, ErrUnavailable) || MayHaveHappened(err) == w.hasBody() {
				t.Errorf("%s: %v; may have happened is %t", w.name, err, MayHaveHappened(err))
			}
		})
	}
}

func TestCallersEndBeforeAndAfterTheRequestWent(t *testing.T) {
	for _, w := range slices.Concat(adding, setting) {
		synctest.Test(t, func(t *testing.T) {
			client, l := writer(always(200, good))
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := w.call(ctx, client); !errors.Is(err, context.Canceled) || len(l.done) != 0 || MayHaveHappened(err) == w.hasBody() {
				t.Errorf("%s, cancelled before: %v after %q", w.name, err, l.done)
			}

			client, l = writer(stumbling(hangs))
			ctx, cancel = context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if err := w.call(ctx, client); !errors.Is(err, context.DeadlineExceeded) || len(l.done) != 1 || !MayHaveHappened(err) {
				t.Errorf("%s, past its deadline: %v after %q", w.name, err, l.done)
			}
		})
	}
}

func TestWriteThatIsCancelledInLineHasNotHappened(t *testing.T) {
	for _, w := range slices.Concat(adding, setting) {
		synctest.Test(t, func(t *testing.T) {
			client, l := writer(stumbling(stumbles["429 with a time to wait"]))
			_, _ = client.send(t.Context(), "GET", "/cases/5", nil, nil) // everyone has to wait after it
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			err := w.call(ctx, client)
			if !errors.Is(err, context.Canceled) || len(l.done) != 1 || MayHaveHappened(err) == w.hasBody() { // without a body, that is not known
				t.Errorf("%s: %v after %q", w.name, err, l.done)
			}
		})
	}
}

func TestAnswersThatCannotBeReadMayHaveHappened(t *testing.T) {
	large := strings.Repeat(" ", MaxAnswer+1)
	for name, answer := range map[string]func(*http.Request) (*http.Response, error){
		"too large": func(*http.Request) (*http.Response, error) { return says(200, large), nil },
		"of an impossible length": func(*http.Request) (*http.Response, error) {
			response := says(200, "{}")
			response.ContentLength = 1 << 40
			return response, nil
		},
		"a web page": func(*http.Request) (*http.Response, error) { return says(200, "<html></html>"), nil },
		"broken":     stumbles["an answer that breaks off"],
		"dropped":    stumbles["a dropped connection"],
		"redirected": func(*http.Request) (*http.Response, error) {
			response := says(302, "")
			response.Header.Set("Location", "https://login.example/")
			return response, nil
		},
	} {
		for _, w := range slices.Concat(adding, setting) {
			synctest.Test(t, func(t *testing.T) {
				client, _ := writer(func(_ int, r *http.Request) (*http.Response, error) { return answer(r) })
				if err := w.call(t.Context(), client); err == nil || !MayHaveHappened(err) {
					t.Errorf("%s, %s: %v", w.name, name, err)
				}
			})
		}
	}
}

// A refusal whose words break off is one all the same, also where the caller's time ends over them.
func TestRefusalWithBrokenWordsHasNotHappened(t *testing.T) {
	client, _ := writer(func(_ int, r *http.Request) (*http.Response, error) {
		response := says(400, "")
		response.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"error": "queue is cl`), failingReader{}))
		return response, nil
	})
	for _, w := range slices.Concat(adding, setting) {
		if err := w.call(t.Context(), client); !errors.Is(err, ErrBadRequest) || MayHaveHappened(err) {
			t.Errorf("%s: %v", w.name, err)
		}
	}
}

// What MayHaveHappened knows of the layers below are these types; each must still be told apart there.
func TestRefusalsOfTheLayersAreKnownWithoutABody(t *testing.T) {
	w := &writing{}
	for _, err := range []error{&transport.LimitError{}, &transport.OpenError{}, &transport.LoginError{}, &net.OpError{Op: "dial", Err: io.EOF}, &net.OpError{Op: "proxyconnect", Err: io.EOF}} {
		if !w.neverLeft(fmt.Errorf("Put: %w", err)) {
			t.Errorf("%v may have happened", err)
		}
	}
	for _, err := range []error{io.EOF, io.ErrUnexpectedEOF, transport.ErrTimeout, transport.ErrRedirect, context.Canceled, &net.OpError{Op: "read", Err: io.EOF}, &net.OpError{Op: "write", Err: io.EOF}} {
		if w.neverLeft(fmt.Errorf("Put: %w", err)) {
			t.Errorf("%v cannot have happened", err)
		}
	}
	if (&writing{hasBody: true}).neverLeft(transport.ErrRedirect) {
		t.Error("a redirect, which is an answer, came to a request that never left")
	}
}
