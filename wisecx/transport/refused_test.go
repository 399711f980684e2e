package transport

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfterIsReadInBothForms(t *testing.T) {
	noon := time.Date(2026, 9, 9, 15, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"":                              0,
		"30":                            30 * time.Second,
		" 30 ":                          30 * time.Second,
		"0":                             0,
		"-5":                            0,
		"soon":                          0,
		"9999999999":                    24 * time.Hour,
		"Wed, 09 Sep 2026 15:01:00 GMT": time.Minute,
		"Wed, 09 Sep 2026 14:00:00 GMT": 0,
		"Wed, 09 Sep 2099 14:00:00 GMT": 24 * time.Hour,
	} {
		if got := RetryAfter(&http.Response{Header: http.Header{"Retry-After": {header}}}, noon); got != want {
			t.Errorf("%q is %s; want %s", header, got, want)
		}
	}
}
