package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"wisecx-mcp/wisecx"
	"wisecx-mcp/wisecx/sandbox"
)

// entries lists a directory; a limit of 0 means 100.
func (o *office) entries(t *testing.T, ask EntrySearch) *EntryPage {
	t.Helper()
	if ask.Limit == 0 {
		ask.Limit = 100
	}
	page, err := o.ListDirectory(t.Context(), ask)
	if err != nil {
		t.Fatalf("%+v: %v", ask.EntryQuery, err)
	}
	return page
}

func kindAsk(kind, search string) EntrySearch {
	return EntrySearch{EntryQuery: EntryQuery{Kind: kind, Search: search}}
}

func TestTheDirectoryListsEveryEntryOfEachKind(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	for kind, want := range map[string]int{
		"queues": len(o.api.Queues()), "agents": len(o.api.Users()), "types": len(o.api.Types()), "tags": len(o.api.Tags()), "channels": len(o.api.Channels()),
		"whatsapp_templates": len(o.api.Templates()), "contact_groups": len(o.api.ContactGroups()), "surveys": 3,
	} {
		page := o.entries(t, kindAsk(kind, ""))
		if len(page.Rows) != want || page.Total != want || page.HasMore {
			t.Errorf("%s: %d entries of %d, want %d", kind, len(page.Rows), page.Total, want)
		}
		for _, row := range page.Rows {
			if row.Get("id") == nil || row.Get("name") == nil {
				t.Errorf("%s: %v", kind, row)
			}
		}
		ask, seen := kindAsk(kind, ""), 0
		for ask.Limit = 3; ; {
			page := o.entries(t, ask)
			seen += len(page.Rows)
			if !page.HasMore {
				break
			}
			ask = EntrySearch{Limit: 3, Cursor: page.Cursor(len(page.Rows))}
		}
		if seen != want {
			t.Errorf("%s: %d entries in pages of three, want %d", kind, seen, want)
		}
	}
}

func TestEachKindShowsWhatIsUsefulOfIt(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	for _, c := range []struct{ kind, search, want string }{
		{"agents", "franco", `{"id":46684,"name":"Franco González","email":"franco.gonzalez@ejemplo.com","nick":"Franco"}`},
		{"agents", "wiz", `{"id":46790,"name":"Wiz Asistente","email":"wiz.asistente@ejemplo.com","nick":"Wiz","bot":true}`},
		{"types", "502", `{"id":502,"name":"Logística > Entregas > Demora en la entrega"}`},
		{"channels", "whatsapp ventas", `{"id":302,"name":"WhatsApp Ventas (5491100000001)","source":"whatsapp"}`},
		{"contact_groups", "VIP", `{"id":31,"name":"Clientes VIP","code":"VIP"}`},
		{"queues", "logistica", `{"id":24721,"name":"Logística"}`},
		{"whatsapp_templates", "turno", `{"id":"tpl_turno_tecnico","name":"turno_tecnico","content":"Hola {{1}}, tu visita técnica es el {{2}} entre las {{3}} hs.","parameters":["1","2","3"],"number":"5491100000000","number_name":"Soporte"}`},
	} {
		page := o.entries(t, kindAsk(c.kind, c.search))
		if len(page.Rows) != 1 {
			t.Errorf("%s %q: %v", c.kind, c.search, page.Rows)
			continue
		}
		if got, _ := page.Rows[0].MarshalJSON(); string(got) != c.want {
			t.Errorf("%s %q is %s", c.kind, c.search, got)
		}
	}
}

func TestASearchOfTheDirectoryFindsWordsThenTheNearest(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	if page := o.entries(t, kindAsk("agents", "LUCIA")); page.Total != 2 || page.Notes != nil {
		t.Errorf("%v, %v", page.Rows, page.Notes)
	}
	if page := o.entries(t, kindAsk("queues", "suporte tecnico")); page.Total != 1 || page.Rows[0].Get("id") != int64(24717) || !noteWith(page.Notes, "nearest by spelling") {
		t.Errorf("%v, %v", page.Rows, page.Notes)
	}
	for _, nothing := range []string{"xyzzyx", "🔥", strings.Repeat("q", 5000)} {
		if page := o.entries(t, kindAsk("queues", nothing)); page.Total != 0 || !noteWith(page.Notes, "leave search out") || len(page.Notes[0]) > 300 {
			t.Errorf("%v, %v", page.Rows, page.Notes)
		}
	}
}

func TestWordsForKindsAreTakenAndOthersRefusedWithTheList(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	for word, kind := range map[string]string{
		"queue": "queues", "Colas": "queues", "users": "agents", "agentes": "agents", "template": "whatsapp_templates", "whatsappTemplates": "whatsapp_templates", "WhatsApp templates": "whatsapp_templates",
		"contact-groups": "contact_groups", "etiquetas": "tags", "encuestas": "surveys", "CHANNELS": "channels", "categories": "types", " tags ": "tags",
	} {
		if got, _, err := kindOfEntries(word); err != nil || got != kind {
			t.Errorf("%q means %q (%v), want %q", word, got, err, kind)
		}
	}
	for _, word := range []string{"", "groups", "cases", "agnets", strings.Repeat("x", 5000), "organizations"} {
		_, _, err := kindOfEntries(word)
		var refusal *Refusal
		if !errors.As(err, &refusal) || refusal.Argument != "kind" || !strings.Contains(refusal.Expected, "field_options") || len(refusal.Problem) > 200 {
			t.Errorf("%q: %v", clip(word, 20), err)
		}
	}
	for _, ask := range []EntryQuery{{Kind: "field_options"}, {Kind: "queues", Field: "sucursal"}, {Kind: "field_options", Field: "password"}, {Kind: "field_options", Field: "../../users"}, {Kind: "field_options", Field: ".."}} {
		var refusal *Refusal
		if _, err := o.ListDirectory(t.Context(), EntrySearch{EntryQuery: ask, Limit: 5}); !errors.As(err, &refusal) || refusal.Argument != "field" {
			t.Errorf("%+v: %v", ask, err)
		}
	}
}

func TestOptionsOfAFieldAreListedHoweverTheyCome(t *testing.T) {
	for name, answer := range map[string]string{
		"in an envelope": `{"data": [{"id": 921, "value": "Rosario"}, {"id": 922, "value": "Córdoba"}]}`,
		"bare":           `[{"id": 921, "value": "Rosario"}, {"id": 922, "value": "Córdoba"}]`,
		"as numbers":     `[{"id": "921", "name": "Rosario"}, {"id": "922", "name": "Córdoba"}]`,
	} {
		o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
		o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
			if r.URL.Path == "/core/v1/cases/fields/sucursal/options" {
				fmt.Fprint(w, answer)
				return
			}
			api.ServeHTTP(w, r)
		})
		page := o.entries(t, EntrySearch{EntryQuery: EntryQuery{Kind: "options", Field: "case.sucursal"}})
		if got, _ := json.Marshal(page.Rows); string(got) != `[{"id":922,"value":"Córdoba"},{"id":921,"value":"Rosario"}]` {
			t.Errorf("%s: %s", name, got)
		}
	}
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	for _, status := range []int{http.StatusBadRequest, http.StatusNotFound} {
		o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
			if strings.Contains(r.URL.Path, "/cases/fields/") {
				http.Error(w, "no such field", status)
				return
			}
			api.ServeHTTP(w, r)
		})
		_, err := o.ListDirectory(t.Context(), EntrySearch{EntryQuery: EntryQuery{Kind: "field_options", Field: "sucursall"}, Limit: 5})
		var refusal *Refusal
		if !errors.As(err, &refusal) || !strings.Contains(fmt.Sprint(refusal.Candidates), "sucursal") {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestTemplatesNameTheirParametersOnce(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/whatsapp_templates") {
			content, _ := json.Marshal("Hola {{ nombre }}, {{1}} y otra vez {{nombre}}. {{}} {{" + strings.Repeat("x", 100) + "}} \u202e" + strings.Repeat("y ", 3000))
			fmt.Fprintf(w, `{"data": [{"template_id": 77, "name": "saludo", "content": %s, "whatsapp_number": 5491100000000, "whatsapp_description": null}]}`, content)
			return
		}
		api.ServeHTTP(w, r)
	})
	row := o.entries(t, kindAsk("templates", "")).Rows[0]
	if fmt.Sprint(row.Get("parameters")) != "[nombre 1]" || row.Get("id") != "77" || len(row.Get("content").(string)) > longSize+10 || strings.Contains(fmt.Sprint(row), "\u202e") {
		t.Errorf("%v", row)
	}
}

func TestADirectoryThatCannotBeHadSaysWhy(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{})
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) { w.WriteHeader(http.StatusForbidden) })
	for _, kind := range []string{"queues", "whatsapp_templates", "surveys"} {
		if _, err := o.ListDirectory(t.Context(), EntrySearch{EntryQuery: EntryQuery{Kind: kind}, Limit: 5}); err == nil {
			t.Errorf("%s is listed", kind)
		}
	}
}

func TestBusinessHoursAreThoseOfTheQueueOrTheAccount(t *testing.T) {
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{Queues: []string{"Ventas", "Redes"}}) // a Wednesday, noon
	h, err := o.BusinessHours(t.Context(), "ventas")
	if err != nil || *h != (Hours{Open: true, Queue: "Ventas", At: "2026-11-18 12:00", Timezone: "America/Argentina/Buenos_Aires", BusinessHours: "Lun a Vie 09:00-19:00"}) {
		t.Errorf("%+v, %v", h, err)
	}
	if h, err = o.BusinessHours(t.Context(), ""); err != nil || !h.Open || h.Queue != "" || h.BusinessHours != "" {
		t.Errorf("%+v, %v", h, err)
	}
	for _, word := range []string{"ventsa", "mine", "Ventas, Redes", "🔥"} {
		var refusal *Refusal
		if _, err := o.BusinessHours(t.Context(), word); !errors.As(err, &refusal) || refusal.Argument != "queue" {
			t.Errorf("%q: %v", word, err)
		}
	}
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		switch {
		case strings.Contains(r.URL.Path, "/queues/"):
			w.WriteHeader(http.StatusForbidden)
		case strings.HasSuffix(r.URL.Path, "/is_open"):
			fmt.Fprint(w, `{"is_open": 0}`)
		default:
			api.ServeHTTP(w, r)
		}
	})
	if h, err = o.BusinessHours(t.Context(), "24718"); err != nil || h.Open || h.Queue != "Ventas" || h.BusinessHours != "" {
		t.Errorf("%+v, %v", h, err)
	}
	for answer, kind := range map[string]error{"": wisecx.ErrMalformed, `{"is_open": "perhaps"}`: wisecx.ErrMalformed} {
		o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
			if strings.HasSuffix(r.URL.Path, "/is_open") {
				fmt.Fprint(w, answer)
				return
			}
			api.ServeHTTP(w, r)
		})
		if _, err := o.BusinessHours(t.Context(), ""); !errors.Is(err, kind) {
			t.Errorf("the answer %q gives %v", answer, err)
		}
	}
	o.inFront(func(w http.ResponseWriter, r *http.Request, api http.Handler) {
		http.Error(w, "Queue Not Found", http.StatusBadRequest)
	})
	var missing *NotFound
	if _, err := o.BusinessHours(t.Context(), ""); !errors.As(err, &missing) {
		t.Errorf("an unknown queue gives %v", err)
	}
}
