package sandbox

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// The contact of the reference's example.
const (
	exampleContact = 9005
	firstContact   = 9001
	brazilGroup    = 34    // the contact group of everyone in Brazil
	firstPhone     = 20000 // above the example's number
)

// country is how its mobile numbers look: a prefix and five digits, counted up, so that they are plainly made up.
type country struct {
	prefix string
	share  int // of a hundred contacts
	brazil bool
}

var countries = []country{
	{"54911555", 44, false}, {"54934155", 12, false}, {"54935155", 9, false},
	{"55119555", 18, true}, {"5255555", 9, false}, {"569555", 8, false},
}

// fillContacts makes n contacts. About one in thirty repeats an earlier person under another id with the same phone,
// as happens when someone writes by mail first and by WhatsApp later.
func (d *account) fillContacts(n int, random *rand.Rand) {
	d.contacts = make([]Contact, 0, n)
	id := int64(firstContact)
	for i := range n {
		c := d.newContact(id, i, random)
		if i > 10 && random.IntN(30) == 0 {
			double := d.contacts[random.IntN(i)]
			if double.Phone != "" && double.ID != exampleContact {
				c.Name, c.Phone, c.City, c.Address = double.Name, double.Phone, double.City, double.Address
				c.Email, c.PersonalID = "", ""
			}
		}
		if id == exampleContact {
			c.Name, c.Phone, c.PersonalID = "Tomás Gómez", "5491155510005", "20000005"
			c.Email, c.City, c.Address = "tomas.gomez.9005@example.com", "Rosario", "Mitre 1450"
			c.CustomFields, c.GroupIDs = []CustomField{{"plan", "oro"}}, []int64{31}
			c.OrganizationID = 0
		}
		d.contacts = append(d.contacts, c)
		id++
		if id > exampleContact {
			id += int64(random.IntN(4))
		}
	}
}

func (d *account) newContact(id int64, i int, random *rand.Rand) Contact {
	from := pickCountry(random)
	first, last, city := pick(random, firstNames), pick(random, lastNames), pick(random, cityNames)
	if from.brazil {
		first, last, city = pick(random, brazilianFirstNames), pick(random, brazilianLastNames), pick(random, brazilianCityNames)
	}
	c := Contact{
		ID:         id,
		Name:       first + " " + last,
		Phone:      fmt.Sprintf("%s%05d", from.prefix, firstPhone+i),
		Email:      fmt.Sprintf("%s.%s.%d@example.com", plain(firstWord(first)), plain(last), id),
		PersonalID: fmt.Sprintf("%d", 20000000+(id-9000)),
		GUID:       fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", random.Uint32(), random.IntN(1<<16), random.IntN(1<<12), random.IntN(1<<12), random.Int64N(1<<48)),
		Password:   fmt.Sprintf("trap-password-%d", id),
		LastUpdate: d.now.Add(-time.Duration(random.Int64N(300*86400)) * time.Second),
		Address:    fmt.Sprintf("%s %d", pick(random, streetNames), 10+random.IntN(5000)),
		City:       city,
	}
	switch roll := random.IntN(100); {
	case roll < 12:
		c.Email = ""
	case roll < 20:
		c.Phone = ""
	case roll < 35:
		c.PersonalID = ""
	case roll < 45:
		c.Address, c.City = "", ""
	}
	if random.IntN(10) < 3 {
		c.OrganizationID = pick(random, d.organizations).ID
	}
	if random.IntN(10) < 3 {
		c.GroupIDs = append(c.GroupIDs, pick(random, []int64{31, 32, 33, 35, 36}))
	}
	if from.brazil {
		c.GroupIDs = append(c.GroupIDs, brazilGroup)
	}
	if random.IntN(10) < 4 {
		c.CustomFields = append(c.CustomFields, CustomField{"plan", pick(random, planNames)})
	}
	if random.IntN(10) < 2 {
		c.CustomFields = append(c.CustomFields, CustomField{"segmento", pick(random, []string{"hogar", "pyme", "empresa"})})
	}
	return c
}

var planNames = []string{"básico", "plata", "oro"}

func pickCountry(random *rand.Rand) country {
	roll := random.IntN(100)
	for _, c := range countries {
		if roll -= c.share; roll < 0 {
			return c
		}
	}
	return countries[0]
}

func pick[T any](random *rand.Rand, list []T) T { return list[random.IntN(len(list))] }

func firstWord(text string) string {
	for i, r := range text {
		if r == ' ' {
			return text[:i]
		}
	}
	return text
}
