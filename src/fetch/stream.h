/* SPDX-License-Identifier: ISC */
#ifndef FETCH_STREAM_H
#define FETCH_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <libetpan/libetpan.h>

#include "base/err.h"
#include "fetch/firewall.h"

/*
 * What libetpan reads from and writes to: the firewall over a pipe of bytes
 * (transport.h; memory in tests), with a hard end for every step and an ear
 * for the core while it waits.
 */
struct stream_pipe {
	void *arg;
	/* As transport_recv(), transport_send(), transport_fd(). */
	ssize_t (*recv)(void *arg, void *data, size_t size);
	ssize_t (*send)(void *arg, const void *data, size_t len);
	int (*fd)(void *arg);
};

/* Called while we wait and the core's socket has something; -1 = give up. */
typedef int stream_wake_fn(void *arg);

struct stream {
	struct stream_pipe pipe;
	struct firewall *fw;
	char *raw;
	int wake_fd; /* -1 = none */
	stream_wake_fn *wake;
	void *wake_arg;
	int64_t deadline_ms; /* clock_mono_ms(): nothing goes on after it */
	uint32_t stall_ms;   /* longest silence */
	mailstream_low_driver driver;
	bool failed;         /* nothing more can be read or written */
	struct err err;      /* why */
};

int stream_init(struct stream *s, const struct stream_pipe *pipe,
    struct err *err);
void stream_done(struct stream *s);

/* The driver for mailstream_new(); freed by mailstream_close(), which leaves
 * *s and the pipe alone.  NULL when memory is out. */
mailstream_low *stream_low(struct stream *s);

/* Waits for vetted bytes until the time, or until the core wakes us.
 * 1 = bytes are there, 0 = not, -1 = the stream has failed. */
int stream_wait(struct stream *s, int64_t until_ms);

#endif
