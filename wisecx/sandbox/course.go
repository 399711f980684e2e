package sandbox

import (
	"math/rand/v2"
	"time"
)

const day = 24 * time.Hour

// unresolvedShare is how many of a hundred cases of an age still wait for an end.
func unresolvedShare(age time.Duration) int {
	switch {
	case age < day:
		return 85
	case age < 3*day:
		return 70
	case age < 7*day:
		return 50
	case age < 30*day:
		return 30
	case age < 75*day:
		return 19
	}
	return 14
}

// fillCourse draws what became of the case: its status, its agent and its points in time, in an order that its
// thread can tell as a story.
func (d *account) fillCourse(c *Case, random *rand.Rand) {
	age := d.now.Sub(c.CreatedAt)
	c.Status = drawStatus(age, random)
	c.BotAttended = c.chat() && random.IntN(100) < 35
	d.assign(c, random)
	if random.IntN(100) < 12 {
		c.DueAt = c.CreatedAt.Add(time.Duration(1+random.IntN(6))*day + time.Duration(random.IntN(8))*time.Hour)
	}
	if c.resolved() {
		d.fillResolved(c, age, random)
	} else {
		d.fillUnresolved(c, age, random)
	}
	if !c.FirstRead.IsZero() && random.IntN(10) < 7 {
		c.LastRead = c.LastUpdate
		if random.IntN(3) == 0 {
			c.LastRead = c.FirstRead
		}
	}
}

func drawStatus(age time.Duration, random *rand.Rand) string {
	if random.IntN(100) < unresolvedShare(age) {
		switch roll := random.IntN(100); {
		case roll < 57:
			return "open"
		case roll < 86:
			return "pending"
		}
		return "onhold"
	}
	closed := 25
	if age > 10*day {
		closed = 70
	}
	if random.IntN(100) < closed {
		return "closed"
	}
	return "solved"
}

// assign gives the case an agent of its queue, or none: a third of the open ones waits for somebody.
func (d *account) assign(c *Case, random *rand.Rand) {
	unassigned := map[string]int{"open": 35, "pending": 6, "onhold": 3, "solved": 12, "closed": 14}[c.Status]
	if random.IntN(100) < unassigned {
		return
	}
	queue := withID(d.queues, c.GroupID, func(q *Queue) int64 { return q.ID })
	for {
		user := d.user(pick(random, queue.Users).ID)
		if !user.IsBot {
			c.UserID = user.ID
			return
		}
	}
}

func (d *account) fillResolved(c *Case, age time.Duration, random *rand.Rand) {
	span := between(lognormal(random, 5*time.Hour, 1.6), 3*time.Minute, min(age-30*time.Second, 25*day))
	end := c.CreatedAt.Add(span)
	c.FirstRead = c.CreatedAt.Add(between(lognormal(random, 12*time.Minute, 1.2), 45*time.Second, span/3))
	c.LastUpdate = end
	switch {
	case c.Status == "closed":
		c.ClosedAt = end
		if random.IntN(10) > 0 {
			c.SolvedAt = end.Add(-between(lognormal(random, day, 0.8), 20*time.Second, span/2))
		}
	case span > 40*time.Minute && random.IntN(10) < 3:
		// The customer says thank you after the case was solved.
		c.SolvedAt = end.Add(-time.Duration(20+random.IntN(900)) * time.Second)
	default:
		c.SolvedAt = end
	}
	if c.UserID == 0 && c.chat() {
		c.BotAttended, c.BotResolved = true, true
	}
	switch roll := random.IntN(100); {
	case roll < 70:
		c.SLAResult = "ok"
	case roll < 84:
		c.SLAResult = "breached"
	}
}

func (d *account) fillUnresolved(c *Case, age time.Duration, random *rand.Rand) {
	span := lognormal(random, 9*time.Hour, 1.5)
	if age < 45*day && random.IntN(2) == 0 {
		// Half of the younger ones moved within the last days.
		span = age - lognormal(random, 7*time.Hour, 1.3)
	}
	span = between(span, 2*time.Minute, age-30*time.Second)
	c.LastUpdate = c.CreatedAt.Add(span)
	if c.Status == "open" && (c.UserID == 0 && random.IntN(100) < 70 || random.IntN(100) < 12) {
		return // nobody has read it yet
	}
	c.FirstRead = c.CreatedAt.Add(between(lognormal(random, 15*time.Minute, 1.3), 30*time.Second, span/3))
}

// between bounds d, in whole seconds; the upper bound wins.
func between(d, least, most time.Duration) time.Duration {
	return min(max(d, least), most).Truncate(time.Second)
}
