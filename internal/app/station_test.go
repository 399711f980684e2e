package app

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"wisecx-mcp/wisecx/sandbox"
)

// station is the program between a host in this process and a simulated service.
type station struct {
	t       *testing.T
	api     *sandbox.API
	service *httptest.Server

	room    chan struct{} // holds one for each call without an answer
	mu      sync.Mutex    // guards what follows
	write   io.Writer
	asked   int
	waiting map[string]waiting // by id
}

// waiting is a call without an answer.
type waiting struct {
	question
	tell func(reply)
}

// startStation starts the program for a service that listens there. wire is how the program reaches it; nil means
// the network.
func startStation(t *testing.T, listener net.Listener, wire http.RoundTripper) *station {
	t.Helper()
	now := time.Now()
	ended := make(chan error, 1)
	s := &station{
		t: t, api: sandbox.New(sandbox.Options{Seed: stormSeed, Cases: 1000, Now: func() time.Time { return now }}),
		room: make(chan struct{}, outstanding), waiting: map[string]waiting{},
	}
	s.service = &httptest.Server{Listener: listener, Config: &http.Server{Handler: s.api}}
	s.service.Start()
	t.Cleanup(s.service.Close)
	settings, _, err := loadSettings(nil, environment("WISECX_BASE_URL", s.service.URL, "WISECX_API_KEY", sandbox.Key, "WISECX_USER", sandbox.User, "WISECX_STATE_DIR", t.TempDir()), nil)
	if err != nil {
		t.Fatal(err)
	}
	settings.RatePerMinute, settings.RatePerDay = 1e8, 1e9 // the pace that an account allows is another matter
	p, err := assemble(settings, io.Discard, wire)
	if err != nil {
		t.Fatal(err)
	}
	inReader, in := io.Pipe()
	outReader, out := io.Pipe()
	s.write = in
	go func() {
		err := converse(context.Background(), p.server, slog.New(slog.DiscardHandler), inReader, out)
		inReader.Close()
		out.Close()
		ended <- err
	}()
	go s.listen(outReader)
	t.Cleanup(func() {
		in.Close()
		if err := <-ended; err != nil {
			t.Errorf("the conversation ends with %v", err)
		}
	})
	return s
}

// ask sends a call as soon as fewer than the allowed number are outstanding. tell hears what came, one at a time.
func (s *station) ask(q question, tell func(reply)) {
	s.room <- struct{}{}
	s.mu.Lock()
	s.asked++
	id := strconv.Itoa(s.asked)
	s.waiting[id] = waiting{q, tell}
	s.mu.Unlock()
	if _, err := fmt.Fprintf(s.write, `{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":%q,"arguments":%s}}`+"\n", id, q.tool, q.arguments); err != nil {
		s.t.Error(err)
	}
}

// listen reads the answers. One that nobody waits for was given twice, or never asked for.
func (s *station) listen(out io.Reader) {
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var message struct{ ID json.RawMessage }
		_ = json.Unmarshal(line, &message)
		s.mu.Lock()
		w, waits := s.waiting[string(message.ID)]
		delete(s.waiting, string(message.ID))
		s.mu.Unlock()
		if !waits {
			s.t.Errorf("nobody waits for %.300q", line)
			continue
		}
		w.tell(w.read(line))
		<-s.room
	}
}

// settle waits until every call has its answer.
func (s *station) settle() {
	for range outstanding {
		s.room <- struct{}{}
	}
	for range outstanding {
		<-s.room
	}
}

// footprint is what is there when nothing is under way: goroutines and bytes of heap.
func (s *station) footprint() (int, uint64) {
	s.service.CloseClientConnections()
	synctest.Wait()
	runtime.GC()
	runtime.GC() // what sync.Pools hold goes with the second
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return runtime.NumGoroutine(), memory.HeapAlloc
}

// countingListener counts the connections that are opened.
type countingListener struct {
	net.Listener
	accepted atomic.Int64
}

func (l *countingListener) Accept() (net.Conn, error) {
	connection, err := l.Listener.Accept()
	if err == nil {
		l.accepted.Add(1)
	}
	return connection, err
}

// memoryListener is a network within this process: on a real one, a bubble's clock does not go on.
type memoryListener struct {
	dialled chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func (l *memoryListener) Accept() (net.Conn, error) {
	select {
	case connection := <-l.dialled:
		return connection, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *memoryListener) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *memoryListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (l *memoryListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.dialled <- far:
		return near, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
