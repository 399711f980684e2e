package sandbox

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The words for the state of a response [W].
const (
	responded    = "responded"
	notResponded = "not_responded"
)

// The surveys by what they measure. The third is a new one that nobody was sent yet.
const (
	csatSurvey   = 71
	npsSurvey    = 72
	unsentSurvey = 73
)

// Kinds of questions [I].
const (
	csatQuestion = "csat"
	npsQuestion  = "nps"
	textQuestion = "text"
)

var surveyList = []Survey{
	{csatSurvey, "5f0c2a10-0000-4000-8000-000000000071", "Satisfacción de atención"},
	{npsSurvey, "5f0c2a10-0000-4000-8000-000000000072", "NPS trimestral"},
	{unsentSurvey, "5f0c2a10-0000-4000-8000-000000000073", "Satisfação do atendimento"},
}

var questionsBySurvey = map[int64][]Question{
	csatSurvey: {
		{711, "7d1e4b20-0000-4000-8000-000000000711", "Del 1 al 5, ¿cómo calificarías la atención que recibiste?", csatQuestion},
		{712, "7d1e4b20-0000-4000-8000-000000000712", "¿Querés contarnos algo más?", textQuestion},
	},
	npsSurvey: {
		{721, "7d1e4b20-0000-4000-8000-000000000721", "Del 0 al 10, ¿cuánto nos recomendarías?", npsQuestion},
		{722, "7d1e4b20-0000-4000-8000-000000000722", "¿Cuál es el motivo principal de tu respuesta?", textQuestion},
	},
	unsentSurvey: {
		{731, "7d1e4b20-0000-4000-8000-000000000731", "De 1 a 5, como você avalia o nosso atendimento?", csatQuestion},
	},
}

// sending is how a survey goes out once a case is solved.
type sending struct {
	survey        int64
	share         int           // of a hundred solved cases
	after, spread time.Duration // from the solution to the sending
	answer        int           // of a hundred that were sent
	median        time.Duration // from the sending to the answer
}

var sendings = []sending{
	{survey: csatSurvey, share: 55, after: time.Minute, spread: 9 * time.Minute, answer: 45, median: 40 * time.Minute},
	{survey: npsSurvey, share: 15, after: 20 * time.Hour, spread: 8 * time.Hour, answer: 30, median: 5 * time.Hour},
}

const firstResponse = 88_000_001

// fillSurveys sends the surveys about the solved cases and lets a part of the contacts answer.
func (d *account) fillSurveys() {
	d.surveys, d.questions, d.responses = surveyList, questionsBySurvey, map[int64][]Response{}
	source := d.source(streamSurveys, 0)
	random := rand.New(source)
	for _, c := range d.cases {
		if c.SolvedAt.IsZero() {
			continue
		}
		*source = *d.source(streamSurveys, c.ID)
		for _, s := range sendings {
			at := c.SolvedAt.Add(s.after + time.Duration(random.Int64N(int64(s.spread/time.Second)))*time.Second)
			if random.IntN(100) >= s.share || at.After(d.now) {
				continue
			}
			d.responses[s.survey] = append(d.responses[s.survey], d.respond(c, s, at, random))
		}
	}
	for survey, list := range d.responses {
		slices.SortFunc(list, func(a, b Response) int { return cmp.Or(a.SentAt.Compare(b.SentAt), cmp.Compare(a.CaseID, b.CaseID)) })
		random := d.random(streamSurveys, -survey)
		id := int64(firstResponse) + survey*100_000_000
		for i := range list {
			list[i].ID = id
			id += 1 + random.Int64N(9)
		}
	}
}

// respond makes one response, or the lack of one.
func (d *account) respond(c *Case, s sending, at time.Time, random *rand.Rand) Response {
	r := Response{CaseID: c.ID, ContactID: c.ContactID, Status: notResponded, SentAt: at}
	back := at.Add(between(lognormal(random, s.median, 1.4), 20*time.Second, 6*day))
	if random.IntN(100) >= s.answer || back.After(d.now) {
		return r
	}
	r.Status, r.RespondedAt = responded, back
	score, comment := d.judge(c, s, random)
	questions := d.questions[s.survey]
	r.Answers = []Answer{{questions[0].GUID, strconv.Itoa(score)}}
	if comment != "" || random.IntN(2) == 0 {
		r.Answers = append(r.Answers, Answer{questions[1].GUID, comment})
	}
	return r
}

// judge draws a score and a comment that fit each other and the case: what took too long, what only a bot answered and
// what one of some agents answered comes off worse.
func (d *account) judge(c *Case, s sending, random *rand.Rand) (score int, comment string) {
	mood := 0.88 + 0.24*random.NormFloat64() - 0.12*float64(c.UserID%3)/2
	if c.SLAResult == "breached" {
		mood -= 0.3
	}
	if c.BotResolved {
		mood -= 0.2
	}
	if mood < 0.4 && random.IntN(4) == 0 {
		mood = 0 // who is angry takes the lowest there is
	}
	mood = min(max(mood, 0), 1)
	score = 1 + int(mood*4+0.5)
	if s.survey == npsSurvey {
		score = int(mood*10 + 0.5)
	}
	if random.IntN(100) >= 45 {
		return score, ""
	}
	comment = pick(random, commentsOf(d.language(c), mood))
	agent := "ustedes"
	if d.language(c) == &portuguese {
		agent = "vocês"
	}
	if user := d.user(c.UserID); user != nil {
		agent = user.FirstName
	}
	comment = strings.ReplaceAll(comment, "{agente}", agent)
	if random.IntN(60) == 0 {
		comment = hostileWords(comment, random)
	}
	return score, comment
}

func commentsOf(l *language, mood float64) []string {
	switch {
	case mood < 0.45:
		return l.angry
	case mood < 0.75:
		return l.lukewarm
	}
	return l.happy
}

// optionsByField are what the custom fields of cases offer; "pedido" is free text.
var optionsByField = map[string][]FieldOption{
	"origen":   fieldOptions(901, originNames),
	"plan":     fieldOptions(911, planNames),
	"sucursal": fieldOptions(921, slices.Concat(cityNames, brazilianCityNames)),
}

func fieldOptions(first int64, values []string) []FieldOption {
	options := make([]FieldOption, len(values))
	for i, value := range values {
		options[i] = FieldOption{first + int64(i), value}
	}
	return options
}
