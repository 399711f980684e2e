package wisecx

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// What a service does that has carried a request out and stumbles over its answer.
var stumbles = map[string]func(r *http.Request) (*http.Response, error){
	"502": func(*http.Request) (*http.Response, error) { return says(502, "<html>"), nil },
	"503": func(*http.Request) (*http.Response, error) { return says(503, ""), nil },
	"504": func(*http.Request) (*http.Response, error) { return says(504, ""), nil },
	"429": func(*http.Request) (*http.Response, error) { return says(429, ""), nil },
	"429 with a time to wait": func(*http.Request) (*http.Response, error) {
		response := says(429, "")
		response.Header.Set("Retry-After", "2")
		return response, nil
	},
	"a dropped connection": func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF },
	"an answer that breaks off": func(*http.Request) (*http.Response, error) {
		response := says(200, good)
		response.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"case_`), failingReader{}))
		return response, nil
	},
}

// TestAnAnswerInWordsIsAnAcceptance holds for every write whose answer is not needed: what 2xx answers say is not known.
func TestAnAnswerInWordsIsAnAcceptance(t *testing.T) {
	for body, accepts := range map[string]bool{"OK": true, "updated": true, "Warning: x {\"id\": 5}": true, "<html>captive</html>": false} {
		for _, w := range slices.Concat(adding, setting) {
			makes := strings.Contains(w.name, "a new ") // and what it made has an id, which words are never taken for
			client, l := writer(always(200, body))
			if err := w.call(t.Context(), client); len(l.done) != 1 || (err == nil) != (accepts && !makes) || !MayHaveHappened(err) {
				t.Errorf("%s, answered %q: %v after %q; want one request", w.name, body, err, l.done)
			}
		}
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func hangs(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestWhatAddsIsSentOnce(t *testing.T) {
	for name, stumble := range stumbles {
		for _, w := range adding {
			t.Run(w.name+", "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					client, l := writer(stumbling(stumble))
					ctx, cancel := context.WithTimeout(t.Context(), 45*time.Second)
					defer cancel()
					err := w.call(ctx, client)
					if len(l.done) != 1 || err == nil {
						t.Errorf("%v after %q; want one request and an error", err, l.done)
					}
					if MayHaveHappened(err) == strings.HasPrefix(name, "429") {
						t.Errorf("%v: may have happened is %t", err, MayHaveHappened(err))
					}
				})
			})
		}
	}
}

func TestWhatSetsValuesIsRepeated(t *testing.T) {
	for name, stumble := range stumbles {
		for _, w := range setting {
			t.Run(w.name+", "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					client, l := writer(stumbling(stumble))
					if err := w.call(t.Context(), client); err != nil || len(l.done) != 2 || l.done[0] != l.done[1] {
						t.Errorf("%v after %q; want the same twice", err, l.done)
					}
				})
			})
		}
	}
}

func TestNoWriteIsRepeatedAfterATimeOut(t *testing.T) {
	for _, w := range slices.Concat(adding, setting) {
		t.Run(w.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, l := writer(stumbling(hangs))
				if err := w.call(t.Context(), client); len(l.done) != 1 || !errors.Is(err, ErrUnavailable) || !MayHaveHappened(err) {
					t.Errorf("%v after %q", err, l.done)
				}
			})
		})
	}
}

// Over a real network, on a connection that was used before: there net/http itself likes to repeat.
func TestServerSeesWhatAddsOnceAndWhatSetsTwice(t *testing.T) {
	for name, drop := range map[string]func(http.ResponseWriter){
		"before an answer": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
		"in its middle": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, `{"case_id": 43`)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		},
	} {
		for sends, writes := range map[int32][]aWrite{1: adding, 2: setting} {
			for _, write := range writes {
				var seen atomic.Int32
				client := overTheNetwork(t, func(w http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodGet {
						io.WriteString(w, `{"id": 5}`)
						return
					}
					body, err := io.ReadAll(r.Body)
					if err != nil || write.hasBody() != json.Valid(body) {
						t.Errorf("%s came with %q, %v", write.name, body, err)
					}
					if seen.Add(1) == 1 {
						drop(w)
					}
					io.WriteString(w, good)
				})
				if _, err := client.GetCase(t.Context(), 5); err != nil {
					t.Fatal(err)
				}
				if err := write.call(t.Context(), client); seen.Load() != sends || (err == nil) != (sends == 2) || !MayHaveHappened(err) {
					t.Errorf("%s, dropped %s: %v after %d requests; want %d", write.name, name, err, seen.Load(), sends)
				}
			}
		}
	}
}

// A token that ended is no reason to lose a write: it was refused before it did anything.
func TestWriteIsSentAgainWithANewToken(t *testing.T) {
	for _, w := range slices.Concat(adding, setting) {
		client, l := writer(func(n int, _ *http.Request) (*http.Response, error) {
			if n == 2 {
				return says(401, ""), nil
			}
			return says(200, good), nil
		})
		if _, err := client.GetCase(t.Context(), 5); err != nil {
			t.Fatal(err)
		}
		if err := w.call(t.Context(), client); err != nil || len(l.done) != 3 || l.done[1] != l.done[2] {
			t.Errorf("%s: %v after %q", w.name, err, l.done)
		}
	}
}

func TestRedirectOfAWriteIsNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, write := range slices.Concat(adding, setting) {
			var seen atomic.Int32
			server := httptest.NewServer(&recorder{answer: func(w http.ResponseWriter, r *http.Request) {
				seen.Add(1)
				http.Redirect(w, r, "/core/v1/elsewhere", status)
			}})
			err := write.call(t.Context(), at(t, server.URL))
			server.Close()
			if seen.Load() != 1 || !errors.Is(err, ErrMalformed) || !MayHaveHappened(err) {
				t.Errorf("%s, %d: %v after %d requests", write.name, status, err, seen.Load())
			}
		}
	}
}
