// Package s3 keeps content in a bucket of an object storage that speaks as Amazon's S3 does. It is handed sealed content and
// random names, and knows what neither is for.
package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Config says how to reach a bucket.
type Config struct {
	Endpoint string // address of the storage: http or https, a host and perhaps a port
	Bucket   string
	Region   string // empty: us-east-1, which storages take that have no regions
	Key      string // the access key, which is a name
	Secret   string // the secret key
}

// Bucket is a bucket of an object storage. It is safe for use by many goroutines.
type Bucket struct {
	client minio.Core
	name   string
}

// What Check finds.
var (
	ErrNoBucket = errors.New("there is no such bucket")
	ErrRefused  = errors.New("the storage refuses these keys")
)

// tries is how often a request is made that can be made again.
const tries = 3

// Open returns a bucket. It does not reach out for it: Check does.
func Open(cfg Config) (*Bucket, error) {
	at, err := url.Parse(cfg.Endpoint)
	if err != nil || at.Host == "" || strings.Trim(at.Path, "/") != "" {
		return nil, errors.New("the address of an object storage must be http or https, a host and perhaps a port")
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout, transport.DisableCompression = time.Minute, true
	client, err := minio.NewCore(at.Host, &minio.Options{
		Creds: credentials.NewStaticV4(cfg.Key, cfg.Secret, ""), Secure: at.Scheme == "https", Region: cfg.Region,
		Transport: transport, MaxRetries: tries,
	})
	if err != nil {
		return nil, fmt.Errorf("object storage: %w", err)
	}
	return &Bucket{client: *client, name: cfg.Bucket}, nil
}

// Check says whether the bucket is there and lets us in: nil, ErrNoBucket, ErrRefused, or that the storage can't be reached.
func (b *Bucket) Check(ctx context.Context) error {
	there, err := b.client.BucketExists(ctx, b.name)
	var said minio.ErrorResponse
	switch {
	case err == nil && there:
		return nil
	case err == nil:
		return ErrNoBucket
	case errors.As(err, &said) && (said.StatusCode == http.StatusForbidden || said.StatusCode == http.StatusUnauthorized):
		return ErrRefused
	}
	return fmt.Errorf("look for the bucket: %w", err)
}

// Put keeps size bytes under a name, all or nothing.
func (b *Bucket) Put(ctx context.Context, name string, content io.Reader, size int64) error {
	// In one request, whatever its size: one that is cut off leaves no parts behind, which nobody would find again.
	_, err := b.client.Client.PutObject(ctx, b.name, name, content, size, minio.PutObjectOptions{
		ContentType: "application/octet-stream", DisableMultipart: true,
	})
	if err != nil {
		return fmt.Errorf("put an object: %w", err)
	}
	return nil
}

// Get is what is kept under a name.
func (b *Bucket) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	content, _, _, err := b.client.GetObject(ctx, b.name, name, minio.GetObjectOptions{})
	if err != nil {
		return nil, fmt.Errorf("get an object: %w", err)
	}
	return content, nil
}

// Delete removes what is kept under a name. That there is nothing is no error.
func (b *Bucket) Delete(ctx context.Context, name string) error {
	err := b.client.RemoveObject(ctx, b.name, name, minio.RemoveObjectOptions{})
	if err != nil && minio.ToErrorResponse(err).Code != minio.NoSuchKey {
		return fmt.Errorf("remove an object: %w", err)
	}
	return nil
}
