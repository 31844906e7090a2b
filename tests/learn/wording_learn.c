/* SPDX-License-Identifier: ISC */
/*
 * wording_learn TITLE FILE…: learns from labelled letters (tests/data/rules)
 * how those of the domain TITLE are worded, and prints
 * src/route/wording_weights.inc.  Logistic regression, by plain descent in a
 * fixed order: the same letters make the same file.
 *
 * A letter a line: domain | subject | text; # begins a comment.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "route/normalise.h"
#include "route/wording.h"

#define EPOCHS 60
#define STEP 1.0
#define KEEP 0.99997 /* of a weight, at each step that it takes part in */
/* Few letters of many are of the domain, and to miss one is worse than to
 * take one too many: what one is worth, and where the odds begin to count. */
#define WORTH 6.0
#define LEAN 0.9
/* A slot in fewer letters says nothing. */
#define LEAST_SEEN 2
#define LINE_MOST 65536

struct letter {
	bool yes;
	uint16_t *slots;
	size_t n;
};

struct learner {
	struct letter *letters;
	size_t n, size;
	uint32_t seen[WORDING_SLOTS];
	double w[WORDING_SLOTS], bias;
};

static void *
must_have(void *p)
{
	if (p == NULL) {
		perror("wording_learn");
		exit(1);
	}
	return p;
}

static void
take_letter(struct learner *l, const struct norm_table *table, bool yes,
    const char *subject, const char *text)
{
	struct wording_slot slots[WORDING_READ];
	struct letter *to;
	struct norm n;
	struct err err;

	norm_init(&n);
	if (norm_add(table, &n, subject, strlen(subject), 0, &err) != 0 ||
	    norm_add(table, &n, text, strlen(text), 0, &err) != 0)
		exit(1);
	if (l->n == l->size) {
		l->size = l->size * 2 + 1024;
		l->letters = must_have(
		    realloc(l->letters, l->size * sizeof(*l->letters)));
	}
	to = &l->letters[l->n++];
	to->yes = yes;
	to->n = wording_read(&n, slots);
	to->slots = must_have(malloc((to->n + 1) * sizeof(*to->slots)));
	for (size_t i = 0; i < to->n; i++) {
		to->slots[i] = (uint16_t)slots[i].slot;
		l->seen[slots[i].slot]++;
	}
	norm_done(&n);
}

static void
read_file(struct learner *l, const struct norm_table *table, const char *title,
    const char *path)
{
	static char line[LINE_MOST];
	FILE *f = must_have(fopen(path, "r"));

	while (fgets(line, sizeof(line), f) != NULL) {
		char *s = str_trim(line), *subject, *text;

		if (*s == '\0' || *s == '#')
			continue;
		subject = strchr(s, '|');
		text = subject == NULL ? NULL : strchr(subject + 1, '|');
		if (text == NULL)
			continue;
		*subject++ = '\0';
		*text++ = '\0';
		take_letter(l, table, strcmp(str_trim(s), title) == 0,
		    str_trim(subject), str_trim(text));
	}
	(void)fclose(f);
}

static double
odds(const struct learner *l, const struct letter *x, double length)
{
	double sum = 0;

	for (size_t i = 0; i < x->n; i++)
		if (l->seen[x->slots[i]] >= LEAST_SEEN)
			sum += l->w[x->slots[i]];
	return l->bias + sum / length;
}

static void
learn_from(struct learner *l, const struct letter *x, double step)
{
	double length = sqrt((double)x->n + WORDING_MORE);
	double p = 1 / (1 + exp(-odds(l, x, length)));
	double move = step * (x->yes ? (1 - p) * WORTH : -p);

	l->bias += move * 0.1;
	for (size_t i = 0; i < x->n; i++) {
		double *w = &l->w[x->slots[i]];

		if (l->seen[x->slots[i]] >= LEAST_SEEN)
			*w = *w * KEEP + move / length;
	}
}

/* A fixed shuffle: xorshift. */
static void
shuffle(struct learner *l, uint64_t *state)
{
	for (size_t i = l->n; i > 1; i--) {
		struct letter t = l->letters[i - 1];
		size_t k;

		*state ^= *state << 13;
		*state ^= *state >> 7;
		*state ^= *state << 17;
		k = (size_t)(*state % i);
		l->letters[i - 1] = l->letters[k];
		l->letters[k] = t;
	}
}

static void
learn(struct learner *l)
{
	uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

	l->bias = -2;
	for (int epoch = 0; epoch < EPOCHS; epoch++) {
		shuffle(l, &state);
		for (size_t i = 0; i < l->n; i++)
			learn_from(
			    l, &l->letters[i], STEP / (1 + epoch * 0.5));
	}
}

static void
print(const struct learner *l)
{
	double most = 1e-9;

	for (size_t k = 0; k < WORDING_SLOTS; k++)
		if (fabs(l->w[k]) > most)
			most = fabs(l->w[k]);
	printf("    /* What %zu labelled letters taught. */\n", l->n);
	printf("    .bias = %ld, .unit = %ld, .slots = {",
	    lround((l->bias + LEAN) * 1000), lround(most / 127 * 1000));
	for (size_t k = 0; k < WORDING_SLOTS; k++)
		printf("%s%ld,", k % 24 == 0 ? "\n    " : "",
		    lround(l->w[k] / most * 127));
	printf("}\n");
}

int
main(int argc, char **argv)
{
	static struct learner l;
	struct norm_table *table;
	struct err err;

	if (argc < 3 || norm_table_new(&table, &err) != 0)
		return 1;
	for (int i = 2; i < argc; i++)
		read_file(&l, table, argv[1], argv[i]);
	learn(&l);
	print(&l);
	for (size_t i = 0; i < l.n; i++)
		free(l.letters[i].slots);
	free(l.letters);
	norm_table_free(&table);
	return 0;
}
