package main

import (
	"io"
	"log/slog"
)

// logger makes the log that the settings ask for.
func (l *logSettings) logger(to io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: l.level()}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}

func (l *logSettings) level() slog.Level {
	var level slog.Level
	// check has seen to it that this is a level
	_ = level.UnmarshalText([]byte(l.Level))
	return level
}

func (l *logSettings) check() error {
	switch l.Level {
	case "debug", "info", "warn", "error":
	default:
		return wrong("GEHOOR_LOG_LEVEL", "is %q, which is no level; it must be debug, info, warn or error", l.Level)
	}
	if l.Format != "text" && l.Format != "json" {
		return wrong("GEHOOR_LOG_FORMAT", "is %q, which is no format; it must be text or json", l.Format)
	}
	return nil
}
