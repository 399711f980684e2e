package desk

import (
	"fmt"
	"strings"
	"testing"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx/sandbox"
)

func TestWithMaskingOnNothingSaysWhoTheCustomerIs(t *testing.T) {
	mask, err := text.NewMask("all", []byte("a made-up key"))
	if err != nil {
		t.Fatal(err)
	}
	o := newOffice(t, sandbox.Options{Cases: 50}, Options{Mask: mask})
	contact := sandbox.Contact{}
	for _, c := range o.api.Contacts() {
		if c.ID == 9005 {
			contact = c
		}
	}
	thread := o.said("c")
	thread[0].Content = fmt.Sprintf("Soy Tomás Gómez, mi mail es %s y mi teléfono 11 5551-0005, vivo en %s", contact.Email, contact.Address)
	thread[0].Attachments = []sandbox.Attachment{{Name: "dni Tomás Gómez.jpg"}}
	planted := o.api.AddCase(sandbox.Case{GroupID: 24717, ContactID: 9005, Status: "open", SourceChannel: "whatsapp", Subject: "Reclamo de Tomás Gómez", Summary: "Tomás Gómez reclama",
		CreatedAt: noon.AddDate(0, 0, -1)}, thread)
	view := fmt.Sprint(*o.get(t, CaseAsk{ID: planted.ID, Include: []string{"contact", "messages", "events", "custom_fields"}}))
	ask := CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Numbers: []int64{planted.Number}}}}
	concise := fmt.Sprint(*o.search(t, ask))
	ask.Fields = []string{"subject", "summary"}
	few := fmt.Sprint(*o.search(t, ask))
	messages := fmt.Sprint(*o.pageOf(t, MessagesAsk{MessagesQuery: MessagesQuery{ID: planted.ID}, Limit: 5}))
	matches := fmt.Sprint(o.messages(t, MessageSearch{MessageQuery: MessageQuery{Words: []string{"vivo"}}, Limit: 5, MaxCases: 50}))
	found := o.search(t, CaseSearch{CaseQuery: CaseQuery{CaseFilters: CaseFilters{Contact: contact.Email}}})
	for name, shown := range map[string]string{"get_case": view, "search_cases": concise, "search_cases with few fields": few, "applied": found.Applied,
		"get_case_messages": messages, "search_messages": matches} {
		for _, secret := range []string{"Tomás", "Gómez", contact.Email, contact.Phone, "5551-0005", contact.PersonalID, contact.Address} {
			if strings.Contains(shown, secret) {
				t.Errorf("%s shows %q", name, secret)
			}
		}
	}
	if contact.Address == "" || !strings.Contains(matches, "address-") {
		t.Errorf("the address %q is shown as %s", contact.Address, matches)
	}
	if !strings.Contains(view, "person-") || !strings.Contains(view, "@masked") {
		t.Errorf("no pseudonyms stand in their place: %s", view)
	}
}
