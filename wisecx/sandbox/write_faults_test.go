package sandbox

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// write sends a body as JSON over the wire.
func (w *wire) write(method, path, body string) seen {
	r := w.request(method, path)
	r.Header.Set("Content-Type", "application/json")
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	answer, err := w.http.Do(r)
	if err != nil {
		return seen{sending: err}
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return seen{answer.StatusCode, answer.Header, answer.ContentLength, text, nil, err}
}

func TestOfAThousandRepliesAThirdLosesItsAnswerAndEachLandsOnce(t *testing.T) {
	w := newWire(t, Options{Cases: 20, Faults: Faults{DropWrites: 0.3}})
	var dropped atomic.Int64
	together(4, func(worker int) {
		for i := range 250 {
			got := w.write("PUT", asExample, reply9005(fmt.Sprint("reply ", worker, " ", i)))
			if got.sending != nil {
				dropped.Add(1)
			} else if got.status != 200 {
				t.Errorf("answered %d", got.status)
			}
			if i%10 == 0 && w.get(asExample).status != 200 {
				t.Error("a read fails, too")
			}
		}
	})
	landed := map[string]int{}
	for _, x := range w.api.Thread(exampleCase)[8:] {
		landed[x.Content]++
	}
	for content, times := range landed {
		if times != 1 {
			t.Errorf("%s stands there %d times", content, times)
		}
	}
	counted := w.api.Faulted()["write-drop"]
	if len(landed) != 1000 || len(w.api.Writes()) != 1000 || counted != int(dropped.Load()) || counted < 240 || counted > 360 {
		t.Errorf("%d landed, %d were carried out, %d dropped, %d counted", len(landed), len(w.api.Writes()), dropped.Load(), counted)
	}
}

func TestWhatEachFaultLeavesOfAWrite(t *testing.T) {
	for _, kind := range kindsOfWrites {
		var faults Faults
		*faults.Share(kind) = 1
		w := newWire(t, Options{Cases: 20, Faults: faults})
		got := w.write("PUT", asExample+"/status", `{"status":"solved"}`)
		page := strings.HasPrefix(string(got.body), "<!DOCTYPE html>") && strings.HasPrefix(got.header.Get("Content-Type"), "text/html")
		done := true
		switch kind {
		case dropBefore, tooMany, proxyPages, expireToken:
			done = false
		case serverError:
			done = got.status == 504
		case dropAfter, dropWrite:
			if !errors.Is(got.sending, io.EOF) && !errors.Is(got.sending, syscall.ECONNRESET) {
				t.Errorf("%s came as %+v", kind, got)
			}
		case emptyWrite:
			if got.status != 200 || len(got.body) != 0 || got.reading != nil || got.length != 0 {
				t.Errorf("%s came as %+v", kind, got)
			}
		case pageWrite:
			if got.status != 200 || !page || got.reading != nil {
				t.Errorf("%s came as %+v", kind, got)
			}
		}
		solved := slices.ContainsFunc(w.api.Cases(), func(c Case) bool { return c.ID == exampleCase && c.Status == "solved" })
		if solved != done || len(w.api.Writes()) != int(bit(done)) || w.api.Faulted()[kind] != 1 {
			t.Errorf("%s: solved is %v, want %v; carried out %v; counted %v", kind, solved, done, w.api.Writes(), w.api.Faulted())
		}
	}
}

func TestAWriteThatIsRefusedKeepsItsStatusWhateverBecomesOfItsBody(t *testing.T) {
	for _, faults := range []Faults{{EmptyWrites: 1}, {PageWrites: 1}} {
		w := newWire(t, Options{Cases: 20, Faults: faults})
		if got := w.write("PUT", asExample+"/status", `{"status":"nope"}`); got.status != 400 || strings.Contains(string(got.body), "error") {
			t.Errorf("%+v: came as %d %s", faults, got.status, got.body)
		}
		if got := w.write("DELETE", asExample, ""); got.status != 200 || len(w.api.Writes()) != 1 {
			t.Errorf("%+v: a deletion came as %d %s", faults, got.status, got.body)
		}
	}
}

func TestFaultsOfWritesLeaveReadsAndTheirDrawsAlone(t *testing.T) {
	w := newWire(t, Options{Cases: 20, Faults: Faults{DropWrites: 0.5, EmptyWrites: 0.3, PageWrites: 0.2}})
	for _, path := range []string{"/cases", asExample, asLogin, "/nope"} {
		for range 10 {
			if got := w.get(path); got.sending != nil || got.status == 200 && len(got.body) == 0 || strings.HasPrefix(string(got.body), "<") {
				t.Errorf("%s came as %+v", path, got)
			}
		}
	}
	if got := w.api.Faulted(); len(got) != 0 {
		t.Errorf("counted %v", got)
	}
	draw := func(faults Faults) (kinds []string) {
		a := New(Options{Faults: faults})
		for range 200 {
			kinds = append(kinds, a.trouble.draw(fixed(noon), false).kind)
		}
		return kinds
	}
	plain, more := Spread(0.5), Spread(0.5)
	more.DropWrites, more.VisibleAfter = 0.3, time.Second
	if !slices.Equal(draw(plain), draw(more)) {
		t.Error("shares of writes move what reads draw")
	}
}

func TestEveryKindOfWritesTakesItsShare(t *testing.T) {
	const n = 60000
	faults := Spread(0.16)
	faults.DropWrites, faults.EmptyWrites, faults.PageWrites = 0.3, 0.1, 0.05
	a, came := New(Options{Faults: faults}), map[string]int{}
	for range n {
		came[a.trouble.draw(fixed(noon), true).kind]++
	}
	want := map[string]float64{dropWrite: 0.3, emptyWrite: 0.1, pageWrite: 0.05, "": 0.39}
	for _, kind := range Kinds {
		want[kind] = 0.02
	}
	for kind, share := range want {
		if got := float64(came[kind]) / n; math.Abs(got-share) > 0.006 {
			t.Errorf("%q has %.4f, want %.2f", kind, got, share)
		}
	}
}

func TestAWriteShowsInReadsOnlyAfterSomeTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{Faults: Faults{VisibleAfter: 10 * time.Second}, Acknowledge: AcknowledgeObject})
		thread := len(c.rows(asExample + "/activities"))
		if got := c.done("PUT", asExample, strings.Replace(reply9005("uno"), "{", `{"status":"solved",`, 1)); got["status"] != "solved" {
			t.Errorf("the write itself answers %v", got["status"])
		}
		made := c.create(`{"group_id":24717,"source_channel":"web","subject":"x","activities":[{"type":"contact_message","content":"x","contact_from":{"phone":"5491155559300"}}]}`)
		path, contact := fmt.Sprint("/cases/", made.ID), fmt.Sprint("/contacts/", made.ContactID)
		deleted := c.api.Cases()[0].ID
		c.done("DELETE", fmt.Sprint("/cases/", deleted), "")
		c.done("DELETE", "/contacts/9001", "")
		time.Sleep(5 * time.Second)
		c.done("PUT", asExample+"/status", `{"status":"closed"}`)
		c.done("PUT", path, `{"subject":"y"}`)

		total := len(c.api.Cases())
		early := func() {
			t.Helper()
			if got := c.object(asExample); got["status"] != "open" || len(c.rows(asExample+"/activities")) != thread {
				t.Errorf("too early it is %v", got["status"])
			}
			c.refused(400, "Case Not Found", path)
			c.refused(400, "Case Not Found", path+"/activities")
			c.refused(400, "Contact Not Found", contact)
			c.object(fmt.Sprint("/cases/", deleted))
			if len(c.rows(fmt.Sprintf("/cases/%d/activities", deleted))) == 0 {
				t.Error("what is deleted has lost its thread too early")
			}
			c.object("/contacts/9001")
			if rows := c.rows("/cases", "filtering", where("cases.id", "IN", fmt.Sprintf(`[%d,%d]`, exampleCase, made.ID))); len(rows) != 1 || rows[0]["status"] != "open" {
				t.Errorf("too early the list shows %v", rows)
			}
			if rows := c.rows("/contacts", "filtering", where("contact.id", "IN", fmt.Sprintf(`[9001,%d]`, made.ContactID))); len(rows) != 1 || rows[0]["id"] != 9001.0 {
				t.Errorf("too early the list of contacts shows %v", rows)
			}
		}
		early()
		time.Sleep(4999 * time.Millisecond)
		early()
		if got := c.theCase(exampleCase).Status; got != "closed" || len(c.api.Thread(exampleCase)) != thread+3 || len(c.api.Writes()) != 6 {
			t.Errorf("the truth is %s", got)
		}
		time.Sleep(time.Millisecond)
		if got := c.object(asExample); got["status"] != "solved" || len(c.rows(asExample+"/activities")) != thread+2 {
			t.Errorf("after ten seconds it is %v", got["status"])
		}
		if got := c.object(path); got["subject"] != "x" {
			t.Errorf("after ten seconds the new one is %v", got["subject"])
		}
		c.object(contact)
		for _, gone := range []string{fmt.Sprint("/cases/", deleted), fmt.Sprintf("/cases/%d/activities", deleted), "/contacts/9001"} {
			if status, _ := c.send("GET", gone, nil); status != 404 {
				t.Errorf("after ten seconds %s answers %d", gone, status)
			}
		}
		time.Sleep(5 * time.Second)
		if got := c.object(asExample); got["status"] != "closed" || c.object(path)["subject"] != "y" || len(c.api.Cases()) != total {
			t.Errorf("in the end it is %v", got["status"])
		}
		c.api.SetFaults(Faults{})
		c.done("PUT", asExample+"/status", `{"status":"open"}`)
		if got := c.object(asExample)["status"]; got != "open" {
			t.Errorf("with no delay it is %v", got)
		}
	})
}

func TestNobodySeesHalfAWriteAndNoneIsLost(t *testing.T) {
	for _, after := range []time.Duration{0, time.Millisecond} {
		const workers, each = 8, 40
		c := newClient(t, Options{Cases: 60, Contacts: 40, Faults: Faults{VisibleAfter: after}})
		doomed := c.api.Cases()
		together(workers, func(worker int) {
			for i := range each {
				c.done("PUT", asExample, strings.Replace(reply9005(fmt.Sprint(worker, " ", i)), "{", `{"status":"`+[]string{"solved", "open"}[i%2]+`",`, 1))
				switch i % 8 {
				case 0:
					c.create(fmt.Sprintf(`{"group_id":24717,"source_channel":"web","subject":"x","activities":[{"type":"contact_message","content":"x","contact_from":{"phone":"54911555%d"}}]}`, 90000+i))
				case 1:
					c.done("PUT", "/contacts/9005", fmt.Sprintf(`{"address":"Mitre %d"}`, i))
				case 2:
					c.write("DELETE", fmt.Sprint("/cases/", doomed[(worker+i)%20].ID), "")
				case 3:
					c.done("PUT", "/contacts/9005/groups/33", "")
				case 4:
					c.rows("/contacts")
					c.rows(asExample+"/activities", "sort", "desc")
				case 5:
					if row := c.object(asExample); (row["status"] == "solved") != (row["solved_at"] != nil) {
						t.Errorf("half a write shows: %v", row)
					}
				case 6:
					c.rows("/cases")
					c.api.Contacts()
					c.api.Writes()
				case 7:
					c.api.AddCase(Case{Subject: "x"}, nil)
				}
			}
		})
		said := map[string]int{}
		lastID := int64(0)
		for _, x := range c.api.Thread(exampleCase) {
			said[x.Content]++
			if x.ID <= lastID {
				t.Errorf("activity %d comes after %d", x.ID, lastID)
			}
			lastID = x.ID
		}
		for worker := range workers {
			for i := range each {
				if n := said[fmt.Sprint(worker, " ", i)]; n != 1 {
					t.Errorf("message %d of %d stands there %d times", i, worker, n)
				}
			}
		}
		writes := map[string]int{}
		for _, w := range c.api.Writes() {
			writes[w.Endpoint]++
		}
		if writes["PUT /cases/{id}"] != workers*each || writes["POST /cases"] != workers*each/8 {
			t.Errorf("carried out were %v", writes)
		}
		byPhone := map[string]int{}
		for _, x := range c.api.Contacts() {
			byPhone[x.Phone]++
		}
		for i := range each / 8 {
			if n := byPhone[fmt.Sprint("54911555", 90000+8*i)]; n != 1 {
				t.Errorf("%d people have the %d. new phone", n, i)
			}
		}
	}
}

func TestSharesOfWritesCountTowardsTheSum(t *testing.T) {
	for _, faults := range []Faults{{DropWrites: -0.1}, {EmptyWrites: 1.1}, {PageWrites: math.NaN()}, {DropWrites: 0.6, DropAfter: 0.6}, {VisibleAfter: -1}} {
		if faults.Check() == nil {
			t.Errorf("%+v is let through", faults)
		}
	}
	if err := (Faults{DropWrites: 0.5, EmptyWrites: 0.5, VisibleAfter: time.Hour}).Check(); err != nil {
		t.Error(err)
	}
	if spread := Spread(1); spread.DropWrites+spread.EmptyWrites+spread.PageWrites != 0 || spread.DropAfter != 1.0/8 {
		t.Errorf("an even spread is %+v", spread)
	}
}
