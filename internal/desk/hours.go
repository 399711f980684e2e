package desk

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"wisecx-mcp/internal/text"
	"wisecx-mcp/wisecx"
)

// Hours says whether a queue, or the account as a whole, is within its business hours.
type Hours struct {
	Open          bool   `json:"open"`
	Queue         string `json:"queue,omitempty"`
	At            string `json:"at"`
	Timezone      string `json:"timezone"`
	BusinessHours string `json:"business_hours,omitempty"`
}

// BusinessHours asks for a queue by its name or id; none means the account as a whole.
func (d *Desk) BusinessHours(ctx context.Context, queue string) (*Hours, error) {
	h := &Hours{At: d.show(d.now()), Timezone: d.zone.String()}
	var id int64
	if queue != "" {
		f, err := d.named(ctx, "queue", caseField("queue"), wisecx.Equal, []string{queue})
		if err != nil {
			return nil, err
		}
		if len(f.Values) != 1 {
			return nil, &Refusal{Argument: "queue", Problem: fmt.Sprintf("%q means %d queues", clip(queue, 60), len(f.Values)), Expected: "one queue", Candidates: f.shown}
		}
		id, h.Queue = f.Values[0].(int64), f.shown[0]
	}
	var reading sync.WaitGroup
	if id != 0 {
		reading.Go(func() {
			// The words are worth a request, not a failure.
			if q, err := d.api.GetQueue(ctx, id); err == nil {
				h.BusinessHours = shorten(text.Line(string(q.BusinessHours)), longSize)
			}
		})
	}
	var err error
	h.Open, err = d.api.IsOpen(ctx, id)
	reading.Wait()
	if errors.Is(err, wisecx.ErrNotFound) {
		return nil, &NotFound{What: "the API knows no business hours of " + h.name(), Next: "leave queue out for the account's, or list_directory with kind queues"}
	}
	if err != nil {
		return nil, err
	}
	return h, nil
}

// Clip cuts the texts to a number of bytes each.
func (h Hours) Clip(size int) Hours {
	h.Queue, h.BusinessHours = shorten(h.Queue, size), shorten(h.BusinessHours, size)
	return h
}

func (h *Hours) name() string {
	if h.Queue == "" {
		return "the account"
	}
	return fmt.Sprintf("queue %q", h.Queue)
}
