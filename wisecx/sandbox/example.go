package sandbox

import "time"

// fillExample makes the case that the reference shows, at the same age on every day.
func (d *account) fillExample() {
	created := d.now.Add(-exampleAge)
	c := d.caseByID[exampleCase]
	*c = Case{
		ID: exampleCase, Number: exampleNumber, GroupID: supportQueue, UserID: exampleAgent, ContactID: exampleContact, Status: "open",
		SourceChannel: "whatsapp", Tags: []string{"vip"}, TypeID: 502, Subject: "Demora en la entrega", Priority: "normal",
		CustomFields: []CustomField{{"sucursal", "Rosario"}}, CreatedAt: created, FirstRead: created.Add(10 * time.Minute),
		LastUpdate: d.now.Add(-exampleSilence), ChannelAccount: mainWhatsApp,
	}
}

// exampleThread is the example's thread: Franco promised to look into it, and the customer asked again three hours ago.
func (d *account) exampleThread(c *Case) []Activity {
	contact := d.contact(c.ContactID)
	customer := Party{ID: contact.ID, Name: contact.Name, Phone: contact.Phone}
	said := func(at time.Time, text string) Activity {
		from := customer
		return Activity{Type: "contact_message", ContactFrom: &from, Content: text, CreatedAt: at, SendingState: "sent"}
	}
	replied := func(at time.Time, text string) Activity {
		return Activity{Type: "user_reply", UserID: c.UserID, Content: text, ContactsTo: []Party{customer}, CreatedAt: at, SendingState: "sent"}
	}
	at := c.CreatedAt
	photo := said(at.Add(48*time.Minute), "")
	photo.Attachments = []Attachment{{"foto.jpg", "https://files.example.com/430357543/foto.jpg"}}
	thread := []Activity{
		said(at, "Buenas, mi pedido no llegó"),
		{Type: "event", Content: "[change_assign_agent_to]Franco González", CreatedAt: c.FirstRead},
		replied(at.Add(12*time.Minute), "¡Hola Tomás! Soy Franco. ¿Me pasás el número de pedido?"),
		said(at.Add(47*time.Minute), "si, es el 712345, lo compre en la sucursal de rosario"),
		photo,
		replied(at.Add(55*time.Minute), "Gracias. Salió de depósito ayer; le reclamo al correo y te confirmo hoy."),
		said(at.Add(19*time.Hour), "Hola? alguna novedad?"),
		said(c.LastUpdate, "sigo sin noticias y lo necesito para el finde 😡"),
	}
	for i := range thread {
		thread[i].ID, thread[i].CaseID, thread[i].Channel = exampleActivity+int64(3*i), c.ID, c.SourceChannel
	}
	return thread
}
