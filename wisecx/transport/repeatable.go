package transport

import (
	"context"
	"net/http"
)

type repeatableKey struct{}

// Repeatable marks the requests that carry this context as ones that may be sent again when it is not
// known what became of them. Only a method of the client can say so, since only it knows what its
// request does; the verb does not tell.
func Repeatable(ctx context.Context) context.Context {
	return context.WithValue(ctx, repeatableKey{}, true)
}

func isRepeatable(request *http.Request) bool {
	return request.Context().Value(repeatableKey{}) != nil
}
