/* SPDX-License-Identifier: ISC */
#include "route/suggest.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/str.h"
#include "conf/conf.h"
#include "route/compiled.h"

#define LEAST_CHARS 2
#define MOST_CHARS 6
/* A word of one letter is a name or a slip. */
#define LEAST_LETTERS 2
/* A run of which so much stands inside a longer one is a piece of that. */
#define PIECE_PERCENT 80
/* What one letter has may be its writer's own word. */
#define LEAST_FIXED 2
/* Words judged by deciding again, per domain. */
#define MOST_JUDGED 400

/* A run of characters that the wrongly placed letters have. */
struct run {
	const char *s; /* into a letter's normal form */
	uint32_t len, chars;
	uint64_t hash;
	uint32_t inside, outside;
	uint32_t last; /* letter counted last, + 1 */
	bool piece;
	double z;
};

struct letter {
	char *norm; /* subject, LF, text */
	size_t len, subject_end;
	struct route_decision d;
	bool used, in_domain;
};

/* Normal forms of the words that the domain's terms have already. */
struct known {
	const char **list;
	size_t n, size;
};

struct suggesting {
	struct known known;
	const struct route *route;
	const struct suggest_letter *in;
	struct letter *letters;
	size_t n;
	int domain;
	struct arena *a;
	struct run *runs;
	size_t n_runs, size;
	uint32_t *table; /* run + 1 by hash */
	size_t n_table;
	uint32_t n_inside, n_outside;
};

/* -- letters ---- */

static int
take_letter(struct suggesting *s, size_t i, struct err *err)
{
	const struct suggest_letter *in = &s->in[i];
	struct letter *l = &s->letters[i];
	struct norm n;
	int rc = -1;

	l->used = in->domain >= 0;
	l->in_domain = in->domain == s->domain;
	if (!l->used)
		return 0;
	norm_init(&n);
	if (norm_add(s->route->table, &n, in->subject, strlen(in->subject), 0,
		err) == 0) {
		l->subject_end = n.len;
		rc = norm_add(
		    s->route->table, &n, in->text, strlen(in->text), 0, err);
	}
	if (rc == 0) {
		l->len = n.len;
		l->norm = arena_memdup(s->a, n.text, n.len);
		if (l->norm == NULL)
			rc = -1;
	}
	norm_done(&n);
	if (rc == 0)
		rc = route_decide(
		    s->route, in->subject, in->text, s->a, &l->d, err);
	s->n_inside += l->in_domain;
	s->n_outside += !l->in_domain;
	return rc;
}

static int
take_letters(struct suggesting *s, struct err *err)
{
	s->letters = arena_array(s->a, s->n + 1, sizeof(*s->letters));
	if (s->letters == NULL)
		return -1;
	memset(s->letters, 0, (s->n + 1) * sizeof(*s->letters));
	for (size_t i = 0; i < s->n; i++)
		if (take_letter(s, i, err) != 0)
			return -1;
	return 0;
}

/* -- counting runs ---- */

static bool
is_break(const char *s)
{
	return (unsigned char)*s < 0x80;
}

static uint32_t *
slot_of(const struct suggesting *s, uint64_t hash, const char *word, size_t len)
{
	size_t i = (size_t)hash & (s->n_table - 1);

	for (; s->table[i] != 0; i = (i + 1) & (s->n_table - 1)) {
		const struct run *r = &s->runs[s->table[i] - 1];

		if (r->hash == hash && r->len == len &&
		    memcmp(r->s, word, len) == 0)
			break;
	}
	return &s->table[i];
}

static int
grow(struct suggesting *s)
{
	size_t size = s->size == 0 ? 4096 : s->size * 2;
	struct run *runs = arena_array(s->a, size, sizeof(*runs));
	uint32_t *table = arena_array(s->a, size * 2, sizeof(*table));

	if (runs == NULL || table == NULL)
		return -1;
	if (s->n_runs > 0)
		memcpy(runs, s->runs, s->n_runs * sizeof(*runs));
	memset(table, 0, size * 2 * sizeof(*table));
	s->runs = runs;
	s->size = size;
	s->table = table;
	s->n_table = size * 2;
	for (size_t i = 0; i < s->n_runs; i++)
		*slot_of(s, runs[i].hash, runs[i].s, runs[i].len) =
		    (uint32_t)i + 1;
	return 0;
}

/* Counts a run for a letter; one that is not known yet is added if `learn`. */
static int
see(struct suggesting *s, uint32_t letter, const char *word, size_t len,
    uint32_t chars, uint64_t hash, bool learn)
{
	uint32_t *slot;
	struct run *r;

	if (s->n_runs == s->size && grow(s) != 0)
		return -1;
	slot = slot_of(s, hash, word, len);
	if (*slot == 0) {
		if (!learn)
			return 0;
		s->runs[s->n_runs] = (struct run){.s = word,
		    .len = (uint32_t)len,
		    .chars = chars,
		    .hash = hash};
		*slot = (uint32_t)++s->n_runs;
	}
	r = &s->runs[*slot - 1];
	if (learn || r->last == letter + 1)
		return 0;
	r->last = letter + 1;
	if (s->letters[letter].in_domain)
		r->inside++;
	else
		r->outside++;
	return 0;
}

static int
see_at(struct suggesting *s, uint32_t letter, const char *word, const char *end,
    bool learn)
{
	uint64_t hash = HASH_ON_START;
	size_t len = 0;

	for (uint32_t chars = 1; chars <= MOST_CHARS; chars++) {
		uint32_t cp;
		size_t n;

		if (word + len >= end || is_break(word + len))
			return 0;
		n = utf8_next(word + len, end, &cp);
		hash = hash_on(hash, word + len, n);
		len += n;
		if (chars >= LEAST_CHARS &&
		    see(s, letter, word, len, chars, hash, learn) != 0)
			return -1;
	}
	return 0;
}

static int
see_letter(struct suggesting *s, size_t i, bool learn)
{
	const struct letter *l = &s->letters[i];
	const char *end = l->norm + l->len;
	uint32_t cp;

	for (const char *p = l->norm; p < end; p += utf8_next(p, end, &cp))
		if (!is_break(p) && see_at(s, (uint32_t)i, p, end, learn) != 0)
			return -1;
	return 0;
}

static int
count_runs(struct suggesting *s)
{
	if (grow(s) != 0)
		return -1;
	for (size_t i = 0; i < s->n; i++)
		if (s->letters[i].used && s->letters[i].in_domain &&
		    !s->in[i].assumed && s->letters[i].d.domain != s->domain &&
		    see_letter(s, i, true) != 0)
			return -1;
	for (size_t i = 0; i < s->n; i++)
		if (s->letters[i].used && see_letter(s, i, false) != 0)
			return -1;
	return 0;
}

/* -- what the domain knows already ---- */

static int
know(struct suggesting *s, const char *word)
{
	struct known *k = &s->known;
	struct norm n;
	int rc = -1;

	if (k->n == k->size) {
		const char **list =
		    arena_array(s->a, k->size * 2 + 256, sizeof(*list));

		if (list == NULL)
			return -1;
		if (k->n > 0)
			memcpy(list, k->list, k->n * sizeof(*list));
		k->list = list;
		k->size = k->size * 2 + 256;
	}
	norm_init(&n);
	if (norm_add(s->route->table, &n, word, strlen(word), 0, NULL) == 0) {
		k->list[k->n] = arena_memdup(s->a, n.text, n.len);
		rc = k->list[k->n++] == NULL ? -1 : 0;
	}
	norm_done(&n);
	return rc;
}

static int
know_term(struct suggesting *s, const char *word)
{
	const struct rules_conf *conf = &s->route->conf->rules;

	if (*word != '@')
		return know(s, word);
	for (size_t i = 0; i < conf->n_synonyms; i++) {
		const struct synonym_conf *list = &conf->synonyms[i];

		if (strcmp(list->name, word + 1) != 0)
			continue;
		for (size_t k = 0; k < list->n_words; k++)
			if (know(s, list->words[k]) != 0)
				return -1;
	}
	return 0;
}

static int
by_word(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* Single words only: parts of a term with `all` are worth a term alone. */
static int
know_domain(struct suggesting *s)
{
	const struct domain_conf *d = &s->route->conf->rules.domains[s->domain];

	for (size_t i = 0; i < d->n_terms; i++)
		if (d->terms[i].n_words == 1 &&
		    know_term(s, d->terms[i].words[0]) != 0)
			return -1;
	if (s->known.n > 0)
		qsort(
		    s->known.list, s->known.n, sizeof(*s->known.list), by_word);
	return 0;
}

static bool
is_known(const struct suggesting *s, const struct run *r)
{
	char word[MOST_CHARS * 4 + 1];
	const char *key = word;

	if (r->len >= sizeof(word) || s->known.n == 0)
		return false;
	memcpy(word, r->s, r->len);
	word[r->len] = '\0';
	return bsearch(&key, s->known.list, s->known.n, sizeof(*s->known.list),
		   by_word) != NULL;
}

/* -- which runs are words ---- */

/* First or last character of what is no word of its own. */
static bool
is_particle(const char *s)
{
	static const char particles[] =
	    "的了是在和也有我你他她它们就都还又很不没把被给让对向从到这那其及"
	    "与或而但因所以之个些上下中着过吗呢吧啊呀且并等一1";

	for (const char *p = particles; *p != '\0'; p += (*p & 0x80) ? 3 : 1)
		if (memcmp(p, s, (*p & 0x80) ? 3 : 1) == 0)
			return true;
	return false;
}

static void
mark_piece(struct suggesting *s, const struct run *longer, const char *word,
    size_t len)
{
	uint32_t *slot =
	    slot_of(s, hash_on(HASH_ON_START, word, len), word, len);
	struct run *r;

	if (*slot == 0)
		return;
	r = &s->runs[*slot - 1];
	if ((longer->inside + longer->outside) * 100 >=
	    (r->inside + r->outside) * PIECE_PERCENT)
		r->piece = true;
}

static const char *
last_char(const struct run *r)
{
	const char *p = r->s + r->len - 1;

	while (((unsigned char)*p & 0xc0) == 0x80)
		p--;
	return p;
}

static void
mark_pieces(struct suggesting *s)
{
	for (size_t i = 0; i < s->n_runs; i++) {
		const struct run *r = &s->runs[i];
		const char *end = r->s + r->len, *last = last_char(r);
		uint32_t cp;
		size_t first;

		if (r->chars <= LEAST_CHARS ||
		    r->inside + r->outside < LEAST_LETTERS)
			continue;
		first = utf8_next(r->s, end, &cp);
		mark_piece(s, r, r->s, (size_t)(last - r->s));
		mark_piece(s, r, r->s + first, r->len - first);
	}
}

/* Log-odds of the word in D's letters against the others', over its error. */
static double
z_of(const struct suggesting *s, const struct run *r)
{
	double a = r->inside + 0.5, b = s->n_inside - r->inside + 0.5;
	double c = r->outside + 0.5, d = s->n_outside - r->outside + 0.5;

	return (log(a / b) - log(c / d)) / sqrt(1 / a + 1 / b + 1 / c + 1 / d);
}

static int
by_z(const void *x, const void *y)
{
	const struct run *a = x, *b = y;
	size_t n = a->len < b->len ? a->len : b->len;
	int c;

	if (a->z != b->z)
		return a->z > b->z ? -1 : 1;
	c = memcmp(a->s, b->s, n);
	return c != 0 ? c : (a->len > b->len) - (a->len < b->len);
}

/* Keeps the words, best first; the table is of no more use then. */
static void
keep_words(struct suggesting *s)
{
	size_t n = 0;

	mark_pieces(s);
	for (size_t i = 0; i < s->n_runs; i++) {
		struct run *r = &s->runs[i];

		if (r->piece || r->inside < LEAST_LETTERS ||
		    is_particle(r->s) || is_particle(last_char(r)) ||
		    is_known(s, r))
			continue;
		r->z = z_of(s, r);
		if (r->z > 0)
			s->runs[n++] = *r;
	}
	s->n_runs = n;
	if (n > 0)
		qsort(s->runs, n, sizeof(*s->runs), by_z);
}

/* -- deciding again ---- */

/* Where the word stands decides its factor, as in the rules. */
static int32_t
factor_in(const struct suggesting *s, const struct letter *l, const char *at)
{
	const struct rules_conf *conf = &s->route->conf->rules;
	size_t byte = (size_t)(at - l->norm), begin;
	size_t nth;
	int32_t factor = 1000;

	if (byte < l->subject_end)
		return conf->subject_weight;
	begin = l->subject_end > 0 ? l->subject_end + 1 : 0;
	nth = utf8_count(l->norm + begin, byte - begin);
	for (size_t k = 0; k < conf->n_late && nth >= conf->late[k].after; k++)
		factor = conf->late[k].weight;
	return factor;
}

static const char *
find_in(const struct letter *l, const struct run *r)
{
	return memmem(l->norm, l->len, r->s, r->len);
}

struct trial {
	uint32_t fixed, broken, stirred;
	uint32_t *moved;
	size_t n_moved;
};

/* What becomes of the letters when the word weighs so much. */
static void
try_weight(const struct suggesting *s, const struct run *r, int32_t weight,
    struct trial *t)
{
	t->fixed = t->broken = t->stirred = 0;
	t->n_moved = 0;
	for (size_t i = 0; i < s->n; i++) {
		const struct letter *l = &s->letters[i];
		const char *at = l->used ? find_in(l, r) : NULL;
		struct route_decision d = l->d;
		bool was, is;

		if (at == NULL)
			continue;
		d.scores[s->domain] +=
		    (int32_t)((int64_t)weight * factor_in(s, l, at) / 1000);
		route_rechoose(s->route, &d);
		if (s->in[i].assumed) {
			if (d.domain == l->d.domain)
				continue;
			t->stirred++;
			t->moved[t->n_moved++] = (uint32_t)i;
			continue;
		}
		was = l->d.domain == s->in[i].domain;
		is = d.domain == s->in[i].domain;
		if (was == is)
			continue;
		t->fixed += is;
		t->broken += was;
		t->moved[t->n_moved++] = (uint32_t)i;
	}
}

static int
gain(const struct trial *t)
{
	return t->fixed < LEAST_FIXED
		   ? 0
		   : (int)t->fixed - 2 * (int)(t->broken + t->stirred);
}

static int
judge(const struct suggesting *s, const struct run *r, struct suggestion *out)
{
	static const int32_t weights[] = {500, 1000, 1500, 2000, 3000, 4000};
	struct trial best = {0}, t;

	t.moved = arena_array(s->a, s->n + 1, sizeof(*t.moved));
	best.moved = arena_array(s->a, s->n + 1, sizeof(*best.moved));
	if (t.moved == NULL || best.moved == NULL)
		return -1;
	for (size_t i = 0; i < sizeof(weights) / sizeof(*weights); i++) {
		try_weight(s, r, weights[i], &t);
		if (gain(&t) > gain(&best)) {
			struct trial was = best;

			best = t;
			t = was;
			out->weight = weights[i];
		}
	}
	out->domain = s->domain;
	out->word = arena_memdup(s->a, r->s, r->len);
	out->z = (int32_t)(r->z * 1000);
	out->inside = r->inside;
	out->outside = r->outside;
	out->n_inside = s->n_inside;
	out->n_outside = s->n_outside;
	out->fixed = best.fixed;
	out->broken = best.broken;
	out->stirred = best.stirred;
	out->moved = best.moved;
	out->n_moved = best.n_moved;
	return out->word == NULL ? -1 : gain(&best) > 0;
}

static int
judge_all(
    struct suggesting *s, size_t most, struct suggestion *out, size_t *n_out)
{
	*n_out = 0;
	for (size_t i = 0; i < s->n_runs && i < MOST_JUDGED && *n_out < most;
	     i++) {
		int rc;

		memset(&out[*n_out], 0, sizeof(*out));
		rc = judge(s, &s->runs[i], &out[*n_out]);
		if (rc < 0)
			return -1;
		*n_out += (size_t)rc;
	}
	return 0;
}

int
route_suggest(const struct route *route, const struct suggest_letter *list,
    size_t n, int domain, size_t most, struct arena *a, struct suggestion **out,
    size_t *n_out, struct err *err)
{
	struct suggesting s = {
	    .route = route, .in = list, .n = n, .domain = domain, .a = a};

	*out = arena_array(a, most + 1, sizeof(**out));
	if (*out == NULL || take_letters(&s, err) != 0 || count_runs(&s) != 0 ||
	    know_domain(&s) != 0)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory to count the words of %zu letters", n);
	keep_words(&s);
	if (judge_all(&s, most, *out, n_out) != 0)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory to try the words on %zu letters", n);
	return 0;
}
