/* SPDX-License-Identifier: ISC */
#include "report/regulation.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/value.h"
#include "store/books.h"
#include "store/store.h"

#define KIND "regulation"
#define KIND_WITHDRAWN "regulation-withdrawn"
/* Around a document's number. */
#define OPEN "【"
#define CLOSE "】 "

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

static bool
is_plain(const char *text)
{
	const char *end = text + strlen(text);
	uint32_t cp;

	while (text < end) {
		text += utf8_next(text, end, &cp);
		if (cp == UINT32_MAX || !cp_printable(cp))
			return false;
	}
	return true;
}

/* Writer; the reader is below. */
static const char *
format(const struct regulation *r, struct arena *a)
{
	struct civil day;

	civil_from_day(r->day, &day);
	return arena_printf(a, "%s %04d-%02d-%02d %s%s%s%s", r->domain,
	    day.year, day.month, day.day, r->number[0] != '\0' ? OPEN : "",
	    r->number, r->number[0] != '\0' ? CLOSE : "", r->title);
}

/* Cuts the text at the first `end`; what is behind it, or NULL. */
static char *
cut(char *text, const char *end)
{
	char *at = strstr(text, end);

	if (at == NULL)
		return NULL;
	*at = '\0';
	return at + strlen(end);
}

static int
parse(const struct event_record *e, struct arena *a, struct regulation *r)
{
	char *domain = arena_strdup(a, e->detail), *day, *rest, *title = NULL;

	if (domain == NULL)
		return -1;
	day = cut(domain, " ");
	rest = day != NULL ? cut(day, " ") : NULL;
	if (rest == NULL || value_date(day, &r->day) < 0)
		return -1;
	r->number = "";
	if (str_starts(rest, OPEN) && (title = cut(rest, CLOSE)) != NULL)
		r->number = rest + strlen(OPEN);
	r->title = title != NULL ? title : rest;
	r->domain = domain;
	r->event = e->id;
	r->at_s = e->at_s;
	r->actor = e->actor;
	r->reason = "";
	return 0;
}

static int
add_event(struct store *s, const char *kind, const char *actor, int64_t at_s,
    const char *detail, struct err *err)
{
	const struct event_record e = {
	    .at_s = at_s, .kind = kind, .actor = actor, .detail = detail};

	return detail == NULL ? no_memory(err) : store_event_add(s, &e, err);
}

int
regulation_add(struct store *s, const struct regulation *r, struct arena *a,
    struct err *err)
{
	if (!is_plain(r->title) || !is_plain(r->number) ||
	    strspn(r->title, " ") == strlen(r->title))
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "a regulation needs a title of one line");
	if (strstr(r->number, "【") != NULL ||
	    strstr(r->number, "】") != NULL || str_starts(r->title, OPEN))
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "【】 stand around the number in the ledger; write 〔〕 "
		    "or [] instead");
	return add_event(s, KIND, r->actor, r->at_s, format(r, a), err);
}

static int
mark_withdrawn(const struct event_record *e, struct regulation *list, size_t n,
    struct arena *a)
{
	char *id = arena_strdup(a, e->detail), *reason;
	int64_t event;

	reason = id != NULL ? cut(id, " ") : NULL;
	if (reason == NULL || str_int64(id, 1, INT64_MAX, &event) < 0)
		return id == NULL ? -1 : 0;
	for (size_t i = 0; i < n; i++)
		if (list[i].event == event) {
			list[i].withdrawn = true;
			list[i].reason = reason;
		}
	return 0;
}

int
regulations_read(struct store *s, struct arena *a, struct regulation **out,
    size_t *n_out, struct err *err)
{
	struct event_record *added, *withdrawn;
	struct regulation *list;
	size_t n_added, n_withdrawn, n = 0;

	if (store_events_of_none(s, KIND, a, &added, &n_added, err) < 0 ||
	    store_events_of_none(
		s, KIND_WITHDRAWN, a, &withdrawn, &n_withdrawn, err) < 0)
		return -1;
	list = arena_array(a, n_added + 1, sizeof(*list));
	if (list == NULL)
		return no_memory(err);
	for (size_t i = 0; i < n_added; i++)
		if (parse(&added[i], a, &list[n]) == 0)
			n++;
	for (size_t i = 0; i < n_withdrawn; i++)
		if (mark_withdrawn(&withdrawn[i], list, n, a) < 0)
			return no_memory(err);
	*out = list;
	*n_out = n;
	return 0;
}

int
regulation_withdraw(struct store *s, int64_t event, const char *reason,
    const char *actor, int64_t at_s, struct arena *a, struct err *err)
{
	struct regulation *list;
	size_t n, i = 0;

	if (regulations_read(s, a, &list, &n, err) < 0)
		return -1;
	while (i < n && list[i].event != event)
		i++;
	if (i == n || list[i].withdrawn)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "no regulation has the number %lld; "
		    "`cluectl regulation list` shows them",
		    (long long)event);
	if (!is_plain(reason) || reason[0] == '\0')
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "a withdrawal needs a reason of one line");
	return add_event(s, KIND_WITHDRAWN, actor, at_s,
	    arena_printf(a, "%lld %s", (long long)event, reason), err);
}
