/* SPDX-License-Identifier: ISC */
#include "send/talk.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/limits.h"

/* A reply with more lines than this is no reply. */
#define MAX_REPLY_LINES 1000

void
talk_begin(struct talk *t, CURL *curl)
{
	t->curl = curl;
	t->fd = CURL_SOCKET_BAD;
	(void)curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &t->fd);
	t->rc = CURLE_OK;
	t->skips = false;
	t->from = t->len = t->n_out = 0;
}

/* "250-SIZE 52428800", "250 PIPELINING". */
static bool
offers(const char *line, size_t len, const char *keyword)
{
	size_t n = strlen(keyword);

	return len >= 4 + n && strncasecmp(line + 4, keyword, n) == 0 &&
	    (len == 4 + n || strchr(" \r\n", line[4 + n]) != NULL);
}

void
talk_ehlo_line(struct talk *t, const char *line, size_t len)
{
	t->pipelining |= offers(line, len, "PIPELINING");
	t->size |= offers(line, len, "SIZE");
}

/* ---- bytes -------------------------------------------------------------- */

static CURLcode
wait_for(struct talk *t, short events)
{
	struct pollfd p = {.fd = t->fd, .events = events};
	int64_t left_ms;
	int n;

	do {
		left_ms = t->end_ms - clock_mono_ms();
		if (left_ms <= 0)
			return CURLE_OPERATION_TIMEDOUT;
		n = poll(&p, 1, left_ms > INT32_MAX ? INT32_MAX
						    : (int)left_ms);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return CURLE_RECV_ERROR;
	return n > 0 ? CURLE_OK : CURLE_OPERATION_TIMEDOUT;
}

/* Adds to t->in what has come; CURLE_AGAIN when nothing has. */
static CURLcode
take_in(struct talk *t)
{
	size_t n = 0;
	CURLcode rc;

	if (t->from > 0)
		memmove(t->in, t->in + t->from, t->len - t->from);
	t->len -= t->from;
	t->from = 0;
	rc = curl_easy_recv(
	    t->curl, t->in + t->len, sizeof(t->in) - t->len, &n);
	t->len += n;
	if (rc == CURLE_AGAIN || (rc == CURLE_OK && n > 0))
		return rc;
	return CURLE_RECV_ERROR; /* the end, too */
}

bool
talk_is_quiet(struct talk *t)
{
	return t->from == t->len && take_in(t) == CURLE_AGAIN;
}

static void
flush(struct talk *t)
{
	size_t n;

	for (size_t at = 0; t->rc == CURLE_OK && at < t->n_out; at += n) {
		n = 0;
		t->rc =
		    curl_easy_send(t->curl, t->out + at, t->n_out - at, &n);
		if (t->rc == CURLE_AGAIN)
			t->rc = wait_for(t, POLLOUT);
		else if (t->rc != CURLE_OK)
			t->rc = CURLE_SEND_ERROR;
	}
	t->n_out = 0;
}

static void
put(struct talk *t, const char *data, size_t len)
{
	size_t n;

	for (; len > 0 && t->rc == CURLE_OK; data += n, len -= n) {
		n = sizeof(t->out) - t->n_out;
		if (n > len)
			n = len;
		memcpy(t->out + t->n_out, data, n);
		t->n_out += n;
		if (t->n_out == sizeof(t->out))
			flush(t);
	}
}

static void
say(struct talk *t, const char *text)
{
	put(t, text, strlen(text));
}

/* ---- replies ------------------------------------------------------------ */

enum heard { HEARD_NOTHING, HEARD_LINE, HEARD_REPLY };

/* The next line at t->in into t->reply.  The rest of one that does not fit is
 * dropped. */
static enum heard
take_line(struct talk *t)
{
	const char *line = t->in + t->from;
	size_t left = t->len - t->from, len;
	const char *end = memchr(line, '\n', left);
	bool skips = t->skips;

	if (end == NULL && left < sizeof(t->in))
		return HEARD_NOTHING;
	len = end != NULL ? (size_t)(end - line) + 1 : left;
	t->from += len;
	t->skips = end == NULL;
	return !skips && answer_add_line(&t->reply, line, len) ? HEARD_REPLY
							       : HEARD_LINE;
}

/* Waits for the reply to `step`; t->rc is CURLE_OK whatever it says. */
static void
hear(struct talk *t, enum reply_step step)
{
	enum heard heard = HEARD_NOTHING;
	unsigned lines = 0;

	if (t->rc != CURLE_OK)
		return;
	t->step = step;
	answer_clear(&t->reply);
	while (t->rc == CURLE_OK && heard != HEARD_REPLY) {
		heard = take_line(t);
		if (heard == HEARD_NOTHING) {
			t->rc = take_in(t);
			if (t->rc == CURLE_AGAIN)
				t->rc = wait_for(t, POLLIN);
		} else if (++lines > MAX_REPLY_LINES) {
			answer_clear(&t->reply);
			t->rc = CURLE_WEIRD_SERVER_REPLY;
		}
	}
}

static void
expect(struct talk *t, enum reply_step step, int least, int most)
{
	hear(t, step);
	if (t->rc == CURLE_OK &&
	    (t->reply.code < least || t->reply.code > most))
		t->rc = CURLE_WEIRD_SERVER_REPLY;
}

/* A server that hangs up in the midst of what we say may have said why. */
static void
last_words(struct talk *t)
{
	enum heard heard;

	if (t->rc != CURLE_SEND_ERROR)
		return;
	do
		heard = take_line(t);
	while (heard == HEARD_LINE ||
	    (heard == HEARD_NOTHING && take_in(t) == CURLE_OK));
	if (heard == HEARD_REPLY && t->reply.code >= 400)
		t->rc = CURLE_WEIRD_SERVER_REPLY;
	else
		answer_clear(&t->reply);
}

/* ---- what is said ------------------------------------------------------- */

static void
begin(struct talk *t, enum reply_step step)
{
	t->rc = CURLE_OK;
	t->sent_all = false;
	t->step = step;
	answer_clear(&t->reply);
}

/* One command of several that may leave together. */
static void
command(struct talk *t, enum reply_step step)
{
	if (t->pipelining)
		return;
	flush(t);
	expect(t, step, 200, 299);
}

/* MAIL, RCPT and DATA up to 354. */
static void
envelope(struct talk *t, const struct talk_letter *l)
{
	char size[32] = "";

	if (t->size)
		(void)snprintf(size, sizeof(size), " SIZE=%zu", l->len);
	say(t, "MAIL FROM:<");
	say(t, l->mail_from);
	say(t, ">");
	say(t, size);
	say(t, "\r\n");
	command(t, REPLY_MAIL);
	say(t, "RCPT TO:<");
	say(t, l->rcpt_to);
	say(t, ">\r\n");
	command(t, REPLY_RCPT);
	say(t, "DATA\r\n");
	flush(t);
	if (t->pipelining) {
		expect(t, REPLY_MAIL, 200, 299);
		expect(t, REPLY_RCPT, 200, 299);
	}
	expect(t, REPLY_DATA, 354, 354);
}

/* Lines with a dot in front get a second one (RFC 5321 4.5.2). */
static void
body(struct talk *t, const char *data, size_t len)
{
	bool ends = len >= 2 && memcmp(data + len - 2, "\r\n", 2) == 0;
	const char *end = data + len, *line = data, *lf;

	for (; line < end; line = lf + 1) {
		if (*line == '.') {
			put(t, data, (size_t)(line - data));
			say(t, ".");
			data = line;
		}
		lf = memchr(line, '\n', (size_t)(end - line));
		if (lf == NULL)
			break;
	}
	put(t, data, (size_t)(end - data));
	say(t, ends ? ".\r\n" : "\r\n.\r\n");
	flush(t);
}

CURLcode
talk_letter(struct talk *t, const struct talk_letter *l)
{
	begin(t, REPLY_MAIL);
	envelope(t, l);
	if (t->rc == CURLE_OK) {
		t->step = REPLY_DOT;
		answer_clear(&t->reply);
		body(t, l->data, l->len);
		t->sent_all = t->rc == CURLE_OK;
	}
	last_words(t);
	expect(t, REPLY_DOT, 250, 250);
	return t->rc;
}

CURLcode
talk_check(struct talk *t)
{
	begin(t, REPLY_CHECK);
	say(t, "NOOP\r\n");
	flush(t);
	expect(t, REPLY_CHECK, 200, 299);
	return t->rc;
}

void
talk_end(struct talk *t)
{
	size_t n;

	if (t->rc == CURLE_OK || t->rc == CURLE_WEIRD_SERVER_REPLY)
		(void)curl_easy_send(t->curl, "QUIT\r\n", 6, &n);
	else /* or closing TLS sends what was given up */
		(void)shutdown(t->fd, SHUT_RDWR);
}
