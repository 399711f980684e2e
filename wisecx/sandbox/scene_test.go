package sandbox

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// desks are accounts of different times, seeds and sizes, which nobody changes.
var desks = sync.OnceValue(func() map[string]*API {
	all := map[string]*API{}
	for i, at := range moments {
		for _, options := range []Options{{}, {Seed: int64(i + 2)}, {Cases: roomForScenes}, {Listed: 5000}} {
			options.Now = fixed(at)
			all[fmt.Sprintf("%v seed %d cases %d listed %d", at, options.Seed, options.Cases, options.Listed)] = New(options)
		}
	}
	return all
})

func caseOf(api *API, id int64) Case { return cloneCase(api.data().caseByID[id]) }

// everyScene runs for each case of a kind in accounts of many kinds.
func everyScene(t *testing.T, kind string, least int, check func(at time.Time, c Case, thread []Activity) string) {
	t.Helper()
	for name, api := range desks() {
		ids := api.Scenes()[kind]
		if len(ids) < least {
			t.Errorf("%s: %d cases of %q, want %d", name, len(ids), kind, least)
		}
		for _, id := range ids {
			if problem := check(api.now(), caseOf(api, id), api.Thread(id)); problem != "" {
				t.Errorf("%s: case %d of %q %s", name, id, kind, problem)
			}
		}
	}
}

// awaited tells since when the customer waits for an answer that arrived and was no bot's; zero for not at all.
func awaited(thread []Activity) (since, last time.Time) {
	for _, x := range thread {
		bot := x.UserID == spanishBot || x.UserID == portugueseBot
		switch {
		case x.Type == "contact_message" || x.Call != nil && x.Call.AssignedAt.IsZero():
			if last = x.CreatedAt; since.IsZero() {
				since = x.CreatedAt
			}
		case x.Call != nil, x.Type == "user_reply" && !bot && x.SendingState == "sent":
			since = time.Time{}
		}
	}
	return since, last
}

// closesSoon tells whether a case waits on us and its window closes within two hours of at.
func closesSoon(c *Case, thread []Activity, at time.Time) bool {
	since, last := awaited(thread)
	left := last.Add(window).Sub(at)
	return !c.resolved() && c.SourceChannel == "whatsapp" && !since.IsZero() && left > 0 && left <= 2*time.Hour
}

func TestWindowsCloseWithinTwoHoursDuringTheWholeHour(t *testing.T) {
	for _, late := range []time.Duration{0, 30 * time.Minute, time.Hour - time.Second} {
		everyScene(t, WindowCloses, 4, func(at time.Time, c Case, thread []Activity) string {
			if !closesSoon(&c, thread, at.Add(late)) {
				return fmt.Sprintf("does not close soon %v after the hour", late)
			}
			return ""
		})
		everyScene(t, WindowLooksSo, 5, func(at time.Time, c Case, thread []Activity) string {
			if closesSoon(&c, thread, at.Add(late)) {
				return fmt.Sprintf("closes soon %v after the hour", late)
			}
			return ""
		})
	}
}

func TestCustomersComeBackToSolvedCasesWithAQuestion(t *testing.T) {
	everyScene(t, WroteAgain, 4, func(at time.Time, c Case, thread []Activity) string {
		end := c.SolvedAt
		if c.ClosedAt.After(end) {
			end = c.ClosedAt
		}
		if last := thread[len(thread)-1]; !c.resolved() || last.Type != "contact_message" || last.CreatedAt.Sub(end) < day {
			return fmt.Sprintf("ended at %v and was written to at %v", end, last.CreatedAt)
		}
		return ""
	})
}

// invoiceForms are the ways in which messages write InvoiceNumber.
var invoiceForms = regexp.MustCompile(`0001(-| |` + "\u2011" + `| ` + "\u2013" + ` |)00012345(\D|$)`)

func TestOneInvoiceIsWrittenInManyWays(t *testing.T) {
	forms := map[string]bool{}
	everyScene(t, InvoiceWritten, 5, func(at time.Time, c Case, thread []Activity) string {
		for _, x := range thread {
			if found := invoiceForms.FindStringSubmatch(x.Content); found != nil {
				forms[found[1]] = true
				return ""
			}
		}
		return "does not name the invoice"
	})
	everyScene(t, LongThread, 1, func(at time.Time, c Case, thread []Activity) string {
		found := invoiceForms.FindStringSubmatch(thread[3].Content)
		if len(thread) <= 250 || found == nil {
			return fmt.Sprintf("has %d entries and %q", len(thread), thread[3].Content)
		}
		forms[found[1]] = true
		return ""
	})
	if len(forms) != 5 {
		t.Errorf("the ways are %v", forms)
	}
	for _, kind := range []string{OtherInvoice, LongerInvoice} {
		everyScene(t, kind, 1, func(at time.Time, c Case, thread []Activity) string {
			for _, x := range thread {
				if invoiceForms.MatchString(x.Content) {
					return "names the invoice"
				}
			}
			return ""
		})
	}
}

func TestNobodyElseNamesTheInvoice(t *testing.T) {
	api := New(Options{Now: fixed(noon)})
	known := slices.Concat(api.Scenes()[InvoiceWritten], api.Scenes()[LongThread])
	for _, c := range api.Cases() {
		for _, x := range api.Thread(c.ID) {
			if invoiceForms.MatchString(x.Content) && !slices.Contains(known, c.ID) {
				t.Errorf("case %d names the invoice", c.ID)
			}
		}
	}
}

func TestAnUndeliveredReplyIsTheOnlyOne(t *testing.T) {
	everyScene(t, OnlyUndelivered, 1, func(at time.Time, c Case, thread []Activity) string {
		if since, _ := awaited(thread); c.resolved() || !since.Equal(c.CreatedAt) || thread[len(thread)-1].SendingState != "failed" {
			return fmt.Sprintf("waits since %v", since)
		}
		return ""
	})
}

// attendants are the agents of a call, in the order of its log.
func attendants(x Activity) []string {
	var names []string
	for _, l := range x.Call.Logs {
		if name, attended := strings.CutPrefix(l.Message, "[call_attended]"); attended {
			names = append(names, name)
		}
	}
	return names
}

func TestCallsTellOfMidnightsAndTransfers(t *testing.T) {
	everyScene(t, CallOverMidnight, 1, func(at time.Time, c Case, thread []Activity) string {
		missed, call := thread[0], thread[1]
		start, end := call.Call.StartedAt.In(localZone), call.Call.EndedAt.In(localZone)
		first, last := call.Call.Logs[0].Time, call.Call.Logs[len(call.Call.Logs)-1].Time
		if !missed.Call.AssignedAt.IsZero() || start.Day() == end.Day() || call.Call.EndedAt.After(at) || first < "23:57" || last > "00:07:01" {
			return fmt.Sprintf("has a call from %v to %v, its log goes from %s to %s", start, end, first, last)
		}
		return ""
	})
	everyScene(t, CallOfTwo, 1, func(at time.Time, c Case, thread []Activity) string {
		call := thread[0]
		if names := attendants(call); fmt.Sprint(names) != "[Martín Ruiz Laura Medina]" || call.UserID != c.UserID || call.Call.AssignedAt.Sub(call.CreatedAt) != 15*time.Second {
			return fmt.Sprintf("was attended by %v, last by %d, assigned at %v", names, call.UserID, call.Call.AssignedAt)
		}
		return ""
	})
	everyScene(t, CallLost, 1, func(at time.Time, c Case, thread []Activity) string {
		logs := fmt.Sprint(thread[0].Call.Logs)
		since, _ := awaited(thread)
		if len(attendants(thread[0])) != 1 || !strings.Contains(logs, "[call_transferred_area]") || !strings.Contains(logs, "[assigned_limit]") || since.IsZero() {
			return "has the log " + logs
		}
		return ""
	})
}

func TestEverySceneAgreesWithItsCase(t *testing.T) {
	for name, api := range desks() {
		references := map[int64]bool{}
		for _, u := range api.Users() {
			references[u.ID] = true
		}
		for kind, ids := range api.Scenes() {
			for _, id := range ids {
				c, thread := caseOf(api, id), api.Thread(id)
				if problem := disagreement(&c, thread, api.now()); problem != "" {
					t.Fatalf("%s: case %d of %q: %s", name, id, kind, problem)
				}
				last := thread[len(thread)-1].ID
				if last >= (c.ID+40)*idsOfCase || c.UserID != 0 && !references[c.UserID] || !slices.IsSortedFunc(thread, func(a, b Activity) int { return int(a.ID - b.ID) }) {
					t.Fatalf("%s: case %d of %q has activities up to %d", name, id, kind, last)
				}
				for _, x := range thread {
					if strings.ContainsAny(x.Content, "{}") && !strings.Contains(x.Content, "MsoNormal") {
						t.Errorf("a place is left open in %.200q", x.Content)
					}
				}
			}
		}
	}
}

func TestASmallAccountHasNoScenes(t *testing.T) {
	if scenes := New(Options{Cases: roomForScenes - 1, Now: fixed(noon)}).Scenes(); len(scenes) != 0 {
		t.Errorf("there are %v", scenes)
	}
}

// What the scenes need not tell because chance does, at any time.
func TestQuestionsOfEveryDayHaveAnswersByChance(t *testing.T) {
	for name, api := range desks() {
		count := map[string]int{}
		earlier := map[int64]int{}
		at := api.now()
		listed := api.Listed()
		for _, c := range listed {
			earlier[c.ContactID]++
			thread := api.Thread(c.ID)
			since, _ := awaited(thread)
			agent, bot, missed := false, false, false
			for _, x := range thread {
				isBot := x.UserID == spanishBot || x.UserID == portugueseBot
				bot = bot || isBot
				agent = agent || x.UserID != 0 && x.Type != "event" && !isBot
				missed = missed || x.Call != nil && x.Call.AssignedAt.IsZero()
			}
			for what, is := range map[string]bool{
				"waits for days": !c.resolved() && !since.IsZero() && at.Sub(since) > 3*day, "never replied": !c.resolved() && !agent,
				"only a bot replied": !c.resolved() && !agent && bot, "missed call": missed, "said thanks": c.Status == "solved" && thread[len(thread)-1].Type == "contact_message",
			} {
				if is {
					count[what]++
				}
			}
		}
		for _, n := range earlier {
			count["cases of one contact"] = max(count["cases of one contact"], n)
		}
		for what, n := range map[string]int{"waits for days": 80, "never replied": 50, "only a bot replied": 8, "missed call": 50, "said thanks": 30, "cases of one contact": 6} {
			if want := max(n*len(listed)/3000, 4); count[what] < want {
				t.Errorf("%s: %q %d times among %d, want %d", name, what, count[what], len(listed), want)
			}
		}
	}
}
