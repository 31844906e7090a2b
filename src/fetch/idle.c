/* SPDX-License-Identifier: ISC */
#include "fetch/idle.h"

#include "base/clock.h"
#include "fetch/peer.h"
#include "fetch/session.h"
#include "fetch/wire.h"

#define MAX_IDLE_MS (9 * 60 * 1000)

static const struct firewall_grant grant_rest = {
    .lines = 1000000, .line_bytes = 64 << 20, .plus = true};

static bool
called_away(const struct session *s)
{
	return s->peer->poll || s->peer->stop || s->peer->gone;
}

/* Reads one line that is there already; libetpan's buffer has it. */
static int
read_line(struct session *s)
{
	s->stream.deadline_ms = clock_mono_ms() + s->conf->timeout_ms;
	if (mailimap_read_line(s->imap) == NULL ||
	    firewall_seen(s->stream.fw)->has_bye)
		return -1;
	return 0;
}

/* Waits for EXISTS.  `since`: how many there had been. */
static int
listen(struct session *s, int64_t until_ms, uint32_t since)
{
	const struct firewall_seen *seen = firewall_seen(s->stream.fw);
	int r;

	while (seen->n_exists == since && !called_away(s)) {
		if (s->imap->imap_stream->read_buffer_len == 0) {
			r = stream_wait(&s->stream, until_ms);
			if (r < 0)
				return -1;
			if (r == 0 && clock_mono_ms() >= until_ms)
				return 0;
			if (r == 0)
				continue;
		}
		if (read_line(s) < 0)
			return -1;
	}
	return seen->n_exists != since;
}

/* Up to the server's "+".  1 = idling, 0 = the server will not, -1 = lost. */
static int
begin_idle(struct session *s, int *tag_out)
{
	struct mailimap_response *response = NULL;
	int r;

	firewall_allow(s->stream.fw, &grant_rest);
	*tag_out = session_send(s, "IDLE");
	if (*tag_out < 0)
		return -1;
	do {
		if (read_line(s) < 0)
			return -1;
		if (s->imap->imap_stream_buffer->str[0] == '+')
			return 1;
	} while (s->imap->imap_stream_buffer->str[0] == '*');
	r = mailimap_parse_response(s->imap, &response);
	if (r == MAILIMAP_NO_ERROR)
		mailimap_response_free(response);
	s->has_idle = false;
	return session_result(s, r, NULL) == ANSWER_LOST ? -1 : 0;
}

static int
end_idle(struct session *s, int tag)
{
	mailstream *ms = s->imap->imap_stream;

	s->stream.deadline_ms = clock_mono_ms() + s->conf->timeout_ms;
	if (mailstream_write(ms, "DONE\r\n", 6) < 0 ||
	    mailstream_flush(ms) < 0)
		return -1;
	return session_answer(s, tag, &grant_rest, 0, NULL) == ANSWER_LOST
	    ? -1
	    : 0;
}

static int
idle_once(struct session *s, int64_t until_ms, uint32_t since)
{
	int64_t end_ms = clock_mono_ms() + MAX_IDLE_MS;
	int tag, news, r;

	r = begin_idle(s, &tag);
	if (r <= 0)
		return r;
	news = listen(s, until_ms < end_ms ? until_ms : end_ms, since);
	if (news < 0 || (end_idle(s, tag) < 0 && news == 0))
		return -1;
	return firewall_seen(s->stream.fw)->n_exists != since;
}

int
idle_rest(struct session *s, int64_t until_ms, int idle)
{
	uint32_t since = firewall_seen(s->stream.fw)->n_exists;
	int r = 0;

	s->resting = true;
	s->stream.stall_ms = s->conf->timeout_ms;
	firewall_allow(s->stream.fw, &grant_rest);
	while (r == 0 && !called_away(s) && clock_mono_ms() < until_ms) {
		if (idle && s->has_idle)
			r = idle_once(s, until_ms, since);
		else
			r = listen(s, until_ms, since);
	}
	s->resting = false;
	return r;
}
