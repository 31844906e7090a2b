/* SPDX-License-Identifier: ISC */
#include "send/wire.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/frame.h"
#include "base/limits.h"
#include "base/pack.h"
#include "base/str.h"

/* Address and port of connect_to. */
#define CONNECT_TO_BYTES (MAX_HOST_BYTES + 8)

static int
breach(struct err *err, const char *frame)
{
	return err_set(err, ERR_INPUT, ERR_OWN, 0,
	    "%s frame is not what it should be", frame);
}

/* A string that must be there. */
static const char *
must(struct unpack *u, struct arena *a, size_t max)
{
	const char *s = unpack_str(u, a, max, true);

	u->bad |= s == NULL;
	return s;
}

void
send_put_start(struct buf *b, const struct send_start *s)
{
	pack_str(b, s->host);
	pack_u32(b, s->port);
	pack_u32(b, s->tls);
	pack_str(b, s->ca_file);
	pack_str(b, s->connect_to);
	pack_u32(b, s->auth);
	pack_str(b, s->user);
	pack_str(b, s->secret);
	pack_str(b, s->helo);
	pack_u32(b, s->timeout_ms);
	pack_bool(b, s->check);
}

int
send_get_start(const void *d, size_t len, struct arena *a,
    struct send_start *out, struct err *err)
{
	struct send_start s;
	struct unpack u;

	unpack_init(&u, d, len);
	s.host = must(&u, a, MAX_HOST_BYTES);
	s.port = unpack_below(&u, 65536);
	s.tls = unpack_below(&u, SEND_TLS_NONE + 1);
	s.ca_file = must(&u, a, MAX_PATH_BYTES);
	s.connect_to = must(&u, a, CONNECT_TO_BYTES);
	s.auth = unpack_below(&u, SEND_AUTH_XOAUTH2 + 1);
	s.user = must(&u, a, MAX_USER_BYTES);
	s.secret = must(&u, a, MAX_SECRET_BYTES);
	s.helo = must(&u, a, MAX_HOST_BYTES);
	s.timeout_ms = unpack_u32(&u);
	s.check = unpack_bool(&u);
	if (unpack_end(&u) < 0 || s.port == 0 || s.timeout_ms == 0)
		return breach(err, "SEND_START");
	*out = s;
	return 0;
}

void
send_put_letter(struct buf *b, const struct send_letter *l)
{
	pack_u64(b, l->letter);
	pack_str(b, l->mail_from);
	pack_str(b, l->rcpt_to);
	pack_u32(b, l->halts);
}

int
send_get_letter(const void *d, size_t len, struct arena *a,
    struct send_letter *out, struct err *err)
{
	struct send_letter l;
	struct unpack u;

	unpack_init(&u, d, len);
	l.letter = unpack_u64(&u);
	l.mail_from = must(&u, a, MAX_FRAME_BYTES);
	l.rcpt_to = must(&u, a, MAX_FRAME_BYTES);
	l.halts = unpack_u32(&u);
	if (unpack_end(&u) < 0)
		return breach(err, "SEND_LETTER");
	*out = l;
	return 0;
}

void
send_put_result(struct buf *b, const struct send_result *r)
{
	pack_u64(b, r->letter);
	pack_u32(b, r->outcome);
	pack_u32(b, (uint32_t)r->code);
	pack_str(b, r->what);
	pack_u32(b, r->pause_s);
	pack_i64(b, r->certificate_until_s);
}

int
send_get_result(const void *d, size_t len, struct arena *a,
    struct send_result *out, struct err *err)
{
	struct send_result r;
	struct unpack u;
	char *what;

	unpack_init(&u, d, len);
	r.letter = unpack_u64(&u);
	r.outcome = unpack_below(&u, SEND_BACK + 1);
	r.code = (int32_t)unpack_below(&u, 1000);
	what = unpack_str(&u, a, SEND_MAX_WHAT, true);
	r.pause_s = unpack_below(&u, SEND_MAX_PAUSE_S + 1);
	r.certificate_until_s = unpack_i64(&u);
	if (unpack_end(&u) < 0 || what == NULL || r.certificate_until_s < 0 ||
	    r.certificate_until_s > MAX_SECOND)
		return breach(err, "SEND_RESULT");
	str_make_printable(what);
	r.what = what;
	*out = r;
	return 0;
}

int
send_take_result(const struct frame *f, struct arena *a,
    struct send_result *out, struct err *err)
{
	if (f->type != SEND_RESULT || f->n_fds != 0)
		return err_set(err, ERR_INPUT, ERR_OWN, (int)f->type,
		    "unexpected frame from send");
	return send_get_result(f->body, f->len, a, out, err);
}

bool
send_halts(const struct send_result *r)
{
	return r->pause_s > 0 || r->outcome == SEND_REFUSED;
}
