package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// people are the contacts of one kind.
func people(api *API, kind string) []Contact {
	var found []Contact
	for _, c := range api.Contacts() {
		if slices.Contains(api.People()[kind], c.ID) {
			found = append(found, c)
		}
	}
	return found
}

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

func TestOnePhoneIsKeptInManyWritings(t *testing.T) {
	for _, kind := range [][2]string{{OnePhone, "55511001"}, {BrazilPhone, "955511003"}} {
		api := New(Options{Now: fixed(noon)})
		same := people(api, kind[0])
		writings := map[string]bool{}
		for _, c := range same {
			if !strings.HasSuffix(onlyDigits(c.Phone), kind[1]) {
				t.Errorf("%q is another number", c.Phone)
			}
			writings[c.Phone] = true
		}
		if len(writings) != len(same) || len(same) < 3 {
			t.Errorf("%q has %d contacts and %d writings", kind[0], len(same), len(writings))
		}
		for _, c := range api.Contacts() {
			if strings.HasSuffix(onlyDigits(c.Phone), kind[1]) && !slices.Contains(api.People()[kind[0]], c.ID) {
				t.Errorf("contact %d has the phone by chance", c.ID)
			}
		}
	}
}

func TestPersonalIDsMislead(t *testing.T) {
	api := New(Options{Now: fixed(noon)})
	pair := people(api, IDOfAnother)
	if len(pair) != 2 || pair[0].PersonalID != strconv.FormatInt(pair[1].ID, 10) || pair[1].PersonalID == "" {
		t.Errorf("the pair is %+v", pair)
	}
	twins := people(api, OnePersonalID)
	if len(twins) != 2 || twins[0].PersonalID != twins[1].PersonalID || twins[0].PersonalID == "" {
		t.Errorf("the twins are %+v", twins)
	}
}

func TestNamelessContactsCanStillBeReached(t *testing.T) {
	api := New(Options{Now: fixed(noon)})
	for _, c := range people(api, Nameless) {
		if c.Name != "" || c.Email == "" && c.Phone == "" {
			t.Errorf("contact %+v", c)
		}
	}
	for _, id := range api.Scenes()[NobodysName] {
		c := caseOf(api, id)
		for _, x := range api.Thread(id) {
			if x.ContactFrom != nil && (x.ContactFrom.ID != c.ContactID || x.ContactFrom.Name != "" || x.ContactFrom.Email == "" && x.ContactFrom.Phone == "") {
				t.Errorf("case %d is written by %+v", id, x.ContactFrom)
			}
		}
	}
}

func TestOnePersonsCasesLieUnderSeveralContactsAndBeyondTheWindow(t *testing.T) {
	for name, api := range desks() {
		contacts, listed, older := map[int64]bool{}, 0, 0
		oldest := api.now().AddDate(0, -3, 0)
		for _, id := range api.Scenes()[OnePerson] {
			c := caseOf(api, id)
			contacts[c.ContactID] = true
			if c.CreatedAt.Before(oldest) {
				older++
			} else {
				listed++
			}
		}
		allListed := len(api.Listed()) == len(api.Cases())
		if len(contacts) != 7 || listed < 7 || older < 2 && !allListed {
			t.Errorf("%s: %d contacts, %d cases listed, %d older", name, len(contacts), listed, older)
		}
		for id := range contacts {
			if !slices.Contains(api.People()[OnePhone], id) {
				t.Errorf("%s: contact %d is somebody else", name, id)
			}
		}
	}
}

func TestOnlyScenesHaveCasesOfTheirContacts(t *testing.T) {
	api := New(Options{Cases: 50000, Contacts: 20, Now: fixed(noon)})
	theirs, staged := map[int64]bool{}, map[int64]bool{}
	for _, ids := range api.People() {
		for _, id := range ids {
			theirs[id] = true
		}
	}
	for _, ids := range api.Scenes() {
		for _, id := range ids {
			staged[id] = true
		}
	}
	for _, c := range api.Cases() {
		if theirs[c.ContactID] && !staged[c.ID] {
			t.Fatalf("case %d was drawn for contact %d", c.ID, c.ContactID)
		}
	}
	if len(theirs) != len(extras) || len(api.Contacts()) != 20+len(extras) {
		t.Errorf("%d contacts, %d of them for scenes", len(api.Contacts()), len(theirs))
	}
}

func TestGroupsAndOrganizationsOfContactsExist(t *testing.T) {
	api := New(Options{Now: fixed(noon)})
	known, members := map[string]bool{}, map[string]int{}
	for _, g := range api.ContactGroups() {
		known[fmt.Sprint("group ", g.ID)] = true
	}
	for _, o := range api.Organizations() {
		known[fmt.Sprint("organization ", o.ID)] = true
	}
	for _, c := range api.Contacts() {
		var places []string
		for _, id := range c.GroupIDs {
			places = append(places, fmt.Sprint("group ", id))
		}
		if c.OrganizationID != 0 {
			places = append(places, fmt.Sprint("organization ", c.OrganizationID))
		}
		for _, place := range places {
			if members[place]++; !known[place] {
				t.Fatalf("contact %d belongs to %s", c.ID, place)
			}
		}
	}
	if len(members) != len(known) {
		t.Errorf("of %d groups and organizations %d have members", len(known), len(members))
	}
	api.Organizations()[0].Executives[0] = 1
	api.Organizations()[0].CustomFields[0].Value = "spoiled"
	if o := api.Organizations()[0]; o.Executives[0] == 1 || o.CustomFields[0].Value == "spoiled" {
		t.Error("the truth can be changed")
	}
}
