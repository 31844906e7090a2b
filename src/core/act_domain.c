/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/zone.h"
#include "core/act_inside.h"
#include "core/take.h"
#include "route/route.h"
#include "store/work.h"

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* Those whom the tip accuses, as route_people() wants them; who stood aside of
 * himself is passed over, not suspected. */
static int
find_accused(struct act *x, struct route_accused **out, size_t *n_out)
{
	const struct conf *conf = x->c->conf;
	const char *p = x->clue.excluded;
	size_t n = 0;

	*out = arena_array(x->arena, conf->roster.n_persons + 1, sizeof(**out));
	if (*out == NULL)
		return -1;
	while (*p != '\0' && n < conf->roster.n_persons) {
		size_t id_len = strcspn(p, ":;"), len = strcspn(p, ";");
		const char *id = arena_memdup(x->arena, p, id_len);
		int person = id == NULL ? -1 : conf_person(conf, id);

		if (id == NULL)
			return -1;
		if (person >= 0 && memmem(p, len, ": 回避", 8) == NULL)
			(*out)[n++] = (struct route_accused){
			    .person = person, .sure = true, .why = ""};
		p += len;
		p += strspn(p, "; ");
	}
	*n_out = n;
	return 0;
}

static bool
is_free(const struct act *x, int person)
{
	return person >= 0 && !act_is_excluded(x, person) &&
	       !act_is_absent(x, person);
}

/* Whose the clue is in its new domain; -1 = the office's. */
static int
find_officer(struct act *x, int domain, int *person_out, struct err *err)
{
	const struct route_decision d = {.domain = domain,
	    .runner_up = -1,
	    .area = conf_area(x->c->conf, x->clue.area),
	    .area_found = ""};
	struct route_accused *accused;
	struct route_people to;
	size_t n;

	if (find_accused(x, &accused, &n) < 0)
		return no_memory(err);
	if (route_people(x->c->route, &d, accused, n,
		zone_day(x->c->conf->zone, x->now_s), x->arena, &to,
		err) < 0)
		return -1;
	*person_out = to.triage		       ? -1
		      : is_free(x, to.officer) ? to.officer
		      : to.to_discipline       ? -1
		      : is_free(x, to.deputy)  ? to.deputy
		      : is_free(x, to.leader)  ? to.leader
					       : -1;
	return 0;
}

/* Words of the tip that made it urgent still do in another domain. */
static const struct deadline_class *
class_in(const struct act *x, int was, int is)
{
	const struct conf *conf = x->c->conf;
	bool urgent = strcmp(x->clue.class_id, conf->classes[1].id) == 0;
	bool by_words =
	    urgent && (was < 0 || !conf->rules.domains[was].priority);

	return &conf->classes[conf->rules.domains[is].priority || by_words];
}

static int
write_correction(struct act *x, int is, const char *why, struct err *err)
{
	const struct correction_record r = {
	    .clue = x->clue.id,
	    .at_s = x->now_s,
	    .actor = x->actor->id,
	    .domain_was = x->clue.domain,
	    .domain_is = x->c->conf->rules.domains[is].id,
	};

	if (store_correction_add(x->c->store, &r, err) < 0 ||
	    act_event(x, "domain",
		arena_printf(x->arena, "%s -> %s%s%s", r.domain_was,
		    r.domain_is, why[0] != '\0' ? ": " : "", why),
		err) < 0)
		return -1;
	x->clue.domain = r.domain_is;
	return 0;
}

/* Who has not begun yet loses it to whose domain it is; discipline takes what
 * is its own from anybody. */
static bool
must_move(const struct act *x, int person, bool discipline)
{
	int s = clue_state_by_name(x->clue.state);

	if (person >= 0 &&
	    strcmp(x->clue.officer, x->c->conf->roster.persons[person].id) == 0)
		return false;
	if (discipline)
		return s >= 0 && !clue_state_is_final((enum clue_state)s);
	return !x->stays && !x->clue.discipline && person >= 0 &&
	       (s == CLUE_NEW || s == CLUE_RETURNED || s == CLUE_ASSIGNED);
}

static int
move(struct act *x, int person, struct err *err)
{
	struct act_history h;

	if (act_history(x, &h, err) < 0)
		return -1;
	if (strcmp(x->clue.state, "suspended") == 0 &&
	    (act_move(x, ACT_REOPEN) < 0 ||
		act_resume(x, h.suspended_s, err) < 0))
		return -1;
	if (act_move(x, ACT_ASSIGN) < 0 && act_move(x, ACT_REASSIGN) < 0)
		return act_save(x, err);
	return act_hand(x, person, "assigned", "专班改定领域", err);
}

int
act_domain(struct act *x, struct err *err)
{
	const struct conf *conf = x->c->conf;
	const char *rest = "", *why, *title;
	int was = conf_domain(conf, x->clue.domain), person = -1, is;

	is = command_domain(conf, x->command->target, &rest);
	if (is < 0)
		return act_refuse(x, err,
		    "没有“%s”这个领域，没有执行。领域名称见月报表第一栏。",
		    act_line(x, x->command->target));
	title = conf->rules.domains[is].title;
	if (is == was)
		return act_refuse(x, err, "领域本来就是“%s”。", title);
	why = act_line(x, rest[0] != '\0' ? rest : x->command->text);
	if (why == NULL)
		return no_memory(err);
	if (write_correction(x, is, why, err) < 0 ||
	    act_reclass(x, class_in(x, was, is), err) < 0 ||
	    find_officer(x, is, &person, err) < 0)
		return -1;
	if (!must_move(x, person, conf->rules.domains[is].discipline))
		return act_save(x, err) < 0
			   ? -1
			   : act_say(x, err, "领域已改为“%s”，仍由%s承办。",
				 title, act_name(x, x->clue.officer));
	if (move(x, person, err) < 0)
		return -1;
	return act_say(x, err, "领域已改为“%s”，交%s承办。", title,
	    act_name(x, x->clue.officer));
}
