package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// oddAgents points out, in a language, those who would get cases and are bots, or are not in the queue of a case as far as
// the directory knows: a transfer to another queue counts.
func (d *Desk) oddAgents(ctx context.Context, list []*bulkCase, lang string) (lines []string) {
	agents, err := d.directory.names(ctx, "agent")
	if err != nil {
		return nil
	}
	say := bulkWords[lang]
	if say == nil {
		say = bulkWords["en"]
	}
	strange := map[int64]int{}
	var ids []int64
	for _, c := range list {
		ch := fieldIn(c.changes, "agent")
		if ch == nil || ch.value == nil {
			continue
		}
		id, queue := ch.value.(int64), int64(c.QueueID)
		if move := fieldIn(c.changes, "queue"); move != nil {
			queue = move.value.(int64)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		if !agents.attends(id, queue) {
			strange[id]++
		}
	}
	for _, id := range ids {
		name := strings.TrimSpace(agents.name(id))
		if agents.isBot(id) {
			lines = append(lines, fmt.Sprintf(say["bot"], name))
		}
		if n := strange[id]; n > 0 {
			lines = append(lines, counted(say["stranger"], n, name))
		}
	}
	return lines
}

// attends tells whether an agent is in a queue; where that is not known, it is taken to be so.
func (n *names) attends(agent, queue int64) bool {
	at, known := n.byID[agent]
	return !known || len(n.entries[at].queues) == 0 || slices.Contains(n.entries[at].queues, queue)
}
