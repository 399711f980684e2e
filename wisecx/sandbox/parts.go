package sandbox

import (
	"hash/fnv"
	"strconv"
)

// customValue reads a custom field by name.
func customValue(fields []CustomField, name string) (string, bool) {
	for _, f := range fields {
		if f.Field == name {
			return f.Value, true
		}
	}
	return "", false
}

func hashed(text string) int64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	return int64(h.Sum64())
}

func putCustomFields(e *encoder, fields []CustomField) {
	each(e, fields, func(e *encoder, f *CustomField) {
		e.name("field")
		e.quote(f.Field)
		e.name("value")
		e.quote(f.Value)
	})
}

// putParty leaves out what is not known of a party, the way such objects usually come.
func putParty(e *encoder, p *Party) {
	if p.ID != 0 {
		e.name("id")
		e.integer(p.ID)
	}
	for _, member := range [...][2]string{{"name", p.Name}, {"email", p.Email}, {"phone", p.Phone}} {
		if member[1] != "" {
			e.name(member[0])
			e.quote(member[1])
		}
	}
}

func putContactFrom(e *encoder, p *Party) {
	if p == nil {
		e.null()
		return
	}
	e.open()
	putParty(e, p)
	e.close()
}

func putAttachment(e *encoder, a *Attachment) {
	e.name("name")
	e.quote(a.Name)
	e.name("url")
	e.quote(a.URL)
}

func putRecording(e *encoder, r *Recording) {
	e.name("recording_id")
	e.quote(r.ID)
	e.name("url")
	e.quote(r.URL)
}

func putCall(e *encoder, a *Activity) {
	if a.Call == nil {
		e.null()
		return
	}
	e.open()
	e.name("started_at")
	e.date(a.Call.StartedAt)
	e.name("ended_at")
	e.date(a.Call.EndedAt)
	e.name("assigned_at")
	e.date(a.Call.AssignedAt)
	e.name("duration")
	e.integer(int64(a.Call.Duration))
	e.name("logs")
	each(e, a.Call.Logs, func(e *encoder, l *CallLog) {
		e.name("time")
		e.quote(l.Time)
		e.name("message")
		e.quote(l.Message)
	})
	e.close()
}

func putChannelData(e *encoder, c *Contact) {
	e.open()
	if c.Phone != "" {
		e.name("whatsapp")
		e.quote(c.Phone)
	}
	e.close()
}

func putQueueUser(e *encoder, u *QueueUser) {
	e.name("id")
	e.integer(u.ID)
	e.name("auto_assign")
	e.truth(u.AutoAssign)
}

func putAnswer(e *encoder, a *Answer) {
	e.name("guid")
	e.quote(a.GUID)
	e.name("response")
	if score, err := strconv.ParseInt(a.Response, 10, 64); err == nil {
		e.integer(score)
		return
	}
	e.text(a.Response)
}
