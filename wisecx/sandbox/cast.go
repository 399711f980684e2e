package sandbox

import (
	"fmt"
	"strconv"
	"time"
)

// What People names contacts by.
const (
	OnePhone      = "one phone"       // their phones are one number, each written in another way
	OtherPhone    = "another phone"   // it differs from that number in one digit
	BrazilPhone   = "brazilian phone" // as OnePhone, with a number of São Paulo
	OnePersonalID = "one personal id" // they share a personal id
	IDOfAnother   = "id of another"   // of two, the first one's personal id is the id of the second
	Nameless      = "nameless"        // one has only a phone, one only an e-mail, one only a personal id besides
)

// extra is a contact of the scenes. What is not said stays empty.
type extra struct {
	as                             string // one of the names above
	name, phone, email, personalID string // an e-mail is what stands before the @
	plan                           string
	groups                         []int64
	organization                   int64
}

// extras follow the contacts that are drawn, and no case is drawn for them: only scenes give them any. The numbers lie
// below firstPhone, so that nobody else has them.
var extras = []extra{
	{as: OnePhone, name: "Valeria Quiroga", phone: "5491155511001", email: "valeria.quiroga", personalID: "30555101", plan: "oro", groups: []int64{31, 33}, organization: 1201},
	{as: OnePhone, name: "Vale Quiroga", phone: "+54 9 11 5551-1001"},
	{as: OnePhone, name: "QUIROGA VALERIA", phone: "1155511001", email: "compras.quiroga", groups: []int64{32}, organization: 1201},
	{as: OnePhone, name: "Valeria Q.", phone: "11 5551 1001", personalID: "30.555.101"},
	{as: OnePhone, name: "Sra. Quiroga", phone: "011 15-5551-1001"},
	{as: OnePhone, phone: "541155511001"},
	{as: OnePhone, name: "Vale", phone: "(011) 15 5551-1001", groups: []int64{33}},
	{as: OtherPhone, name: "Valentín Quiroga", phone: "5491155511002", email: "valentin.quiroga"},
	{as: BrazilPhone, name: "Luana Prado", phone: "5511955511003", email: "luana.prado", groups: []int64{brazilGroup}, organization: 1265},
	{as: BrazilPhone, name: "Luana P.", phone: "+55 (11) 95551-1003", groups: []int64{brazilGroup}},
	{as: BrazilPhone, phone: "11 95551 1003", groups: []int64{brazilGroup}},
	{as: OnePersonalID, name: "Hugo Bianchi", email: "hugo.bianchi", personalID: "27555202", groups: []int64{35}},
	{as: OnePersonalID, name: "Hugo Bianchi", phone: "5493415511004", personalID: "27555202"},
	{as: IDOfAnother, name: "Rita Ferro", phone: "5491155511005", organization: 1205}, // its personal id is the next one's id
	{as: IDOfAnother, name: "Omar Paz", email: "omar.paz", personalID: "31555303"},
	{as: Nameless, phone: "5493515511006"},
	{as: Nameless, email: "info.ventas"},
	{as: Nameless, phone: "5491155511007", personalID: "33555404", groups: []int64{31}},
}

// fillExtras adds them behind the others.
func (d *account) fillExtras() {
	random := d.random(streamPeople, 0)
	d.people = map[string][]int64{}
	first := d.contacts[len(d.contacts)-1].ID + 1 + random.Int64N(4)
	for i, x := range extras {
		c := Contact{
			ID: first + 2*int64(i), Name: x.name, Phone: x.phone, PersonalID: x.personalID, OrganizationID: x.organization, GroupIDs: x.groups,
			GUID:       fmt.Sprintf("%08x-0000-4000-8000-%012x", random.Uint32(), i+1),
			LastUpdate: d.now.Add(-time.Duration(random.Int64N(300*86400)) * time.Second),
		}
		c.Password = fmt.Sprintf("trap-password-%d", c.ID)
		if x.email != "" {
			c.Email = x.email + "@example.com"
		}
		if x.plan != "" {
			c.CustomFields = []CustomField{{"plan", x.plan}}
		}
		if others := d.people[x.as]; x.as == IDOfAnother && len(others) == 1 {
			d.contact(others[0]).PersonalID = strconv.FormatInt(c.ID, 10)
		}
		d.contacts = append(d.contacts, c)
		d.people[x.as] = append(d.people[x.as], c.ID)
	}
}
