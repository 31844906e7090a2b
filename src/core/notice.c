/* SPDX-License-Identifier: ISC */
#include "core/notice.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "conf/conf.h"
#include "core/attach.h"
#include "core/letters.h"
#include "core/reasons.h"
#include "core/related.h"
#include "core/take.h"
#include "follow/clue.h"
#include "hide/hide.h"
#include "letter/letter.h"
#include "letter/parts.h"
#include "parse/message.h"
#include "route/route.h"
#include "store/citizen.h"

struct writing {
	const struct take_context *c;
	const struct notice_request *r;
	struct arena *arena;
	struct message *citizen; /* who is to be hidden */
	struct notice_facts facts;
	struct letter_attachment *files;
	size_t n_files;
};

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* What the program still knows of the citizen, in the form in which he is
 * hidden. */
static int
find_citizen(struct writing *w, struct err *err)
{
	struct message *m = w->citizen;
	struct reporter_record r;
	int rc = 0;

	if (w->r->clue->message != 0)
		rc = store_reporter_use(
		    w->c->store, w->r->clue->message, w->arena, &r, err);
	if (rc != 1)
		return rc;
	m->from = (struct mail_address){r.name, r.address};
	m->reply_to = (struct mail_address){"", r.reply_to};
	m->signature = r.signature;
	m->sender = (struct mail_address){"", r.sender};
	m->signs.return_path = r.return_path;
	return 0;
}

static const char *
hidden(struct writing *w, const char *text)
{
	BUF_AUTO struct buf b = BUF_INIT;

	hide_citizen(w->citizen, text, &b);
	return buf_bad(&b) ? NULL : arena_strdup(w->arena, buf_str(&b));
}

/* The hits of the tip as they were stored. */
static int
read_hits(struct writing *w, struct route_decision *out, struct err *err)
{
	const struct conf *conf = w->c->conf;
	struct match_record *list;
	struct route_hit *hits;
	size_t n;

	if (store_matches(
		w->c->store, w->r->clue->id, w->arena, &list, &n, err) < 0)
		return -1;
	hits = arena_array(w->arena, n + 1, sizeof(*hits));
	if (hits == NULL)
		return no_memory(err);
	for (size_t i = 0; i < n; i++) {
		const struct match_record *m = &list[i];
		bool priority = strcmp(m->domain, "priority") == 0;
		int domain = conf_domain(conf, m->domain);

		hits[i] = (struct route_hit){
		    .domain = priority	   ? HIT_PRIORITY
			      : domain < 0 ? HIT_MAJOR
					   : domain,
		    .term = m->term,
		    .found = m->found,
		    .field = strcmp(m->field, "subject") == 0 ? FIELD_SUBJECT
							      : FIELD_TEXT,
		    .at = m->at,
		    .len = m->len,
		    .weight = m->weight,
		};
	}
	*out = (struct route_decision){
	    .domain = conf_domain(conf, w->r->clue->domain),
	    .runner_up = -1,
	    .hits = hits,
	    .n_hits = n,
	};
	return 0;
}

static int
find_why(struct writing *w, struct err *err)
{
	const struct reasons_shown shown = {w->facts.subject, w->facts.text};
	struct route_decision d;

	if (read_hits(w, &d, err) < 0 ||
	    related_line(w->c->conf, w->c->store, w->r->clue->id, w->r->person,
		w->arena, &w->facts.related, err) < 0)
		return -1;
	w->facts.why = reasons_words(&d, &shown, w->arena);
	return w->facts.why == NULL ? no_memory(err) : 0;
}

static int
find_ends(struct writing *w, struct err *err)
{
	struct deadline_record *list;
	size_t n;
	int k;

	if (store_deadlines(
		w->c->store, w->r->clue->id, w->arena, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		k = deadline_by_name(list[i].kind);
		if (k >= 0 && list[i].met_s == 0)
			w->facts.due_s[k] = list[i].due_s;
	}
	return 0;
}

static bool
is_a_notice(const char *kind)
{
	return strcmp(kind, "notice") == 0 || strcmp(kind, "triage") == 0 ||
	       strcmp(kind, "accused-to-discipline") == 0;
}

/* What went along with the first letter that told of the tip. */
static int
find_files(struct writing *w, struct err *err)
{
	struct letter_record *list;
	void *bytes;
	size_t n, len, i = 0;
	int rc;

	if (store_letters(
		w->c->store, w->r->clue->id, w->arena, &list, &n, err) < 0)
		return -1;
	while (i < n && !is_a_notice(list[i].kind))
		i++;
	if (i == n)
		return 0;
	if (store_letter_bytes(w->c->store, list[i].id, &bytes, &len, err) < 0)
		return -1;
	rc = letter_parts(bytes, len, w->arena, &w->files, &w->n_files, err);
	free(bytes);
	for (size_t k = 0; rc == 0 && k < w->n_files; k++)
		w->facts.n_photos += str_starts(w->files[k].name, "photo-");
	return rc;
}

static int
find_held(struct writing *w, struct err *err)
{
	bool all = w->n_files > w->facts.n_photos;
	BUF_AUTO struct buf held = BUF_INIT;
	struct attachment_record *list;
	size_t n = 0;

	if (w->r->clue->message != 0 &&
	    store_attachments(
		w->c->store, w->r->clue->message, w->arena, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct attachment at = {.type = list[i].type,
		    .flags = list[i].flags,
		    .size_bytes = list[i].size_bytes};

		if (!list[i].sent_along &&
		    (!all || (at.flags & ATT_CLOUD) != 0))
			attach_add_held(&held, i + 1, &at);
	}
	w->facts.held =
	    buf_bad(&held) ? NULL : arena_strdup(w->arena, buf_str(&held));
	return w->facts.held == NULL ? no_memory(err) : 0;
}

static int
find_facts(struct writing *w, struct err *err)
{
	const struct conf *conf = w->c->conf;
	const struct clue_record *clue = w->r->clue;
	int domain = conf_domain(conf, clue->domain);
	int area = conf_area(conf, clue->area);

	if (find_citizen(w, err) < 0)
		return -1;
	w->facts = (struct notice_facts){
	    .number = clue->number,
	    .domain_title =
		domain < 0 ? clue->domain : conf->rules.domains[domain].title,
	    .area_name = area < 0 ? "" : conf->areas[area].name,
	    .people_why = w->r->people_why,
	    .priority = strcmp(clue->class_id, conf->classes[1].id) == 0,
	    .subject = hidden(w, clue->subject),
	    .text = hidden(w, clue->text),
	    .received_s = clue->received_s,
	};
	if (w->facts.subject == NULL || w->facts.text == NULL)
		return no_memory(err);
	return find_why(w, err) < 0 || find_ends(w, err) < 0 ||
		       find_files(w, err) < 0 || find_held(w, err) < 0
		   ? -1
		   : 0;
}

int
notice_again(const struct take_context *c, const struct notice_request *r,
    struct arena *a, struct err *err)
{
	MESSAGE_AUTO struct message *citizen = message_new();
	struct writing w = {.c = c, .r = r, .arena = a, .citizen = citizen};
	const struct letter_field cause = {"cause", r->cause};
	struct letters_plain l = {
	    .kind = r->template_id,
	    .person = r->person,
	    .facts = &w.facts,
	    .fields = &cause,
	    .n_fields = 1,
	    .clue = r->clue->id,
	    .now_s = r->now_s,
	};

	if (citizen == NULL)
		return no_memory(err);
	if (find_facts(&w, err) < 0)
		return err_at(err, "notice");
	l.files = w.files;
	l.n_files = w.n_files;
	l.priority = w.facts.priority;
	return letters_plain(c, &l, a, err);
}
