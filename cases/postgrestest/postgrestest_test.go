package postgrestest_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases/postgrestest"
)

func TestMain(m *testing.M) {
	postgrestest.Main(m, func(ctx context.Context, url string) error {
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, "CREATE TABLE remark (text text NOT NULL); INSERT INTO remark VALUES ('from the template')")
		return err
	})
}

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	for n := range 8 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			pool := postgrestest.Pool(t)
			if _, err := pool.Exec(t.Context(), "INSERT INTO remark VALUES ($1)", fmt.Sprint(n)); err != nil {
				t.Fatal(err)
			}
			var count int
			if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM remark").Scan(&count); err != nil {
				t.Fatal(err)
			}
			if count != 2 {
				t.Errorf("%d remarks, want the template's and this test's own", count)
			}
		})
	}
}

func TestDatabaseIsGoneAfterTheTest(t *testing.T) {
	t.Parallel()
	var gone string
	t.Run("uses one", func(t *testing.T) {
		gone = postgrestest.URL(t)
		postgrestest.Conn(t, gone)
	})
	if conn, err := pgx.Connect(t.Context(), gone); err == nil {
		conn.Close(t.Context())
		t.Error("the database of a finished test is still there")
	}
}

func TestDurableServerFlushes(t *testing.T) {
	t.Parallel()
	for durable, want := range map[bool]string{true: "on", false: "off"} {
		conn := postgrestest.Conn(t, postgrestest.Server(t, durable).URL())
		var got string
		if err := conn.QueryRow(t.Context(), "SELECT current_setting('fsync')").Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("fsync is %s with durable %t, want %s", got, durable, want)
		}
	}
}

func BenchmarkURL(b *testing.B) {
	for range b.N {
		postgrestest.URL(b)
	}
}
