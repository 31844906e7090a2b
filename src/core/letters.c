/* SPDX-License-Identifier: ISC */
#include "core/letters.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/attach.h"
#include "core/take.h"
#include "core/unit_letters.h"
#include "core/turn.h"
#include "letter/letter.h"
#include "letter/token.h"
#include "parse/message.h"
#include "store/store.h"

/* Least time between two alarms about unreadable messages. */
#define QUARANTINE_ALARM_S 3600
#define QUARANTINE_NOTE "alarm.quarantine"

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* When an urgent letter is tried: due longer than any other. */
#define AT_ONCE_S 1

/* Puts a composed letter into the outbox, to be sent from try_s on. */
static int
enqueue_at(const struct take_context *c, const struct letter_request *r,
    const struct buf *bytes, int64_t clue, int64_t deadline, int person,
    int64_t try_s, struct err *err)
{
	const struct letter_record l = {
	    .clue = clue,
	    .deadline = deadline,
	    .kind = r->template_id,
	    .to_person = c->conf->roster.persons[person].id,
	    .rcpt_to = r->to_addr,
	    .message_id = r->message_id,
	    .state = LETTER_READY,
	    .created_s = r->date_s,
	    .next_try_s = try_s,
	    .result = "",
	};
	int64_t id;

	return store_letter_add(
	    c->store, &l, bytes->data, bytes->len, &id, err);
}

static int
enqueue(const struct take_context *c, const struct letter_request *r,
    const struct buf *bytes, int64_t clue, int64_t deadline, int person,
    struct err *err)
{
	return enqueue_at(c, r, bytes, clue, deadline, person,
	    strcmp(r->template_id, "alarm") == 0 ? LETTER_ALARM_S : r->date_s,
	    err);
}

static int
begin(const struct take_context *c, const char *template_id, int person,
    int64_t clue, int64_t now_s, struct arena *a, struct letter_request *out,
    struct err *err)
{
	const struct person_conf *p = &c->conf->roster.persons[person];
	char *code = arena_alloc(a, TOKEN_SIZE);

	if (code == NULL)
		return no_memory(err);
	if (turn_code(c, clue, p, now_s, code, err) < 0)
		return -1;
	*out = (struct letter_request){
	    .template_id = template_id,
	    .to_addr = p->address,
	    .to_name = p->name,
	    .message_id = token_message_id(c->conf, code, a),
	    .code = code,
	    .in_reply_to = "",
	    .references = "",
	    .auto_submitted = "auto-generated",
	    .date_s = now_s,
	};
	return out->message_id == NULL ? no_memory(err) : 0;
}

int
letters_notice(const struct take_context *c, const struct letters_notice *n,
    struct arena *a, struct err *err)
{
	BUF_AUTO struct buf held = BUF_INIT;
	BUF_AUTO struct buf bytes = BUF_INIT;
	const enum attach_what what =
	    c->conf->smtp.attach_all ? ATTACH_ALL : ATTACH_PHOTOS;
	struct attach_list *files = arena_alloc(a, sizeof(*files));
	struct letter_request head;
	struct notice_facts facts = {
	    .number = n->clue->number,
	    .domain_title = n->domain_title,
	    .area_name = n->area_name,
	    .why = n->why,
	    .people_why = n->people_why,
	    .priority = n->priority,
	    .subject = n->subject,
	    .text = n->text,
	    .related = n->related,
	    .received_s = n->clue->received_s,
	};

	memcpy(facts.due_s, n->due_s, sizeof(facts.due_s));
	if (files == NULL)
		return no_memory(err);
	if (begin(c, n->template_id, n->person, n->clue->id, n->now_s, a,
		&head, err) < 0 ||
	    attach_sort(n->message, what, a, files, &held, err) < 0)
		return -1;
	facts.n_photos = files->n_photos;
	facts.held = buf_str(&held);
	head.priority = n->priority;
	head.attachments = files->files;
	head.n_attachments = files->n;
	head.fields = n->more;
	head.n_fields = n->n_more;
	if (letter_notice_draft(c->conf, &facts, &head, &bytes, err) < 0 ||
	    enqueue_at(c, &head, &bytes, n->clue->id, 0, n->person,
		n->urgent ? AT_ONCE_S : n->now_s, err) < 0)
		return err_at(err, "notice");
	return 0;
}

int
letters_plain(const struct take_context *c, const struct letters_plain *l,
    struct arena *a, struct err *err)
{
	BUF_AUTO struct buf bytes = BUF_INIT;
	struct letter_request head;

	if (begin(c, l->kind, l->person, l->clue, l->now_s, a, &head, err) < 0)
		return -1;
	head.fields = l->fields;
	head.n_fields = l->n_fields;
	head.attachments = l->files;
	head.n_attachments = l->n_files;
	head.priority = l->priority;
	if (l->template_id != NULL)
		head.template_id = l->template_id;
	if (l->in_reply_to != NULL) {
		head.in_reply_to = l->in_reply_to;
		head.references = l->references;
		head.auto_submitted = "auto-replied";
	}
	if ((l->facts != NULL
		    ? letter_notice_draft(c->conf, l->facts, &head, &bytes, err)
		    : letter_draft(c->conf, &head, &bytes, err)) < 0)
		return -1;
	head.template_id = l->kind;
	return enqueue(
	    c, &head, &bytes, l->clue, l->deadline, l->person, err);
}

/* A letter of plain fields to the office. */
static int
tell_office(const struct take_context *c, const char *kind,
    const struct letter_field *fields, size_t n_fields, int64_t clue,
    int64_t now_s, struct arena *a, struct err *err)
{
	const struct letters_plain l = {.kind = kind,
	    .person = c->conf->roster.office,
	    .fields = fields,
	    .n_fields = n_fields,
	    .clue = clue,
	    .now_s = now_s};

	return letters_plain(c, &l, a, err);
}

int
letters_release(const struct take_context *c, const struct clue_record *clue,
    const struct attach_list *files, const char *still_held, int64_t now_s,
    struct arena *a, struct err *err)
{
	const struct conf *conf = c->conf;
	int person = conf_person(conf, clue->officer);
	BUF_AUTO struct buf bytes = BUF_INIT;
	struct letter_request head;

	if (person < 0)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "the roster has no %s any more; assign the clue first",
		    clue->officer);
	const struct letter_field fields[] = {
	    {"number", clue->number},
	    {"officer", conf->roster.persons[person].name},
	    {"office", conf->office.name},
	    {"count", arena_printf(a, "%zu", files->n)},
	    {"held", still_held},
	};

	if (fields[3].value == NULL)
		return no_memory(err);
	if (begin(c, "release", person, clue->id, now_s, a, &head, err) < 0)
		return -1;
	head.fields = fields;
	head.n_fields = sizeof(fields) / sizeof(fields[0]);
	head.attachments = files->files;
	head.n_attachments = files->n;
	if (letter_draft(conf, &head, &bytes, err) < 0 ||
	    enqueue(c, &head, &bytes, clue->id, 0, person, err) < 0)
		return err_at(err, "release");
	return 0;
}

static int
citizen_missed(const struct take_context *c,
    const struct letter_record *letter, int64_t now_s, struct err *err)
{
	const struct event_record e = {.clue = letter->clue,
	    .at_s = now_s,
	    .kind = "citizen-missed",
	    .actor = "clued",
	    .detail = letter->kind};

	return store_event_add(c->store, &e, err);
}

/* A unit that cannot be reached will not report. */
static int
unit_failed(const struct take_context *c, const struct letter_record *letter,
    const char *what, int64_t now_s, struct arena *a, struct err *err)
{
	const char *id = letter->to_person + strlen(UNIT_PREFIX), *name = id;
	char received[LETTER_TIME_SIZE];
	const char *cause;

	for (size_t i = 0; i < c->conf->roster.n_units; i++)
		if (strcmp(c->conf->roster.units[i].id, id) == 0)
			name = c->conf->roster.units[i].name;
	cause = arena_printf(a, "发给%s的信件（%s）未能送达：%s", name,
	    letter->kind, what);
	letter_time(c->conf->zone, now_s, received);
	if (cause == NULL)
		return no_memory(err);
	const struct letter_field fields[] = {
	    {"subject", "单位邮箱无法送达"},
	    {"received", received},
	    {"office", c->conf->office.name},
	    {"cause", cause},
	};

	return tell_office(c, "alarm", fields,
	    sizeof(fields) / sizeof(fields[0]), 0, now_s, a, err);
}

int
letters_failed(const struct take_context *c,
    const struct letter_record *letter, const char *what, int64_t now_s,
    struct arena *a, struct err *err)
{
	const struct conf *conf = c->conf;
	int to = conf_person(conf, letter->to_person);
	struct clue_record clue = {.number = ""};

	/* A citizen's address may be wrong or full: nothing for a person to
	 * mend, and many of them would be a storm of letters. */
	if (letter->to_person[0] == '\0')
		return citizen_missed(c, letter, now_s, err);
	if (strncmp(letter->to_person, UNIT_PREFIX, strlen(UNIT_PREFIX)) == 0)
		return unit_failed(c, letter, what, now_s, a, err);
	if (to == conf->roster.office || letter->clue == 0)
		return 0;
	if (store_clue_by_id(c->store, letter->clue, a, &clue, err) < 0)
		return -1;
	const struct letter_field fields[] = {
	    {"number", clue.number},
	    {"officer", to < 0 ? "" : conf->roster.persons[to].name},
	    {"office", conf->office.name},
	    {"cause", what},
	};

	return tell_office(c, "letter-failed", fields,
	    sizeof(fields) / sizeof(fields[0]), letter->clue, now_s, a, err);
}

int
letters_quarantined(const struct take_context *c, int64_t message,
    const char *why, int64_t now_s, struct arena *a, struct err *err)
{
	const char *last = "0";
	const char *cause, *now;
	char received[LETTER_TIME_SIZE];
	int64_t last_s = 0;

	if (store_note_get(c->store, QUARANTINE_NOTE, a, &last, err) < 0)
		return -1;
	if (str_int64(last, 0, INT64_MAX, &last_s) == 0 &&
	    now_s - last_s < QUARANTINE_ALARM_S && now_s >= last_s)
		return 0;
	now = arena_printf(a, "%lld", (long long)now_s);
	cause = arena_printf(a,
	    "邮件（编号 %lld）无法解析，已原样隔离保存，"
	    "可用 cluectl quarantine 查看、重试或转为线索：%s",
	    (long long)message, why);
	letter_time(c->conf->zone, now_s, received);
	if (now == NULL || cause == NULL)
		return no_memory(err);
	const struct letter_field fields[] = {
	    {"subject", "有邮件无法解析"},
	    {"received", received},
	    {"office", c->conf->office.name},
	    {"cause", cause},
	};

	if (store_note_set(c->store, QUARANTINE_NOTE, now, err) < 0)
		return -1;
	return tell_office(c, "alarm", fields,
	    sizeof(fields) / sizeof(fields[0]), 0, now_s, a, err);
}
