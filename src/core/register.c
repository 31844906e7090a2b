/* SPDX-License-Identifier: ISC */
#include "core/register.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/step.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/answer.h"
#include "core/dispatch.h"
#include "core/pipeline.h"
#include "core/take.h"
#include "intake/told.h"
#include "letter/code.h"
#include "letter/letter.h"
#include "parse/message.h"
#include "route/route.h"
#include "store/answer.h"
#include "store/citizen.h"
#include "store/store.h"

const char register_channels[] = "hotline letter visit inspection transfer";

struct registering {
	const struct take_context *c;
	const struct register_tip *tip;
	struct arena *arena;
	struct message *m;
	const struct told *told; /* of m */
	struct buf raw;
	int64_t row, clue;
	struct register_result *out;
	char hash[CODE_HASH_SIZE];
};

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

static int
refuse(struct err *err, const char *what)
{
	return err_set(err, ERR_INPUT, ERR_OWN, 0, "%s", what);
}

bool
register_is_channel(const char *channel)
{
	const char *p = register_channels;
	size_t len;

	for (; *p != '\0'; p += len + (p[len] == ' ')) {
		len = strcspn(p, " ");
		if (strlen(channel) == len && strncmp(p, channel, len) == 0)
			return true;
	}
	return false;
}

/* -- what was said -------------------------------------------------------- */

static bool
is_line(const char *s, size_t most)
{
	return strlen(s) <= most && utf8_valid(s, strlen(s)) &&
	    strpbrk(s, "\r\n") == NULL;
}

static int
check(const struct register_tip *t, struct err *err)
{
	if (!register_is_channel(t->channel))
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "the channel is one of %s", register_channels);
	if (t->text[strspn(t->text, " \t\r\n")] == '\0')
		return refuse(err, "a tip needs a text");
	if (strlen(t->text) > MAX_TEXT_BYTES ||
	    !utf8_valid(t->text, strlen(t->text)))
		return refuse(err, "the text is not UTF-8, or too long");
	if (!is_line(t->subject, MAX_SUBJECT_BYTES) ||
	    !is_line(t->name, MAX_NAME_BYTES) ||
	    !is_line(t->phone, MAX_NAME_BYTES))
		return refuse(err,
		    "subject, name and telephone are one line of UTF-8 each");
	if (t->address[0] != '\0' && !letter_is_address(t->address))
		return refuse(err, "the mail address cannot be written to");
	if (t->received_s > t->now_s)
		return refuse(err, "it cannot have come in the future");
	return 0;
}

/* For the rules it is a mail whose sender is known from elsewhere. */
static int
make_message(struct registering *r, struct err *err)
{
	const struct register_tip *t = r->tip;
	struct message *m = message_new();

	r->m = m;
	if (m == NULL)
		return no_memory(err);
	m->from.name = arena_strdup(m->arena, t->name);
	m->from.addr = arena_strdup(m->arena, t->address);
	m->subject = arena_strdup(m->arena, t->subject);
	m->text = arena_strdup(m->arena, t->text);
	m->signature = arena_printf(m->arena, "%s\n%s", t->name, t->phone);
	m->date_s = t->received_s;
	m->message_id = letter_message_id(r->c->conf, m->arena);
	if (m->from.name == NULL || m->from.addr == NULL ||
	    m->subject == NULL || m->text == NULL || m->signature == NULL ||
	    m->message_id == NULL)
		return no_memory(err);
	return told_of(m, r->arena, &r->told, err);
}

/* The registration as bytes, without the reporter. */
static int
make_raw(struct registering *r, struct err *err)
{
	const struct register_tip *t = r->tip;
	char when[20];

	zone_format(r->c->conf->zone, t->received_s, when);
	buf_addf(&r->raw,
	    "Message-ID: <%s>\r\nX-Clued-Channel: %s\r\n"
	    "X-Clued-Received: %s\r\nX-Clued-Registered-By: %s\r\n"
	    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
	    "Content-Transfer-Encoding: 8bit\r\nSubject: %s\r\n\r\n%s\r\n",
	    r->m->message_id, t->channel, when, t->actor, t->subject, t->text);
	return buf_bad(&r->raw) ? no_memory(err) : 0;
}

/* -- what is written ------------------------------------------------------ */

static int
write_message(struct registering *r, struct err *err)
{
	const struct register_tip *t = r->tip;
	struct message_record record = {
	    .message_id = r->m->message_id,
	    .channel = t->channel,
	    .kind = "tip",
	    .why = "registered by hand",
	    .received_s = t->now_s,
	    .date_s = t->received_s,
	    .size_bytes = r->raw.len,
	    .charset = "utf-8",
	    .lost = "",
	};

	hash_sha256(r->raw.data, r->raw.len, record.sha256);
	memcpy(record.content_key, r->told->content_key, SHA256_BYTES);
	return store_message_add(r->c->store, &record, r->raw.data,
	    r->raw.len, &r->row, err);
}

static int
write_reporter(struct registering *r, struct err *err)
{
	const struct reporter_record reporter = {
	    .message = r->row,
	    .address = r->tip->address,
	    .name = r->tip->name,
	    .reply_to = "",
	    .signature = r->tip->phone,
	};

	return store_reporter_add(r->c->store, &reporter, err);
}

static int
dispatch(struct registering *r, struct err *err)
{
	const struct pipeline_source from = {
	    .channel = r->tip->channel, .mailbox = "", .folder = ""};
	struct route_decision decision;
	const struct dispatch_input in = {
	    .from = &from,
	    .message = r->m,
	    .told = r->told,
	    .decision = &decision,
	    .row = r->row,
	    .received_s = r->tip->received_s,
	    .now_s = r->tip->now_s,
	};
	const struct event_record by = {.at_s = r->tip->now_s,
	    .kind = "registered",
	    .actor = r->tip->actor,
	    .detail = r->tip->channel};
	struct event_record e = by;

	if (route_decide(r->c->route, r->m->subject, r->m->text, r->arena,
		&decision, err) < 0 ||
	    dispatch_tip(r->c, &in, r->arena, &r->clue, &r->out->number,
		err) < 0)
		return -1;
	e.clue = r->clue;
	return store_event_add(r->c->store, &e, err);
}

/* Who has a mail address gets the code with the acknowledgement. */
static int
write_code(struct registering *r, struct err *err)
{
	const struct answer_record ack = {
	    .kind = ANSWER_ACK,
	    .message = r->row,
	    .clue = r->clue,
	    .at_s = r->tip->now_s,
	    .next_s = r->tip->now_s,
	    .said = "",
	};

	if (r->out->by_mail)
		return store_answer_add(r->c->store, &ack, err);
	return store_code_add(r->c->store, r->clue, r->hash, err);
}

static int
write_all(struct registering *r, struct err *err)
{
	struct store *s = r->c->store;

	if (store_begin(s, err) < 0)
		return -1;
	if (write_message(r, err) < 0 || write_reporter(r, err) < 0 ||
	    dispatch(r, err) < 0 || write_code(r, err) < 0 ||
	    store_message_set_clue(s, r->row, r->clue, err) < 0)
		goto undo;
	step("register-before-commit");
	if (store_commit(s, err) < 0)
		goto undo;
	return 0;
undo:
	store_rollback(s);
	return -1;
}

int
register_add(const struct take_context *c, const struct register_tip *tip,
    struct arena *a, struct register_result *out, struct err *err)
{
	struct registering r = {
	    .c = c, .tip = tip, .arena = a, .raw = BUF_INIT, .out = out};
	int rc = check(tip, err);

	*out = (struct register_result){.number = "",
	    .by_mail = c->conf->citizens.acknowledge &&
		tip->address[0] != '\0'};
	if (rc == 0 && !out->by_mail) {
		code_make(out->code);
		rc = code_hash(out->code, r.hash, err);
	}
	if (rc == 0)
		rc = make_message(&r, err);
	if (rc == 0)
		rc = make_raw(&r, err);
	if (rc == 0)
		rc = write_all(&r, err);
	message_free(&r.m);
	buf_done(&r.raw);
	return rc < 0 ? err_at(err, "register") : 0;
}
