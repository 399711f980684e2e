package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// repeating is a retry alone above a wire.
func repeating(next http.RoundTripper) *retry { return &retry{next: next, now: time.Now} }

// script answers each request with the next of its answers, and with the last one from then on.
type script struct {
	answers []func(*http.Request) (*http.Response, error)
	bodies  []string
	came    []time.Time
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		body, _ := io.ReadAll(r.Body)
		r.Body.Close()
		s.bodies = append(s.bodies, string(body))
	}
	s.came = append(s.came, time.Now())
	return s.answers[min(len(s.came), len(s.answers))-1](r)
}

func scripted(answers ...func(*http.Request) (*http.Response, error)) *script {
	return &script{answers: answers}
}

func gives(err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

func TestOnlyPassingFailuresAreRepeated(t *testing.T) {
	timeout := &net.OpError{Op: "dial", Err: &net.DNSError{IsTimeout: true}}
	tests := []struct {
		name    string
		fails   func(*http.Request) (*http.Response, error)
		repeats int
	}{
		{"429", says(429), 3},
		{"502", says(502), 3},
		{"503", says(503), 3},
		{"504", says(504), 3},
		{"a refused connection", breaks, 3},
		{"a connection that breaks", gives(io.ErrUnexpectedEOF), 3},
		{"a connection that is reset", gives(&net.OpError{Op: "read", Err: errors.New("connection reset by peer")}), 3},
		{"a login that broke", gives(&LoginError{Err: errRefused}), 3},
		{"a login that was answered 503", gives(&LoginError{Status: 503}), 3},
		{"200", says(200), 0},
		{"400", says(400), 0},
		{"401", says(401), 0},
		{"403", says(403), 0},
		{"404", says(404), 0},
		{"500", says(500), 0},
		{"501", says(501), 0},
		{"an attempt that took too long", gives(fmt.Errorf("%w (15s)", ErrTimeout)), 1},
		{"a connection that took too long to make", gives(timeout), 1},
		{"a login that took too long", gives(&LoginError{Err: ErrTimeout}), 1},
		{"the limiter's refusal", gives(&LimitError{Wait: time.Millisecond}), 0},
		{"the breaker's refusal", gives(&OpenError{Wait: time.Millisecond}), 0},
		{"the limiter's refusal of a login", gives(&LoginError{Err: &LimitError{}}), 0},
		{"the breaker's refusal of a login", gives(&LoginError{Err: &OpenError{}}), 0},
		{"a login with a wrong key", gives(&LoginError{Status: 403}), 0},
		{"a redirect that is not followed", gives(ErrRedirect), 0},
		{"a certificate of somebody else", gives(&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}), 0},
		{"a host that does not exist", gives(&net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}), 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := scripted(test.fails)
				r := repeating(s)
				response, err := r.RoundTrip(newRequest(t, "GET", "/cases", "").WithContext(Repeatable(t.Context())))
				if n := len(s.came) - 1; n != test.repeats || r.repeats.Load() != int64(n) {
					t.Errorf("%d repeats; want %d", n, test.repeats)
				}
				wantResponse, wantErr := test.fails(nil)
				if !errors.Is(err, wantErr) && fmt.Sprint(err) != fmt.Sprint(wantErr) || (response == nil) != (wantResponse == nil) {
					t.Errorf("got %v, %v; want the last one as it is", response, err)
				}
				if response != nil && response.StatusCode != wantResponse.StatusCode {
					t.Errorf("answered %d; want %d", response.StatusCode, wantResponse.StatusCode)
				}
			})
		})
	}
}

// Until a simulator of somebody else's showed scans that one hanging answer ended, no time-out was repeated.
func TestOnlyAReadThatTookTooLongIsRepeatedOnceAndOnlyInTime(t *testing.T) {
	hangs := func(r *http.Request) (*http.Response, error) {
		time.Sleep(15 * time.Second)
		return nil, fmt.Errorf("%w (15s)", ErrTimeout)
	}
	body := func(*http.Request) (*http.Response, error) {
		response := reply(200, "")
		response.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"data": [`), failing{ErrTimeout}))
		return response, nil
	}
	for _, test := range []struct {
		name   string
		method string
		marked bool
		has    time.Duration // the call's time; 0 for no end
		wire   []func(*http.Request) (*http.Response, error)
		sent   int
		answer bool
	}{
		{"a read", "GET", true, 45 * time.Second, []func(*http.Request) (*http.Response, error){hangs, says(200)}, 2, true},
		{"a read whose answer breaks off by time", "GET", true, 45 * time.Second, []func(*http.Request) (*http.Response, error){body, says(200)}, 2, true},
		{"a read that hangs again", "GET", true, 0, []func(*http.Request) (*http.Response, error){hangs}, 2, false},
		{"a read that hangs among other troubles", "GET", true, 0, []func(*http.Request) (*http.Response, error){says(503), hangs, says(502), says(200)}, 4, true},
		{"a read that hangs twice among other troubles", "GET", true, 0, []func(*http.Request) (*http.Response, error){hangs, says(503), hangs, says(200)}, 3, false},
		{"a read without time for another attempt", "GET", true, 30 * time.Second, []func(*http.Request) (*http.Response, error){hangs, says(200)}, 1, false},
		{"a write that may be repeated", "PUT", true, 0, []func(*http.Request) (*http.Response, error){hangs, says(200)}, 1, false},
		{"a write", "POST", false, 0, []func(*http.Request) (*http.Response, error){hangs, says(200)}, 1, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if test.marked {
					ctx = Repeatable(ctx)
				}
				if test.has > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.has)
					defer cancel()
				}
				s := scripted(test.wire...)
				r := repeating(s)
				r.attempt = 15 * time.Second
				if err := send(t, r, ctx, test.method, ""); (err == nil) != test.answer || len(s.came) != test.sent {
					t.Errorf("%v after %d requests; want %d, an answer: %t", err, len(s.came), test.sent, test.answer)
				}
			})
		})
	}
}

func TestAnAnswerToAReadThatIsNoJSONIsAskedForAgain(t *testing.T) {
	for body, repeats := range map[string]int{
		"<html>a proxy's page</html>": 3, "{\"data\": []}": 0, " [1]": 0, "null": 0, "\"text\"": 0, "": 0, "upstream timed out": 3,
	} {
		for _, request := range []struct {
			method string
			marked bool
			want   int
		}{{"GET", true, repeats}, {"GET", false, 0}, {"PUT", true, 0}, {"DELETE", true, 0}} { // a write was accepted, whatever the words
			synctest.Test(t, func(t *testing.T) {
				s := scripted(func(*http.Request) (*http.Response, error) { return reply(200, body), nil })
				ctx := t.Context()
				if request.marked {
					ctx = Repeatable(ctx)
				}
				response, err := repeating(s).RoundTrip(newRequest(t, request.method, "/cases", "").WithContext(ctx))
				if err != nil {
					t.Fatal(err)
				}
				last, _ := io.ReadAll(response.Body)
				if n := len(s.came) - 1; n != request.want || string(last) != body {
					t.Errorf("%q, %+v: %d repeats and %q in the end", body, request, n, last)
				}
			})
		}
	}
}

func TestOnlyTheRequestsOwnWordAllowsARepeat(t *testing.T) {
	for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
		for _, marked := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s %t", method, marked), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := scripted(says(503), breaks, says(200))
					ctx, want := t.Context(), 1
					if marked {
						ctx, want = Repeatable(ctx), 3
					}
					send(t, repeating(s), ctx, method, "")
					if len(s.came) != want {
						t.Errorf("sent %d times; want %d", len(s.came), want)
					}
				})
			})
		}
	}
}

func TestLoginIsRepeatedForARequestThatMayNotBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		c := newChain(s)
		failures := 2
		s.set(func(r *http.Request) (*http.Response, error) {
			if failures--; failures >= 0 {
				return nil, errRefused
			}
			if strings.HasSuffix(r.URL.Path, "/authenticate") {
				return reply(200, `{"token": "t"}`), nil
			}
			return reply(503, ""), nil
		})
		if err := send(t, c, t.Context(), "POST", "{}"); err != statusError(503) {
			t.Errorf("got %v; want the request's own 503", err)
		}
		if logins, posts := s.requestsFor("/authenticate"), s.requestsFor("/cases"); logins != 3 || posts != 1 {
			t.Errorf("%d logins and %d requests; want 3 and 1", logins, posts)
		}
	})
}

func TestBodyIsSentWholeEachTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := scripted(says(503), breaks, says(200))
		if err := send(t, repeating(s), Repeatable(t.Context()), "PUT", `{"status": "solved"}`); err != nil {
			t.Fatal(err)
		}
		if want := slices.Repeat([]string{`{"status": "solved"}`}, 3); !slices.Equal(s.bodies, want) {
			t.Errorf("sent %q; want %q", s.bodies, want)
		}
	})
}

func TestBodyThatCannotBeReadAgainIsSentOnce(t *testing.T) {
	s := scripted(says(503))
	request := newRequest(t, "PUT", "/cases/5", "{}").WithContext(Repeatable(t.Context()))
	request.GetBody = nil
	response, err := repeating(s).RoundTrip(request)
	if err != nil || response.StatusCode != 503 || len(s.came) != 1 {
		t.Errorf("got %v, %v after %d requests; want the answer", response, err, len(s.came))
	}
}

func TestAnswerThatBreaksOffIsRepeated(t *testing.T) {
	breaksOff := func(*http.Request) (*http.Response, error) {
		response := reply(200, "")
		response.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"data": [`), failing{io.ErrUnexpectedEOF}))
		return response, nil
	}
	t.Run("and comes whole", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := scripted(breaksOff, breaksOff, says(200))
			if err := send(t, repeating(s), Repeatable(t.Context()), "GET", ""); err != nil || len(s.came) != 3 {
				t.Errorf("got %v after %d requests", err, len(s.came))
			}
		})
	})
	t.Run("and comes back as it is in the end", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := scripted(breaksOff)
			response, err := repeating(s).RoundTrip(newRequest(t, "GET", "/", "").WithContext(Repeatable(t.Context())))
			if err != nil || len(s.came) != 4 {
				t.Fatalf("got %v after %d requests", err, len(s.came))
			}
			if body, err := io.ReadAll(response.Body); string(body) != `{"data": [` || err != io.ErrUnexpectedEOF {
				t.Errorf("got %q, %v", body, err)
			}
		})
	})
	t.Run("unless it may not be", func(t *testing.T) {
		s := scripted(breaksOff)
		if err := send(t, repeating(s), t.Context(), "POST", "{}"); err != io.ErrUnexpectedEOF || len(s.came) != 1 {
			t.Errorf("got %v after %d requests", err, len(s.came))
		}
	})
}

func TestAnswerComesWholeWhateverItsSize(t *testing.T) {
	for _, size := range []int{0, 1, 1 << 10, heldAnswer - 1, heldAnswer, heldAnswer + 1, 3 * heldAnswer} {
		for _, declared := range []bool{true, false} {
			body := strings.Repeat("x", size)
			s := scripted(func(*http.Request) (*http.Response, error) {
				response := reply(200, body)
				if !declared {
					response.ContentLength = -1
				}
				return response, nil
			})
			response, err := repeating(s).RoundTrip(newRequest(t, "GET", "/", "").WithContext(Repeatable(t.Context())))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(response.Body); string(got) != body || err != nil {
				t.Errorf("of %d bytes came %d, %v", size, len(got), err)
			}
			response.Body.Close()
		}
	}
}

func TestRepeatsAreSpreadAndGrow(t *testing.T) {
	var firsts []time.Duration
	for range 50 {
		synctest.Test(t, func(t *testing.T) {
			s := scripted(says(503))
			send(t, repeating(s), Repeatable(t.Context()), "GET", "")
			for n := range 3 {
				pause := s.came[n+1].Sub(s.came[n])
				if most := firstBackoff << n; pause < most/2 || pause >= most {
					t.Errorf("pause %d is %s; want %s to %s", n, pause, most/2, most)
				}
			}
			firsts = append(firsts, s.came[1].Sub(s.came[0]))
		})
	}
	if slices.Max(firsts)-slices.Min(firsts) < firstBackoff/8 {
		t.Errorf("the first pauses are all %s to %s", slices.Min(firsts), slices.Max(firsts))
	}
}

func TestRetryAfterIsRespected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now().UTC()
		for header, want := range map[string]time.Duration{
			"7": 7 * time.Second, now.Add(20 * time.Second).Format(http.TimeFormat): 20 * time.Second,
		} {
			for _, status := range []int{429, 503} {
				s := scripted(says(status, "Retry-After", header, "Date", now.Format(http.TimeFormat)), says(200))
				if err := send(t, repeating(s), Repeatable(t.Context()), "GET", ""); err != nil {
					t.Fatal(err)
				}
				if pause := s.came[1].Sub(s.came[0]); pause < want || pause > want+firstBackoff {
					t.Errorf("after %q it is repeated after %s", header, pause)
				}
			}
		}
	})
}

func TestAnswerIsGivenAtOnceWhereARepeatWouldBeTooLate(t *testing.T) {
	tests := []struct {
		name string
		time time.Duration // that the call has; 0 for no end
		wire func(*http.Request) (*http.Response, error)
		want error
	}{
		{"for what the answer asks", 45 * time.Second, says(429, "Retry-After", "60"), statusError(429)},
		{"for anyone to wait", 0, says(503, "Retry-After", "3600"), statusError(503)},
		{"for the pause", 100 * time.Millisecond, breaks, errRefused},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := Repeatable(t.Context())
				if test.time > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.time)
					defer cancel()
				}
				s, started := scripted(test.wire), time.Now()
				if err := send(t, repeating(s), ctx, "GET", ""); err != test.want || len(s.came) != 1 || time.Since(started) != 0 {
					t.Errorf("got %v after %d requests and %s; want %v at once", err, len(s.came), time.Since(started), test.want)
				}
			})
		})
	}
}

func TestWaitForARepeatEndsWithItsCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(Repeatable(t.Context()))
		s := scripted(says(503, "Retry-After", "30"))
		time.AfterFunc(5*time.Second, cancel)
		started := time.Now()
		if err := send(t, repeating(s), ctx, "GET", ""); !errors.Is(err, context.Canceled) || time.Since(started) != 5*time.Second {
			t.Errorf("got %v after %s; want the call's end at once", err, time.Since(started))
		}
	})
}

func TestCallThatIsOverIsNotRepeated(t *testing.T) {
	ctx, cancel := context.WithCancel(Repeatable(t.Context()))
	s := scripted(func(r *http.Request) (*http.Response, error) {
		cancel()
		return nil, r.Context().Err()
	})
	if err := send(t, repeating(s), ctx, "GET", ""); !errors.Is(err, context.Canceled) || len(s.came) != 1 {
		t.Errorf("got %v after %d requests", err, len(s.came))
	}
}

// A token that ends while the service stumbles: login within the retry, retry around the login.
func TestTokenThatEndsWhileTheServiceStumblesIsRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		broken := 0
		f.enter = func(*http.Request) error {
			if broken--; broken >= 0 {
				return errRefused
			}
			return nil
		}
		c := newChain(f)
		if err := ask(t, c, time.Minute); err != nil {
			t.Fatal(err)
		}
		f.revoke()
		f.login = func(w http.ResponseWriter, r *http.Request) {
			f.mu.Lock()
			f.login = nil
			f.mu.Unlock()
			w.WriteHeader(502)
		}
		if err := ask(t, c, time.Minute); err != nil {
			t.Errorf("got %v", err)
		}
		f.wantLogins(t, 3)
		broken = 2
		if err := ask(t, c, time.Minute); err != nil {
			t.Errorf("got %v", err)
		}
		f.wantLogins(t, 3)
	})
}
