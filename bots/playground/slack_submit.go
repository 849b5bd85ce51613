package playground

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
)

// Submit is a press of a form's button.
type Submit struct {
	Member string                                `json:"member"`
	View   string                                `json:"view"`   // default: the top one
	Values map[string]map[string]json.RawMessage `json:"values"` // what was filled in; what is left out is as it was
}

// Submit presses the button of the top form. Where Slack itself has something to say about a field, or the app has, that stands in the
// view's Errors, and the form stays. An error is what the person sees in the form: the app did not answer.
func (s *Slack) Submit(form Submit) error {
	s.mu.Lock()
	v, payload, err := s.submitPayload(form)
	s.mu.Unlock()
	if err != nil || payload == nil {
		return err
	}
	answer, err := s.interact(interaction(payload))
	if err != nil {
		return fmt.Errorf("Slack says in the form that something went wrong: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.afterSubmit(v, answer)
}

func (s *Slack) submitPayload(form Submit) (*view, object, error) {
	m, err := s.active(form.Member)
	if err != nil {
		return nil, nil, err
	}
	stack := s.stacks[m.ID]
	if len(stack) == 0 {
		return nil, nil, errors.New("no form is open")
	}
	v := stack[len(stack)-1]
	switch {
	case form.View != "" && form.View != v.id:
		return nil, nil, errors.New("another form lies on top of this one")
	case v.fields["submit"] == nil || string(v.fields["submit"]) == "null":
		return nil, nil, errors.New("this form has no button to send it with")
	}
	for block, actions := range form.Values {
		for action := range actions {
			if _, there := v.values[block][action]; !there {
				return nil, nil, fmt.Errorf("the form has no field %s in %s", action, block)
			}
		}
	}
	v.keep(s.withFiles(m.ID, form.Values))
	v.errors = v.check()
	s.shown()
	if len(v.errors) > 0 {
		return v, nil, nil
	}
	return v, object{
		"type": "view_submission", "team": s.team(), "user": s.user(m), "api_app_id": AppID, "token": "invented", "trigger_id": s.newTrigger(m.ID),
		"view": s.viewObject(v), "response_urls": []string{}, "is_enterprise_install": false, "enterprise": nil,
	}, nil
}

// afterSubmit does what the app answered: nothing closes the form. The caller holds the lock.
func (s *Slack) afterSubmit(v *view, raw []byte) error {
	var answer struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &answer); err != nil {
			return errors.New("Slack could not read the app's answer to the form")
		}
	}
	if s.views[v.id] == nil {
		return nil // closed meanwhile
	}
	switch answer.Action {
	case "":
		s.close(v.member, false)
	case "clear":
		s.close(v.member, true)
	case "errors":
		return s.showErrors(v, answer.Errors)
	case "update", "push":
		given, refused := s.readView(string(answer.View), "modal")
		if refused != nil {
			s.play.violated("slack view_submission", append([]string{refused.code}, refused.messages...))
			return fmt.Errorf("Slack did not accept the app's answer to the form: %s", strings.Join(append([]string{refused.code}, refused.messages...), "; "))
		}
		if answer.Action == "update" {
			s.replace(v, given)
			return nil
		}
		if len(s.stacks[v.member]) >= stackLimit {
			return errors.New("Slack does not lay a fourth form on the others")
		}
		s.putOnTop(v.member, given)
	default:
		s.play.violated("slack view_submission", []string{"unknown response_action"})
		return fmt.Errorf("Slack does not know the answer %q", answer.Action)
	}
	return nil
}

// showErrors puts the app's words beside the fields; only input blocks can show them.
func (s *Slack) showErrors(v *view, problems map[string]string) error {
	inputs := map[string]bool{}
	for _, block := range v.blocks() {
		if id, _ := block["block_id"].(string); block["type"] == "input" {
			inputs[id] = true
		}
	}
	for id := range problems {
		if !inputs[id] {
			s.play.violated("slack view_submission", []string{"errors for a block that is no input"})
			return fmt.Errorf("Slack can't show an error at block %s, which is no input", id)
		}
	}
	if len(problems) == 0 {
		return errors.New("Slack was told of errors, and of none")
	}
	v.errors = maps.Clone(problems)
	s.seeView(v)
	s.shown()
	return nil
}

// CloseView is a press of a form's close button.
type CloseView struct {
	Member string `json:"member"`
	View   string `json:"view"` // default: the top one
	All    bool   `json:"all"`  // the cross of the whole stack
}

// CloseView closes the top form. The app hears of it if it wanted to.
func (s *Slack) CloseView(c CloseView) error {
	s.mu.Lock()
	stack := s.stacks[c.Member]
	if len(stack) == 0 || c.View != "" && stack[len(stack)-1].id != c.View {
		s.mu.Unlock()
		return errors.New("this form is not on top")
	}
	top := stack[len(stack)-1]
	all := c.All || string(top.fields["clear_on_close"]) == "true"
	var told []*delivery
	for _, v := range s.close(c.Member, all) {
		if string(v.fields["notify_on_close"]) == "true" {
			told = append(told, interaction(object{
				"type": "view_closed", "team": s.team(), "user": s.user(s.member(c.Member)), "api_app_id": AppID, "token": "invented",
				"view": s.viewObject(v), "is_cleared": all, "is_enterprise_install": false, "enterprise": nil,
			}))
		}
	}
	s.mu.Unlock()
	for _, d := range told {
		if _, err := s.interact(d); err != nil {
			s.play.log.Debug("playground: view_closed was not acknowledged", "error", err)
		}
	}
	return nil
}
