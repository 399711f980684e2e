package sandbox

import "strings"

// topic is what a case can be about, with the sentences that people use for it. {pedido}, {factura}, {sucursal},
// {monto}, {dia} and {modelo} are filled in per case.
type topic struct {
	queues   []int64
	typeID   int64
	weight   int
	tags     []string
	subjects []string
	openings []string // what the customer writes first
	details  []string // what the customer writes later
	answers  []string // what an agent writes
}

// phrases are what people say whatever the topic is, in one language.
type phrases struct {
	greetings, signOff           []string // of mails; the first greeting takes a name
	nudges, thanks, chatter      []string // of customers
	takeovers, fillers, closings []string // of agents
	bot                          []string
	emoji                        []string
	summary                      string   // {subject}
	angry, lukewarm, happy       []string // comments on surveys; {agente}
	disclaimer                   string
	position                     string // {queue}
}

var (
	spanish    = language{spanishPhrases, spanishBot}
	portuguese = language{portuguesePhrases, portugueseBot}
)

// language is how one half of the account speaks.
type language struct {
	phrases
	botID int64
}

// topicBySubject finds a case's topic again when its thread is written.
var topicBySubject = func() map[string]*topic {
	found := map[string]*topic{}
	for _, list := range [][]topic{spanishTopics, portugueseTopics} {
		for i := range list {
			for _, pattern := range list[i].subjects {
				for k := range max(len(modelNames), len(cityNames)) {
					found[fillSubject(pattern, modelNames[k%len(modelNames)], cityNames[k%len(cityNames)])] = &list[i]
				}
			}
		}
	}
	return found
}()

// topicsByQueue holds each topic as often as its weight says.
var topicsByQueue = func() map[int64][]*topic {
	found := map[int64][]*topic{}
	for _, list := range [][]topic{spanishTopics, portugueseTopics} {
		for i := range list {
			for _, queue := range list[i].queues {
				for range list[i].weight {
					found[queue] = append(found[queue], &list[i])
				}
			}
		}
	}
	return found
}()

// fillSubject fills the two places that a subject can have.
func fillSubject(pattern, model, branch string) string {
	return strings.ReplaceAll(strings.ReplaceAll(pattern, "{modelo}", model), "{sucursal}", branch)
}
