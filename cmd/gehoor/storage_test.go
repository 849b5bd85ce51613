package main

import (
	"net/http"
	"strings"
	"testing"

	"websec.nl/gehoor/cases/postgrestest"
	"websec.nl/gehoor/cases/s3test"
)

func TestStorageThatIsNotRightIsOneLineAtTheStart(t *testing.T) {
	server := s3test.Start(t)
	database := postgrestest.URL(t)
	serve := func(changes ...string) (complaints string, status int) {
		settings := append([]string{
			"GEHOOR_DATABASE_URL=" + database, "GEHOOR_S3_ENDPOINT=" + server.Config().Endpoint, "GEHOOR_S3_BUCKET=" + s3test.Bucket,
			"GEHOOR_S3_KEY=" + s3test.Key, "GEHOOR_S3_SECRET=" + canary,
			"GEHOOR_TELEGRAM_API=http://127.0.0.1:1", "GEHOOR_SLACK_API=http://127.0.0.1:1/", "GEHOOR_SMTP_URL",
		}, changes...)
		_, complaints, status = gehoor(t, with(settings...), "serve")
		return complaints, status
	}
	for change, setting := range map[string]string{
		"GEHOOR_S3_BUCKET=another":  "GEHOOR_S3_BUCKET",
		"GEHOOR_S3_KEY=k-" + canary: "GEHOOR_S3_KEY",
	} {
		complaints, status := serve(change)
		said := complaints[strings.LastIndex(strings.TrimSpace(complaints), "\n")+1:] // after what is logged
		if status != 2 || !strings.HasPrefix(said, "gehoor: "+setting+" ") || strings.Contains(complaints, canary) {
			t.Errorf("%s: status %d, said %q", setting, status, complaints)
		}
	}
	// A storage that does not answer is waited for: the program goes on, until it finds that the address is not this machine's.
	server.Fail(func(string, string) int { return http.StatusServiceUnavailable })
	if complaints, _ := serve("GEHOOR_LISTEN=192.0.2.1:80"); strings.Contains(complaints, "gehoor: GEHOOR_S3") || !strings.Contains(complaints, "files wait until it can") {
		t.Errorf("said %q", complaints)
	}
}
