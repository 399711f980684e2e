package sandbox

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The example of the reference.
const (
	exampleCase     = 430357543
	exampleNumber   = 534787
	exampleActivity = 4321648175
	exampleAge      = 23 * time.Hour // less than a day: "since yesterday" finds it at any hour and in any zone
	exampleSilence  = 3 * time.Hour  // since the customer's last word
)

// Streams keep what is drawn for one purpose from moving what is drawn for another.
const (
	streamDirectory = iota + 1
	streamContacts
	streamMoments
	streamCases
	streamSlots
	streamThread
	streamSurveys
	streamPeople
	streamScenes
)

const (
	caseSpan  = 150 * 24 * time.Hour // how far back cases go: five months
	youngest  = 5 * time.Minute
	idsOfCase = 10 // a case's activities have ids from 10 times its own
)

// build makes the data of an account.
func build(options Options, now time.Time) *account {
	d := &account{
		seed: options.Seed, now: now,
		caseByID:     make(map[int64]*Case, options.Cases),
		caseFields:   map[string]bool{"sucursal": true, "pedido": true, "plan": true, "origen": true},
		threads:      map[int64][]Activity{},
		nextActivity: 5_000_000_001,
		gone:         map[int64]bool{},
	}
	d.fillDirectory(d.random(streamDirectory, 0))
	d.fillContacts(options.Contacts, d.random(streamContacts, 0))
	d.fillCases(options.Cases, options.Listed)
	d.fillExample()
	d.fillExtras()
	d.fillScenes()
	d.fillSurveys()
	newest := d.cases[len(d.cases)-1]
	d.lastCase, d.lastNumber, d.lastContact = newest.ID, newest.Number, d.contacts[len(d.contacts)-1].ID
	return d
}

// random is a source of its own for each purpose and object.
func (d *account) random(stream, id int64) *rand.Rand {
	return rand.New(d.source(stream, id))
}

func (d *account) source(stream, id int64) *rand.PCG {
	return rand.NewPCG(mix(uint64(d.seed))^uint64(stream), mix(uint64(id)))
}

// fillCases makes n cases, the example among them, with ids and numbers that grow with time and have gaps. listed of
// them lie in the last three months; 0 leaves that to chance.
func (d *account) fillCases(n, listed int) {
	random := d.random(streamMoments, 0)
	example := d.now.Add(-exampleAge)
	moments := append(d.spreadMoments(n, listed, random), example)
	slices.SortFunc(moments, time.Time.Compare)
	at := slices.Index(moments, example)

	cases := make([]Case, n)
	cases[at].ID, cases[at].Number = exampleCase, exampleNumber
	for i := at + 1; i < n; i++ {
		cases[i].ID, cases[i].Number = cases[i-1].ID+idGap(random), cases[i-1].Number+numberGap(random)
	}
	for i := at - 1; i >= 0; i-- {
		cases[i].ID, cases[i].Number = cases[i+1].ID-idGap(random), cases[i+1].Number-numberGap(random)
	}
	customers := newCustomers(d.contacts)
	source := d.source(streamCases, 0)
	for i := range cases {
		c := &cases[i]
		c.CreatedAt = moments[i]
		*source = *d.source(streamCases, c.ID)
		d.fillCase(c, customers, rand.New(source))
		d.caseByID[c.ID] = c
		d.cases = append(d.cases, c)
	}
}

// idGap leaves room for 400 ids of activities below the next case's.
func idGap(random *rand.Rand) int64 { return 40 + random.Int64N(50) }

func numberGap(random *rand.Rand) int64 { return 1 + random.Int64N(9) }

// spreadMoments draws when all cases but the example begin.
func (d *account) spreadMoments(n, listed int, random *rand.Rand) []time.Time {
	if listed == 0 {
		return d.moments(n-1, youngest, caseSpan, random)
	}
	window := d.now.Sub(d.oldestListed())
	return append(d.moments(listed-1, youngest, window, random), d.moments(n-listed, window+time.Second, caseSpan, random)...)
}

// moments draws points in time, so long ago: mostly in business hours, fewer at the weekend.
func (d *account) moments(n int, least, most time.Duration, random *rand.Rand) []time.Time {
	moments := make([]time.Time, 0, n+1)
	for len(moments) < n {
		at := d.now.Add(-least - time.Duration(random.Int64N(int64((most-least)/time.Second)))*time.Second)
		local := at.In(localZone)
		likely := 100
		switch local.Weekday() {
		case time.Saturday:
			likely = 35
		case time.Sunday:
			likely = 18
		}
		if hour := local.Hour(); hour < 9 || hour >= 19 {
			likely /= 8
		}
		if random.IntN(100) < likely {
			moments = append(moments, at)
		}
	}
	return moments
}

// customers are the contacts as cases draw them: by language, and some far more often than others.
type customers struct{ all, brazilian []*Contact }

func newCustomers(contacts []Contact) customers {
	var found customers
	for i := range contacts {
		c := &contacts[i]
		if slices.Contains(c.GroupIDs, brazilGroup) {
			found.brazilian = append(found.brazilian, c)
		} else if c.ID != exampleContact {
			found.all = append(found.all, c)
		}
	}
	if len(found.brazilian) == 0 {
		found.brazilian = found.all
	}
	return found
}

func (c customers) pick(random *rand.Rand, brazilian bool) *Contact {
	list := c.all
	if brazilian {
		list = c.brazilian
	}
	if random.IntN(5) == 0 {
		return list[random.IntN(min(60, len(list)))]
	}
	return pick(random, list)
}

var queueShares = []int64{
	supportQueue, supportQueue, supportQueue, supportQueue, supportQueue, salesQueue, salesQueue, salesQueue, billingQueue, billingQueue, billingQueue,
	logisticsQueue, logisticsQueue, logisticsQueue, logisticsQueue, returnsQueue, returnsQueue, secondLineQueue, brazilQueue, brazilQueue, brazilQueue, socialQueue,
}

var channelShares = strings.Fields(strings.Repeat("whatsapp ", 26) + strings.Repeat("email ", 8) + strings.Repeat("new_email ", 3) +
	strings.Repeat("web ", 6) + strings.Repeat("phone ", 3) + strings.Repeat("incoming_call ", 4))

// priorityShares has a priority only where somebody set one; "none" is null.
var priorityShares = strings.Fields(strings.Repeat("none ", 25) + "low normal normal normal high high high urgent")

// fillCase draws everything but the id, the number and the moment.
func (d *account) fillCase(c *Case, people customers, random *rand.Rand) {
	c.GroupID = pick(random, queueShares)
	c.SourceChannel = pick(random, channelShares)
	if c.Priority = pick(random, priorityShares); c.Priority == "none" {
		c.Priority = ""
	}
	about := pick(random, topicsByQueue[c.GroupID])
	slots := d.slots(c.ID, c.GroupID == brazilQueue)
	c.Subject = fillSubject(pick(random, about.subjects), slots.model, slots.branch)
	c.TypeID = about.typeID
	c.ContactID = people.pick(random, c.GroupID == brazilQueue).ID
	c.ChannelAccount = channelAccount(c.SourceChannel, c.GroupID)
	if random.IntN(10) < 4 {
		c.Tags = append(c.Tags, pick(random, about.tags))
	}
	if tag := pick(random, tagNames); random.IntN(10) == 0 && !slices.Contains(c.Tags, tag) {
		c.Tags = append(c.Tags, tag)
	}
	c.CustomFields = append(c.CustomFields, CustomField{"origen", pick(random, originNames)})
	if random.IntN(100) < 55 {
		c.CustomFields = append(c.CustomFields, CustomField{"sucursal", slots.branch})
	}
	if random.IntN(100) < 50 {
		c.CustomFields = append(c.CustomFields, CustomField{"pedido", slots.order})
	}
	if random.IntN(100) < 35 {
		c.CustomFields = append(c.CustomFields, CustomField{"plan", pick(random, planNames)})
	}
	d.fillCourse(c, random)
	if c.resolved() && random.IntN(100) < 14 {
		c.Summary = strings.ReplaceAll(d.language(c).summary, "{subject}", c.Subject)
	}
}

func channelAccount(source string, queue int64) string {
	switch {
	case source == "web":
		return webChat
	case strings.HasSuffix(source, "email"):
		switch queue {
		case billingQueue:
			return billingMailbox
		case brazilQueue:
			return brazilMailbox
		}
		return mainMailbox
	case source == "whatsapp":
		switch queue {
		case salesQueue:
			return salesWhatsApp
		case brazilQueue:
			return brazilWhatsApp
		}
		return mainWhatsApp
	}
	return mainPhone
}

func (c *Case) resolved() bool { return c.Status == "solved" || c.Status == "closed" }

// chat tells whether the case's channel is a conversation in short messages.
func (c *Case) chat() bool { return c.SourceChannel == "whatsapp" || c.SourceChannel == "web" }

func (d *account) language(c *Case) *language {
	if c.GroupID == brazilQueue {
		return &portuguese
	}
	return &spanish
}

// slots are the facts that subjects, custom fields and messages of one case share.
type slots struct{ order, invoice, branch, amount, day, model string }

func (d *account) slots(caseID int64, brazil bool) slots {
	random := d.random(streamSlots, caseID)
	days := weekdayNames
	if brazil {
		days = brazilianWeekdayNames
	}
	// One draw for both: a subject names at most one of them.
	k := random.IntN(24)
	branch := cityNames[k%len(cityNames)]
	if brazil {
		branch = brazilianCityNames[k%len(brazilianCityNames)]
	}
	return slots{
		order:   strconv.Itoa(700000 + random.IntN(99999)),
		invoice: "B-0003-000" + strconv.Itoa(10000+random.IntN(89999)),
		branch:  branch,
		model:   modelNames[k%len(modelNames)],
		amount:  strconv.Itoa(5+random.IntN(240)) + "." + strconv.Itoa(100+random.IntN(899)),
		day:     pick(random, days),
	}
}

// lognormal draws around median, now and then far above it.
func lognormal(random *rand.Rand, median time.Duration, spread float64) time.Duration {
	return time.Duration(float64(median) * math.Exp(spread*random.NormFloat64())).Truncate(time.Second)
}
