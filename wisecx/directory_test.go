package wisecx

import (
	"slices"
	"testing"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

func TestAgentsOfAQueueInTheirForms(t *testing.T) {
	reads(t, slices.Equal[QueueUsers], map[string]QueueUsers{
		`[{"id": 46684, "auto_assign": true}, {"id": "46688", "auto_assign": "0"}, {"id": 46691}]`: {{46684, true}, {46688, false}, {46691, false}},
		`{"id": 9007199254740993, "auto_assign": 1}`:                                               {{9007199254740993, true}},
		`[46684, "46688"]`: {{ID: 46684}, {ID: 46688}}, `"46684,46688"`: {{ID: 46684}, {ID: 46688}}, `46684`: {{ID: 46684}},
		`[{"auto_assign": true}, {"id": {}}, null, "x", {}, [], [[5]], 46684]`: {{ID: 46684}},
		`null`: nil, `""`: nil, `[]`: nil, `{}`: nil, `true`: nil, `"x"`: nil, `1e400`: nil,
	})
}

func TestQueuesAndAgentsKnowEachOther(t *testing.T) {
	for _, loose := range []bool{false, true} {
		client, _ := simulator(t, sandbox.Options{Loose: loose})
		queue, err := client.GetQueue(t.Context(), 24717)
		if err != nil || queue.BusinessHours == "" || !slices.ContainsFunc(queue.Users, func(u QueueUser) bool { return u.ID == 46684 }) ||
			!slices.ContainsFunc(queue.Users, func(u QueueUser) bool { return bool(u.AutoAssign) }) {
			t.Errorf("the queue is %+v, %v", queue, err)
		}
		agent, err := client.GetUser(t.Context(), 46684)
		if err != nil || !slices.Contains(agent.Queues, 24717) || agent.CreatedAt.IsZero() || agent.LastLogin.Before(noon.Add(-30*24*time.Hour)) {
			t.Errorf("the agent is %+v, %v", agent, err)
		}
	}
}

// The lists of names are asked for with the table's fields; nobody needs who works where for a name.
func TestListsOfNamesStayLean(t *testing.T) {
	for _, key := range []string{"users", "businessHours"} {
		if _, ok := Queues.Field(key); ok {
			t.Errorf("queues are asked for %s", key)
		}
	}
	for _, key := range []string{"queues", "created_at", "last_login"} {
		if _, ok := Users.Field(key); ok {
			t.Errorf("users are asked for %s", key)
		}
	}
}

func TestAgentsAreCalledAsColleaguesKnowThem(t *testing.T) {
	for want, u := range map[string]User{
		"Franco González": {FirstName: "Franco", LastName: "González", Nick: "Fran", UserName: "franco@example.com"},
		"Franco":          {FirstName: "Franco", Nick: "Fran"},
		"González":        {FirstName: " ", LastName: "González"},
		"Fran":            {Nick: "Fran", UserName: "franco@example.com"},
		"bot@example.com": {UserName: "bot@example.com", IsBot: true},
		"":                {},
	} {
		if got := u.FullName(); got != want {
			t.Errorf("got %q; want %q", got, want)
		}
	}
}
