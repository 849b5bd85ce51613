package playground

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// The trimmed specifications that calls are held against. Where they come from stands in each file's "source" and in the licences
// beside them. A type reads "Integer|String!": alternatives, and ! where it is required.
//
//go:embed spec/telegram.json spec/slack.json
var specFiles embed.FS

type telegramSpec struct {
	Methods map[string]map[string]string `json:"methods"`
	Types   map[string]json.RawMessage   `json:"types"`

	objects map[string]map[string]string // field name to type
	unions  map[string][]string
}

type slackSpec struct {
	Methods map[string]slackMethodSpec `json:"methods"`
}

type slackMethodSpec struct {
	Tier   int               `json:"tier"`
	Args   map[string]string `json:"args"`
	Errors []string          `json:"errors"`
}

var telegramMethods = sync.OnceValue(func() *telegramSpec {
	spec := &telegramSpec{objects: map[string]map[string]string{}, unions: map[string][]string{}}
	readSpec("spec/telegram.json", spec)
	for name, raw := range spec.Types {
		var union string
		if json.Unmarshal(raw, &union) == nil {
			spec.unions[name] = strings.Split(union, "|")
			continue
		}
		var fields map[string]string
		if err := json.Unmarshal(raw, &fields); err != nil {
			panic(fmt.Errorf("read type %s of the Telegram specification: %w", name, err))
		}
		spec.objects[name] = fields
	}
	return spec
})

var slackMethods = sync.OnceValue(func() *slackSpec {
	spec := &slackSpec{}
	readSpec("spec/slack.json", spec)
	return spec
})

func readSpec(name string, into any) {
	raw, err := specFiles.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		panic(fmt.Errorf("read the embedded specification %s: %w", name, err))
	}
}

// check returns what of a call to a Bot API method is not in the specification: parameters it does not have, values of another type.
func (s *telegramSpec) check(method string, params *Params) []string {
	fields, ok := s.Methods[method]
	if !ok {
		return []string{"unknown method"}
	}
	var problems []string
	for _, p := range params.pairs {
		want, ok := fields[p.name]
		if !ok {
			problems = append(problems, "unknown parameter "+p.name)
			continue
		}
		problems = append(problems, s.checkText(p.name, want, p.value)...)
	}
	for _, f := range params.files {
		if _, ok := fields[f.field]; !ok {
			problems = append(problems, "unknown file parameter "+f.field)
		}
	}
	for name, want := range fields {
		if strings.HasSuffix(want, "!") && !params.Has(name) && params.file(name) == nil {
			problems = append(problems, "missing parameter "+name)
		}
	}
	slices.Sort(problems)
	return problems
}

// checkText checks a parameter as it arrives: a text that holds the value itself, or JSON for what is no string.
func (s *telegramSpec) checkText(path, want, text string) []string {
	alternatives := strings.Split(strings.TrimSuffix(want, "!"), "|")
	if slices.Contains(alternatives, "String") || slices.Contains(alternatives, "InputFile") {
		return nil
	}
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return []string{path + " is no " + strings.Join(alternatives, " or ")}
	}
	return s.checkValue(path, alternatives, value)
}

// checkValue returns the complaints of the alternative that has the fewest.
func (s *telegramSpec) checkValue(path string, alternatives []string, value any) []string {
	var best []string
	for i, alternative := range alternatives {
		problems := s.checkOne(path, alternative, value)
		if len(problems) == 0 {
			return nil
		}
		if i == 0 || len(problems) < len(best) {
			best = problems
		}
	}
	return best
}

func (s *telegramSpec) checkOne(path, want string, value any) []string {
	wrong := []string{path + " is no " + want}
	if item, ok := strings.CutPrefix(want, "Array of "); ok {
		list, ok := value.([]any)
		if !ok {
			return wrong
		}
		var problems []string
		for i, v := range list {
			problems = append(problems, s.checkOne(fmt.Sprintf("%s[%d]", path, i), item, v)...)
		}
		return problems
	}
	if members, ok := s.unions[want]; ok {
		return s.checkValue(path, members, value)
	}
	ok := true
	switch want {
	case "String":
		_, ok = value.(string)
	case "Integer":
		number, isNumber := value.(float64)
		ok = isNumber && number == float64(int64(number))
	case "Float":
		_, ok = value.(float64)
	case "Boolean", "True", "False":
		_, ok = value.(bool)
	default:
		fields, known := s.objects[want]
		object, isObject := value.(map[string]any)
		if !known || !isObject {
			return wrong
		}
		return s.checkObject(path, fields, object)
	}
	if !ok {
		return wrong
	}
	return nil
}

func (s *telegramSpec) checkObject(path string, fields map[string]string, object map[string]any) []string {
	var problems []string
	for name, value := range object {
		want, ok := fields[name]
		if !ok {
			problems = append(problems, "unknown field "+path+"."+name)
			continue
		}
		problems = append(problems, s.checkValue(path+"."+name, strings.Split(strings.TrimSuffix(want, "!"), "|"), value)...)
	}
	for name, want := range fields {
		if _, ok := object[name]; !ok && strings.HasSuffix(want, "!") {
			problems = append(problems, "missing field "+path+"."+name)
		}
	}
	slices.Sort(problems)
	return problems
}

// check returns the arguments that a Web API method does not have, and the required ones that are missing.
func (s *slackSpec) check(method string, args map[string]string) []string {
	m, ok := s.Methods[method]
	if !ok {
		return []string{"unknown method"}
	}
	var problems []string
	for name := range args {
		if _, ok := m.Args[name]; !ok && name != "token" {
			problems = append(problems, "unknown argument "+name)
		}
	}
	slices.Sort(problems)
	return problems
}
