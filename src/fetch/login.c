/* SPDX-License-Identifier: ISC */
#include "fetch/session.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/limits.h"
#include "fetch/say.h"
#include "fetch/wire.h"

/* Rounds of challenge and answer before it is no log-in any more. */
#define MAX_CHALLENGES 4

/* ---- refusals ----------------------------------------------------------- */

/* What is about the server's own troubles, what about the password, and what
 * is about troubles unless a password is mentioned (RFC 5530; QQ has one text
 * for everything). */
static const char *const trouble_words[] = {"[UNAVAILABLE]", "[LIMIT]",
    "[INUSE]", "temporar", NULL};
static const char *const password_words[] = {"password", "credential",
    "authenticat", "密码", "授权码", NULL};
static const char *const later_words[] = {"try again", "busy", "too many",
    "frequen", "频繁", "稍后", NULL};

static int
fail_login(struct session *s, enum answer a, struct err *err)
{
	char text[120];

	s->scope = SCOPE_ACCOUNT;
	if (a == ANSWER_LOST) {
		/* With a BYE it was meant, without it is the network. */
		if (!firewall_seen(s->stream.fw)->has_bye)
			s->scope = SCOPE_CONNECTION;
		return -1;
	}
	(void)session_text(s, text, sizeof(text));
	if (say_mentions(text, trouble_words) ||
	    (say_mentions(text, later_words) &&
		!say_mentions(text, password_words)))
		return err_set(err, ERR_LATER, ERR_ETPAN, MAILIMAP_ERROR_LOGIN,
		    "%s takes no log-in now: %s", s->conf->host, text);
	if (s->conf->auth == FETCH_AUTH_XOAUTH2)
		return err_set(err, ERR_CONF, ERR_ETPAN, MAILIMAP_ERROR_LOGIN,
		    "%s refuses the token (XOAUTH2): %s. Get a new one and "
		    "check its scope", s->conf->host, text);
	return err_set(err, ERR_CONF, ERR_ETPAN, MAILIMAP_ERROR_LOGIN,
	    "%s refuses the log-in: %s. Check user and secret; at 163, 126 "
	    "and QQ it is the authorisation code (授权码) of the web mail's "
	    "settings, where IMAP must be switched on", s->conf->host, text);
}

/* ---- AUTHENTICATE ------------------------------------------------------- */

static int
write_line(struct session *s, const char *text)
{
	mailstream *ms = s->imap->imap_stream;

	if (mailstream_write(ms, text, strlen(text)) < 0 ||
	    mailstream_write(ms, "\r\n", 2) < 0 || mailstream_flush(ms) < 0)
		return -1;
	return 0;
}

/* Answers challenges until the tagged line stands in libetpan's buffer.  The
 * first asks for the payload; XOAUTH2 explains a refusal in a second one,
 * which wants an empty line. */
static int
answer_challenges(struct session *s, const char *payload, bool sent)
{
	for (int i = 0; i < MAX_CHALLENGES; i++) {
		if (mailimap_read_line(s->imap) == NULL)
			return -1;
		if (s->imap->imap_stream_buffer->str[0] != '+')
			return 0;
		if (write_line(s, sent ? "" : payload) < 0)
			return -1;
		sent = true;
	}
	return -1;
}

/* The secret goes straight into libetpan's buffer, which is wiped later. */
static int
begin_sasl(struct session *s, const char *mechanism, const char *payload,
    bool inline_ok)
{
	mailstream *ms = s->imap->imap_stream;

	s->imap->imap_tag = s->last_tag;
	if (mailimap_send_current_tag(s->imap) != MAILIMAP_NO_ERROR ||
	    mailstream_write(ms, "AUTHENTICATE ", 13) < 0 ||
	    mailstream_write(ms, mechanism, strlen(mechanism)) < 0)
		return -1;
	if (inline_ok && mailstream_write(ms, " ", 1) < 0)
		return -1;
	return write_line(s, inline_ok ? payload : "");
}

static enum answer
authenticate(struct session *s, const char *mechanism, const char *payload,
    struct err *err)
{
	struct firewall_grant grant = session_short;
	struct mailimap_response *response = NULL;
	bool inline_ok = session_can(s, "SASL-IR");
	int r;

	grant.plus = true;
	session_step(s, &grant, 0);
	if (begin_sasl(s, mechanism, payload, inline_ok) < 0 ||
	    answer_challenges(s, payload, inline_ok) < 0) {
		(void)session_lost(s, err);
		return ANSWER_LOST;
	}
	r = mailimap_parse_response(s->imap, &response);
	if (r == MAILIMAP_NO_ERROR) {
		mailimap_response_free(response);
		if (firewall_seen(s->stream.fw)->status == 'N')
			r = MAILIMAP_ERROR_LOGIN;
		else
			s->imap->imap_state = MAILIMAP_STATE_AUTHENTICATED;
	}
	return session_result(s, r, err);
}

/* The words of the mechanism (RFC 4616; XOAUTH2), in base64; the caller wipes
 * out. */
static void
make_payload(const struct fetch_start *c, char *out, size_t size)
{
	char words[MAX_SECRET_BYTES + MAX_USER_BYTES + 64];
	int n;

	if (c->auth == FETCH_AUTH_PLAIN)
		n = snprintf(words, sizeof(words), "%c%s%c%s", '\0', c->user,
		    '\0', c->secret);
	else
		n = snprintf(words, sizeof(words),
		    "user=%s\1auth=Bearer %s\1\1", c->user, c->secret);
	(void)sodium_bin2base64(out, size, (unsigned char *)words, (size_t)n,
	    sodium_base64_VARIANT_ORIGINAL);
	explicit_bzero(words, sizeof(words));
}

static enum answer
log_in_sasl(struct session *s, struct err *err)
{
	/* fetch_get_start() has seen to it that they fit. */
	char payload[(MAX_SECRET_BYTES + MAX_USER_BYTES + 64) * 4 / 3 + 8];
	bool plain = s->conf->auth == FETCH_AUTH_PLAIN;
	enum answer a;

	make_payload(s->conf, payload, sizeof(payload));
	a = authenticate(s, plain ? "PLAIN" : "XOAUTH2", payload, err);
	explicit_bzero(payload, sizeof(payload));
	return a;
}

/* ---- LOGIN -------------------------------------------------------------- */

static enum answer
log_in_plain(struct session *s, struct err *err)
{
	int r;

	session_step(s, &session_short, 0);
	s->imap->imap_tag = s->last_tag;
	r = mailimap_login(s->imap, s->conf->user, s->conf->secret);
	return session_result(s, r, err);
}

int
session_login(struct session *s, struct err *err)
{
	mailstream *ms = s->imap->imap_stream;
	enum answer a;

	if (session_ask(s, "CAPABILITY", err) == ANSWER_LOST)
		return -1;
	if (s->conf->auth == FETCH_AUTH_LOGIN &&
	    session_can(s, "LOGINDISABLED")) {
		s->scope = SCOPE_ACCOUNT;
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "%s takes no LOGIN on this connection: use tls = "
		    "\"implicit\", or another `auth`", s->conf->host);
	}
	a = s->conf->auth == FETCH_AUTH_LOGIN ? log_in_plain(s, err)
					      : log_in_sasl(s, err);
	/* libetpan wrote the secret here. */
	explicit_bzero(ms->write_buffer, ms->buffer_max_size);
	if (a != ANSWER_OK)
		return fail_login(s, a, err);
	return 0;
}
