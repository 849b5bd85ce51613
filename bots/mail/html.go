package mail

import (
	_ "embed"
	"fmt"
	"html/template"
	"strings"
)

//go:embed letter.html
var page string

var pageTemplate = template.Must(template.New("letter").Funcs(template.FuncMap{
	"lines": func(words string) []string { return strings.Split(words, "\n") },
}).Parse(page))

// HTML is the letter as a page that loads nothing from anywhere.
func (l *Letter) HTML() (string, error) {
	var b strings.Builder
	if err := pageTemplate.Execute(&b, l); err != nil {
		return "", fmt.Errorf("write a letter in HTML: %w", err)
	}
	return b.String(), nil
}
