package main

import "github.com/prometheus/client_golang/prometheus"

// metrics are what this program tells about itself. None has a label that names a person or a case.
func metrics(p *program) []prometheus.Collector {
	counts := p.dispatcher.Counts()
	counter := func(name, help string, value func() int64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(value()) })
	}
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	return []prometheus.Collector{
		counter("gehoor_sent_total", "Messages that a platform took.", counts.Sent.Load),
		counter("gehoor_retried_total", "Sends that are tried again.", counts.Retried.Load),
		counter("gehoor_undelivered_total", "Messages that can't arrive.", counts.Undelivered.Load),
		gauge("gehoor_waiting", "Messages that wait in this process.", func() float64 { return float64(p.dispatcher.Waiting()) }),
		gauge("gehoor_sending", "1 in the one process that sends.", func() float64 {
			if p.dispatcher.Sending() {
				return 1
			}
			return 0
		}),
		gauge("gehoor_database_connections", "Connections to the database in use.", func() float64 {
			return float64(p.pool.Stat().AcquiredConns())
		}),
	}
}
