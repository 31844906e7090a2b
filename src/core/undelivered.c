/* SPDX-License-Identifier: ISC */
#include "core/undelivered.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/letters.h"
#include "core/notice.h"
#include "core/take.h"
#include "follow/clue.h"
#include "follow/recipients.h"
#include "store/store.h"

struct failing {
	const struct take_context *c;
	const struct letter_record *letter;
	const char *what;
	int64_t now_s;
	struct arena *arena;
	struct clue_record clue;
};

/* It was the notice by which the clue is with its officer. */
static bool
is_officers_notice(const struct failing *f)
{
	int state = clue_state_by_name(f->clue.state);

	return strcmp(f->letter->kind, "notice") == 0 &&
	       strcmp(f->letter->to_person, f->clue.officer) == 0 &&
	       state >= 0 && state != CLUE_NEW && state != CLUE_RETURNED &&
	       !clue_state_is_final((enum clue_state)state);
}

/* Since the clue last changed hands; 1 = it was. */
static int
was_told(const struct failing *f, struct err *err)
{
	struct event_record *list;
	size_t n;
	int told = 0;

	if (store_events(f->c->store, f->clue.id, f->arena, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i].kind, "undelivered") == 0)
			told = 1;
		if (strcmp(list[i].kind, "assigned") == 0 ||
		    strcmp(list[i].kind, "reassigned") == 0)
			told = 0;
	}
	return told;
}

static int
find_deputy(const struct failing *f)
{
	const struct conf *conf = f->c->conf;
	int p = conf_person(conf, f->clue.deputy);

	if (p < 0 || f->clue.discipline ||
	    recipients_excluded(f->clue.excluded, f->clue.deputy))
		return -1;
	return conf_is_absent(&conf->roster.persons[p],
		   zone_day(conf->zone, f->now_s))
		   ? -1
		   : p;
}

static int
tell_deputy(struct failing *f, struct err *err)
{
	int deputy = find_deputy(f);
	const struct notice_request r = {
	    .clue = &f->clue,
	    .person = deputy,
	    .template_id = "notice",
	    .people_why = "责任人的邮箱无法收信，请先行办理",
	    .cause = "",
	    .now_s = f->now_s,
	};
	struct event_record e = {.clue = f->clue.id,
	    .at_s = f->now_s,
	    .kind = "undelivered",
	    .actor = "clued"};

	e.detail = arena_printf(f->arena, "%s: %s%s%s", f->letter->to_person,
	    f->what, deputy < 0 ? "" : "; notice to ",
	    deputy < 0 ? "" : f->clue.deputy);
	if (e.detail == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (store_event_add(f->c->store, &e, err) < 0)
		return -1;
	return deputy < 0 ? 0 : notice_again(f->c, &r, f->arena, err);
}

int
undelivered(const struct take_context *c, const struct letter_record *letter,
    const char *what, int64_t now_s, struct arena *a, struct err *err)
{
	struct failing f = {
	    .c = c, .letter = letter, .what = what, .now_s = now_s, .arena = a};
	int rc;

	if (letters_failed(c, letter, what, now_s, a, err) < 0)
		return -1;
	if (letter->clue == 0)
		return 0;
	rc = store_clue_by_id(c->store, letter->clue, a, &f.clue, err);
	if (rc != 1 || !is_officers_notice(&f))
		return rc < 0 ? -1 : 0;
	rc = was_told(&f, err);
	return rc != 0 ? (rc < 0 ? -1 : 0) : tell_deputy(&f, err);
}
