package sandbox

import (
	"net/http"
	"strings"
)

// createCase is POST /cases [C]. It answers {"case_id": N} [W].
func createCase(e *edit) ([]byte, error) {
	e.body.require("group_id", "source_channel", "subject")
	id, number := e.data.nextCase()
	d := &draft{edit: e, c: Case{ID: id, Number: number, Status: "open", CreatedAt: e.now, LastUpdate: e.now}}
	takeAll(d, fieldsOfNewCase, e.options.Ignore)
	if err := e.body.finish(); err != nil {
		return nil, err
	}
	if e.options.RefuseIfOpen {
		if opened := e.data.openCasesOf(d.c.ContactID); opened != nil {
			return nil, &refusal{status: http.StatusBadRequest, message: "The contact already has open cases", opened: opened}
		}
	}
	d.save(messagesFirst(d.added))
	e.log(id, true)
	return e.made("case_id", id), nil
}

// updateCase is PUT /cases/{id} [C]. A body that names nothing is refused [I].
func updateCase(e *edit) ([]byte, error) {
	c, err := e.caseOf()
	if err != nil {
		return nil, err
	}
	if len(e.body.members) == 0 {
		return nil, bad("No fields to update")
	}
	d := e.draftOf(c)
	takeAll(d, fieldsOfCase, e.options.Ignore)
	if err := e.body.finish(); err != nil {
		return nil, err
	}
	changed := d.save(d.added)
	if d.deleted {
		e.removeCase(c.ID)
	}
	e.log(c.ID, changed || d.deleted)
	return acknowledge(e, &caseTable, c), nil
}

// deleteCase is DELETE /cases/{id}. It answers 204 [W]; the case is gone for good, its contact stays [I].
func deleteCase(e *edit) ([]byte, error) {
	c, err := e.caseOf()
	if err != nil {
		return nil, err
	}
	id := c.ID
	e.removeCase(id)
	e.log(id, true)
	return nil, nil
}

// transferCase is PUT /cases/{id}/transfer [C]. One of the two is enough; a transfer to a queue alone takes the case from
// its agent [I].
func transferCase(e *edit) ([]byte, error) {
	c, err := e.caseOf()
	if err != nil {
		return nil, err
	}
	_, queue := e.body.members["group_id"]
	_, agent := e.body.members["user_id"]
	if !queue && !agent {
		return nil, missing("group_id", "user_id")
	}
	d := e.draftOf(c)
	takeAll(d, fieldsOfTransfer, e.options.Ignore)
	if d.c.GroupID != c.GroupID && !agent {
		d.assign(0)
	}
	return d.finish()
}

// setCaseStatus is PUT /cases/{id}/status [C].
func setCaseStatus(e *edit) ([]byte, error) {
	c, err := e.caseOf()
	if err != nil {
		return nil, err
	}
	e.body.require("status")
	d := e.draftOf(c)
	takeAll(d, fieldsOfStatus, e.options.Ignore)
	return d.finish()
}

// summarizeCase is POST /cases/{id}/summarize: it writes the case's summary and answers with it. It is no activity: the
// case's last_update stays [I].
func summarizeCase(e *edit) ([]byte, error) {
	c, err := e.caseOf()
	if err != nil {
		return nil, err
	}
	summary := strings.ReplaceAll(e.data.language(c).summary, "{subject}", c.Subject)
	changed := c.Summary != summary
	if changed {
		e.hideCase(c.ID)
		e.data.keep(c.ID)
		c.Summary = summary
	}
	e.log(c.ID, changed)
	out := encoder{loose: e.options.Loose}
	out.open()
	out.name("summary")
	out.quote(summary)
	out.close()
	return out.out, nil
}

// openCasesOf are the ids of a contact's cases that wait for an end.
func (d *account) openCasesOf(contactID int64) []int64 {
	var open []int64
	for _, c := range d.cases {
		if contactID != 0 && c.ContactID == contactID && !c.resolved() {
			open = append(open, c.ID)
		}
	}
	return open
}

// messagesFirst puts what was said before what the system wrote: a case begins with a message.
func messagesFirst(added []Activity) []Activity {
	var messages, events []Activity
	for _, x := range added {
		if x.Type == "event" {
			events = append(events, x)
		} else {
			messages = append(messages, x)
		}
	}
	return append(messages, events...)
}
