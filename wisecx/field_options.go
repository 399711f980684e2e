package wisecx

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
)

// Option is one of the values that a custom field of cases can have.
type Option struct {
	ID    Int  `json:"id"` // 0 where the options come as texts alone
	Value Text `json:"value"`
}

func (*Option) times() []*Time { return nil }

// UnmarshalJSON reads {id, value}, {id, name} and a bare value [I].
func (o *Option) UnmarshalJSON(b []byte) error {
	*o = Option{}
	switch {
	case len(b) > 0 && b[0] == '{':
		var object struct {
			ID          Int
			Value, Name Text
		}
		_ = json.Unmarshal(b, &object)
		*o = Option{ID: object.ID, Value: cmp.Or(object.Value, object.Name)}
	case len(b) > 0 && b[0] != '[':
		o.Value = Text(unquote(b))
	}
	return nil
}

// ListFieldOptions gives one page of the values that a custom field of cases can have.
//
//wisecx:endpoint GET /cases/fields/{field_name}/options
func (c *Client) ListFieldOptions(ctx context.Context, field string, q Query) ([]Option, error) {
	return list[Option](ctx, c, "/cases/fields/"+url.PathEscape(field)+"/options", q)
}
