package tools

import (
	"encoding/json"
	"testing"
)

func TestTheToolsThatReplyCreateAndDeleteCostAtMost700TokensInTheList(t *testing.T) {
	tokens := counter(t)
	total := 0
	for _, tool := range []Tool{replyToCase, createCase, deleteCase} {
		n := listTokens(t, tokens, tool)
		t.Logf("%-20s %d", tool.Name, n)
		total += n
	}
	if total > 700 {
		t.Errorf("names, descriptions and input schemas cost %d tokens", total)
	}
}

func TestWhatReachesCustomersOrIsFinalDemandsThePerson(t *testing.T) {
	for _, tool := range All() {
		listed, err := json.Marshal(tool.Server(&Env{}).Tool)
		if err != nil {
			t.Fatal(err)
		}
		var shown struct {
			Meta map[string]any `json:"_meta"`
		}
		if err := json.Unmarshal(listed, &shown); err != nil {
			t.Fatal(err)
		}
		demands := shown.Meta["anthropic/requiresUserInteraction"] == true
		if wants := tool.Risk == Outbound || tool.Risk == Destructive; demands != wants {
			t.Errorf("%s, of risk %s: requiresUserInteraction %v", tool.Name, tool.Risk, demands)
		}
	}
}
