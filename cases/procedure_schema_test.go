package cases

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"websec.nl/gehoor/i18n"
)

// schema is a JSON Schema, as far as ours goes.
type schema map[string]any

func theSchema(t *testing.T) schema {
	t.Helper()
	var s schema
	if err := json.Unmarshal(ProcedureSchema, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// sub is a schema within s: of a property, of the elements of a list, of a definition.
func (s schema) sub(way ...string) schema {
	for _, name := range way {
		inner, _ := s[name].(map[string]any)
		s = inner
	}
	return s
}

func (s schema) strings(keyword string) (all []string) {
	list, _ := s[keyword].([]any)
	for _, one := range list {
		all = append(all, fmt.Sprint(one))
	}
	return all
}

// each visits all schemas within s, by the way that leads to them.
func (s schema) each(way string, visit func(way string, s schema)) {
	visit(way, s)
	for _, keyword := range []string{"properties", "$defs"} {
		for name := range s.sub(keyword) {
			s.sub(keyword, name).each(below(way, name), visit)
		}
	}
	if s["items"] != nil {
		s.sub("items").each(way+"[]", visit)
	}
}

func TestSchemaHasEverySettingAndNoOther(t *testing.T) {
	root := theSchema(t)
	var compare func(at string, s schema, of reflect.Type)
	compare = func(at string, s schema, of reflect.Type) {
		if ref, _ := s["$ref"].(string); ref != "" {
			s = merged(s, root.sub("$defs", ref[len("#/$defs/"):]))
		}
		want := map[reflect.Kind]string{reflect.Struct: "object", reflect.Map: "object", reflect.Slice: "array", reflect.Int: "integer", reflect.Bool: "boolean", reflect.String: "string"}[of.Kind()]
		if kind := fmt.Sprint(s["type"]); !strings.Contains(kind, want) && s["enum"] == nil && s["anyOf"] == nil {
			t.Errorf("%s is a %s in the schema, and %s in the settings", at, kind, want)
		}
		properties := slices.Sorted(maps.Keys(s.sub("properties")))
		switch of.Kind() {
		case reflect.Slice:
			compare(at+"[]", s.sub("items"), of.Elem())
		case reflect.Map:
			if !slices.Equal(properties, []string{"en", "nl"}) || len(i18n.Languages) != 2 {
				t.Errorf("%s has the languages %v in the schema", at, properties)
			}
		case reflect.Struct:
			if names := slices.Sorted(slices.Values(namesOf(of))); !slices.Equal(names, properties) {
				t.Errorf("%s has %v in the schema, and %v in the settings", at, properties, names)
			}
			if s["additionalProperties"] != false {
				t.Errorf("%s lets anything in", at)
			}
			for name, field := range fieldsOf(of) {
				compare(below(at, name), s.sub("properties", name), of.Field(field).Type)
			}
		}
	}
	compare("", root, reflect.TypeFor[Procedure]())
	root.each("", func(way string, s schema) {
		if description, _ := s["description"].(string); !strings.HasSuffix(way, "[]") && !strings.HasSuffix(description, ".") && way != "" {
			t.Errorf("%s has no description that is a sentence: %q", way, description)
		}
	})
}

func merged(a, b schema) schema {
	both := maps.Clone(b)
	maps.Copy(both, a)
	return both
}

func TestSchemaBoundsWhatTheProgramBounds(t *testing.T) {
	root := theSchema(t)
	at := func(setting string) (s schema) {
		s = root
		for name := range strings.SplitSeq(setting, ".") {
			s = s.sub("properties", name)
		}
		return s
	}
	p := DefaultProcedure()
	for _, b := range p.bounds() {
		if s := at(b.setting); s["minimum"] != float64(b.least) || s["maximum"] != float64(b.most) {
			t.Errorf("%s is from %d to %d; in the schema from %v to %v", b.setting, b.least, b.most, s["minimum"], s["maximum"])
		}
	}
	for _, l := range p.lines() {
		if s := at(l.setting); s["maxLength"] != float64(l.most) {
			t.Errorf("%s has room for %d characters, in the schema for %v", l.setting, l.most, s["maxLength"])
		}
	}
	question := at("questions").sub("items")
	for _, place := range []struct {
		s    schema
		want int
	}{
		{question.sub("properties", "ask", "additionalProperties"), MostQuestion},
		{question.sub("properties", "why", "additionalProperties"), MostQuestion},
		{question.sub("properties", "label", "additionalProperties"), MostButton},
		{question.sub("properties", "choices", "items", "properties", "label", "additionalProperties"), MostButton},
		{at("scope").sub("items", "properties", "text", "additionalProperties"), mostScope},
		{at("talk.parts").sub("items", "properties", "label", "additionalProperties"), mostPart},
	} {
		if place.s["maxLength"] != float64(place.want) {
			t.Errorf("room for %d, in the schema for %v", place.want, place.s["maxLength"])
		}
	}
	if at("questions")["maxItems"] != float64(mostQuestions) || at("scope")["maxItems"] != float64(mostScopes) ||
		question.sub("properties", "choices")["maxItems"] != float64(mostChoices) || root.sub("$defs", "members")["maxItems"] != float64(mostMembers) {
		t.Error("a list is longer in the schema")
	}
	if !slices.Equal(question.sub("if", "properties", "id").strings("enum"), BuiltInQuestions) {
		t.Error("the schema knows other questions")
	}
	for i, kind := range question.sub("properties", "kind").strings("enum") {
		if QuestionKinds[i] != QuestionKind(kind) {
			t.Errorf("the schema knows the kind %s", kind)
		}
	}
	if root.sub("$defs", "identifier")["pattern"] != identifier.String() {
		t.Error("the schema takes other identifiers")
	}
}

func TestFilesAreWhatTheSchemaSays(t *testing.T) {
	root := theSchema(t)
	for path, right := range map[string]bool{
		"procedure.yaml": true, "testdata/procedure/right.yaml": true, "testdata/procedure/doubtful.yaml": true,
		"testdata/procedure/wrong.yaml": false, "testdata/procedure/newer.yaml": false, "testdata/procedure/a-list.yaml": false,
	} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var value any
		if err := yaml.UnmarshalWithOptions(text, &value, yaml.AllowDuplicateMapKey()); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		v := validator{t, root}
		if wrong := v.wrong("", root, value); (wrong == "") != right {
			t.Errorf("%s: %q", path, wrong)
		}
	}
}

// validator holds values against a schema. It knows the words that ours has, and refuses any other.
type validator struct {
	t    *testing.T
	root schema
}

// wrong says what does not fit; empty where all does.
func (v validator) wrong(at string, s schema, value any) string {
	for keyword, says := range s {
		if wrong := v.one(at, s, keyword, says, value); wrong != "" {
			return wrong
		}
	}
	return ""
}

func (v validator) one(at string, s schema, keyword string, says, value any) string {
	object, _ := value.(map[string]any)
	array, _ := value.([]any)
	text, isText := value.(string)
	number, isNumber := asNumber(value)
	bad := ""
	fails := func(fails bool) {
		if fails {
			bad = fmt.Sprintf("%s: %v is not of %s %v", at, value, keyword, says)
		}
	}
	inner := func(name string, s schema, value any) {
		if bad == "" {
			bad = v.wrong(below(at, name), s, value)
		}
	}
	switch keyword {
	case "$schema", "$id", "$defs", "title", "description", "then", "else":
	case "type":
		fails(!slices.ContainsFunc(slices.Concat(s.strings("type"), []string{fmt.Sprint(says)}), func(kind string) bool { return isOf(kind, value) }))
	case "minimum":
		fails(isNumber && number < says.(float64))
	case "maximum":
		fails(isNumber && number > says.(float64))
	case "minLength":
		fails(isText && utf8.RuneCountInString(text) < int(says.(float64)))
	case "maxLength":
		fails(isText && utf8.RuneCountInString(text) > int(says.(float64)))
	case "pattern":
		fails(isText && !regexp.MustCompile(says.(string)).MatchString(text))
	case "enum":
		fails(!slices.Contains(s.strings("enum"), fmt.Sprint(value)))
	case "const":
		fails(says != value)
	case "minItems":
		fails(array != nil && len(array) < int(says.(float64)))
	case "maxItems":
		fails(len(array) > int(says.(float64)))
	case "uniqueItems":
		for i, one := range array {
			fails(slices.Contains(array[:i], one))
		}
	case "items":
		for i, one := range array {
			inner(fmt.Sprint(i+1), s.sub("items"), one)
		}
	case "required":
		for _, name := range s.strings("required") {
			_, there := object[name]
			fails(object != nil && !there)
		}
	case "properties":
		for name, one := range object {
			rule := s.sub("properties")[name]
			fails(rule == false)
			inner(name, s.sub("properties", name), one)
		}
	case "additionalProperties":
		for name, one := range object {
			_, known := s.sub("properties")[name]
			fails(!known && says == false)
			if !known {
				inner(name, s.sub("additionalProperties"), one)
			}
		}
	case "propertyNames":
		for name := range object {
			inner(name, s.sub("propertyNames"), name)
		}
	case "$ref":
		inner("", v.root.sub("$defs", says.(string)[len("#/$defs/"):]), value)
	case "anyOf":
		fails(!slices.ContainsFunc(says.([]any), func(one any) bool { return v.wrong(at, one.(map[string]any), value) == "" }))
	case "if":
		if v.wrong(at, s.sub("if"), value) == "" {
			inner("", s.sub("then"), value)
		} else {
			inner("", s.sub("else"), value)
		}
	default:
		v.t.Fatalf("the schema says %s, which this test does not know", keyword)
	}
	return bad
}

func asNumber(value any) (float64, bool) {
	of := reflect.ValueOf(value)
	switch {
	case of.CanInt():
		return float64(of.Int()), true
	case of.CanUint():
		return float64(of.Uint()), true
	}
	return 0, false
}

func isOf(kind string, value any) bool {
	_, number := asNumber(value)
	switch value.(type) {
	case map[string]any:
		return kind == "object"
	case []any:
		return kind == "array"
	case string:
		return kind == "string"
	case bool:
		return kind == "boolean"
	}
	return number && kind == "integer"
}
