package conversation

import (
	"encoding"
	"reflect"
	"testing"
)

// Who goes on with a session that they kept themselves, and who reads it, are to go on alike: but for what Kept leaves out, all of it
// is written down.
func TestAllOfASessionIsWrittenDown(t *testing.T) {
	var check func(at string, of reflect.Type)
	check = func(at string, of reflect.Type) {
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			check(at, of.Elem())
		case reflect.Struct:
			if of.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
				return
			}
			for i := range of.NumField() {
				field := of.Field(i)
				if left := at == "Session" && field.Name == "asked"; left {
					continue
				}
				if !field.IsExported() || field.Tag.Get("json") == "-" {
					t.Errorf("%s.%s is not written down", at, field.Name)
				}
				check(at+"."+field.Name, field.Type)
			}
		}
	}
	check("Session", reflect.TypeFor[Session]())
	if kept := (Session{asked: asked{begin: "x"}}).Kept(); !reflect.DeepEqual(kept, Session{}) {
		t.Errorf("kept: %+v", kept)
	}
}
