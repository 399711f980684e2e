package state_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wisecx-mcp/internal/state"
	"wisecx-mcp/wisecx/transport"
)

var _ transport.Store = (*state.Numbers)(nil)

// wire answers everything, logins included.
type wire struct{ sent atomic.Int64 }

func (w *wire) RoundTrip(request *http.Request) (*http.Response, error) {
	w.sent.Add(1)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"token":"invented"}`)), Request: request}, nil
}

func TestTwoLimitersOverOneFolderKeepOneLimit(t *testing.T) {
	folder := t.TempDir()
	base, _ := url.Parse("https://api.example/core/v1")
	shared := &wire{}
	var chains []*transport.Chain
	for range 2 {
		chains = append(chains, transport.New(transport.Options{
			Base: base, User: "invented", Key: "invented", RatePerDay: 20, Wire: shared,
			Store: state.New(folder, nil).Numbers("https://api.example/core/v1 invented"),
		}))
	}
	refused := 0
	for i := range 40 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		request, _ := http.NewRequestWithContext(ctx, http.MethodGet, base.String()+"/cases", nil)
		response, err := chains[i%2].RoundTrip(request)
		if err != nil {
			refused++
			continue
		}
		response.Body.Close()
	}
	// 18 requests and two logins.
	if shared.sent.Load() != 20 || refused != 22 {
		t.Errorf("%d requests went, %d were refused", shared.sent.Load(), refused)
	}
	for _, chain := range chains {
		if stats := chain.Stats(); stats.LastDay != 20 || stats.StoreErrors != 0 {
			t.Errorf("%+v", stats)
		}
	}
}
