package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"wisecx-mcp/internal/guard"
	"wisecx-mcp/internal/state"
)

// approve shows what waits for a person and takes yes or no.
func approve(_ context.Context, r *run) error {
	if len(r.args) != 1 {
		return errUsage
	}
	questions := state.New(r.settings.statePath(), nil).Approvals()
	text, until, err := questions.Get(r.args[0])
	switch {
	case errors.Is(err, state.ErrAnswered):
		return errors.New("this was answered already")
	case errors.Is(err, state.ErrNoQuestion):
		return errors.New("nothing waits under this token: it is mistyped, older than ten minutes, of another WISECX_STATE_DIR, or of a preview that needs no release")
	case err != nil:
		return err
	}
	var question string
	if err := json.Unmarshal(text, &question); err != nil {
		return err
	}
	fmt.Fprintf(r.Out, "%s\n\n", question)
	fmt.Fprintf(r.Out, "%s (%s) ", askWords[r.settings.Language], until.In(r.settings.Zone).Format("15:04"))
	answer, err := bufio.NewReader(io.LimitReader(r.In, 100)).ReadString('\n')
	if err != nil && answer == "" {
		return err
	}
	yes, known := yesOrNo(answer)
	if !known {
		return errors.New("neither yes nor no: nothing was decided, ask again with the same command")
	}
	if err := questions.Answer(r.args[0], yes); err != nil {
		return err
	}
	fmt.Fprintln(r.Out, answeredWords[r.settings.Language][yes])
	return nil
}

var askWords = map[string]string{"es": "¿Sí o no?", "pt": "Sim ou não?", "en": "Yes or no?"}

var answeredWords = map[string]map[bool]string{
	"es": {true: "autorizado: el asistente puede hacer la llamada ahora", false: "rechazado: no se hará"},
	"pt": {true: "autorizado: o assistente pode fazer a chamada agora", false: "recusado: não será feito"},
	"en": {true: "released: the assistant can make the call now", false: "refused: it will not happen"},
}

func yesOrNo(answer string) (yes, known bool) {
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes", "s", "si", "sí", "sim":
		return true, true
	case "n", "no", "não", "nao":
		return false, true
	}
	return false, false
}

// audit prints the audit log, a write a line, the oldest first.
func audit(ctx context.Context, r *run) error {
	log := state.New(r.settings.statePath(), func(words string) { slog.Warn(words) }).Audit()
	out := bufio.NewWriter(r.Out)
	defer out.Flush()
	open := map[string]guard.Line{}
	var order []string
	for text, err := range log.Lines(false) {
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var line guard.Line
		if json.Unmarshal(text, &line) != nil {
			continue
		}
		if line.Outcome == "" {
			open[line.ID] = line
			order = append(order, line.ID)
			continue
		}
		began := open[line.ID]
		delete(open, line.ID)
		r.printLine(out, line, began.Arguments)
	}
	for _, id := range order {
		if line, unfinished := open[id]; unfinished {
			line.Outcome = "not known: the server ended before the write did"
			r.printLine(out, line, line.Arguments)
		}
	}
	return nil
}

func (r *run) printLine(out io.Writer, line guard.Line, arguments json.RawMessage) {
	fmt.Fprintf(out, "%s  %-9s %-18s %s", line.At.In(r.settings.Zone).Format("2006-01-02 15:04:05"), line.Outcome, line.Tool, line.Object)
	if line.Seconds > 0 {
		fmt.Fprintf(out, "  %.1f s", line.Seconds)
	}
	if len(arguments) > 0 {
		fmt.Fprintf(out, "  %s", arguments)
	}
	fmt.Fprintln(out)
}
