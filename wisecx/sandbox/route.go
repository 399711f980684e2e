package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

// base is the path below which everything is served [W].
const base = "/core/v1"

// handler answers a request that was let in: a JSON body, nil for none, or a refusal.
type handler func(*API, *request) ([]byte, error)

// request is an HTTP request with its endpoint, nil for none, and the values of its path's placeholders.
type request struct {
	*http.Request
	route  *route
	values map[string]string
}

// route is one endpoint. A nil handler means: known, not served yet.
type route struct {
	name     string // as in the list of endpoints, "GET /cases/{id}"
	method   string
	segments []string
	handle   handler
}

// endpoints is the list of the 75 endpoints of API v1 [C], with what answers them.
var endpoints = map[string]handler{
	login: nil, // handled before anyone is let in

	"POST /cases":                                              withBody(createCase),
	"PUT /cases/{id}":                                          withBody(updateCase),
	"GET /cases":                                               listCases,
	"GET /cases/{id}":                                          getCase,
	"DELETE /cases/{id}":                                       withoutBody(deleteCase),
	"PUT /cases/{id}/transfer":                                 withBody(transferCase),
	"PUT /cases/{id}/status":                                   withBody(setCaseStatus),
	"GET /cases/{id}/activities":                               listActivities,
	"GET /cases/{id}/activities/{activity_id}":                 getActivity,
	"POST /cases/{id}/summarize":                               withoutBody(summarizeCase),
	"GET /cases/types":                                         listTypes,
	"GET /types":                                               listTypes,
	"GET /cases/tags":                                          listTags,
	"GET /cases/fields/{field_name}/options":                   listOptions,
	"POST /cases/fields/{field_name}/options":                  nil,
	"PUT /cases/fields/{field_name}/options/{option_id}":       nil,
	"DELETE /cases/fields/{field_name}/options/{option_id}":    nil,
	"POST /contacts/":                                          withBody(createContact),
	"PUT /contacts/{id}":                                       withBody(updateContact),
	"GET /contacts/":                                           listContacts,
	"GET /contacts/{id}":                                       getContact,
	"DELETE /contacts/{id}":                                    withoutBody(deleteContact),
	"GET /contacts/organizations":                              listOrganizations,
	"POST /contacts/organizations":                             nil,
	"PUT /contacts/organizations/{id}":                         nil,
	"DELETE /contacts/organizations/{id}":                      nil,
	"GET /contacts/groups":                                     listContactGroups,
	"POST /contacts/groups":                                    nil,
	"PUT /contacts/{contact_id}/groups/{group_id}":             withoutBody(joinGroup),
	"DELETE /contacts/{contact_id}/groups/{group_id}":          withoutBody(leaveGroup),
	"POST /contacts/import":                                    nil,
	"POST /contacts/import/{import_id}/add":                    nil,
	"GET /contacts/import/{import_id}/status":                  nil,
	"GET /queues":                                              listQueues,
	"POST /queues":                                             nil,
	"GET /queues/{id}":                                         getQueue,
	"PUT /queues/{id}/users":                                   nil,
	"DELETE /queues/{id}/users/{user_id}":                      nil,
	"DELETE /queues/{id}/users":                                nil,
	"GET /business_hours/is_open":                              getIsOpen,
	"GET /users":                                               listUsers,
	"GET /users/{id}":                                          getUser,
	"POST /users":                                              nil,
	"PUT /users/{id}/queues":                                   nil,
	"DELETE /users/{id}/queues":                                nil,
	"GET /channels":                                            listChannels,
	"GET /whatsapp_templates":                                  listTemplates,
	"GET /surveys":                                             listSurveys,
	"GET /surveys/{id}/questions":                              listQuestions,
	"GET /surveys/{id}/responses":                              listResponses,
	"POST /analytics/export/{report_id}":                       nil,
	"GET /analytics/export/{export_id}/status":                 nil,
	"POST /orders":                                             nil,
	"PUT /orders/{id}":                                         nil,
	"GET /orders":                                              nil,
	"GET /meli/orders/{id}":                                    nil,
	"POST /assistans/node/{id}/execute":                        nil,
	"POST /assistans/{assistant_id}/{node_name}/execute":       nil,
	"POST /nitro/campaigns":                                    nil,
	"GET /nitro/campaigns":                                     nil,
	"GET /nitro/campaigns/{id}":                                nil,
	"PUT /nitro/campaigns/{id}":                                nil,
	"POST /nitro/campaigns/{id}/messages":                      nil,
	"PUT /nitro/campaigns/{id}/messages/{message_id}":          nil,
	"GET /nitro/campaigns/{id}/messages/{message_id}/contacts": nil,
	"POST /nitro/campaigns/{id}/actions/schedule":              nil,
	"POST /nitro/campaigns/{id}/actions/send":                  nil,
	"POST /nitro/campaigns/{id}/actions/activate":              nil,
	"POST /nitro/campaigns/{id}/actions/stop":                  nil,
	"POST /nitro/campaigns/{id}/actions/delete":                nil,
	"POST /nitro/campaigns/{id}/actions/cancel-send":           nil,
	"POST /nitro/transactional/{id}/send":                      nil,
	"POST /nitro/transactional/send":                           nil,
	"GET /nitro/transactional/requests/{tracking_id}":          nil,
}

// routes are the endpoints with literal segments before placeholders, so that the first match is the right one.
// http.ServeMux refuses this set: "/cases/fields/{f}/options" and "/cases/{id}/activities/{a}" overlap for it.
var routes = sync.OnceValue(orderedRoutes)

func orderedRoutes() []route {
	var list []route
	for name, handle := range endpoints {
		method, path, _ := strings.Cut(name, " ")
		list = append(list, route{name, method, split(path), handle})
	}
	slices.SortFunc(list, func(a, b route) int {
		rank := func(r route) string {
			// "~" sorts after every literal.
			return strings.Join(r.segments, "/") + " " + r.method
		}
		return strings.Compare(strings.ReplaceAll(rank(a), "{", "~"), strings.ReplaceAll(rank(b), "{", "~"))
	})
	return list
}

// split cuts a path into segments. The trailing slash stays as an empty last segment.
func split(path string) []string {
	return strings.Split(strings.TrimPrefix(path, "/"), "/")
}

// find returns the route of a request and the values of its placeholders. Without a route, known tells whether the
// path exists with another method.
func find(method, path string) (found *route, values map[string]string, known bool) {
	rest, below := strings.CutPrefix(path, base+"/")
	if !below {
		return nil, nil, false
	}
	segments := contactsWithSlash(split(rest))
	list := routes()
	for i := range list {
		r := &list[i]
		if !matches(r.segments, segments) {
			continue
		}
		known = true
		if r.method == method {
			return r, placeholders(r.segments, segments), true
		}
	}
	return nil, nil, known
}

// contactsWithSlash makes one of the two spellings in use [C]: "/contacts" is "/contacts/", "/contacts/1/" is "/contacts/1".
func contactsWithSlash(segments []string) []string {
	if segments[0] != "contacts" {
		return segments
	}
	if len(segments) == 1 {
		return append(segments, "")
	}
	if len(segments) == 3 && segments[2] == "" {
		return segments[:2]
	}
	return segments
}

func isPlaceholder(segment string) bool { return strings.HasPrefix(segment, "{") }

func matches(pattern, segments []string) bool {
	if len(pattern) != len(segments) {
		return false
	}
	for i, want := range pattern {
		if isPlaceholder(want) {
			if segments[i] == "" {
				return false
			}
		} else if want != segments[i] {
			return false
		}
	}
	return true
}

func placeholders(pattern, segments []string) map[string]string {
	values := map[string]string{}
	for i, want := range pattern {
		if isPlaceholder(want) {
			values[strings.Trim(want, "{}")] = segments[i]
		}
	}
	return values
}
