package mail

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Security is how the way to a mail server is closed to others.
type Security string

// The ways.
const (
	STARTTLS Security = "starttls" // required: a server that does not offer it is not used
	TLS      Security = "tls"      // from the first byte
	Clear    Security = "none"     // only where one was told so, or on this very machine
)

// Server is a mail server that takes letters for delivery.
type Server struct {
	Host     string
	Port     int
	User     string // empty: the server asks for no name
	Password string
	Security Security
}

// ParseServer reads an address such as smtp://user:password@host:587, which requires STARTTLS (but not of a server on this
// very machine), smtp://host:25?tls=none, which sends in the clear, or smtps://user:password@host:465. A user's or
// password's own @, : and / are written as %40, %3A and %2F. Its errors repeat nothing of the address.
func ParseServer(address string) (Server, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return Server{}, errors.New("is not the address of a mail server (in a user or password, @ is written as %40, : as %3A, / as %2F and % as %25)")
	}
	s := Server{Host: parsed.Hostname(), User: parsed.User.Username()}
	s.Password, _ = parsed.User.Password()
	usual := 587
	switch parsed.Scheme {
	case "smtp":
		s.Security = STARTTLS
		if s.loopback() {
			s.Security = Clear
		}
	case "smtps":
		s.Security, usual = TLS, 465
	default:
		return Server{}, errors.New("does not begin with smtp:// or smtps://")
	}
	switch {
	case s.Host == "":
		return Server{}, errors.New("names no host")
	case strings.Trim(parsed.Path, "/") != "" || parsed.Fragment != "":
		return Server{}, errors.New("has something behind the host and port that does not belong there (in a user or password, / is written as %2F, # as %23 and ? as %3F)")
	case s.Password != "" && s.User == "":
		return Server{}, errors.New("has a password but no user")
	}
	s.Port = usual
	if port := parsed.Port(); port != "" {
		if s.Port, err = strconv.Atoi(port); err != nil || s.Port < 1 || s.Port > 65535 {
			return Server{}, errors.New("has a port that is none")
		}
	}
	return s, s.options(parsed.RawQuery)
}

// options reads what stands behind the question mark.
func (s *Server) options(query string) error {
	options, err := url.ParseQuery(query)
	if err != nil {
		return errors.New("has options that can't be read")
	}
	for name, values := range options {
		if name != "tls" || len(values) != 1 {
			return errors.New("has an option other than tls")
		}
		switch told := Security(values[0]); told {
		case Clear, STARTTLS:
			if s.Security == TLS {
				return errors.New("begins with smtps, which is TLS from the first byte, and asks for another")
			}
			s.Security = told
		case TLS:
			s.Security = TLS
		default:
			return errors.New("has an option tls that is none of starttls, tls and none")
		}
	}
	return nil
}

func (s *Server) loopback() bool {
	return s.Host == "localhost" || net.ParseIP(s.Host).IsLoopback()
}
