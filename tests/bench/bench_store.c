/* SPDX-License-Identifier: ISC */
/*
 * bench_store [FOLDER]        messages a second into the store, in groups of
 *                             128 with everything of each, beside writing and
 *                             syncing one plain file a message
 * bench_store --ask STORE     the questions of cluectl, asked of a filled
 *                             store (store_fill)
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "store/sheet.h"
#include "store_make.h"

#define LARGEST (5UL << 20)

static double
now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
die(const char *what)
{
	(void)fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static long
peak_kb(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	return u.ru_maxrss;
}

static size_t
small(uint32_t i)
{
	(void)i;
	return 3000;
}

/* What arrives: mostly text, some photos, now and then a video. */
static size_t
mixed(uint32_t i)
{
	uint32_t k = i % 100;

	return k < 70 ? 3000
	    : k < 90  ? 40000
	    : k < 97  ? 400000
	    : k < 99  ? 2000000
		      : LARGEST;
}

struct load {
	const char *name;
	size_t (*size)(uint32_t i);
	uint32_t n;
};

/* One file a message, each on the disk before the next. */
static double
write_files(const char *folder, const struct load *load, char *mail)
{
	char path[400];
	double spent = 0, began;
	size_t len;
	int fd;

	for (uint32_t i = 0; i < load->n; i++) {
		len = make_mail(mail, load->size(i), i);
		(void)snprintf(path, sizeof(path), "%s/%u.eml", folder, i);
		began = now_s();
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0 || write(fd, mail, len) != (ssize_t)len ||
		    fsync(fd) < 0 || close(fd) < 0)
			die(path);
		spent += now_s() - began;
	}
	for (uint32_t i = 0; i < load->n; i++) {
		(void)snprintf(path, sizeof(path), "%s/%u.eml", folder, i);
		(void)unlink(path);
	}
	return load->n / spent;
}

static double
write_store(const char *path, const struct load *load, char *mail)
{
	struct store *s = NULL;
	struct arena *a = NULL;
	struct err err;
	double spent = 0, began;
	size_t len;

	make_must(store_open(path, STORE_CREATE, &s, &err), &err);
	for (uint32_t i = 0; i < load->n; i++) {
		len = make_mail(mail, load->size(i), i);
		began = now_s();
		if (i % MAX_GROUP_MESSAGES == 0) {
			if ((a = arena_new()) == NULL)
				die("memory");
			make_must(store_begin(s, &err), &err);
		}
		make_tip(s, a, i, mail, len);
		if ((i + 1) % MAX_GROUP_MESSAGES == 0 || i + 1 == load->n) {
			make_must(store_commit(s, &err), &err);
			arena_free(&a);
		}
		spent += now_s() - began;
	}
	store_close(&s);
	return load->n / spent;
}

static void
run(const char *folder, const struct load *load, char *mail)
{
	char path[300], tail[320];
	static const char *const tails[] = {"", "-wal", "-shm", ".key"};
	double files, store;
	long before = peak_kb();
	struct stat st;

	(void)snprintf(path, sizeof(path), "%s/bench.db", folder);
	store = write_store(path, load, mail);
	if (stat(path, &st) < 0)
		die(path);
	files = write_files(folder, load, mail);
	(void)printf("store %-6s %7.0f messages/s, one synced file each "
		     "%7.0f/s, ratio %.2f; %ld KB a message on disk, "
		     "peak memory %ld KB (before: %ld)\n",
	    load->name, store, files, store / files,
	    (long)(st.st_size / 1024 / load->n), peak_kb(), before);
	for (size_t i = 0; i < 4; i++) {
		(void)snprintf(tail, sizeof(tail), "%s%s", path, tails[i]);
		(void)unlink(tail);
	}
}

/* -- questions ------------------------------------------------------------- */

static int
count_row(void *arg, const struct clue_row *r)
{
	(void)r;
	++*(int64_t *)arg;
	return 0;
}

/* What this process used: it does not depend on who else is at work. */
static double
cpu_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
ask(struct store *s, const char *name, const struct clue_filter *f)
{
	double began, best = 1e9, first = 0, cpu, least = 1e9;
	struct err err;
	int64_t n = 0;

	for (int round = 0; round < 5; round++) {
		n = 0;
		began = now_s();
		cpu = cpu_s();
		make_must(store_list(s, f, count_row, &n, &err), &err);
		if (round == 0)
			first = now_s() - began;
		if (now_s() - began < best)
			best = now_s() - began;
		if (cpu_s() - cpu < least)
			least = cpu_s() - cpu;
	}
	(void)printf("list %-22s %8lld rows %9.2f ms first, %9.2f ms best, "
		     "%9.2f ms of CPU\n",
	    name, (long long)n, first * 1e3, best * 1e3, least * 1e3);
}

static int
count_deadline(void *arg, const struct open_deadline *d)
{
	(void)d;
	++*(int64_t *)arg;
	return 0;
}

static int
count_domain(void *arg, const char *domain, int64_t n)
{
	(void)domain;
	*(int64_t *)arg += n;
	return 0;
}

/* What the daily sheet asks, once each morning. */
static void
ask_sheet(struct store *s, struct arena *a)
{
	struct major_row *majors;
	struct mail_seen seen;
	struct err err;
	int64_t n = 0;
	size_t n_majors;
	double began = now_s();

	make_must(store_open_deadlines(
		s, 0, MAKE_NOW_S + 1, count_deadline, &n, &err), &err);
	(void)printf("sheet: %lld overdue deadlines %.2f ms\n", (long long)n,
	    (now_s() - began) * 1e3);
	n = 0;
	began = now_s();
	make_must(store_new_by_domain(s, MAKE_NOW_S - 86400, MAKE_NOW_S,
		count_domain, &n, &err), &err);
	make_must(store_majors_open(s, a, &majors, &n_majors, &err), &err);
	(void)printf("sheet: %lld new, %zu major %.2f ms\n", (long long)n,
	    n_majors, (now_s() - began) * 1e3);
	began = now_s();
	make_must(store_mail_between(
		s, MAKE_NOW_S - 86400, MAKE_NOW_S, &seen, &err), &err);
	make_must(store_mail_all(s, &seen, &err), &err);
	(void)printf("sheet: the mailbox %.2f ms\n", (now_s() - began) * 1e3);
}

static int
ask_all(const char *path)
{
	static const struct {
		const char *name;
		struct clue_filter f;
	} t[] = {
	    {"overdue", {.overdue = true, .now_s = MAKE_NOW_S}},
	    {"overdue in a domain", {.overdue = true, .now_s = MAKE_NOW_S,
		.domain = "muck-transport"}},
	    {"overdue, first 100", {.overdue = true, .now_s = MAKE_NOW_S,
		.limit = 100}},
	    {"triage", {.triage = true}},
	    {"verifying", {.state = "verifying"}},
	    {"received in a month", {.received_from_s = MAKE_NOW_S - 7776000,
		.received_before_s = MAKE_NOW_S - 5184000}},
	    {"officer, first 100", {.officer = "officer7", .limit = 100}},
	    {"domain, first 100", {.domain = "other", .limit = 100}},
	};
	struct store *s = NULL;
	struct store_counts c;
	struct arena *a = arena_new();
	struct deadline_record *list;
	struct err err;
	double began;
	size_t n;

	began = now_s();
	make_must(store_open(path, STORE_READ, &s, &err), &err);
	(void)printf("open %.2f ms\n", (now_s() - began) * 1e3);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		ask(s, t[i].name, &t[i].f);
	began = now_s();
	make_must(store_counts(s, MAKE_NOW_S, &c, &err), &err);
	(void)printf("counts %.2f ms: %lld clues, %lld open, %lld overdue, "
		     "%lld events, %lld MB\n",
	    (now_s() - began) * 1e3, (long long)c.clues,
	    (long long)c.open_clues, (long long)c.overdue,
	    (long long)c.events, (long long)(c.size_bytes >> 20));
	began = now_s();
	make_must(store_deadlines_to_ask(
		s, MAKE_NOW_S, 100, a, &list, &n, &err), &err);
	(void)printf(
	    "deadlines to ask, %zu: %.2f ms\n", n, (now_s() - began) * 1e3);
	ask_sheet(s, a);
	arena_free(&a);
	store_close(&s);
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct load loads[] = {
	    {"small", small, 6400}, {"mixed", mixed, 1280}};
	char folder[200] = "/var/tmp/bench-store-XXXXXX";
	char *mail = malloc(LARGEST + 4096);

	if (argc == 3 && strcmp(argv[1], "--ask") == 0)
		return ask_all(argv[2]);
	if (argc == 2)
		(void)snprintf(folder, sizeof(folder), "%s/bench-store-XXXXXX",
		    argv[1]);
	if (mail == NULL || mkdtemp(folder) == NULL)
		die(folder);
	memset(mail, 0, LARGEST + 4096);
	for (size_t i = 0; i < 2; i++)
		run(folder, &loads[i], mail);
	(void)rmdir(folder);
	free(mail);
	return 0;
}
