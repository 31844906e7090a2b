/* SPDX-License-Identifier: ISC */
#include "route/accused.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "route/normalise.h"
#include "route/phone.h"
#include "route/suspects.h"

/* Between a unit and a title: 环卫处的王所长. */
#define NEAR_BYTES 12
/* Between a hidden name and a title or unit. */
#define HIDDEN_NEAR_BYTES 45
/* Between a unit and what it is accused of. */
#define DEED_NEAR_BYTES 45
/* No name or nickname is longer. */
#define NAME_BYTES 48
/* An honorific reaches this far. */
#define GREETING_BYTES 36

enum sign {
	SIGN_NAME = 1,
	SIGN_PHONE = 2,
	SIGN_ROLE = 4,
	SIGN_CALLED = 8,
	SIGN_LEADER = 16,
	SIGN_HIDDEN = 32,
	SIGN_UNIT = 64,	  /* the person's unit is named: no sign alone */
	SIGN_STAFF = 128, /* the unit as such is accused */
	SIGN_SOUND = 256, /* the name by its sound */
	SIGN_SOUND_NEAR = 512, /* with the person's title or unit by it */
};

/* -- finding ------------------------------------------------------------- */

/* No sentence or clause ends between the two places. */
static bool
joined(const char *text, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (text[i] == '\n' || text[i] == ',')
			return false;
	return true;
}

/* 尊敬的…：您好 is how letters begin, not whom they accuse. */
static bool
in_greeting(const char *text, size_t at)
{
	static const char *const words[] = {"尊敬的", "敬爱的", "亲爱的"};
	size_t from = at > GREETING_BYTES ? at - GREETING_BYTES : 0;

	for (size_t i = from; i < at; i++)
		for (size_t k = 0; k < sizeof(words) / sizeof(*words); k++)
			if (at - i >= strlen(words[k]) &&
			    memcmp(text + i, words[k], strlen(words[k])) == 0)
				return joined(text, i, at);
	return false;
}

struct search {
	const struct suspects *s;
	const char *text;
	const struct mentions *m;
	uint32_t *signs; /* of each person */
};

/* A unit and, close behind it, a title or a leader's word.  A title that
 * nobody of the unit has (渣土所主任) can only mean its leader, unless it is a
 * deputy's. */
static void
judge_pair(
    struct search *q, const struct mention *unit, const struct mention *word)
{
	const struct roster_conf *r = q->s->roster;
	int leader = r->units[unit->means.index].leader;
	bool found = false;

	for (size_t i = 0; i < r->n_persons && word->means.kind == WORD_TITLE;
	     i++)
		if (r->persons[i].unit == (int)unit->means.index &&
		    q->s->title_of[i] == (int)word->means.index) {
			q->signs[i] |= SIGN_ROLE;
			found = true;
		}
	if (word->means.kind == WORD_TITLE &&
	    (found || !title_is_head((int)word->means.index)))
		return;
	if (leader >= 0)
		q->signs[leader] |= SIGN_LEADER;
}

/* The titles behind a unit's name; 所长 inside 副所长 is none. */
static void
judge_unit(struct search *q, size_t i)
{
	const struct mention *unit = &q->m->list[i];
	size_t end = unit->at + unit->len, title_end = 0;

	for (size_t k = i + 1; k < q->m->n; k++) {
		const struct mention *w = &q->m->list[k];

		if (w->at > end + NEAR_BYTES)
			break;
		if (w->at < end || w->at < title_end ||
		    (w->means.kind != WORD_TITLE &&
			w->means.kind != WORD_LEADER))
			continue;
		title_end = w->at + w->len;
		if (joined(q->text, end, w->at))
			judge_pair(q, unit, w);
	}
}

static bool
ends_sentence(const char *text, size_t from, size_t to)
{
	return to > from && memchr(text + from, '\n', to - from) != NULL;
}

/* One person is meant then, not all; a title that nobody of the roster has
 * (科员) is somebody's who is told of nothing. */
static bool
is_one(const struct mention *m)
{
	return m->means.kind == WORD_LEADER || m->means.kind == WORD_NAME ||
	       m->means.kind == WORD_CALLED || m->means.kind == WORD_HIDDEN ||
	       m->means.kind == WORD_TITLE || m->means.kind == WORD_SOUND;
}

/* Whether the unit as such is accused: a deed stands close behind its name,
 * and it is not asked to do something about it. */
static bool
unit_accused(const struct search *q, size_t i)
{
	const struct mention *unit = &q->m->list[i];
	size_t end = unit->at + unit->len;

	for (size_t k = i + 1; k < q->m->n; k++) {
		const struct mention *w = &q->m->list[k];

		if (w->at > end + DEED_NEAR_BYTES ||
		    (w->at > end && ends_sentence(q->text, end, w->at)))
			return false;
		if (w->at < end)
			continue;
		if (w->means.kind == WORD_REMEDY || is_one(w))
			return false;
		if (w->means.kind == WORD_DEED)
			return true;
	}
	return false;
}

/* Whether the title or unit of the person of mention i is named close by. */
static bool
is_near(const struct search *q, size_t i)
{
	const struct mention *m = &q->m->list[i], *w;
	size_t person = m->means.index, k = i;

	while (k > 0 && q->m->list[k - 1].at + HIDDEN_NEAR_BYTES >= m->at)
		k--;
	for (; k < q->m->n; k++) {
		w = &q->m->list[k];
		if (w->at > m->at + HIDDEN_NEAR_BYTES)
			break;
		if ((w->means.kind == WORD_UNIT &&
			(int)w->means.index ==
			    q->s->roster->persons[person].unit) ||
		    (w->means.kind == WORD_TITLE &&
			(int)w->means.index == q->s->title_of[person]))
			return true;
	}
	return false;
}

/* What is somebody's name as it stands is meant for him alone. */
static bool
is_in_name(const struct search *q, size_t i)
{
	const struct mention *m = &q->m->list[i], *w;
	size_t k = i;

	while (k > 0 && q->m->list[k - 1].at + NAME_BYTES > m->at)
		k--;
	for (; k < q->m->n && q->m->list[k].at < m->at + m->len; k++) {
		w = &q->m->list[k];
		if (w->means.kind == WORD_NAME && w->at + w->len > m->at)
			return true;
	}
	return false;
}

static void
judge_sound(struct search *q, size_t i)
{
	size_t person = q->m->list[i].means.index;

	if (is_in_name(q, i))
		return;
	q->signs[person] |= SIGN_SOUND;
	if (is_near(q, i))
		q->signs[person] |= SIGN_SOUND_NEAR;
}

static void
judge(struct search *q, size_t i)
{
	const struct mention *m = &q->m->list[i];
	const struct roster_conf *r = q->s->roster;
	bool greeting = in_greeting(q->text, m->at);
	uint32_t signs;

	switch (m->means.kind) {
	case WORD_NAME:
		q->signs[m->means.index] |= SIGN_NAME;
		break;
	case WORD_ROLE:
		if (!greeting)
			q->signs[m->means.index] |= SIGN_ROLE;
		break;
	case WORD_CALLED:
		q->signs[m->means.index] |= SIGN_CALLED;
		break;
	case WORD_UNIT:
		signs = SIGN_UNIT;
		if (unit_accused(q, i))
			signs |= SIGN_STAFF;
		for (size_t p = 0; p < r->n_persons; p++)
			if (r->persons[p].unit == (int)m->means.index)
				q->signs[p] |= signs;
		if (!greeting)
			judge_unit(q, i);
		break;
	case WORD_SOUND:
		judge_sound(q, i);
		break;
	default:
		break;
	}
}

/* 王某某, 王*国, 姓王的: only near the person's title or unit. */
static void
judge_hidden(struct search *q, size_t i)
{
	if (is_near(q, i))
		q->signs[q->m->list[i].means.index] |= SIGN_HIDDEN;
}

struct heard {
	struct mentions *m;
	size_t n;
	bool failed;
};

static void
on_sound(void *arg, const struct sound_place *place)
{
	struct heard *h = arg;
	const struct mention m = {
	    place->at, place->len, {WORD_SOUND, place->index}};

	if (h->n < MAX_MATCHES && !h->failed) {
		h->failed = mentions_add(h->m, &m) != 0;
		h->n++;
	}
}

static int
search_plain(
    struct search *q, struct norm *n, const char *text, struct err *err)
{
	struct mentions m;
	struct heard heard = {&m, 0, false};

	n->len = 0;
	if (norm_add(q->s->table, n, text, strlen(text), 0, err) != 0 ||
	    wordlist_find(q->s->words, n->text, n->len, &m, err) != 0)
		return -1;
	sounds_find(q->s->sounds, n->text, n->len, on_sound, &heard);
	mentions_sort(&m);
	q->text = n->text;
	q->m = &m;
	for (size_t i = 0; i < m.n && !heard.failed; i++)
		judge(q, i);
	mentions_done(&m);
	return heard.failed ? err_set(err, ERR_SYSTEM, ERR_OWN, 0,
				  "no memory for the accused")
			    : 0;
}

static int
search_hidden(
    struct search *q, struct norm *n, const char *text, struct err *err)
{
	struct mentions m;

	n->len = 0;
	if (norm_add(q->s->table, n, text, strlen(text), NORM_MASKS, err) !=
		0 ||
	    wordlist_find(q->s->words, n->text, n->len, &m, err) != 0)
		return -1;
	q->text = n->text;
	q->m = &m;
	for (size_t i = 0; i < m.n; i++)
		if (m.list[i].means.kind == WORD_HIDDEN)
			judge_hidden(q, i);
	mentions_done(&m);
	return 0;
}

static int
search_text(struct search *q, const char *text, struct err *err)
{
	const struct roster_conf *r = q->s->roster;
	struct norm n;
	int rc;

	norm_init(&n);
	rc = search_plain(q, &n, text, err);
	if (rc == 0)
		rc = phones_find(n.text, n.len, r, SIGN_PHONE, q->signs, err);
	if (rc == 0)
		rc = search_hidden(q, &n, text, err);
	norm_done(&n);
	return rc;
}

/* -- judging the signs --------------------------------------------------- */

/* A desk (扫黑办, 纪检组) is named and telephoned in half of all letters, by
 * people who turn to it: that accuses nobody. */
static bool
is_desk(const struct person_conf *p)
{
	return p->kind != PERSON_OFFICER && p->common_name;
}

static bool
is_accused(const struct person_conf *p, uint32_t signs)
{
	if (is_desk(p))
		signs &= ~(uint32_t)(SIGN_NAME | SIGN_PHONE | SIGN_SOUND |
				     SIGN_SOUND_NEAR);
	if (p->common_name)
		signs &= ~(uint32_t)SIGN_SOUND;
	return (signs & ~(uint32_t)SIGN_UNIT) != 0;
}

static bool
is_sure(const struct person_conf *p, uint32_t signs)
{
	if ((signs & (SIGN_PHONE | SIGN_ROLE)) != 0)
		return true;
	if ((signs & SIGN_CALLED) != 0 && (signs & SIGN_UNIT) != 0)
		return true;
	if ((signs & SIGN_SOUND) != 0 &&
	    (signs & (SIGN_SOUND_NEAR | SIGN_CALLED)) != 0)
		return true;
	if ((signs & SIGN_NAME) == 0)
		return false;
	return !p->common_name ||
	       (signs & ~(uint32_t)(SIGN_NAME | SIGN_LEADER | SIGN_STAFF)) != 0;
}

static const char *
why_of(const struct person_conf *p, uint32_t signs, struct arena *a)
{
	struct buf b BUF_AUTO = BUF_INIT;

	if ((signs & SIGN_NAME) != 0)
		buf_addf(&b, "、姓名“%s”%s", p->name,
		    p->common_name ? "（常用词）" : "");
	if ((signs & SIGN_SOUND) != 0)
		buf_addf(&b, "、与姓名“%s”同音", p->name);
	if ((signs & SIGN_PHONE) != 0)
		buf_adds(&b, "、电话号码");
	if ((signs & SIGN_ROLE) != 0)
		buf_addf(&b, "、职务“%s”", p->role);
	if ((signs & SIGN_CALLED) != 0)
		buf_adds(&b, "、姓氏加职务");
	if ((signs & SIGN_LEADER) != 0)
		buf_adds(&b, "、单位领导");
	if ((signs & SIGN_HIDDEN) != 0)
		buf_adds(&b, "、隐去的姓名");
	if ((signs & SIGN_STAFF) != 0)
		buf_adds(&b, "、所在单位被举报");
	else if ((signs & SIGN_UNIT) != 0)
		buf_adds(&b, "、所在单位");
	return buf_bad(&b) ? NULL : arena_strdup(a, buf_str(&b) + strlen("、"));
}

static int
list_accused(const struct suspects *s, const uint32_t *signs, struct arena *a,
    const struct route_accused **out, size_t *n_out)
{
	struct route_accused *list;
	size_t n = 0, n_persons = s->roster->n_persons;

	list = arena_array(a, n_persons + 1, sizeof(*list));
	if (list == NULL)
		return -1;
	for (size_t i = 0; i < n_persons; i++) {
		const struct person_conf *p = &s->roster->persons[i];

		if (!is_accused(p, signs[i]))
			continue;
		list[n].person = (int)i;
		list[n].sure = is_sure(p, signs[i]);
		list[n].why = why_of(p, signs[i], a);
		if (list[n].why == NULL)
			return -1;
		n++;
	}
	*out = list;
	*n_out = n;
	return 0;
}

int
suspects_find(const struct suspects *suspects, const char *const *texts,
    size_t n_texts, struct arena *a, const struct route_accused **out,
    size_t *n_out, struct err *err)
{
	size_t n = suspects->roster->n_persons;
	struct search q = {.s = suspects};
	int rc = 0;

	q.signs = calloc(n + 1, sizeof(*q.signs));
	if (q.signs == NULL)
		rc = -1;
	for (size_t i = 0; i < n_texts && rc == 0; i++)
		if (search_text(&q, texts[i], err) != 0) {
			free(q.signs);
			return -1;
		}
	if (rc == 0)
		rc = list_accused(suspects, q.signs, a, out, n_out);
	free(q.signs);
	if (rc != 0)
		return err_set(
		    err, ERR_SYSTEM, ERR_OWN, 0, "no memory for the accused");
	return 0;
}
