package cases

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"websec.nl/gehoor/i18n"
)

// YAML is all settings, in the one form that Version is made of: by their fields in the order of the structs, and each text
// that could be taken for something else in double quotes. ParseProcedure reads it, and so does whoever wants to see what is
// in force.
func (p *Procedure) YAML() []byte {
	var b bytes.Buffer
	writeFields(&b, reflect.ValueOf(*p), "")
	return b.Bytes()
}

func writeFields(b *bytes.Buffer, settings reflect.Value, indent string) {
	for i := range settings.NumField() {
		name, option, _ := strings.Cut(settings.Type().Field(i).Tag.Get("yaml"), ",")
		value := settings.Field(i)
		if name == "" || name == "-" || option == "omitempty" && empty(value) {
			continue
		}
		b.WriteString(indent + name + ":")
		writeValue(b, value, indent)
	}
}

func empty(value reflect.Value) bool {
	if value.Kind() == reflect.Map || value.Kind() == reflect.Slice {
		return value.Len() == 0
	}
	return value.IsZero()
}

// writeValue writes what stands behind a name, to the end of its last line.
func writeValue(b *bytes.Buffer, value reflect.Value, indent string) {
	switch value.Kind() {
	case reflect.Struct:
		b.WriteByte('\n')
		writeFields(b, value, indent+"  ")
	case reflect.Map:
		b.WriteByte('\n')
		texts := value.Interface().(Texts)
		for _, l := range i18n.Languages {
			fmt.Fprintf(b, "%s  %s: %s\n", indent, l, quoted(texts[l]))
		}
	case reflect.Slice:
		writeList(b, value, indent)
	default:
		b.WriteString(" " + word(value) + "\n")
	}
}

func writeList(b *bytes.Buffer, all reflect.Value, indent string) {
	if all.Type().Elem().Kind() != reflect.Struct {
		words := make([]string, all.Len())
		for i := range words {
			words[i] = word(all.Index(i))
		}
		b.WriteString(" [" + strings.Join(words, ", ") + "]\n")
		return
	}
	if all.Len() == 0 {
		b.WriteString(" []\n")
		return
	}
	b.WriteByte('\n')
	for i := range all.Len() {
		var one bytes.Buffer
		writeFields(&one, all.Index(i), indent+"    ")
		b.WriteString(indent + "  - ")
		b.Write(one.Bytes()[len(indent)+4:])
	}
}

func word(value reflect.Value) string {
	switch value.Kind() {
	case reflect.Int:
		return strconv.FormatInt(value.Int(), 10)
	case reflect.Bool:
		return strconv.FormatBool(value.Bool())
	}
	return quoted(value.String())
}

var (
	unmistakable = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9/@._-]*( [A-Za-z0-9(][A-Za-z0-9/@._()-]*)*$`)
	reserved     = regexp.MustCompile(`^(?i:true|false|yes|no|on|off|y|n|null)$`)
)

// quoted is a text as YAML has it.
func quoted(text string) string {
	if unmistakable.MatchString(text) && !reserved.MatchString(text) {
		return text
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}
