/* SPDX-License-Identifier: ISC */
#include "fetch/session.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "fetch/peer.h"
#include "fetch/say.h"
#include "fetch/transport.h"
#include "fetch/utf7.h"
#include "fetch/wire.h"

/* Large enough for TLS records and for one read of many small answers. */
#define STREAM_BUFFER 65536
/* A server that does not say goodbye is not waited for. */
#define LOGOUT_MS 2000

const struct firewall_grant session_short = {
    .literal_bytes = 0, .lines = 2000, .line_bytes = 1 << 20};
const struct firewall_grant session_search = {
    .literal_bytes = 0, .lines = 10000, .line_bytes = 4 * MAX_IMAP_LINE};

static bool
on_quit(void *arg)
{
	return peer_drain(arg) < 0;
}

/* Between rounds a stop leaves time for LOGOUT. */
static int
on_wake(void *arg)
{
	struct session *s = arg;
	int r = peer_drain(s->peer);

	return s->resting && !s->peer->gone ? 0 : r;
}

/* ---- commands ----------------------------------------------------------- */

void
session_step(
    struct session *s, const struct firewall_grant *grant, uint64_t extra_ms)
{
	s->stream.deadline_ms =
	    clock_mono_ms() + s->conf->timeout_ms + (int64_t)extra_ms;
	s->stream.stall_ms = s->conf->timeout_ms;
	firewall_allow(s->stream.fw, grant);
}

int
session_lost(struct session *s, struct err *err)
{
	const struct firewall_seen *seen = firewall_seen(s->stream.fw);
	char bye[160];

	s->open = false;
	s->scope = SCOPE_CONNECTION;
	if (!s->stream.failed)
		return err_set(err, ERR_LATER, ERR_ETPAN,
		    MAILIMAP_ERROR_PARSE,
		    "the answer of %s cannot be read", s->conf->host);
	if (!seen->has_bye || seen->bye[0] == '\0') {
		if (err != NULL)
			*err = s->stream.err;
		return -1;
	}
	return err_set(err, ERR_LATER, ERR_ETPAN, MAILIMAP_ERROR_STREAM,
	    "%s closed the connection: %s", s->conf->host,
	    say_text(s->say, seen->bye, s->conf->secret, bye, sizeof(bye)));
}

const char *
session_text(struct session *s, char *out, size_t size)
{
	size_t len;

	(void)say_text(s->say, firewall_seen(s->stream.fw)->text,
	    s->conf->secret, out, size);
	/* It becomes a part of a sentence. */
	len = strlen(out);
	if (len > 0 && out[len - 1] == '.')
		out[len - 1] = '\0';
	return out;
}

enum answer
session_result(struct session *s, int r, struct err *err)
{
	const struct firewall_seen *seen = firewall_seen(s->stream.fw);

	s->last_tag = s->imap->imap_tag;
	if (!s->stream.failed && seen->tag == (uint32_t)s->imap->imap_tag) {
		if (r == MAILIMAP_NO_ERROR)
			return ANSWER_OK;
		if (r != MAILIMAP_ERROR_PARSE && seen->status == 'N')
			return ANSWER_NO;
		if (r == MAILIMAP_ERROR_PROTOCOL && seen->status == 'B')
			return ANSWER_BAD;
	}
	(void)session_lost(s, err);
	return ANSWER_LOST;
}

int
session_send(struct session *s, const char *fmt, ...)
{
	BUF_AUTO struct buf line = BUF_INIT;
	mailimap *m = s->imap;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&line, fmt, ap);
	va_end(ap);
	buf_adds(&line, "\r\n");
	if (!s->open || buf_bad(&line))
		return -1;
	m->imap_tag = s->last_tag;
	s->stream.deadline_ms = clock_mono_ms() + s->conf->timeout_ms;
	s->stream.stall_ms = s->conf->timeout_ms;
	if (mailimap_send_current_tag(m) != MAILIMAP_NO_ERROR ||
	    mailstream_write(m->imap_stream, line.data, line.len) < 0 ||
	    mailstream_flush(m->imap_stream) < 0)
		return -1;
	s->last_tag = m->imap_tag;
	return s->last_tag;
}

enum answer
session_answer(struct session *s, int tag, const struct firewall_grant *grant,
    uint64_t extra_ms, struct err *err)
{
	struct mailimap_response *response = NULL;
	int last_tag = s->last_tag, r;
	enum answer answer;

	session_step(s, grant, extra_ms);
	s->imap->imap_tag = tag;
	if (tag < 0 || mailimap_read_line(s->imap) == NULL) {
		(void)session_lost(s, err);
		return ANSWER_LOST;
	}
	r = mailimap_parse_response(s->imap, &response);
	if (r == MAILIMAP_NO_ERROR) {
		mailimap_response_free(response);
		if (firewall_seen(s->stream.fw)->status == 'N')
			r = MAILIMAP_ERROR_CUSTOM_COMMAND;
	}
	answer = session_result(s, r, err);
	s->last_tag = last_tag;
	return answer;
}

enum answer
session_ask(struct session *s, const char *command, struct err *err)
{
	int tag = session_send(s, "%s", command);

	return session_answer(s, tag, &session_short, 0, err);
}

bool
session_can(const struct session *s, const char *capability)
{
	return mailimap_has_extension(s->imap, capability) != 0;
}

/* ---- life --------------------------------------------------------------- */

/* libcurl has taken the greeting; libetpan wants one. */
static int
greet(struct session *s, struct err *err)
{
	mailstream_low *low = stream_low(&s->stream);
	mailstream *ms = NULL;

	if (low != NULL)
		ms = mailstream_new(low, STREAM_BUFFER);
	s->imap = mailimap_new(0, NULL);
	if (ms == NULL || s->imap == NULL) {
		if (ms != NULL)
			(void)mailstream_close(ms);
		else if (low != NULL)
			mailstream_low_free(low);
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory for a connection");
	}
	/* Tags like C1: a stray "39 FETCH" is never taken for an answer. */
	mailimap_set_163_workaround_enabled(s->imap, 1);
	session_step(s, &session_short, 0);
	firewall_pretend(s->stream.fw, "* OK ok\r\n");
	if (mailimap_connect(s->imap, ms) !=
	    MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		return session_lost(s, err);
	s->open = true;
	return 0;
}

int
session_begin(
    struct session *s, const struct stream_pipe *pipe, struct err *err)
{
	s->folder = -1;
	s->scope = SCOPE_CONNECTION;
	s->id_done = false;
	s->last_tag = 0;
	if (stream_init(&s->stream, pipe, err) < 0)
		return -1;
	s->has_stream = true;
	s->stream.wake_fd = s->peer->sock;
	s->stream.wake = on_wake;
	s->stream.wake_arg = s;
	return greet(s, err);
}

static int
connect_server(struct session *s, struct err *err)
{
	struct stream_pipe pipe = {NULL, transport_recv, transport_send,
	    transport_fd};
	int64_t until_s;

	if (transport_open(s->conf, s->say, on_quit, s->peer, &s->transport,
		err) < 0) {
		s->scope = err->kind == ERR_CONF ? SCOPE_ACCOUNT
						 : SCOPE_CONNECTION;
		return -1;
	}
	until_s = transport_certificate_until_s(s->transport);
	if (until_s != 0 && peer_send_server(s->peer, until_s) < 0) {
		s->scope = SCOPE_CONNECTION;
		return err_set(err, ERR_NOW, ERR_OWN, 0, "the core is gone");
	}
	pipe.arg = s->transport;
	return session_begin(s, &pipe, err);
}

enum answer
session_send_id(struct session *s, struct err *err)
{
	/* 163 answers BAD to other layouts than name, version, vendor. */
	s->id_done = true;
	return session_ask(s,
	    "ID (\"name\" \"clued\" \"version\" \"" CLUED_VERSION
	    "\" \"vendor\" \"clued\")",
	    err);
}

/* After log-in the server may offer other things than before. */
int
session_introduce(struct session *s, struct err *err)
{
	if (session_ask(s, "CAPABILITY", err) == ANSWER_LOST)
		return -1;
	s->has_idle = session_can(s, "IDLE");
	s->has_move = session_can(s, "MOVE");
	if (!s->conf->send_id || s->no_id || !session_can(s, "ID"))
		return 0;
	/* BAD and NO do no harm; some close the connection instead. */
	if (session_send_id(s, err) == ANSWER_LOST) {
		s->no_id = true;
		return -1;
	}
	return 0;
}

static int
open_once(struct session *s, struct err *err)
{
	s->scope = SCOPE_CONNECTION;
	if (connect_server(s, err) == 0 && session_login(s, err) == 0 &&
	    session_introduce(s, err) == 0)
		return 0;
	session_close(s, false);
	return -1;
}

int
session_open(struct session *s, struct err *err)
{
	bool no_id = s->no_id;

	if (open_once(s, err) == 0)
		return 0;
	/* It was ID that closed the door: once more without it. */
	if (!no_id && s->no_id && s->scope == SCOPE_CONNECTION)
		return open_once(s, err);
	return -1;
}

void
session_close(struct session *s, bool polite)
{
	mailimap *m = s->imap;

	if (m != NULL && polite && s->open && !s->stream.failed) {
		session_step(s, &session_short, 0);
		s->stream.deadline_ms = clock_mono_ms() + LOGOUT_MS;
		m->imap_tag = s->last_tag;
		(void)mailimap_logout(m);
	}
	if (m != NULL && m->imap_stream != NULL) {
		(void)mailstream_close(m->imap_stream);
		m->imap_stream = NULL;
	}
	if (m != NULL)
		mailimap_free(m);
	s->imap = NULL;
	s->open = false;
	s->folder = -1;
	if (s->has_stream)
		stream_done(&s->stream);
	s->has_stream = false;
	transport_close(&s->transport);
}

/* ---- folders ------------------------------------------------------------ */

static const char *const later_words[] = {"[UNAVAILABLE]", "[INUSE]",
    "[SERVERBUG]", "try again", "temporar", "busy", "later", NULL};
static const char *const unsafe_words[] = {"unsafe login", NULL};

static int
fail_select(struct session *s, const char *name, struct err *err)
{
	char text[140];

	(void)session_text(s, text, sizeof(text));
	if (say_mentions(text, unsafe_words)) {
		s->scope = SCOPE_ACCOUNT;
		/* If ID seemed to close a connection, it may have been the
		 * network: the next one is asked again. */
		s->no_id = false;
		return err_set(err, ERR_CONF, ERR_ETPAN, MAILIMAP_ERROR_SELECT,
		    "%s calls this an unsafe log-in (%s)%s: log in to the "
		    "web mail once and allow IMAP clients there", s->conf->host,
		    text,
		    s->id_done ? "" : "; set send_id = true");
	}
	s->scope = SCOPE_FOLDER;
	if (say_mentions(text, later_words))
		return err_set(err, ERR_LATER, ERR_ETPAN,
		    MAILIMAP_ERROR_SELECT, "folder \"%s\" cannot be opened "
		    "now: %s", name, text);
	return err_set(err, ERR_CONF, ERR_ETPAN, MAILIMAP_ERROR_SELECT,
	    "folder \"%s\" cannot be opened: %s. Check its name among the "
	    "mailbox's folders; a sub-folder needs its parent in front",
	    name, text);
}

static enum answer
select_once(struct session *s, const char *name, struct err *err)
{
	bool examine = s->conf->mark == FETCH_MARK_NOTHING;
	int r;

	session_step(s, &session_short, 0);
	s->imap->imap_tag = s->last_tag;
	firewall_forget_folder(s->stream.fw);
	r = examine ? mailimap_examine(s->imap, name)
		    : mailimap_select(s->imap, name);
	return session_result(s, r, err);
}

/* A server that wants ID and did not say so gets it. */
static enum answer
select_with_id(struct session *s, const char *name, struct err *err)
{
	enum answer a = select_once(s, name, err);
	char text[140];

	if (a != ANSWER_NO || s->id_done || !s->conf->send_id || s->no_id ||
	    !say_mentions(session_text(s, text, sizeof(text)), unsafe_words))
		return a;
	if (session_send_id(s, err) == ANSWER_LOST) {
		s->no_id = true;
		return ANSWER_LOST;
	}
	return select_once(s, name, err);
}

int
session_select(struct session *s, uint32_t folder, struct err *err)
{
	const char *name = s->conf->folders[folder].name;
	BUF_AUTO struct buf coded = BUF_INIT;
	const struct mailimap_selection_info *info;
	enum answer a;

	s->folder = -1;
	if (utf7_put(&coded, name) < 0 || buf_bad(&coded))
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "folder name is no UTF-8");
	a = select_with_id(s, buf_str(&coded), err);
	if (a == ANSWER_LOST)
		return -1;
	if (a != ANSWER_OK)
		return fail_select(s, name, err);
	info = s->imap->imap_selection_info;
	s->scope = SCOPE_FOLDER;
	if (info == NULL || info->sel_uidvalidity == 0)
		return err_set(err, ERR_LATER, ERR_OWN, 0,
		    "%s does not tell the UIDVALIDITY of folder \"%s\"; "
		    "without it mail cannot be told apart", s->conf->host,
		    name);
	s->folder = (int)folder;
	s->uidvalidity = info->sel_uidvalidity;
	s->uidnext = info->sel_uidnext;
	s->exists = firewall_seen(s->stream.fw)->exists;
	s->read_only = info->sel_perm == MAILIMAP_MAILBOX_READONLY;
	return 0;
}
