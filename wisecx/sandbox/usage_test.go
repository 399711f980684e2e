package sandbox_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"wisecx-mcp/wisecx/sandbox"
)

func ExampleNew() {
	server := httptest.NewServer(sandbox.New(sandbox.Options{}))
	defer server.Close()

	request, _ := http.NewRequest("GET", server.URL+"/core/v1/cases/430357543", nil)
	request.Header.Set("x-api-key", sandbox.Key)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	fmt.Println(answer.StatusCode, string(body))
	// Output: 403 {"error":"Missing bearer token"}
}
