package tools

import (
	"testing"
)

func TestTheWritesOfContactsCostAtMost560Tokens(t *testing.T) {
	tokens, total := counter(t), 0
	for _, tool := range []Tool{createContact, updateContact, setContactGroups, deleteContact} {
		n := listTokens(t, tokens, tool)
		t.Logf("%-20s %d", tool.Name, n)
		total += n
	}
	if total > 560 {
		t.Errorf("they cost %d tokens", total)
	}
}
