package main

import (
	"context"
	"errors"
	"time"

	"websec.nl/gehoor/cases/s3"
)

// storageLimit bounds the look for the bucket at the start.
const storageLimit = 20 * time.Second

// storage opens the object storage for files; nil without settings of one. A bucket that is not there, or does not let us in, is
// a wrong setting. A storage that can't be reached now is waited for: files are fetched when it is back.
func (p *program) storage(ctx context.Context, s *storageSettings) (*s3.Bucket, error) {
	if s.Endpoint == "" {
		return nil, nil
	}
	bucket, err := s3.Open(s3.Config{Endpoint: s.Endpoint, Bucket: s.Bucket, Region: s.Region, Key: string(s.Key), Secret: string(s.Secret)})
	if err != nil {
		return nil, wrong("GEHOOR_S3_ENDPOINT", "is not right: %v", err)
	}
	ctx, cancel := context.WithTimeout(ctx, storageLimit)
	defer cancel()
	switch err := bucket.Check(ctx); {
	case errors.Is(err, s3.ErrNoBucket):
		return nil, wrong("GEHOOR_S3_BUCKET", "is %q, which the storage does not have; it must be made there first", s.Bucket)
	case errors.Is(err, s3.ErrRefused):
		return nil, wrong("GEHOOR_S3_KEY", "is refused by the storage, or GEHOOR_S3_SECRET is; they must belong together, and may put, get and delete objects in the bucket")
	case err != nil:
		p.log.Warn("the object storage can't be reached; files wait until it can", "err", err)
	}
	return bucket, nil
}
