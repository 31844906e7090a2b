/* SPDX-License-Identifier: ISC */
#include "core/major.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/ladder.h"
#include "core/letters.h"
#include "core/notice.h"
#include "core/take.h"
#include "follow/clue.h"
#include "follow/recipients.h"
#include "letter/letter.h"
#include "parse/message.h"
#include "store/sheet.h"

static void
find_recipients(const struct take_context *c, const struct letters_notice *n,
    struct recipients *out)
{
	const struct clue_record *clue = n->clue;
	const struct recipients_clue who = {
	    .officer = clue->officer,
	    .deputy = clue->deputy,
	    .leader = clue->leader,
	    .excluded = clue->excluded,
	    .discipline = clue->discipline,
	    .with_office = clue->triage,
	};
	recipients_find(c->conf, &who, LADDER_LEADER | LADDER_OFFICE,
	    zone_day(c->conf->zone, n->now_s), out);
}

static int
write_letters(const struct take_context *c, const struct letters_notice *told,
    const struct recipients *to, struct arena *a, struct err *err)
{
	static const struct message no_files = {.text = ""};
	struct letters_notice n = *told;

	n.template_id = "major";
	n.people_why = "";
	n.related = ""; /* what he may know of it who got the notice */
	n.urgent = true;
	if (told->clue->discipline) {
		n.subject = "（由纪检办理，内容略）";
		n.text = "本线索由纪检办理，内容不在此列。";
		n.why = "";
		n.message = &no_files;
	}
	for (size_t i = 0; i < to->n; i++) {
		n.person = to->person[i];
		if (n.person != told->person &&
		    letters_notice(c, &n, a, err) < 0)
			return err_at(err, "major matter");
	}
	return 0;
}

int
major_tell(const struct take_context *c, const struct letters_notice *told,
    const char *why, struct arena *a, struct err *err)
{
	const struct clue_record *clue = told->clue;
	const struct person_conf *officer =
	    &c->conf->roster.persons[told->person];
	int state = clue_state_by_name(clue->state);
	const struct letter_field fields[] = {
	    {"priority", LETTER_MAJOR_MARK},
	    {"cause", clue->discipline ? "" : why},
	    {"copy", clue->triage ? "" : officer->name},
	    {"state", state < 0 ? clue->state
				: clue_state_title((enum clue_state)state)},
	};
	const struct event_record e = {.clue = clue->id,
	    .at_s = told->now_s,
	    .kind = "major",
	    .actor = "clued",
	    .detail = why};
	struct letters_notice n = *told;
	struct recipients to;

	n.more = fields;
	n.n_more = sizeof(fields) / sizeof(fields[0]);
	find_recipients(c, told, &to);
	if (store_major_add(c->store, clue->id, told->now_s, why, err) < 0 ||
	    store_event_add(c->store, &e, err) < 0)
		return -1;
	return write_letters(c, &n, &to, a, err);
}

int
major_tell_head(const struct take_context *c, const struct clue_record *clue,
    int told, int64_t now_s, struct arena *a, struct err *err)
{
	const struct person_conf *persons = c->conf->roster.persons;
	const char *why = "";
	struct notice_request r = {.clue = clue,
	    .template_id = "major",
	    .people_why = "",
	    .now_s = now_s};
	struct recipients to;
	int rc = store_major_why(c->store, clue->id, a, &why, err);

	if (rc <= 0)
		return rc;
	r.cause = why;
	ladder_people(c->conf, clue, LADDER_LEADER, now_s, &to);
	for (size_t i = 0; i < to.n; i++) {
		r.person = to.person[i];
		/* The office, which stands in for one who is accused, knows. */
		if (r.person != told &&
		    persons[r.person].kind == PERSON_OFFICER &&
		    notice_again(c, &r, a, err) < 0)
			return err_at(err, "major matter");
	}
	return 0;
}
