/* SPDX-License-Identifier: ISC */
/*
 * bench_related [N]   N clues (100,000 without a word) are linked as they come
 *                     in; what that costs a clue in CPU time, as the store
 *                     grows, and how many copies were found
 */
#include <sys/resource.h>
#include <unistd.h>

#include "core/related.h"
#include "intake/similar.h"
#include "language.h"
#include "store/related.h"

/* One in so many is a copy of an earlier one, a word in twenty changed. */
#define COPIES 1000
#define EDITED 20

static double
cpu_s(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* Of the i-th, or of its original with other words here and there. */
static void
make_text(const struct language *l, uint32_t i, struct buf *text)
{
	uint32_t of = i % COPIES == 0 && i > 0 ? i / 2 + 1 : i;
	uint32_t seed = of * 2654435761U + 1, other = i + 7;
	uint32_t words = 40 + make_random(&seed) % 160;

	for (uint32_t k = 0; k < words; k++) {
		uint32_t word = draw(l, &seed);

		if (of != i && make_random(&other) % EDITED == 0)
			word = draw(l, &other);
		add_word(text, l->words[word]);
	}
	if (i % 5 == 0)
		buf_addf(text, "，车牌苏G%05u，在%s路", seed % 100000,
		    i % 2 ? "人民" : "盐河");
}

static double
add_clue(struct store *s, const struct language *l, uint32_t i, uint32_t n,
    size_t *found)
{
	ARENA_AUTO struct arena *a = arena_new();
	BUF_AUTO struct buf text = BUF_INIT;
	struct link_record *links;
	struct clue_record c = {.channel = "mail", .state = "assigned",
	    .domain = make_domains[i % 9], .runner_up = "", .area = "xugou",
	    .class_id = "normal", .officer = "", .deputy = "", .leader = "",
	    .why = "", .excluded = "", .rules = "", .subject = "线索"};
	struct err err;
	struct related_named *named;
	struct similar_print print;
	double began;
	size_t n_links;

	c.received_s = MAKE_NOW_S - MAKE_SPAN_S +
		       (int64_t)((double)i / n * (double)MAKE_SPAN_S);
	make_text(l, i, &text);
	c.text = buf_str(&text);
	make_must(store_clue_add(s, &c, "LY", 2026, a, &err), &err);
	began = cpu_s();
	make_must(similar_print(c.subject, c.text, &print), &err);
	make_must(related_link(s, &c, &print, c.received_s, a, &named,
		      &n_links, &err), &err);
	began = cpu_s() - began;
	if (i % COPIES == 0 && i > 0) {
		make_must(store_links(s, c.id, a, &links, &n_links, &err),
		    &err);
		for (size_t k = 0; k < n_links; k++)
			*found += links[k].other == i / 2 + 2;
	}
	return began;
}

int
main(int argc, char **argv)
{
	uint32_t n = argc > 1 ? (uint32_t)atol(argv[1]) : 100000;
	struct language *l = language_new();
	char folder[] = "/var/tmp/bench-related-XXXXXX", path[64];
	struct store *s = NULL;
	struct err err;
	double spent = 0, began = 0, commits = 0;
	size_t found = 0;

	if (mkdtemp(folder) == NULL)
		return 1;
	(void)snprintf(path, sizeof(path), "%s/clued.db", folder);
	make_must(store_open(path, STORE_CREATE, &s, &err), &err);
	for (uint32_t i = 0; i < n; i++) {
		if (i % 64 == 0) {
			began = cpu_s();
			if (i > 0)
				make_must(store_commit(s, &err), &err);
			commits += cpu_s() - began;
			make_must(store_begin(s, &err), &err);
		}
		spent += add_clue(s, l, i, n, &found);
		if ((i + 1) % (n / 10) == 0) {
			(void)printf("related at %8u clues: %6.1f us a clue\n",
			    i + 1, spent * 1e6 / (n / 10));
			(void)fflush(stdout);
			spent = 0;
		}
	}
	make_must(store_commit(s, &err), &err);
	(void)printf("copies found: %zu of %u; commits %.1f us a clue\n",
	    found, (n - 1) / COPIES, commits * 1e6 / n);
	store_close(&s);
	free(l);
	(void)fflush(stdout);
	(void)execlp("rm", "rm", "-r", folder, (char *)NULL);
	return 1;
}
