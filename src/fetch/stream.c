/* SPDX-License-Identifier: ISC */
#include "fetch/stream.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "base/clock.h"

#define RAW_BYTES 65536

int
stream_init(struct stream *s, const struct stream_pipe *pipe, struct err *err)
{
	*s = (struct stream){.pipe = *pipe, .wake_fd = -1};
	s->raw = malloc(RAW_BYTES);
	if (s->raw == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory for a connection");
	if (firewall_new(&s->fw, err) < 0) {
		stream_done(s);
		return -1;
	}
	return 0;
}

void
stream_done(struct stream *s)
{
	firewall_free(&s->fw);
	free(s->raw);
	s->raw = NULL;
	s->failed = true;
}

static int
fail(struct stream *s, const char *what)
{
	if (!s->failed)
		(void)err_set(&s->err, ERR_LATER, ERR_OWN, 0, "%s", what);
	s->failed = true;
	return -1;
}

/* One poll of the connection and the core's socket.  1 = the connection has
 * something, 0 = it has not (the core may have woken us: *woken_out). */
static int
wait_both(struct stream *s, short events, int64_t ms, bool *woken_out)
{
	struct pollfd p[2] = {{s->pipe.fd(s->pipe.arg), events, 0},
	    {s->wake_fd, POLLIN, 0}};
	int n = poll(p, 2, ms > INT32_MAX ? INT32_MAX : (int)ms);

	*woken_out = false;
	if (n < 0)
		return errno == EINTR ? 0 : fail(s, "poll failed");
	if (p[1].revents != 0) {
		*woken_out = true;
		if (s->wake(s->wake_arg) < 0)
			return fail(s, "told to stop");
	}
	return p[0].revents != 0;
}

/* Waits inside a command: an end of patience is a failure. */
static int
wait_step(struct stream *s, short events, int64_t since_ms)
{
	int64_t now = clock_mono_ms();
	int64_t left = s->deadline_ms - now;
	int64_t quiet = since_ms + s->stall_ms - now;
	bool woken;

	if (quiet <= 0)
		return fail(s, "the server stopped answering");
	if (left <= 0)
		return fail(s, "the server answers too slowly");
	return wait_both(s, events, left < quiet ? left : quiet, &woken);
}

/* Raw bytes into the firewall.  1 = some, 0 = none now, -1 = it is over. */
static int
pull(struct stream *s)
{
	ssize_t n = s->pipe.recv(s->pipe.arg, s->raw, RAW_BYTES);

	if (n < 0)
		return fail(s, "the server closed the connection");
	if (n > 0)
		firewall_feed(s->fw, s->raw, (size_t)n);
	return n > 0;
}

static ssize_t
low_read(mailstream_low *low, void *data, size_t size)
{
	struct stream *s = low->data;
	int64_t since_ms = clock_mono_ms();
	ssize_t n;
	int r;

	/* Exactly -1 at the end: on 0 libetpan reads for ever, on another
	 * negative it writes out of bounds. */
	while (!s->failed) {
		n = firewall_take(s->fw, data, size, &s->err);
		if (n > 0)
			return n;
		if (n < 0) {
			s->failed = true;
			break;
		}
		/* Ask first, wait then: TLS may hold decrypted bytes. */
		r = pull(s);
		if (r > 0)
			since_ms = clock_mono_ms();
		else if (r == 0)
			(void)wait_step(s, POLLIN, since_ms);
	}
	return -1;
}

static ssize_t
low_write(mailstream_low *low, const void *data, size_t len)
{
	struct stream *s = low->data;
	int64_t since_ms = clock_mono_ms();
	ssize_t n;

	while (!s->failed) {
		n = s->pipe.send(s->pipe.arg, data, len);
		if (n > 0)
			return n;
		if (n < 0)
			(void)fail(s, "the server closed the connection");
		else
			(void)wait_step(s, POLLOUT, since_ms);
	}
	return -1;
}

static int
low_close(mailstream_low *low)
{
	(void)low;
	return 0;
}

static int
low_fd(mailstream_low *low)
{
	struct stream *s = low->data;

	return s->pipe.fd(s->pipe.arg);
}

static void
low_free(mailstream_low *low)
{
	free(low);
}

mailstream_low *
stream_low(struct stream *s)
{
	s->driver = (mailstream_low_driver){.mailstream_read = low_read,
	    .mailstream_write = low_write, .mailstream_close = low_close,
	    .mailstream_get_fd = low_fd, .mailstream_free = low_free};
	return mailstream_low_new(s, &s->driver);
}

int
stream_wait(struct stream *s, int64_t until_ms)
{
	bool woken = false;
	int64_t left;
	int r = 0;

	while (!s->failed && !woken) {
		r = firewall_ready(s->fw, &s->err);
		if (r != 0) {
			s->failed |= r < 0;
			return r;
		}
		r = pull(s);
		if (r != 0)
			continue;
		left = until_ms - clock_mono_ms();
		if (left <= 0)
			return 0;
		(void)wait_both(s, POLLIN, left, &woken);
	}
	return s->failed ? -1 : 0;
}
