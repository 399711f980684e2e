package desk

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

func TestTheDirectoryIsReadOnceInTenMinutesHoweverManyAsk(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	now := noon
	var clock sync.Mutex
	o.directory = newDirectory(o.Desk.api, func() time.Time { clock.Lock(); defer clock.Unlock(); return now })
	var asking sync.WaitGroup
	for range 50 {
		asking.Go(func() {
			if _, err := o.directory.names(context.Background(), "agent"); err != nil {
				t.Error(err)
			}
		})
	}
	asking.Wait()
	later := func(d time.Duration) {
		clock.Lock()
		now = now.Add(d)
		clock.Unlock()
		if _, err := o.directory.names(t.Context(), "agent"); err != nil {
			t.Error(err)
		}
	}
	later(9 * time.Minute)
	if n := o.api.Requests()["GET /users"]; n != 1 {
		t.Errorf("50 at once and one nine minutes later took %d requests", n)
	}
	later(2 * time.Minute)
	if n := o.api.Requests()["GET /users"]; n != 2 {
		t.Errorf("after eleven minutes there were %d requests", n)
	}
	o.inFront(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.WriteHeader(http.StatusInternalServerError)
	})
	later(20 * time.Minute) // the old names still serve
}

func TestAListThatCannotBeHadIsNotAskedForOnEveryCall(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	refused := 0
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/queues") {
			refused++
			w.WriteHeader(http.StatusNotImplemented)
			return
		}
		api.ServeHTTP(w, r)
	})
	for range 5 {
		o.search(t, CaseSearch{Limit: 3})
	}
	if refused != 1 {
		t.Errorf("five calls asked %d times", refused)
	}
}

func TestACallerThatGivesUpLeavesTheDirectoryToTheOthers(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	started, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/queues") {
			once.Do(func() { close(started) })
			<-goOn
		}
		api.ServeHTTP(w, r)
	})
	ctx, cancel := context.WithCancel(t.Context())
	gaveUp := make(chan error)
	go func() { _, err := o.directory.names(ctx, "queue"); gaveUp <- err }()
	<-started
	stayed := make(chan error)
	go func() { _, err := o.directory.names(t.Context(), "queue"); stayed <- err }()
	cancel()
	if err := <-gaveUp; !errors.Is(err, context.Canceled) {
		t.Errorf("the one who gave up got %v", err)
	}
	close(goOn)
	if err := <-stayed; err != nil {
		t.Errorf("the other one got %v", err)
	}
}

func TestALongDirectoryIsReadToItsEnd(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if !strings.HasSuffix(r.URL.Path, "/cases/tags") {
			api.ServeHTTP(w, r)
			return
		}
		from := map[string]int{"1": 0, "2": 100, "3": 200}[r.URL.Query().Get("page")]
		var rows []string
		for i := from; i < min(from+100, 250); i++ {
			rows = append(rows, `{"id": `+strconv.Itoa(i+1)+`, "name": "etiqueta `+strconv.Itoa(i+1)+`"}`)
		}
		w.Write([]byte("[" + strings.Join(rows, ",") + "]"))
	})
	tags, err := o.directory.names(t.Context(), "tag")
	if err != nil || len(tags.entries) != 250 {
		t.Fatalf("%v, %v", tags, err)
	}
	if e, err := tags.find("tags", "tag", "ETIQUETA 250"); err != nil || e.id != 250 {
		t.Errorf("%v, %v", e, err)
	}
}
