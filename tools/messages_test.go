package tools

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

// conversation is an answer of get_case_messages.
type conversation struct {
	Messages []struct {
		ID   int64
		By   string
		Said string
	}
	HasMore    bool   `json:"has_more"`
	NextCursor string `json:"next_cursor"`
}

func (c *conversation) read(t *testing.T, answer []byte) {
	t.Helper()
	*c = conversation{}
	if err := json.Unmarshal(answer, c); err != nil || len(c.Messages) == 0 {
		t.Fatalf("%v: %s", err, answer)
	}
}

func TestALongMessageGoesOnByNextCursorToItsEnd(t *testing.T) {
	tokens := counter(t)
	for _, long := range []string{
		strings.TrimSpace(strings.Repeat("¿Dónde está mi pedido? Ya pasó una semana.\n", 400)),
		strings.Repeat("😡ñandú", 3000),
	} {
		env, api := newEnv(t, 1500)
		planted := api.AddCase(sandbox.Case{GroupID: 24717, ContactID: 9005, Status: "open", SourceChannel: "web", Subject: "Una larga historia", CreatedAt: noon.Add(-2 * time.Hour)},
			[]sandbox.Activity{{Type: "contact_message", Channel: "web", Content: long, CreatedAt: noon.Add(-time.Hour), ContactFrom: &sandbox.Party{ID: 9005}}})
		id := api.Thread(planted.ID)[0].ID
		for _, again := range []string{"", fmt.Sprintf(`"case_number": %d, "message_id": %d, `, planted.Number, id)} { // beside the cursor
			arguments, read, pages := fmt.Sprintf(`{"case_number": %d, "message_id": %d}`, planted.Number, id), "", 0
			for {
				answer := ask(t, env, getCaseMessages, arguments)
				var page conversation
				page.read(t, answer)
				if n := tokens(string(answer)); n > 1500 || page.HasMore != (page.NextCursor != "") || len(page.Messages) != 1 {
					t.Fatalf("%d tokens, %d messages, has_more %v, cursor %q", n, len(page.Messages), page.HasMore, page.NextCursor)
				}
				said, rest, cut := strings.Cut(page.Messages[0].Said, "… [")
				if read += said; cut != page.HasMore || cut && !strings.HasSuffix(rest, "characters left out; next_cursor goes on]") || strings.Contains(rest, page.NextCursor) && cut {
					t.Fatalf("has_more %v, and it ends with %q", page.HasMore, rest)
				}
				if pages++; !page.HasMore || pages > 100 {
					break
				}
				arguments = fmt.Sprintf(`{%s"cursor": %q}`, again, page.NextCursor)
			}
			if read != long || pages < 3 {
				t.Errorf("%d pages give %d bytes of %d", pages, len(read), len(long))
			}
		}
	}
}

// A list folds what stands before the new words too, so that its bytes are not those of the whole message.
func TestTheRestOfAMessageThatAListCutIsThatOfTheList(t *testing.T) {
	env, api := newEnv(t, 1500)
	fresh := strings.TrimSpace(strings.Repeat("Gracias, pero no es lo que pregunté: número 7.\n", 200))
	planted := api.AddCase(sandbox.Case{GroupID: 24717, ContactID: 9005, Status: "open", SourceChannel: "email", Subject: "Una larga historia", CreatedAt: noon.Add(-2 * time.Hour)},
		[]sandbox.Activity{{Type: "contact_message", Channel: "email", CreatedAt: noon.Add(-time.Hour), ContactFrom: &sandbox.Party{ID: 9005},
			Content: "El lun, 3 nov 2025 a las 10:15, Soporte (<soporte@example.com>) escribió:\n" + strings.Repeat("> El código es XYZZY-7\n", 40) + "\n" + fresh}})
	for tool, arguments := range map[*Tool]string{&getCaseMessages: fmt.Sprintf(`{"case_number": %d}`, planted.Number), &getCase: fmt.Sprintf(`{"case_number": %d}`, planted.Number)} {
		read, tool := "", *tool
		for pages := 0; pages < 50; pages++ {
			var page conversation
			page.read(t, ask(t, env, tool, arguments))
			said, rest, cut := strings.Cut(page.Messages[0].Said, "… [")
			if read += said; !cut {
				break
			}
			cursor := page.NextCursor
			if cursor == "" {
				cursor = strings.Split(rest, `"`)[3]
			}
			tool, arguments = getCaseMessages, fmt.Sprintf(`{"cursor": %q}`, cursor)
		}
		if want := "[quoted history: 41 lines]\n\n" + fresh; read != want {
			t.Errorf("%s: %d bytes come back, want %d: %.300s", arguments, len(read), len(want), read)
		}
	}
}
