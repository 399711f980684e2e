package text

type Queries []Query

func NewQueries(list []string) Queries {
	var q Queries
	for _, s := range list {
		q = append(q, NewQuery(s))
	}
	return q
}
func (q Queries) Matches(texts ...string) bool {
	for _, one := range q {
		if one.Matches(texts...) {
			return true
		}
	}
	return len(q) == 0
}
func Snippet(s string, q Queries, size int) string {
	h, l := Cut(Line(s), size)
	if l > 0 {
		h += "…"
	}
	return h
}
