package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

// KeepProcedure keeps the settings in force under their version, so that what begins under them can go on under them when
// others are in force, and reads those of earlier versions, and who is away. It is called at the start of the program.
func (s *Store) KeepProcedure(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, `INSERT INTO procedure (version, yaml, since) VALUES ($1, $2, $3) ON CONFLICT (version) DO NOTHING`,
		s.procedure.Version, string(s.procedure.YAML()), s.Now())
	if err != nil {
		return fmt.Errorf("keep the settings of the procedure: %w", err)
	}
	rows, err := s.pool.Query(ctx, `SELECT version FROM procedure`)
	if err != nil {
		return fmt.Errorf("settings of the procedure: %w", err)
	}
	versions, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("settings of the procedure: %w", err)
	}
	for _, version := range versions {
		s.ProcedureOf(version)
	}
	_, err = s.Staff(ctx)
	return err
}

// lookUpLimit is how long looking up settings may take that are not known yet.
const lookUpLimit = 5 * time.Second

// ProcedureOf returns the settings of a version: what was promised under them, and asked, stays as it was. Who is of the
// committee, whom to turn to and where are as they are now. Where a version is not known, the settings in force take its place.
func (s *Store) ProcedureOf(version string) *cases.Procedure {
	if version == "" || version == s.procedure.Version {
		return s.procedure
	}
	if known, ok := s.versions.Load(version); ok {
		return known.(*cases.Procedure)
	}
	p, err := s.lookUp(version)
	switch {
	case err == nil:
	case errors.Is(err, pgx.ErrNoRows):
		s.log.Warn("the settings of a version are not known; those in force take their place", "version", version)
		p = s.procedure
	default:
		s.log.Error("the settings of a version can't be read; those in force take their place", "version", version, "err", err)
		return s.procedure
	}
	known, _ := s.versions.LoadOrStore(version, p)
	return known.(*cases.Procedure)
}

func (s *Store) lookUp(version string) (*cases.Procedure, error) {
	ctx, cancel := context.WithTimeout(context.Background(), lookUpLimit)
	defer cancel()
	var text string
	if err := s.pool.QueryRow(ctx, `SELECT yaml FROM procedure WHERE version = $1`, version).Scan(&text); err != nil {
		return nil, err
	}
	p, err := cases.ParseProcedure([]byte(text))
	if err != nil {
		return nil, err
	}
	now := s.procedure
	p.Version = version
	p.Organisation, p.Contact, p.Post, p.Email, p.Telephone = now.Organisation, now.Contact, now.Post, now.Email, now.Telephone
	p.Committee, p.Outside = now.Committee, now.Outside
	p.Limits.MegabytesAlong = now.Limits.MegabytesAlong // as much as the mail server takes
	return p, nil
}
