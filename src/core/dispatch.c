/* SPDX-License-Identifier: ISC */
#include "core/dispatch.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/letters.h"
#include "core/major.h"
#include "core/pipeline.h"
#include "core/reasons.h"
#include "core/related.h"
#include "core/take.h"
#include "follow/calendar.h"
#include "follow/clue.h"
#include "intake/told.h"
#include "letter/letter.h"
#include "parse/message.h"
#include "route/route.h"
#include "store/store.h"

struct dispatching {
	const struct take_context *c;
	const struct dispatch_input *in;
	struct arena *arena;
	const struct route_accused *accused;
	size_t n_accused;
	struct route_people people;
	const struct deadline_class *cls;
	struct deadline_plan plan;
	const char *why_words;
	const char *why_major; /* "" = no major matter */
	struct related_named *related;
	size_t n_related;
	struct clue_record clue;
};

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

int
dispatch_accused(const struct take_context *c, const struct message *m,
    struct arena *a, const struct route_accused **out, size_t *n_out,
    struct err *err)
{
	const char **texts =
	    arena_array(a, 3 + m->n_attachments, sizeof(*texts));
	size_t n = 0;

	if (texts == NULL)
		return no_memory(err);
	texts[n++] = m->subject;
	texts[n++] = m->text;
	texts[n++] = m->quoted;
	for (size_t i = 0; i < m->n_attachments; i++)
		texts[n++] = m->attachments[i].name;
	return route_accused(c->route, texts, n, a, out, n_out, err);
}

static int
find_accused(struct dispatching *d, struct err *err)
{
	return dispatch_accused(d->c, d->in->message, d->arena, &d->accused,
	    &d->n_accused, err);
}

static int
find_people(struct dispatching *d, struct err *err)
{
	return route_people(d->c->route, d->in->decision, d->accused,
	    d->n_accused,
	    zone_day(d->c->conf->zone, d->in->now_s), d->arena,
	    &d->people, err);
}

/* For the office only: who was kept out, and why. */
static const char *
excluded_line(struct dispatching *d)
{
	const struct roster_conf *roster = &d->c->conf->roster;
	struct buf b = BUF_INIT;
	const char *out;

	for (size_t i = 0; i < d->n_accused; i++)
		buf_addf(&b, "%s%s: %s%s", i > 0 ? "; " : "",
		    roster->persons[d->accused[i].person].id,
		    d->accused[i].why, d->accused[i].sure ? "" : " (?)");
	out = buf_bad(&b) ? NULL : arena_strdup(d->arena, buf_str(&b));
	buf_done(&b);
	return out;
}

static const char *
person_id(const struct conf *conf, int person)
{
	return person < 0 ? "" : conf->roster.persons[person].id;
}

static int
fill_clue(struct dispatching *d, struct err *err)
{
	const struct conf *conf = d->c->conf;
	const struct route_decision *r = d->in->decision;
	const struct message *m = d->in->message;
	struct clue_record *clue = &d->clue;

	*clue = (struct clue_record){
	    .message = d->in->row,
	    /* A file holds a mail too. */
	    .channel = strcmp(d->in->from->channel, "file") == 0
		? "mail"
		: d->in->from->channel,
	    .state = clue_state_name(
		d->people.triage ? CLUE_NEW : CLUE_ASSIGNED),
	    .domain = conf->rules.domains[r->domain].id,
	    .runner_up = r->runner_up < 0
		? ""
		: conf->rules.domains[r->runner_up].id,
	    .score = r->score,
	    .margin = r->margin,
	    .area = r->area < 0 ? "" : conf->areas[r->area].id,
	    .class_id = d->cls->id,
	    .officer = person_id(conf, d->people.officer),
	    .deputy = person_id(conf, d->people.deputy),
	    .leader = person_id(conf, d->people.leader),
	    .triage = d->people.triage,
	    .discipline = d->people.to_discipline,
	    .excluded = excluded_line(d),
	    .rules = conf->rules.hash,
	    .subject = m->subject,
	    .text = m->text,
	    .pairs = d->in->told->pairs,
	    .received_s = d->in->received_s != 0 ? d->in->received_s
						 : d->in->now_s,
	    .dispatched_s = d->people.triage ? 0 : d->in->now_s,
	};
	clue->why = arena_printf(d->arena, "%s%s%s", d->why_words,
	    d->why_words[0] != '\0' ? "；" : "", d->people.why);
	return clue->why == NULL || clue->excluded == NULL ? no_memory(err)
							   : 0;
}

static int
add_clue(struct dispatching *d, struct err *err)
{
	struct civil now;

	zone_civil(d->c->conf->zone, d->in->now_s, &now);
	return store_clue_add(d->c->store, &d->clue,
	    d->c->conf->office.number_prefix, now.year, d->arena, err);
}

static int
add_matches(struct dispatching *d, struct err *err)
{
	const struct conf *conf = d->c->conf;
	const struct route_decision *r = d->in->decision;

	for (size_t i = 0; i < r->n_hits; i++) {
		const struct route_hit *h = &r->hits[i];
		const struct match_record m = {
		    .clue = d->clue.id,
		    .seq = (uint32_t)i,
		    .domain = h->domain == HIT_MAJOR ? "major"
			: h->domain == HIT_PRIORITY
			? "priority"
			: conf->rules.domains[h->domain].id,
		    .term = h->term,
		    .found = h->found,
		    .field = h->field == FIELD_SUBJECT ? "subject" : "text",
		    .at = h->at,
		    .len = h->len,
		    .weight = h->weight,
		};

		if (store_match_add(d->c->store, &m, err) < 0)
			return -1;
	}
	return 0;
}

static int
add_event(struct dispatching *d, const char *kind, const char *detail,
    struct err *err)
{
	const struct event_record e = {.clue = d->clue.id,
	    .at_s = d->in->now_s,
	    .kind = kind,
	    .actor = "clued",
	    .detail = detail};

	if (detail == NULL)
		return no_memory(err);
	return store_event_add(d->c->store, &e, err);
}

static int
add_events(struct dispatching *d, struct err *err)
{
	const struct pipeline_source *from = d->in->from;
	const struct clue_record *clue = &d->clue;

	if (add_event(d, "received",
		from->mailbox[0] == '\0'
		    ? from->channel
		    : arena_printf(d->arena, "%s %s/%s uid %u",
			  from->channel, from->mailbox, from->folder,
			  from->uid),
		err) < 0 ||
	    add_event(d, "routed",
		arena_printf(d->arena, "%s: %s", clue->domain,
		    d->why_words),
		err) < 0)
		return -1;
	if (d->n_accused > 0 &&
	    add_event(d, "excluded", clue->excluded, err) < 0)
		return -1;
	return add_event(d, d->people.triage ? "triage" : "assigned",
	    arena_printf(d->arena, "%s: %s", clue->officer, d->people.why),
	    err);
}

static int
add_deadlines(struct dispatching *d, struct err *err)
{
	if (d->people.triage)
		return 0; /* clocks run from dispatch */
	for (int k = 0; k < DEADLINE_COUNT; k++) {
		const struct deadline_record r = {
		    .clue = d->clue.id,
		    .kind = deadline_name((enum deadline_kind)k),
		    .due_s = d->plan.due_s[k],
		    .warn_s = d->plan.warn_s[k],
		    .ask_s = d->plan.warn_s[k],
		};

		if (store_deadline_add(d->c->store, &r, err) < 0)
			return -1;
	}
	return 0;
}

/* The words found are the tip's own and may run over a name: they are named
 * as they stand in what is shown of it. */
static int
find_reasons(struct dispatching *d, struct err *err)
{
	const struct reasons_shown shown = {
	    d->in->told->subject, d->in->told->text};

	d->why_words = reasons_words(d->in->decision, &shown, d->arena);
	d->why_major = reasons_major(d->in->decision, &shown, d->arena);
	return d->why_words == NULL || d->why_major == NULL ? no_memory(err)
							    : 0;
}

/* The notice, and for a major matter at once those who must know. */
static int
add_letters(struct dispatching *d, struct letters_notice *n, struct err *err)
{
	static const struct letter_field mark = {
	    "priority", LETTER_MAJOR_MARK};
	if (d->in->decision->major) {
		n->more = &mark;
		n->n_more = 1;
		n->urgent = true;
	}
	if (letters_notice(d->c, n, d->arena, err) < 0)
		return -1;
	if (!d->in->decision->major)
		return 0;
	return major_tell(d->c, n, d->why_major, d->arena, err);
}

static int
add_related(struct dispatching *d, struct err *err)
{
	return related_link(d->c->store, &d->clue, &d->in->told->print,
	    d->in->now_s, d->arena, &d->related, &d->n_related, err);
}

static int
add_notice(struct dispatching *d, struct err *err)
{
	const struct conf *conf = d->c->conf;
	const struct route_decision *r = d->in->decision;
	struct letters_notice n = {
	    .clue = &d->clue,
	    .person = d->people.officer,
	    .template_id = d->people.triage ? "triage"
		: d->people.to_discipline && d->n_accused > 0
		? "accused-to-discipline"
		: "notice",
	    .domain_title = conf->rules.domains[r->domain].title,
	    .area_name = r->area < 0 ? "" : conf->areas[r->area].name,
	    /* Who was passed over is not for officers to read. */
	    .people_why = d->n_accused > 0 && !d->people.triage &&
		    !d->people.to_discipline
		? ""
		: d->people.why,
	    .priority = d->cls == &conf->classes[1],
	    .message = d->in->message,
	    .subject = d->in->told->subject,
	    .text = d->in->told->text,
	    .why = d->why_words,
	    .now_s = d->in->now_s,
	};

	if (!d->people.triage)
		memcpy(n.due_s, d->plan.due_s, sizeof(n.due_s));
	if (related_line_of(conf, d->related, d->n_related, n.person,
		d->arena, &n.related, err) < 0)
		return -1;
	return add_letters(d, &n, err);
}

/* Clues of one second have the same ends. */
static void
plan_deadlines(struct dispatching *d)
{
	const struct conf *conf = d->c->conf;
	const struct calendar cal = {&conf->calendar, conf->zone};
	struct take_cache *cache = d->c->cache;
	size_t i = (size_t)(d->cls - conf->classes);

	if (cache == NULL) {
		deadline_plan(&cal, d->cls, d->in->now_s, &d->plan);
		return;
	}
	if (cache->plans[i].cls != d->cls ||
	    cache->plans[i].now_s != d->in->now_s) {
		deadline_plan(
		    &cal, d->cls, d->in->now_s, &cache->plans[i].plan);
		cache->plans[i].cls = d->cls;
		cache->plans[i].now_s = d->in->now_s;
	}
	d->plan = cache->plans[i].plan;
}

int
dispatch_tip(const struct take_context *c, const struct dispatch_input *in,
    struct arena *a, int64_t *clue_out, const char **number_out,
    struct err *err)
{
	struct dispatching d = {.c = c, .in = in, .arena = a};

	if (find_accused(&d, err) < 0 || find_people(&d, err) < 0)
		return err_at(err, "route");
	d.cls = &c->conf->classes[in->decision->priority ? 1 : 0];
	plan_deadlines(&d);
	if (find_reasons(&d, err) < 0)
		return -1;
	if (fill_clue(&d, err) < 0 || add_clue(&d, err) < 0 ||
	    add_matches(&d, err) < 0 || add_events(&d, err) < 0 ||
	    add_related(&d, err) < 0 || add_deadlines(&d, err) < 0 ||
	    add_notice(&d, err) < 0)
		return err_at(err, "dispatch");
	*clue_out = d.clue.id;
	*number_out = d.clue.number;
	return 0;
}
