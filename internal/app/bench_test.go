//go:build unix

package app

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// separateSimulator starts the simulator in a process of its own and gives its settings.
func separateSimulator(b *testing.B, flags ...string) func(string) (string, bool) {
	b.Helper()
	simulator := exec.Command(os.Args[0], append([]string{"sandbox"}, flags...)...)
	simulator.Env = append(os.Environ(), asProgram+"=1")
	out, err := simulator.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := simulator.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { simulator.Process.Kill(); simulator.Wait() })
	var pairs []string
	for lines := bufio.NewScanner(out); len(pairs) < 6 && lines.Scan(); {
		if name, value, found := strings.Cut(lines.Text(), "="); found {
			pairs = append(pairs, name, value)
		}
	}
	return environment(pairs...)
}

// BenchmarkSearchCases is a warm search_cases of 20 rows, from the line that a host writes to the line
// that it reads; cpu-ms/op is this process's processor time alone, user and system.
func BenchmarkSearchCases(b *testing.B) { benchmarkCall(b, "search_cases", `{}`) }

// BenchmarkGetCase is the same of one case with its conversation.
func BenchmarkGetCase(b *testing.B) { benchmarkCall(b, "get_case", `{"case_number":534787}`) }

// BenchmarkSearchMessages reads the conversations of 200 cases while each request takes 50 ms.
func BenchmarkSearchMessages(b *testing.B) {
	benchmarkCall(b, "search_messages", `{"text":["xyzzy"],"max_cases":200}`, "--latency", "50ms")
}

// BenchmarkWaiting reads the conversations of up to 500 unresolved cases while each request takes 50 ms.
func BenchmarkWaiting(b *testing.B) {
	benchmarkCall(b, "search_cases", `{"waiting_on":"us","waiting_longer_than":"24h"}`, "--latency", "50ms")
}

func benchmarkCall(b *testing.B, tool, arguments string, simulator ...string) {
	s, _, err := loadSettings(nil, separateSimulator(b, simulator...), nil)
	if err != nil {
		b.Fatal(err)
	}
	s.RatePerMinute, s.RatePerDay = 1e8, 1e9 // a benchmark does not keep to the pace that an account allows
	p, err := assemble(s, io.Discard, nil)
	if err != nil {
		b.Fatal(err)
	}
	line := json.RawMessage(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":%q,"arguments":%s}}`, tool, arguments))
	call := func() []byte {
		answer, err := json.Marshal(p.server.HandleMessage(b.Context(), line))
		if err != nil || !bytes.Contains(answer, []byte("structuredContent")) {
			b.Fatalf("%v: %s", err, answer)
		}
		return answer
	}
	for range 20 {
		if call(); len(simulator) > 0 {
			break // once is enough to know the directory
		}
	}
	runtime.GC()
	b.ReportAllocs()
	before, requests := processorTime(b), p.client.Stats().Sent
	for b.Loop() {
		call()
	}
	b.ReportMetric(float64(p.client.Stats().Sent-requests)/float64(b.N), "requests/op")
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

func processorTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkStart is from spawning the built program to the answer of tools/list, as the median of
// 20 starts, and its resident memory after that.
func BenchmarkStart(b *testing.B) {
	program := filepath.Join(b.TempDir(), "wisecx-mcp")
	if out, err := exec.Command("go", "build", "-trimpath", "-o", program, "wisecx-mcp").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	var took []time.Duration
	var memory []int
	for b.Loop() {
		for range 20 {
			d, kilobytes := startOnce(b, program)
			took, memory = append(took, d), append(memory, kilobytes)
		}
	}
	slices.Sort(took)
	slices.Sort(memory)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median/start")
	b.ReportMetric(float64(memory[len(memory)/2])/1024, "MB-resident")
	b.ReportMetric(0, "ns/op")
}

func startOnce(b *testing.B, program string) (time.Duration, int) {
	b.Helper()
	server := exec.Command(program)
	server.Env = []string{}
	in, err := server.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	started := time.Now()
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewReader(out)
	fmt.Fprintln(in, `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}`)
	if _, err := lines.ReadString('\n'); err != nil {
		b.Fatal(err)
	}
	fmt.Fprintln(in, `{"jsonrpc":"2.0","method":"notifications/initialized"}`)
	fmt.Fprintln(in, `{"jsonrpc":"2.0","id":2,"method":"tools/list"}`)
	answer, err := lines.ReadString('\n')
	if err != nil || !strings.Contains(answer, "search_cases") {
		b.Fatalf("%v: %s", err, answer)
	}
	took := time.Since(started)
	kilobytes := 0
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", server.Process.Pid))
	for line := range strings.SplitSeq(string(status), "\n") {
		fmt.Sscanf(line, "VmRSS: %d kB", &kilobytes)
	}
	in.Close()
	server.Wait()
	return took, kilobytes
}
