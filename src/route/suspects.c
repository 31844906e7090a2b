/* SPDX-License-Identifier: ISC */
#include "route/suspects.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "route/accused.h"
#include "route/normalise.h"

static int
add2(struct wordlist *l, const char *x, const char *y, enum word_kind kind,
    size_t index, struct err *err)
{
	struct buf b BUF_AUTO = BUF_INIT;

	buf_adds(&b, x);
	buf_adds(&b, y);
	if (buf_bad(&b))
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory for the roster's names");
	return wordlist_add(l, buf_str(&b), kind, (uint32_t)index, err);
}

/* 王所长, 王所; 王某, 王x, 姓王. */
static int
add_called(struct suspects *s, size_t i, struct err *err)
{
	const struct person_conf *p = &s->roster->persons[i];
	size_t n = surname_bytes(p->name), title_len;
	char surname[8], brief[32];
	const char *title;

	if (n == 0)
		return 0;
	memcpy(surname, p->name, n);
	surname[n] = '\0';
	if (add2(s->words, surname, "某", WORD_HIDDEN, i, err) != 0 ||
	    add2(s->words, surname, "x", WORD_HIDDEN, i, err) != 0 ||
	    add2(s->words, "姓", surname, WORD_HIDDEN, i, err) != 0)
		return -1;
	if (s->title_of[i] < 0)
		return 0;
	title = titles[s->title_of[i]];
	if (add2(s->words, surname, title, WORD_CALLED, i, err) != 0)
		return -1;
	if (str_starts(title, "副") &&
	    add2(s->words, surname, title + strlen("副"), WORD_CALLED, i,
		err) != 0)
		return -1;
	/* 王局, 王队: where 长 is left out, two characters may be any word. */
	title_len = strlen(title);
	if (title_len < 6 || title_len > sizeof(brief) ||
	    strcmp(title + title_len - 3, "长") != 0)
		return 0;
	memcpy(brief, title + title_len - 6, 3);
	brief[3] = '\0';
	return add2(s->words, surname, brief, WORD_HIDDEN, i, err);
}

static int
add_sound(struct suspects *s, const char *name, size_t i, struct err *err)
{
	struct norm n;
	int rc;

	norm_init(&n);
	rc = norm_add(s->table, &n, name, strlen(name), 0, err);
	if (rc == 0)
		rc = sounds_add(s->sounds, n.text, (uint32_t)i, err);
	norm_done(&n);
	return rc;
}

/* A nickname of two characters sounds like too much. */
static int
add_sounds(struct suspects *s, size_t i, struct err *err)
{
	const struct person_conf *p = &s->roster->persons[i];

	if (add_sound(s, p->name, i, err) != 0)
		return -1;
	for (size_t k = 0; k < p->n_aliases; k++)
		if (utf8_count(p->aliases[k], strlen(p->aliases[k])) > 2 &&
		    add_sound(s, p->aliases[k], i, err) != 0)
			return -1;
	return 0;
}

static int
add_person(struct suspects *s, size_t i, struct err *err)
{
	const struct person_conf *p = &s->roster->persons[i];

	s->title_of[i] = title_of_role(p->role);
	if (utf8_count(p->name, strlen(p->name)) > 1 &&
	    wordlist_add(s->words, p->name, WORD_NAME, (uint32_t)i, err) != 0)
		return -1;
	for (size_t k = 0; k < p->n_aliases; k++)
		if (utf8_count(p->aliases[k], strlen(p->aliases[k])) > 1 &&
		    wordlist_add(s->words, p->aliases[k], WORD_NAME,
			(uint32_t)i, err) != 0)
			return -1;
	/* A bare title is everybody's. */
	if (p->role[0] != '\0' &&
	    (s->title_of[i] < 0 ||
		strcmp(p->role, titles[s->title_of[i]]) != 0) &&
	    wordlist_add(s->words, p->role, WORD_ROLE, (uint32_t)i, err) != 0)
		return -1;
	return add_called(s, i, err);
}

static int
add_list(struct suspects *s, const char *const *words, size_t n,
    enum word_kind kind, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (wordlist_add(s->words, words[i], kind, (uint32_t)i, err) !=
		    0)
			return -1;
	return 0;
}

static int
add_words(struct suspects *s, struct err *err)
{
	const struct roster_conf *r = s->roster;

	for (size_t i = 0; i < r->n_persons; i++)
		if (add_person(s, i, err) != 0 || add_sounds(s, i, err) != 0)
			return -1;
	for (size_t i = 0; i < r->n_units; i++) {
		const struct unit_conf *u = &r->units[i];

		if (wordlist_add(
			s->words, u->name, WORD_UNIT, (uint32_t)i, err) != 0)
			return -1;
		for (size_t k = 0; k < u->n_aliases; k++)
			if (wordlist_add(s->words, u->aliases[k], WORD_UNIT,
				(uint32_t)i, err) != 0)
				return -1;
	}
	if (add_list(s, titles, n_titles, WORD_TITLE, err) != 0)
		return -1;
	if (add_list(s, leader_words, n_leader_words, WORD_LEADER, err) != 0 ||
	    add_list(s, deed_words, n_deed_words, WORD_DEED, err) != 0 ||
	    add_list(s, remedy_words, n_remedy_words, WORD_REMEDY, err) != 0)
		return -1;
	return wordlist_build(s->words, err);
}

int
suspects_new(const struct roster_conf *roster, const struct norm_table *table,
    struct suspects **out, struct err *err)
{
	struct suspects *s = calloc(1, sizeof(*s));

	if (s != NULL) {
		s->roster = roster;
		s->table = table;
		s->words = wordlist_new(table);
		s->title_of =
		    calloc(roster->n_persons + 1, sizeof(*s->title_of));
	}
	if (s == NULL || s->words == NULL || s->title_of == NULL) {
		suspects_free(&s);
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory for the roster's names");
	}
	if (sounds_new(&s->sounds, err) != 0 || add_words(s, err) != 0) {
		suspects_free(&s);
		return err_at(err, "roster");
	}
	*out = s;
	return 0;
}

void
suspects_free(struct suspects **suspects)
{
	if (*suspects == NULL)
		return;
	wordlist_free(&(*suspects)->words);
	sounds_free(&(*suspects)->sounds);
	free((*suspects)->title_of);
	free(*suspects);
	*suspects = NULL;
}
