package cases

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"websec.nl/gehoor/i18n"
)

// reader puts what stands in a YAML file into settings. It knows of each setting on which line it stands, and goes on after
// what it can't read, so that all that is wrong is said at once.
type reader struct {
	*report
	anchors map[string]ast.Node
	lenient bool // what is not known is passed over
}

// read lets a YAML file override the settings that it mentions. A list or the sentences of one thing are replaced whole.
func (p *Procedure) read(text []byte, lenient bool) *report {
	r := reader{report: &report{lines: map[string]int{}}, anchors: map[string]ast.Node{}, lenient: lenient}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) {
		r.at("").wrong("the file is not in UTF-8; it must be saved as plain text in UTF-8")
		return r.report
	}
	file, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return r.report
	}
	var bodies []ast.Node
	for _, document := range file.Docs {
		if _, directive := document.Body.(*ast.DirectiveNode); document.Body != nil && !directive {
			bodies = append(bodies, document.Body)
		}
	}
	switch len(bodies) {
	case 0: // a file without settings overrides none
	case 1:
		ast.Walk(r, bodies[0])
		r.lines[""] = lineOf(bodies[0])
		r.value(bodies[0], reflect.ValueOf(p).Elem(), "")
	default:
		r.add(lineOf(bodies[1]), "", "a second document begins here; all settings must stand in one, without a line of ---")
	}
	return r.report
}

// syntax says where the file is no YAML.
func (r reader) syntax(err error) {
	line, what := 0, strings.Join(strings.Fields(err.Error()), " ")
	if told, ok := errors.AsType[yaml.Error](err); ok {
		what = told.GetMessage()
		if at := told.GetToken(); at != nil {
			line = at.Position.Line
		}
	}
	r.add(line, "", "this is no YAML: %s; look at the spaces before it, the colon after the name, and the quotes around the value", what)
}

// Visit remembers what an alias may stand for.
func (r reader) Visit(node ast.Node) ast.Visitor {
	if anchor, ok := node.(*ast.AnchorNode); ok {
		r.anchors[anchor.Name.GetToken().Value] = anchor.Value
	}
	return r
}

// plain is what a node stands for, without anchors, aliases and tags.
func (r reader) plain(node ast.Node) ast.Node {
	for range 10 { // an anchor within itself has no end
		switch n := node.(type) {
		case *ast.AnchorNode:
			node = n.Value
		case *ast.AliasNode:
			node = r.anchors[n.Value.GetToken().Value]
		case *ast.TagNode:
			node = n.Value
		default:
			return node
		}
	}
	return nil
}

func lineOf(node ast.Node) int {
	if node == nil || node.GetToken() == nil {
		return 0
	}
	if pairs := pairsOf(node); len(pairs) > 0 {
		node = pairs[0].Key
	}
	return node.GetToken().Position.Line
}

// value reads one node into a field of the settings, or says what it should have been.
func (r reader) value(node ast.Node, into reflect.Value, at string) {
	node = r.plain(node)
	if node == nil {
		r.at(at).wrong("it refers to what is not in the file; it must be %s", wanted(into))
		r.unread = append(r.unread, at)
		return
	}
	if _, null := node.(*ast.NullNode); null {
		r.nothing(into, at)
		return
	}
	switch into.Kind() {
	case reflect.Struct:
		r.fields(node, into, at)
	case reflect.Map:
		r.texts(node, into, at)
	case reflect.Slice:
		r.list(node, into, at)
	default:
		r.scalar(node, into, at)
	}
}

// nothing reads a setting that has a name and no value: no words, an empty list, or settings of which none is mentioned.
func (r reader) nothing(into reflect.Value, at string) {
	switch into.Kind() {
	case reflect.Struct:
		if strings.HasSuffix(at, "]") {
			r.at(at).wrong("nothing stands behind the dash; it must be %s", wanted(into))
			r.unread = append(r.unread, at)
		}
	case reflect.String, reflect.Map:
		into.SetZero()
	case reflect.Slice:
		into.Set(reflect.MakeSlice(into.Type(), 0, 0))
	default:
		r.at(at).wrong("there is no value; it must be %s, or not be mentioned", wanted(into))
	}
}

// wanted says in words what a field of the settings takes.
func wanted(into reflect.Value) string {
	switch into.Kind() {
	case reflect.Struct:
		return "settings with names, such as " + namesOf(into.Type())[0] + ": ..."
	case reflect.Map:
		return "a text for each language, such as nl: ..."
	case reflect.Slice:
		return "a list, each thing after a dash or all in square brackets"
	case reflect.Int:
		return "a whole number, such as 5"
	case reflect.Bool:
		return "true or false"
	}
	return "a text"
}

func (r reader) unfit(node ast.Node, into reflect.Value, at string) {
	is := "something else"
	switch n := node.(type) {
	case *ast.SequenceNode:
		is = "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		is = "settings with names"
	case *ast.StringNode, *ast.LiteralNode:
		is = fmt.Sprintf("the text %q", written(n))
	case ast.ScalarNode:
		is = fmt.Sprintf("%q", written(n))
	}
	r.at(at).wrong("%s can't stand here; it must be %s", is, wanted(into))
	r.unread = append(r.unread, at)
}

// pairsOf are the names and values of a node that has them.
func pairsOf(node ast.Node) []*ast.MappingValueNode {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	return nil
}

func isMapping(node ast.Node) bool {
	_, is := node.(ast.MapNode)
	return is
}

func (r reader) fields(node ast.Node, into reflect.Value, at string) {
	if !isMapping(node) {
		r.unfit(node, into, at)
		return
	}
	fields := fieldsOf(into.Type())
	r.pairs(node, at, func(name, setting string, value ast.Node) {
		if index, known := fields[name]; known {
			r.value(value, into.Field(index), setting)
		} else if !r.lenient {
			r.at(setting).wrong("there is no such setting here; it must be %s", meant(name, at, into.Type()))
		}
	})
}

// texts reads the words of each language.
func (r reader) texts(node ast.Node, into reflect.Value, at string) {
	if !isMapping(node) {
		r.unfit(node, into, at)
		return
	}
	all := Texts{}
	r.pairs(node, at, func(name, setting string, value ast.Node) {
		if !i18n.Language(name).Valid() {
			if !r.lenient {
				r.at(setting).wrong("%q is no language that we speak; it must be %s", name, languages("or"))
			}
			return
		}
		var words string
		r.value(value, reflect.ValueOf(&words).Elem(), setting)
		all[i18n.Language(name)] = words
	})
	into.Set(reflect.ValueOf(all))
}

// pairs visits the names and values of a node, and says which names stand there twice.
func (r reader) pairs(node ast.Node, at string, visit func(name, setting string, value ast.Node)) {
	seen := map[string]int{}
	for _, pair := range pairsOf(node) {
		name := pair.Key.GetToken().Value
		line, setting := pair.Key.GetToken().Position.Line, below(at, name)
		if first, twice := seen[name]; twice {
			r.add(line, setting, "it stands on line %d already; it must stand in one place", first)
			continue
		}
		seen[name] = line
		r.lines[setting] = line
		visit(name, setting, pair.Value)
	}
}

// list reads a list anew: what was in it before is gone.
func (r reader) list(node ast.Node, into reflect.Value, at string) {
	sequence, is := node.(*ast.SequenceNode)
	if !is {
		r.unfit(node, into, at)
		return
	}
	ids := make([]string, len(sequence.Values))
	for i, value := range sequence.Values {
		for _, pair := range pairsOf(r.plain(value)) {
			if pair.Key.GetToken().Value == "id" {
				ids[i] = strings.TrimSpace(written(r.plain(pair.Value)))
			}
		}
	}
	all := reflect.MakeSlice(into.Type(), len(sequence.Values), len(sequence.Values))
	for i, setting := range elements(at, ids) {
		r.lines[setting] = lineOf(sequence.Values[i])
		r.value(sequence.Values[i], all.Index(i), setting)
	}
	into.Set(all)
}

// scalar reads a word or a number. What YAML takes for a number is a text where a text belongs: a telephone number needs no
// quotes.
func (r reader) scalar(node ast.Node, into reflect.Value, at string) {
	if _, is := node.(ast.ScalarNode); !is {
		r.unfit(node, into, at)
		return
	}
	switch n := node.(type) {
	case *ast.IntegerNode:
		if value, fits := n.Value.(uint64); into.Kind() == reflect.Int && fits && value <= 1<<53 {
			into.SetInt(int64(value))
			return
		}
		if value, fits := n.Value.(int64); into.Kind() == reflect.Int && fits {
			into.SetInt(value)
			return
		}
	case *ast.BoolNode:
		if into.Kind() == reflect.Bool {
			into.SetBool(n.Value)
			return
		}
	}
	if into.Kind() != reflect.String {
		r.unfit(node, into, at)
		return
	}
	into.SetString(strings.TrimSpace(written(node)))
}

// written is a word or a number as it stands in the file.
func written(node ast.Node) string {
	switch n := node.(type) {
	case nil:
		return ""
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	}
	return node.GetToken().Value
}
