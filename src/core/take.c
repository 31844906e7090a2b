/* SPDX-License-Identifier: ISC */
#include "core/take.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "core/citizen.h"
#include "core/dispatch.h"
#include "core/followup.h"
#include "core/letters.h"
#include "core/obey.h"
#include "core/pipeline.h"
#include "core/probe.h"
#include "core/undelivered.h"
#include "core/unit_mail.h"
#include "intake/intake.h"
#include "intake/told.h"
#include "letter/token.h"
#include "parse/message.h"
#include "route/route.h"
#include "store/store.h"

void
take_cache_forget(struct take_cache *c)
{
	token_key_wipe(&c->key);
	memset(c, 0, sizeof(*c));
}

/* The message at hand on its way through this file. */
struct taking {
	const struct take_context *c;
	const struct take_input *in;
	struct arena *arena;
	const struct told *told; /* of in->message */
	struct message_record record;
	struct route_decision decision;
	struct letter_record own; /* the letter of ours that it answers */
	bool is_answer;
	int person;               /* of the roster; -1 */
	int unit;                 /* whose report it may be; -1 */
	struct citizen_read asked;
	int64_t row;
};

static int
find_repeat(struct taking *t, int64_t *row_out, struct err *err)
{
	struct store *s = t->c->store;
	int rc = store_message_find(s, t->in->sha256, row_out, err);

	if (rc != 0 || t->in->message == NULL ||
	    t->record.message_id[0] == '\0')
		return rc;
	return store_message_find_same(
	    s, t->record.message_id, t->record.content_key, row_out, err);
}

/* The first of In-Reply-To and References that is a letter of ours. */
static int
find_own_letter(struct taking *t, const struct message *m, struct err *err)
{
	struct store *s = t->c->store;
	int rc = 0;

	if (m->signs.report_message_id[0] != '\0')
		rc = store_letter_by_message_id(s, m->signs.report_message_id,
		    t->arena, &t->own, err);
	if (rc == 0 && m->in_reply_to[0] != '\0')
		rc = store_letter_by_message_id(
		    s, m->in_reply_to, t->arena, &t->own, err);
	for (size_t i = m->n_references; rc == 0 && i > 0; i--)
		rc = store_letter_by_message_id(
		    s, m->references[i - 1], t->arena, &t->own, err);
	t->is_answer = rc == 1;
	return rc < 0 ? -1 : 0;
}

static bool
is_own_address(const struct conf *conf, const char *addr)
{
	for (size_t i = 0; i < conf->n_mailboxes; i++)
		if (strcasecmp(addr, conf->mailboxes[i].address) == 0)
			return true;
	return strcasecmp(addr, conf->smtp.mail_from) == 0;
}

static int
classify(struct taking *t, enum mail_kind *kind_out, struct err *err)
{
	const struct message *m = t->in->message;
	const struct conf *conf = t->c->conf;
	struct intake_facts facts;

	if (find_own_letter(t, m, err) < 0 ||
	    route_decide(t->c->route, m->subject, m->text, t->arena,
		&t->decision, err) < 0)
		return -1;
	t->person = conf_person_by_address(conf, m->from.addr);
	if (t->person < 0 &&
	    citizen_read(t->c, m, t->is_answer ? &t->own : NULL, t->in->now_s,
		t->arena, &t->asked, err) < 0)
		return -1;
	facts = (struct intake_facts){
	    .junk = t->in->from->junk,
	    .person = t->person,
	    .own_letter = t->is_answer ? t->own.id : 0,
	    .own_clue = t->is_answer ? t->own.clue : 0,
	    .own_sender = is_own_address(conf, m->from.addr),
	    .own_id = token_is_our_id(conf, m->message_id),
	    .question = t->asked.question,
	    .joins = t->asked.joins != 0,
	    .domain_word = t->decision.domain_word,
	};
	t->unit = facts.unit = unit_mail_unit(
	    conf, m, t->person, t->arena, &facts.unit_form);
	*kind_out = intake_classify(m, &facts, &t->record.why);
	t->record.kind = intake_kind_name(*kind_out);
	return 0;
}

static int
event(struct taking *t, int64_t clue, const char *kind, const char *actor,
    const char *detail, struct err *err)
{
	const struct event_record e = {.clue = clue,
	    .at_s = t->in->now_s,
	    .kind = kind,
	    .actor = actor,
	    .detail = detail};

	return store_event_add(t->c->store, &e, err);
}

static int
write_message(struct taking *t, struct err *err)
{
	return store_message_add(t->c->store, &t->record, t->in->raw,
	    t->in->raw_len, &t->row, err);
}

static int
write_attachments(struct taking *t, const struct message *m, struct err *err)
{
	for (size_t i = 0; i < m->n_attachments; i++) {
		const struct attachment *at = &m->attachments[i];
		struct attachment_record r = {
		    .message = t->row,
		    .seq = (uint32_t)i,
		    .name = at->name,
		    .type = at->type,
		    .type_claimed = at->type_claimed,
		    .link = at->link,
		    .size_bytes = at->size_bytes,
		    .flags = at->flags,
		    .sent_along = at->photo != NULL,
		};

		memcpy(r.sha256, at->sha256, SHA256_BYTES);
		if (store_attachment_add(t->c->store, &r, err) < 0)
			return -1;
	}
	return 0;
}

static int
write_reporter(struct taking *t, const struct message *m, struct err *err)
{
	const struct reporter_record r = {
	    .message = t->row,
	    .address = m->from.addr,
	    .name = m->from.name,
	    .reply_to = m->reply_to.addr,
	    .signature = m->signature,
	    .sender = m->sender.addr,
	    .return_path = m->signs.return_path,
	};

	return store_reporter_add(t->c->store, &r, err);
}

static int
take_tip(struct taking *t, struct take_output *out, struct err *err)
{
	const struct dispatch_input d = {
	    .from = t->in->from,
	    .message = t->in->message,
	    .told = t->told,
	    .decision = &t->decision,
	    .row = t->row,
	    .now_s = t->in->now_s,
	};
	int64_t clue;

	if (write_reporter(t, t->in->message, err) < 0 ||
	    dispatch_tip(t->c, &d, t->arena, &clue, &out->number, err) < 0 ||
	    citizen_tipped(t->c, t->in->from, t->in->message, &t->asked, clue,
		t->row, t->in->now_s, t->arena, err) < 0)
		return -1;
	return store_message_set_clue(t->c->store, t->row, clue, err);
}

static int
take_query(struct taking *t, const struct message *m, struct err *err)
{
	if (write_reporter(t, m, err) < 0 ||
	    event(t, 0, "query", "reporter", t->record.why, err) < 0)
		return -1;
	return citizen_asks(t->c, &t->asked, t->is_answer ? &t->own : NULL,
	    t->row, t->in->now_s, t->arena, err);
}

static int
take_followup(struct taking *t, struct take_output *out, struct err *err)
{
	const struct followup_input f = {
	    .message = t->in->message,
	    .row = t->row,
	    .clue = t->asked.joins != 0 ? t->asked.joins : t->own.clue,
	    .by_code = t->asked.joins != 0,
	    .code = t->asked.code != NULL ? t->asked.code : "",
	    .answered = t->is_answer ? t->own.kind : "",
	    .now_s = t->in->now_s,
	};

	if (write_reporter(t, t->in->message, err) < 0)
		return -1;
	return followup_take(t->c, &f, t->arena, &out->number, err);
}

/* A letter of ours came back: it failed, and the office hears of it. */
static int
take_bounce(struct taking *t, struct err *err)
{
	const struct mail_signs *s = &t->in->message->signs;
	const char *what;

	if (!t->is_answer || t->own.state == LETTER_FAILED ||
	    (s->report_action[0] != '\0' &&
		strcmp(s->report_action, "failed") != 0))
		return 0; /* delayed, delivered … or told already */
	what = arena_printf(t->arena, "bounced: %s %s",
	    s->report_status, s->report_diagnostic);
	if (what == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	t->own.state = LETTER_FAILED;
	t->own.result = what;
	if (store_letter_update(t->c->store, &t->own, err) < 0)
		return -1;
	return undelivered(
	    t->c, &t->own, what, t->in->now_s, t->arena, err);
}

static int
take_reply(struct taking *t, enum mail_kind kind, struct take_output *out,
    struct err *err)
{
	const struct obey_input in = {
	    .message = t->in->message,
	    .from = t->in->from,
	    .content_key = t->record.content_key,
	    .own = t->is_answer ? &t->own : NULL,
	    .row = t->row,
	    .person = t->person,
	    .now_s = t->in->now_s,
	};

	if (kind == KIND_AUTO)
		return obey_automatic(t->c, &in, t->arena, err);
	if (kind == KIND_FOLLOWUP)
		return obey_stranger(
		    t->c, &in, t->arena, &out->number, err);
	return obey_reply(t->c, &in, t->arena, &out->number, err);
}

static int
take_unit_mail(struct taking *t, struct err *err)
{
	const struct unit_mail u = {
	    .from = t->in->from,
	    .message = t->in->message,
	    .row = t->row,
	    .unit = t->unit,
	    .answers = t->is_answer,
	    .now_s = t->in->now_s,
	};

	return unit_mail_take(t->c, &u, t->arena, err);
}

static int
take_by_kind(struct taking *t, enum mail_kind kind, struct take_output *out,
    struct err *err)
{
	switch (kind) {
	case KIND_TIP:
		return take_tip(t, out, err);
	case KIND_FOLLOWUP:
		if (t->is_answer && t->own.to_person[0] != '\0')
			return take_reply(t, kind, out, err);
		return take_followup(t, out, err);
	case KIND_QUERY:
		return take_query(t, t->in->message, err);
	case KIND_REPLY:
	case KIND_AUTO:
		return take_reply(t, kind, out, err);
	case KIND_UNIT_REPORT:
		return take_unit_mail(t, err);
	case KIND_BOUNCE:
		return take_bounce(t, err);
	default:
		return 0; /* kept; `cluectl status` counts them */
	}
}

/* The parser failed: the raw bytes wait for a person. */
static int
quarantine(struct taking *t, struct take_output *out, struct err *err)
{
	char why[512];
	const char *detail;

	t->record.kind = out->kind = "quarantine";
	t->record.why = arena_strdup(
	    t->arena, err_text(t->in->failure, why, sizeof(why)));
	if (t->record.why == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (write_message(t, err) < 0)
		return -1;
	out->message = t->row;
	detail = arena_printf(t->arena, "message %lld: %s",
	    (long long)t->row, t->record.why);
	if (detail == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (event(t, 0, "quarantined", "clued", detail, err) < 0)
		return -1;
	return letters_quarantined(t->c, t->row, t->record.why,
	    t->in->now_s, t->arena, err);
}

static int
fill_record(struct taking *t, struct err *err)
{
	const struct message *m = t->in->message;
	struct message_record *r = &t->record;

	*r = (struct message_record){
	    .message_id = "",
	    .channel = t->in->from->channel,
	    .why = "",
	    .received_s = t->in->now_s,
	    .internal_s = t->in->from->internal_s,
	    .size_bytes = t->in->raw_len,
	    .let_go = t->in->let_go,
	    .charset = "",
	    .lost = "",
	};
	memcpy(r->sha256, t->in->sha256, SHA256_BYTES);
	if (m == NULL)
		return 0;
	r->message_id = m->message_id;
	r->date_s = m->date_s;
	r->charset = m->charset;
	r->lost = m->lost;
	r->defects = m->defects |
	    (t->in->from->oversize ? (uint32_t)DEFECT_OVERSIZE : 0);
	if (told_of(m, t->arena, &t->told, err) < 0)
		return -1;
	memcpy(r->content_key, t->told->content_key, SHA256_BYTES);
	return 0;
}

int
take_message(const struct take_context *c, const struct take_input *in,
    struct arena *a, struct take_output *out, struct err *err)
{
	struct taking t = {.c = c, .in = in, .arena = a, .person = -1};
	enum mail_kind kind;
	int rc;

	out->number = "";
	out->kind = "";
	if (in->message != NULL) {
		rc = probe_take(c, in->message, in->now_s, a, err);
		if (rc != 0) {
			out->kind = "probe"; /* it leaves no trace */
			out->message = 0;
			return rc == 1 ? 0 : -1;
		}
	}
	if (fill_record(&t, err) < 0)
		return -1;
	rc = find_repeat(&t, &out->message, err);
	if (rc != 0) {
		out->repeat = rc == 1;
		return rc == 1 ? 0 : -1;
	}
	if (in->message == NULL)
		return quarantine(&t, out, err);
	if (classify(&t, &kind, err) < 0)
		return err_at(err, "classify");
	out->kind = t.record.kind;
	if (write_message(&t, err) < 0 ||
	    write_attachments(&t, in->message, err) < 0)
		return -1;
	out->message = t.row;
	return take_by_kind(&t, kind, out, err);
}

static int
has_attachments(struct taking *t, bool *has_out, struct err *err)
{
	struct attachment_record *list;
	size_t n;

	if (store_attachments(
		t->c->store, t->row, t->arena, &list, &n, err) < 0)
		return -1;
	*has_out = n > 0;
	return 0;
}

int
take_message_again(const struct take_context *c,
    const struct take_input *in, const struct take_again *again,
    struct arena *a, struct take_output *out, struct err *err)
{
	struct taking t = {.c = c,
	    .in = in,
	    .arena = a,
	    .person = -1,
	    .row = again->row};
	enum mail_kind kind;
	bool has;

	*out = (struct take_output){
	    .message = again->row, .number = "", .kind = ""};
	if (fill_record(&t, err) < 0 || classify(&t, &kind, err) < 0)
		return err_at(err, "classify");
	if (again->as_tip != NULL) {
		kind = KIND_TIP;
		t.record.kind = intake_kind_name(kind);
		t.record.why = again->as_tip;
	}
	out->kind = t.record.kind;
	if ((again->by_hand
		    ? store_message_set_kind(c->store, t.row, t.record.kind,
			  t.record.why, err)
		    : store_message_set_decoded(
			  c->store, t.row, &t.record, err)) < 0 ||
	    has_attachments(&t, &has, err) < 0 ||
	    (!has && write_attachments(&t, in->message, err) < 0))
		return -1;
	return take_by_kind(&t, kind, out, err);
}
