/* SPDX-License-Identifier: ISC */
#include "core/obey.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/conf.h"
#include "core/act.h"
#include "core/ladder.h"
#include "core/letters.h"
#include "core/obey_who.h"
#include "core/pipeline.h"
#include "core/take.h"
#include "follow/recipients.h"
#include "letter/letter.h"
#include "parse/message.h"

#define DAY_S 86400L
/* Letters a day to one person about mail of his that was not obeyed, and
 * answers a day about one clue to commands that were not understood: a program
 * that does not say that it is one must not keep us talking. */
#define REFUSALS_TOLD 5
#define UNCLEAR_TOLD 6

struct obeying {
	const struct take_context *c;
	const struct obey_input *in;
	struct arena *arena;
	const struct person_conf *person;
	struct obey_who who;
	struct act_actor actor;
	struct command *commands;
	size_t n_commands;
	struct buf lines; /* of the transcript */
	bool unclear;	  /* nothing was done */
};

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

static int
event(const struct take_context *c, const struct obey_input *in, int64_t clue,
    const char *kind, const char *actor, const char *detail, struct err *err)
{
	const struct event_record e = {.clue = clue,
	    .at_s = in->now_s,
	    .kind = kind,
	    .actor = actor,
	    .detail = detail};

	return detail == NULL ? no_memory(err)
			      : store_event_add(c->store, &e, err);
}

/* -- what is not obeyed ---------------------------------------------------- */

/* Counts in a note "when:count" of this name; 1 = it may happen once more. */
static int
within_limit(const struct take_context *c, const struct obey_input *in,
    struct arena *a, const char *key, int64_t most, struct err *err)
{
	const char *old = "0:0", *colon, *text;
	int64_t since_s = 0, n = 0;

	if (key == NULL)
		return no_memory(err);
	if (store_note_get(c->store, key, a, &old, err) < 0)
		return -1;
	colon = strchr(old, ':');
	text =
	    colon == NULL ? NULL : arena_memdup(a, old, (size_t)(colon - old));
	if (text == NULL || str_int64(text, 0, INT64_MAX, &since_s) < 0 ||
	    str_int64(colon + 1, 0, INT64_MAX, &n) < 0 ||
	    in->now_s - since_s >= DAY_S || in->now_s < since_s) {
		since_s = in->now_s;
		n = 0;
	}
	if (n >= most)
		return 0;
	text =
	    arena_printf(a, "%lld:%lld", (long long)since_s, (long long)n + 1);
	if (text == NULL)
		return no_memory(err);
	return store_note_set(c->store, key, text, err) < 0 ? -1 : 1;
}

/* Only who had the clue may hear what became of it. */
static const char *
refusal_text(const struct obeying *o)
{
	bool out = recipients_excluded(
	    o->who.clue.id != 0 ? o->who.clue.excluded : "", o->person->id);

	switch (o->who.refusal) {
	case OBEY_UNVOUCHED:
		return "来信没有通过邮件服务商的发件人验证，不能确认是您本人所"
		       "发。"
		       "请用名册登记的邮箱直接回复通知。";
	case OBEY_REPLAYED:
		return "同一封来信此前已经收到并处理，没有再次执行。";
	case OBEY_OVER:
		if (!out)
			return "您回复的通知已经失效：线索此后已转交、退回或办"
			       "结。"
			       "请以最近一封通知为准。";
		break;
	default:
		break;
	}
	return "来信中没有与您有关的有效编码。";
}

static int
tell_refusal(struct obeying *o, struct err *err)
{
	const struct letter_field cause = {"cause", refusal_text(o)};
	const struct letters_plain l = {
	    .kind = "not-obeyed",
	    .person = o->in->person,
	    .fields = &cause,
	    .n_fields = 1,
	    .now_s = o->in->now_s,
	};
	const char *id = o->person->id;
	int rc;

	if (o->who.refusal == OBEY_AUTOMATIC)
		return 0;
	rc = within_limit(o->c, o->in, o->arena,
	    arena_printf(
		o->arena, "refused.%s.%lld", id, (long long)o->who.clue.id),
	    1, err);
	if (rc == 1)
		rc = within_limit(o->c, o->in, o->arena,
		    arena_printf(o->arena, "refused.%s", id), REFUSALS_TOLD,
		    err);
	return rc <= 0 ? rc : letters_plain(o->c, &l, o->arena, err);
}

static int
refuse(struct obeying *o, struct err *err)
{
	if (event(o->c, o->in, o->who.clue.id, "reply-refused", o->person->id,
		arena_printf(o->arena, "message %lld: %s",
		    (long long)o->in->row, obey_refusal_name(o->who.refusal)),
		err) < 0)
		return -1;
	return tell_refusal(o, err);
}

/* -- what is --------------------------------------------------------------- */

/* A line of the transcript. */
static void
say(struct obeying *o, const struct command *c, const char *number,
    const char *said)
{
	buf_addf(&o->lines, "%s", o->lines.len > 0 ? "\n" : "");
	if (o->n_commands > 1 || o->who.of_none)
		buf_addf(&o->lines, "%s%s", number, number[0] ? "　" : "");
	if (c->flaw == COMMAND_OK)
		buf_addf(&o->lines, "%s：", command_title(c->verb));
	buf_adds(&o->lines, said);
}

/* The clue that a command is about.  *wrong_out says what is wrong. */
static int
find_clue(struct obeying *o, const struct command *c, struct clue_record *out,
    const char **wrong_out, struct err *err)
{
	bool named = c->number[0] != '\0';
	int rc = 0;

	*wrong_out = NULL;
	if (!named && o->who.of_none)
		*wrong_out =
		    "缺少线索编号，没有执行。请写：查询 LY-2026-000123";
	else if (named && o->who.by == COMMAND_BY_OFFICER &&
		 strcmp(c->number, o->who.clue.number) != 0)
		*wrong_out = "指令中的编号与所回复的通知不符，没有执行。";
	else if (!named)
		rc = store_clue_by_id(
		    o->c->store, o->who.clue.id, o->arena, out, err);
	else
		rc = store_clue_by_number(
		    o->c->store, c->number, o->arena, out, err);
	if (rc < 0 || *wrong_out != NULL)
		return rc < 0 ? -1 : 0;
	if (rc == 0 || recipients_excluded(out->excluded, o->person->id))
		*wrong_out = "没有这个编号的线索，没有执行。";
	return 0;
}

/* 改域 and then 分派: the second says who has it. */
static bool
is_assigned_later(const struct obeying *o, size_t i)
{
	for (size_t k = i + 1; k < o->n_commands; k++)
		if (o->commands[k].verb == VERB_ASSIGN &&
		    o->commands[k].flaw == COMMAND_OK &&
		    strcmp(o->commands[k].number, o->commands[i].number) == 0)
			return true;
	return false;
}

/* INTERNALDATE, unless it is absurd: a mail that we could not fetch in time
 * was in time all the same. */
#define MOST_LATE_S (7 * DAY_S)

static int64_t
arrived_s(const struct obeying *o)
{
	int64_t at_s = o->in->from->internal_s;

	return o->in->now_s - at_s <= MOST_LATE_S ? at_s : 0;
}

static int
obey_one(struct obeying *o, size_t i, struct err *err)
{
	const struct command *c = &o->commands[i];
	struct act x = {
	    .c = o->c,
	    .actor = &o->actor,
	    .command = c,
	    .now_s = o->in->now_s,
	    .arrived_s = arrived_s(o),
	    .arena = o->arena,
	    .stays = is_assigned_later(o, i),
	};
	const char *wrong;

	if (o->who.of_none && (c->verb == VERB_HELP || c->flaw != COMMAND_OK))
		x.clue.number = ""; /* of no clue in particular */
	else if (find_clue(o, c, &x.clue, &wrong, err) < 0)
		return -1;
	else if (wrong != NULL) {
		say(o, c, c->number, wrong);
		return 0;
	}
	if (act_apply(&x, err) < 0)
		return -1;
	say(o, c, x.clue.number, x.said);
	if (x.done) {
		o->unclear = false;
		return 0;
	}
	return event(o->c, o->in, x.clue.id, "not-done", o->person->id,
	    arena_printf(o->arena, "%s: %s",
		c->flaw == COMMAND_UNKNOWN ? "?" : command_name(c->verb),
		c->flaw == COMMAND_OK ? x.said : c->line),
	    err);
}

/* -- the transcript -------------------------------------------------------- */

static const char *
thread(struct obeying *o)
{
	const struct message *m = o->in->message;
	BUF_AUTO struct buf b = BUF_INIT;

	for (size_t i = 0; i < m->n_references; i++)
		buf_addf(&b, "%s ", m->references[i]);
	buf_adds(&b, m->message_id);
	return buf_bad(&b) ? NULL : arena_strdup(o->arena, buf_str(&b));
}

/* What is no longer his is told no more than that it is gone. */
static int
send_transcript(struct obeying *o, const struct clue_record *clue, bool his,
    struct err *err)
{
	const struct message *m = o->in->message;
	bool out = recipients_excluded(clue->excluded, o->person->id);
	BUF_AUTO struct buf next = BUF_INIT;
	const char *due = "";

	if (his) {
		act_next(clue->state, o->who.by, &next);
		if (act_due(o->c, clue, o->arena, &due, err) < 0)
			return -1;
	}
	const struct letter_field fields[] = {
	    {"number", clue->number},
	    {"state", clue->id == 0 || out ? "" : act_state(clue->state)},
	    {"due", due},
	    {"next", buf_str(&next)},
	    {o->unclear ? "cause" : "list", buf_str(&o->lines)},
	};
	const struct letters_plain l = {
	    .kind = "transcript",
	    .person = o->in->person,
	    .fields = fields,
	    .n_fields = sizeof(fields) / sizeof(fields[0]),
	    .clue = out ? 0 : clue->id,
	    .in_reply_to = m->message_id[0] != '\0' ? m->message_id : NULL,
	    .references = thread(o),
	    .now_s = o->in->now_s,
	};

	if (l.references == NULL || buf_bad(&next) || buf_bad(&o->lines))
		return no_memory(err);
	return letters_plain(o->c, &l, o->arena, err);
}

static int
answer(struct obeying *o, struct err *err)
{
	struct clue_record clue = {
	    .number = "", .excluded = "", .state = "", .officer = ""};
	bool his = false;
	int rc = 1;

	if (o->who.clue.id != 0 && store_clue_by_id(o->c->store, o->who.clue.id,
				       o->arena, &clue, err) < 0)
		return -1;
	if (clue.id != 0 && obey_is_his(o->c, &clue, o->in->person,
				o->in->now_s, o->arena, &his, err) < 0)
		return -1;
	his |= clue.id != 0 && o->who.by == COMMAND_BY_OFFICE &&
	       !recipients_excluded(clue.excluded, o->person->id);
	if (o->unclear)
		rc = within_limit(o->c, o->in, o->arena,
		    arena_printf(o->arena, "unclear.%s.%lld", o->person->id,
			(long long)clue.id),
		    UNCLEAR_TOLD, err);
	return rc <= 0 ? rc : send_transcript(o, &clue, his, err);
}

/* The mail and its attachments stay with the clue. */
static int
keep(struct obeying *o, const char **number_out, struct err *err)
{
	size_t n = o->in->message->n_attachments;
	int64_t clue = o->who.clue.id;

	if (clue != 0 &&
	    store_message_set_clue(o->c->store, o->in->row, clue, err) < 0)
		return -1;
	*number_out = o->who.clue.number;
	return event(o->c, o->in, clue, "reply", o->person->id,
	    n == 0
		? arena_printf(o->arena, "message %lld", (long long)o->in->row)
		: arena_printf(o->arena, "message %lld, %zu attachments",
		      (long long)o->in->row, n),
	    err);
}

static int
obey(struct obeying *o, const char **number_out, struct err *err)
{
	if (keep(o, number_out, err) < 0)
		return -1;
	if (command_read(o->in->message->text, o->who.by, o->arena,
		&o->commands, &o->n_commands) < 0)
		return no_memory(err);
	if (o->who.by == COMMAND_BY_OFFICER)
		o->n_commands = 1;
	o->unclear = true;
	for (size_t i = 0; i < o->n_commands; i++)
		if (obey_one(o, i, err) < 0)
			return -1;
	return answer(o, err);
}

int
obey_reply(const struct take_context *c, const struct obey_input *in,
    struct arena *a, const char **number_out, struct err *err)
{
	struct obeying o = {
	    .c = c,
	    .in = in,
	    .arena = a,
	    .person = &c->conf->roster.persons[in->person],
	    .lines = BUF_INIT,
	};
	int rc;

	*number_out = "";
	if (obey_who(c, in, a, &o.who, err) < 0)
		return err_at(err, "who may command");
	o.actor = (struct act_actor){o.person->id, in->person, o.who.by};
	rc = o.who.refusal != OBEY_YES ? refuse(&o, err)
				       : obey(&o, number_out, err);
	buf_done(&o.lines);
	return rc < 0 ? err_at(err, "reply") : 0;
}

/* -- neither --------------------------------------------------------------- */

int
obey_automatic(const struct take_context *c, const struct obey_input *in,
    struct arena *a, struct err *err)
{
	struct command *list;
	size_t n;

	if (in->person < 0 || in->own == NULL || in->own->clue == 0)
		return 0;
	if (command_read(in->message->text, COMMAND_BY_OFFICER, a, &list, &n) <
	    0)
		return no_memory(err);
	if (list[0].flaw == COMMAND_UNKNOWN)
		return 0;
	return event(c, in, in->own->clue, "reply-refused",
	    c->conf->roster.persons[in->person].id,
	    arena_printf(a, "message %lld: %s", (long long)in->row,
		obey_refusal_name(OBEY_AUTOMATIC)),
	    err);
}

/* A notice is in hands where it should not be. */
static int
tell_of_stranger(const struct take_context *c, const struct obey_input *in,
    const struct clue_record *clue, struct arena *a, struct err *err)
{
	const struct conf *conf = c->conf;
	int to = conf_person(conf, in->own->to_person), office = -1;
	char when[LETTER_TIME_SIZE];
	struct recipients all;

	ladder_people(conf, clue, LADDER_OFFICE, in->now_s, &all);
	office = all.n > 0 ? all.person[0] : -1;
	letter_time(conf->zone, in->now_s, when);
	const struct letter_field fields[] = {
	    {"subject", "有非名册人员回复了线索通知"},
	    {"received", when},
	    {"cause",
		arena_printf(a,
		    "发给%s的邮件收到了来自名册以外邮箱的回复，通知可能已被"
		    "转发。来信未执行，已随线索保存，请核实。",
		    to < 0 ? in->own->to_person
			   : conf->roster.persons[to].name)},
	    {"list", clue->number},
	};
	const struct letters_plain l = {
	    .kind = "alarm",
	    .person = office,
	    .fields = fields,
	    .n_fields = sizeof(fields) / sizeof(fields[0]),
	    .clue = clue->id,
	    .now_s = in->now_s,
	};

	if (fields[2].value == NULL)
		return no_memory(err);
	return office < 0 ? 0 : letters_plain(c, &l, a, err);
}

int
obey_stranger(const struct take_context *c, const struct obey_input *in,
    struct arena *a, const char **number_out, struct err *err)
{
	struct clue_record clue;
	int rc;

	if (store_clue_by_id(c->store, in->own->clue, a, &clue, err) < 0 ||
	    store_message_set_clue(c->store, in->row, clue.id, err) < 0)
		return -1;
	*number_out = clue.number;
	if (event(c, in, clue.id, "reply-refused", "",
		arena_printf(a,
		    "message %lld: somebody not on the roster answered the "
		    "letter to %s",
		    (long long)in->row, in->own->to_person),
		err) < 0)
		return -1;
	rc = within_limit(c, in, a,
	    arena_printf(a, "stranger.%lld", (long long)clue.id), 1, err);
	return rc <= 0 ? rc : tell_of_stranger(c, in, &clue, a, err);
}
