/* SPDX-License-Identifier: ISC */
/*
 * hide_learn MENDED… -- FILE…: learns from labelled letters (tests/data/hide)
 * who is whom in them, and prints src/hide/weights.inc.  An averaged
 * perceptron: a letter that is read wrong moves the weights of what is there
 * towards what should have been read.  Whole numbers and a fixed order: the
 * same letters make the same file anywhere.  Read often the letters are learnt
 * by heart and others are read worse: a few times, in several orders.
 *
 * How far the rules of hiding can be trusted is learnt too, but not from the
 * letters in front of --: the rules were mended until they fitted those.
 *
 * A letter a line: sender | subject | body; {…} is the writer's, […] the
 * matter's, \n a new line.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "hide/judge.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/token.h"
#include "parse/message.h"

#define EPOCHS 4
/* Orders in which the letters are read; the mean of all is kept. */
#define ORDERS 3
/* A feature seen less often says nothing. */
#define LEAST_SEEN 2
#define LINE_MOST 65536

struct letter {
	char *text;
	struct hide_text read;
	struct hide_tokens tokens;
	uint8_t *tags;
	uint32_t (*slots)[HIDE_FEATURES];
	uint8_t *n_slots;
	uint32_t (*after)[TAG_COUNT][HIDE_AFTER]; /* all of them there */
	struct hide_worth *worth;
};

struct learner {
	struct letter *letters;
	size_t n;
	bool mended; /* the rules were, for the letters that are read now */
	uint32_t seen[HIDE_WEIGHTS];
	int32_t w[HIDE_WEIGHTS][TAG_COUNT], move[TAG_COUNT][TAG_COUNT];
	/* Each change times when it was made: for the mean. */
	int64_t late[HIDE_WEIGHTS][TAG_COUNT], late_move[TAG_COUNT][TAG_COUNT];
	int64_t now;
	/* Means of the orders up to now, added up. */
	int64_t sum[HIDE_WEIGHTS][TAG_COUNT], sum_move[TAG_COUNT][TAG_COUNT];
};

static void
give_up(const char *what)
{
	perror(what);
	exit(1);
}

static void *
must_have(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);

	if (p == NULL)
		give_up("memory");
	return p;
}

/* ---- letters ------------------------------------------------------------ */

/* The text without its labels; tag_of[] of each byte of it. */
static size_t
take_labels(const char *line, char *text, uint8_t *tag_of)
{
	uint8_t tag = TAG_NONE;
	size_t n = 0;

	for (const char *p = line; *p != '\0'; p++) {
		if (*p == '{' || *p == '[') {
			tag = *p == '{' ? TAG_WRITER : TAG_MATTER;
		} else if ((*p == '}' || *p == ']') && tag != TAG_NONE) {
			tag = TAG_NONE;
		} else {
			bool line_end = *p == '\\' && p[1] == 'n';

			p += line_end;
			tag_of[n] = tag;
			text[n++] = line_end || *p == '|' ? '\n' : *p;
		}
	}
	text[n] = '\0';
	return n;
}

/* One text of a letter, with what the rules of hiding make of it. */
static void
read_text(struct letter *l, const char *line, struct hide_known *k,
    bool mended)
{
	static uint8_t tag_of[LINE_MOST];

	l->text = must_have(strlen(line), 1);
	(void)take_labels(line, l->text, tag_of);
	if (hide_text_init(&l->read, l->text) < 0)
		give_up("memory");
	hide_by_rules(&l->read, k);
	if (hide_tokens_read(&l->read, 0, l->read.len, &l->tokens) < 0)
		give_up("memory");
	l->tokens.mended = mended;
	l->tags = must_have(l->tokens.n, 1);
	l->n_slots = must_have(l->tokens.n, 1);
	l->slots = must_have(l->tokens.n, sizeof(*l->slots));
	l->after = must_have(l->tokens.n, sizeof(*l->after));
	l->worth = must_have(l->tokens.n, sizeof(*l->worth));
	for (size_t i = 0; i < l->tokens.n; i++) {
		for (int last = 0; last < TAG_COUNT; last++)
			(void)hide_features_after(
			    &l->tokens, i, last, l->after[i][last]);
		l->tags[i] = tag_of[l->read.at[l->tokens.list[i].b]];
		l->n_slots[i] =
		    (uint8_t)hide_features(&l->tokens, i, l->slots[i]);
	}
}

static void
take_sender(struct hide_known *k, char *from)
{
	char *blank = strrchr(from, ' ');
	struct message m = {.signature = ""};

	m.from.addr = blank == NULL ? from : blank + 1;
	m.from.name = blank == NULL ? "" : from;
	if (blank != NULL)
		*blank = '\0';
	m.sender.name = m.sender.addr = "";
	m.reply_to.name = m.reply_to.addr = "";
	m.signs.return_path = m.from.addr;
	hide_learn_sender(k, &m);
}

/* sender | subject | body */
static void
read_letter(struct learner *m, char *line)
{
	struct hide_known k = {.n = 0};
	char *subject = strchr(line, '|'), *body;

	body = subject == NULL ? NULL : strchr(subject + 1, '|');
	if (line[0] == '#' || body == NULL)
		return;
	*subject++ = *body++ = '\0';
	m->letters =
	    reallocarray(m->letters, m->n + 2, sizeof(*m->letters));
	if (m->letters == NULL)
		give_up("memory");
	memset(&m->letters[m->n], 0, 2 * sizeof(*m->letters));
	take_sender(&k, str_trim(line));
	read_text(&m->letters[m->n++], str_trim(subject), &k, m->mended);
	read_text(&m->letters[m->n++], str_trim(body), &k, m->mended);
	hide_known_done(&k);
}

static void
read_file(struct learner *m, const char *path)
{
	static char line[LINE_MOST];
	FILE *f = fopen(path, "r");

	if (f == NULL)
		give_up(path);
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		read_letter(m, line);
	}
	(void)fclose(f);
}

static void
count(struct learner *m)
{
	for (size_t q = 0; q < m->n; q++)
		for (size_t i = 0; i < m->letters[q].tokens.n; i++)
			for (size_t f = 0; f < m->letters[q].n_slots[i]; f++)
				m->seen[m->letters[q].slots[i][f]]++;
	/* Who is named last is not known before: these all count. */
	for (size_t q = 0; q < m->n; q++)
		for (size_t i = 0; i < m->letters[q].tokens.n; i++)
			for (int last = 0; last < TAG_COUNT; last++)
				for (size_t f = 0; f < HIDE_AFTER; f++)
					m->seen[m->letters[q].after[i][last]
					    [f]] += LEAST_SEEN;
}

/* ---- reading and learning ----------------------------------------------- */

static void
weigh(const struct learner *m, const struct letter *l, size_t i)
{
	int32_t alone[TAG_COUNT] = {0};

	for (size_t f = 0; f < l->n_slots[i]; f++)
		for (int tag = 0; tag < TAG_COUNT; tag++)
			alone[tag] += m->w[l->slots[i][f]][tag];
	for (int last = 0; last < TAG_COUNT; last++)
		for (int tag = 0; tag < TAG_COUNT; tag++) {
			int32_t sum = alone[tag];

			for (size_t f = 0; f < HIDE_AFTER; f++)
				sum += m->w[l->after[i][last][f]][tag];
			l->worth[i].of[last][tag] = sum;
		}
}

static void
move_slots(struct learner *m, const uint32_t *slots, size_t n, uint8_t tag,
    int by)
{
	for (size_t f = 0; f < n; f++) {
		if (m->seen[slots[f]] < LEAST_SEEN)
			continue;
		m->w[slots[f]][tag] += by;
		m->late[slots[f]][tag] += by * m->now;
	}
}

static void
move_step(struct learner *m, uint8_t from, uint8_t to, int by)
{
	m->move[from][to] += by;
	m->late_move[from][to] += by * m->now;
}

/* Towards this reading of the letter, or away from it, where it differs from
 * the other. */
static void
move_towards(struct learner *m, const struct letter *l, const uint8_t *tags,
    const uint8_t *other, int by)
{
	enum hide_tag last = TAG_NONE, other_last = TAG_NONE;

	for (size_t i = 0; i < l->tokens.n; i++) {
		bool same = tags[i] == other[i];

		if (!same)
			move_slots(m, l->slots[i], l->n_slots[i], tags[i], by);
		if (!same || last != other_last)
			move_slots(
			    m, l->after[i][last], HIDE_AFTER, tags[i], by);
		if (i > 0 && (!same || tags[i - 1] != other[i - 1]))
			move_step(m, tags[i - 1], tags[i], by);
		last = hide_last_after(last, tags[i]);
		other_last = hide_last_after(other_last, other[i]);
	}
}

static void
learn_from(struct learner *m, const struct letter *l)
{
	uint8_t *tags = must_have(l->tokens.n, 1);

	for (size_t i = 0; i < l->tokens.n; i++)
		weigh(m, l, i);
	if (hide_best_tags(l->worth, m->move, l->tokens.n, tags) < 0)
		give_up("memory");
	move_towards(m, l, l->tags, tags, 1);
	move_towards(m, l, tags, l->tags, -1);
	m->now++;
	free(tags);
}

static void
shuffle(size_t *order, size_t n, uint32_t *seed)
{
	for (size_t i = n - 1; i > 0; i--) {
		size_t j, was = order[i];

		*seed = *seed * 1103515245U + 12345U;
		j = (*seed >> 8) % (i + 1);
		order[i] = order[j];
		order[j] = was;
	}
}

/* Through all letters EPOCHS times; the mean of the weights on the way. */
static void
learn(struct learner *m, uint32_t seed)
{
	size_t *order = must_have(m->n, sizeof(*order));

	memset(m->w, 0, sizeof(m->w));
	memset(m->move, 0, sizeof(m->move));
	memset(m->late, 0, sizeof(m->late));
	memset(m->late_move, 0, sizeof(m->late_move));
	m->now = 1;
	for (size_t i = 0; i < m->n; i++)
		order[i] = i;
	for (int epoch = 0; epoch < EPOCHS; epoch++) {
		shuffle(order, m->n, &seed);
		for (size_t i = 0; i < m->n; i++)
			if (m->letters[order[i]].tokens.n > 0)
				learn_from(m, &m->letters[order[i]]);
	}
	for (size_t s = 0; s < HIDE_WEIGHTS; s++)
		for (int a = 0; a < TAG_COUNT; a++)
			m->sum[s][a] +=
			    m->w[s][a] - m->late[s][a] / m->now;
	for (int p = 0; p < TAG_COUNT; p++)
		for (int a = 0; a < TAG_COUNT; a++)
			m->sum_move[p][a] +=
			    m->move[p][a] - m->late_move[p][a] / m->now;
	free(order);
}

/* ---- the file ----------------------------------------------------------- */

static int
small(int64_t v)
{
	v /= ORDERS;
	return (int)(v > 127 ? 127 : v < -127 ? -127 : v);
}

static void
print(const struct learner *m)
{
	int column = 0;

	(void)printf("    /* What %zu labelled letters taught. */\n    {",
	    m->n);
	for (size_t s = 0; s < HIDE_WEIGHTS; s++) {
		if (column > 66)
			column = printf("\n    ") - 1;
		column += printf("{%d,%d},",
		    small(m->sum[s][TAG_WRITER] - m->sum[s][TAG_NONE]),
		    small(m->sum[s][TAG_MATTER] - m->sum[s][TAG_NONE]));
	}
	(void)printf("},\n    {");
	for (int p = 0; p < TAG_COUNT; p++)
		(void)printf("{%d, %d, %d}%s",
		    (int)(m->sum_move[p][0] / ORDERS),
		    (int)(m->sum_move[p][1] / ORDERS),
		    (int)(m->sum_move[p][2] / ORDERS),
		    p + 1 < TAG_COUNT ? ", " : "");
	(void)printf("}\n");
}

int
main(int argc, char **argv)
{
	/* In reach to the end, which gives everything back. */
	static struct learner *m;

	m = must_have(1, sizeof(*m));
	if (argc < 2) {
		(void)fprintf(stderr, "usage: hide_learn MENDED… -- FILE…\n");
		return 2;
	}
	m->mended = true;
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--") == 0)
			m->mended = false;
		else
			read_file(m, argv[i]);
	count(m);
	for (uint32_t order = 0; order < ORDERS; order++)
		learn(m, 12345U + order * 7919U);
	print(m);
	return 0;
}
