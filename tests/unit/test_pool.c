/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/memfd.h"
#include "base/spawn.h"
#include "intake/told.h"
#include "parse/message.h"
#include "parse/pool.h"
#include "parse/role.h"

#define MAX_JOBS 400

/* What came back, by job. */
struct results {
	int answers[MAX_JOBS];
	char subjects[MAX_JOBS][64];
	char failures[MAX_JOBS][320];
	enum err_kind kinds[MAX_JOBS];
	size_t text_bytes[MAX_JOBS];
	bool told[MAX_JOBS]; /* it came along, the same as made here */
	size_t n;
};

/* What the child told is what this process makes of the message. */
static bool
is_told(struct message *m)
{
	struct buf there = BUF_INIT, here = BUF_INIT;

	if (m->told == NULL)
		return false;
	told_put(&there, m->told);
	told_write(m, &here);
	assert_int_equal(there.len, here.len);
	assert_memory_equal(there.data, here.data, here.len);
	buf_done(&there);
	buf_done(&here);
	return true;
}

static void
on_done(void *arg, uint64_t job, struct message *m, const struct err *failure)
{
	struct results *r = arg;

	assert_true(job < MAX_JOBS);
	assert_true((m == NULL) != (failure == NULL));
	r->answers[job]++;
	r->n++;
	if (m != NULL) {
		(void)snprintf(r->subjects[job], sizeof(r->subjects[job]), "%s",
		    m->subject);
		r->text_bytes[job] = strlen(m->text);
		r->told[job] = is_told(m);
	} else {
		(void)snprintf(r->failures[job], sizeof(r->failures[job]), "%s",
		    failure->what);
		r->kinds[job] = failure->kind;
	}
	message_free(&m);
}

static void
add_raw(struct pool *p, uint64_t job, const char *raw, size_t len)
{
	struct err err;
	int fd;

	assert_int_equal(memfd_put(raw, len, &fd, &err), 0);
	assert_int_equal(pool_add(p, job, fd, &err), 0);
	(void)close(fd);
}

/* A small letter; `word` becomes an X-Clued-Test header. */
static void
add(struct pool *p, uint64_t job, const char *word)
{
	char raw[400];
	int n = snprintf(raw, sizeof(raw),
	    "From: a@example.com\r\nSubject: job %d\r\n%s%s%s\r\nHello.\r\n",
	    (int)job, word != NULL ? "X-Clued-Test: " : "",
	    word != NULL ? word : "", word != NULL ? "\r\n" : "");

	add_raw(p, job, raw, (size_t)n);
}

static void
turn(struct pool *p)
{
	struct pollfd fd = {pool_epoll_fd(p), POLLIN, 0};
	struct err err = {0};

	(void)poll(&fd, 1, pool_timeout_ms(p));
	if (pool_step(p, &err) < 0)
		fail_msg("pool_step: %s", err.what);
}

static void
run_dry(struct pool *p)
{
	int64_t end = clock_mono_ms() + 600000;

	while (pool_pending(p) > 0) {
		turn(p);
		assert_true(clock_mono_ms() < end);
	}
}

static struct pool *
new_pool(unsigned per_child, struct results *r)
{
	struct pool *p;
	struct err err;

	memset(r, 0, sizeof(*r));
	if (pool_new(per_child, on_done, r, &p, &err) < 0)
		fail_msg("pool_new: %s", err.what);
	return p;
}

/* One whose owner wants to be told. */
static struct pool *
new_told_pool(unsigned per_child, struct results *r)
{
	struct pool *p = new_pool(per_child, r);

	pool_read_more(p, told_read);
	return p;
}

static void
check_good(const struct results *r, size_t job)
{
	char want[64];

	(void)snprintf(want, sizeof(want), "job %zu", job);
	assert_int_equal(r->answers[job], 1);
	assert_string_equal(r->failures[job], "");
	assert_string_equal(r->subjects[job], want);
}

static void
every_job_is_answered_once(void **state)
{
	static const unsigned per_child[] = {1, 3, 64};
	struct results *r = calloc(1, sizeof(*r));

	(void)state;
	assert_non_null(r);
	for (size_t i = 0; i < sizeof(per_child) / sizeof(per_child[0]); i++) {
		struct pool *p = new_pool(per_child[i], r);

		for (uint64_t job = 0; job < 150; job++)
			add(p, job, NULL);
		run_dry(p);
		assert_int_equal(r->n, 150);
		for (size_t job = 0; job < 150; job++)
			check_good(r, job);
		/* And again with the same pool, one by one. */
		memset(r, 0, sizeof(*r));
		for (uint64_t job = 0; job < 5; job++) {
			add(p, job, NULL);
			run_dry(p);
			check_good(r, job);
		}
		pool_free(&p);
		assert_null(p);
	}
	free(r);
}

/* Only the owner who asks for it is told more than the message. */
static void
more_comes_where_it_is_wanted(void **state)
{
	struct results *r = calloc(1, sizeof(*r));
	struct pool *p = new_pool(64, r);

	(void)state;
	add(p, 0, NULL);
	run_dry(p);
	check_good(r, 0);
	assert_false(r->told[0]);
	pool_free(&p);
	p = new_told_pool(64, r);
	for (uint64_t job = 0; job < 20; job++)
		add(p, job, NULL);
	run_dry(p);
	for (size_t job = 0; job < 20; job++) {
		check_good(r, job);
		assert_true(r->told[job]);
	}
	pool_free(&p);
	free(r);
}

static void
long_message_comes_by_memfd(void **state)
{
	struct results *r = calloc(1, sizeof(*r));
	struct pool *p = new_told_pool(64, r);
	struct buf raw = BUF_INIT;

	(void)state;
	buf_adds(&raw, "Subject: job 7\n\n");
	for (int i = 0; i < 40000; i++)
		buf_adds(&raw, "0123456789\n");
	add_raw(p, 7, raw.data, raw.len);
	run_dry(p);
	check_good(r, 7);
	assert_true(r->text_bytes[7] > 400000);
	assert_true(r->told[7]);
	add_raw(p, 8, "", 0);
	run_dry(p);
	assert_int_equal(r->answers[8], 1);
	assert_string_equal(r->failures[8], "");
	pool_free(&p);
	buf_done(&raw);
	free(r);
}

/* Every kind of mail: no library may need a call that the filter lacks, and
 * what is told there is what would be said here. */
static void
samples_pass_the_filter(void **state)
{
	struct results *r = calloc(1, sizeof(*r));
	struct pool *p = new_told_pool(1, r);
	DIR *dir = opendir("tests/data/mail");
	struct dirent *d;
	uint64_t job = 0;

	(void)state;
	assert_non_null(dir);
	while ((d = readdir(dir)) != NULL) {
		struct buf raw = BUF_INIT;
		char path[512], piece[4096];
		size_t n;
		FILE *f;

		if (strstr(d->d_name, ".eml") == NULL)
			continue;
		(void)snprintf(
		    path, sizeof(path), "tests/data/mail/%s", d->d_name);
		f = fopen(path, "rbe");
		assert_non_null(f);
		while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
			buf_add(&raw, piece, n);
		(void)fclose(f);
		add_raw(p, job++, buf_str(&raw), raw.len);
		buf_done(&raw);
	}
	(void)closedir(dir);
	run_dry(p);
	assert_true(job > 50);
	for (size_t i = 0; i < job; i++) {
		assert_int_equal(r->answers[i], 1);
		assert_string_equal(r->failures[i], "");
		assert_true(r->told[i]);
	}
	pool_free(&p);
	free(r);
}

/* A descriptor that is no sealed memfd fails alone. */
static void
unsealed_bytes_are_refused(void **state)
{
	struct results *r = calloc(1, sizeof(*r));
	struct pool *p = new_pool(64, r);
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	struct err err;

	(void)state;
	assert_int_equal(pool_add(p, 0, fd, &err), 0);
	(void)close(fd);
	add(p, 1, NULL);
	run_dry(p);
	assert_int_equal(r->kinds[0], ERR_INPUT);
	check_good(r, 1);
	pool_free(&p);
	free(r);
}

/* ---- the zygote --------------------------------------------------------- */

/* The parent of a process, 0 when it is no more. */
static pid_t
parent_of(pid_t pid)
{
	char path[64], stat[300] = "";
	const char *after;
	int fd, parent = 0;
	ssize_t n;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, stat, sizeof(stat) - 1);
	(void)close(fd);
	after = n > 0 ? strrchr(stat, ')') : NULL;
	if (after == NULL || after[2] == 'Z')
		return 0;
	parent = (int)strtol(after + 4, NULL, 10);
	return parent;
}

static size_t
children_of(pid_t parent, pid_t *out, size_t room)
{
	DIR *dir = opendir("/proc");
	struct dirent *d;
	size_t n = 0;

	while (dir != NULL && (d = readdir(dir)) != NULL) {
		pid_t pid = (pid_t)strtol(d->d_name, NULL, 10);

		if (pid > 0 && n < room && parent_of(pid) == parent)
			out[n++] = pid;
	}
	if (dir != NULL)
		(void)closedir(dir);
	return n;
}

static void
pool_survives_its_zygote(void **state)
{
	struct results *r = calloc(1, sizeof(*r));
	struct pool *p = new_pool(2, r);
	pid_t zygote;

	(void)state;
	for (uint64_t job = 0; job < 300; job++)
		add(p, job, NULL);
	for (int kills = 0; kills < 3; kills++) {
		size_t before = r->n;

		while (r->n < before + 20)
			turn(p);
		assert_int_equal(children_of(getpid(), &zygote, 1), 1);
		assert_int_equal(kill(zygote, SIGKILL), 0);
	}
	run_dry(p);
	assert_int_equal(r->n, 300);
	for (size_t job = 0; job < 300; job++)
		check_good(r, job);
	pool_free(&p);
	/* Nothing is left behind. */
	assert_int_equal(children_of(getpid(), &zygote, 1), 0);
	free(r);
}

static void
pool_may_be_freed_at_work(void **state)
{
	struct results *r = calloc(1, sizeof(*r));
	struct pool *p = new_pool(8, r);
	pid_t left;

	(void)state;
	for (uint64_t job = 0; job < 100; job++)
		add(p, job, NULL);
	while (r->n < 10)
		turn(p);
	pool_free(&p);
	assert_int_equal(children_of(getpid(), &left, 1), 0);
	free(r);
}

/* ---- misbehaviour ------------------------------------------------------- */

#ifdef CLUED_TEST_HOOKS
struct villain {
	const char *word;
	const char *why;
};

static void
only_the_guilty_fails(void **state)
{
	static const struct villain villains[] = {
#ifdef __SANITIZE_ADDRESS__
	    {"crash", "parser ended with status 1"},
#else
	    {"crash", "parser killed by signal SEGV"},
#endif
	    {"hang", "parser took longer than 3 s"},
	    {"oom", "parser ran out of memory"},
	    {"syscall", "parser killed by signal SYS"},
	    {"lie", "parser's answer was malformed"},
	    {"slander", "parser's answer was malformed"},
	};
	struct results *r = calloc(1, sizeof(*r));

	(void)state;
	for (size_t i = 0; i < sizeof(villains) / sizeof(villains[0]); i++) {
		struct pool *p;

		/* Only who hangs is waited for: the others may be slow on a
		 * busy machine. */
		if (strcmp(villains[i].word, "hang") == 0)
			(void)setenv("CLUED_TEST_PARSE_MS", "3000", 1);
		p = new_told_pool(64, r);

		for (uint64_t job = 0; job < 60; job++)
			add(p, job, job == 23 ? villains[i].word : NULL);
		run_dry(p);
		assert_int_equal(r->n, 60);
		for (size_t job = 0; job < 60; job++) {
			if (job != 23)
				check_good(r, job);
		}
		assert_int_equal(r->answers[23], 1);
		assert_int_equal(r->kinds[23], ERR_INPUT);
		assert_string_equal(r->failures[23], villains[i].why);
		pool_free(&p);
		(void)unsetenv("CLUED_TEST_PARSE_MS");
	}
	free(r);
}

/* Villains in a row, also with a child for each message. */
static void
many_villains(void **state)
{
	static const unsigned per_child[] = {1, 64};
	struct results *r = calloc(1, sizeof(*r));

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct pool *p = new_pool(per_child[i], r);

		for (uint64_t job = 0; job < 90; job++)
			add(p, job,
			    job % 3 == 0   ? "syscall"
			    : job % 3 == 1 ? "lie"
					   : NULL);
		run_dry(p);
		assert_int_equal(r->n, 90);
		for (size_t job = 0; job < 90; job++) {
			if (job % 3 == 2)
				check_good(r, job);
			else
				assert_int_equal(r->kinds[job], ERR_INPUT);
		}
		pool_free(&p);
	}
	free(r);
}

static void
cpu_time_is_limited(void **state)
{
	struct results *r = calloc(1, sizeof(*r));
	struct pool *p;

	(void)state;
	(void)setenv("CLUED_TEST_PARSE_CPU_S", "1", 1);
	p = new_pool(64, r);
	add(p, 0, "spin");
	add(p, 1, NULL);
	run_dry(p);
	assert_string_equal(
	    r->failures[0], "parser took longer than 4 s of CPU time");
	check_good(r, 1);
	(void)unsetenv("CLUED_TEST_PARSE_CPU_S");
	pool_free(&p);
	free(r);
}

/* A zygote that cannot start says why, at once. */
static void
broken_zygote_is_told(void **state)
{
	struct results *r = calloc(1, sizeof(*r));
	struct pool *p = NULL;
	struct err err = {0};

	(void)state;
	(void)setenv("CLUED_TEST_BROKEN", "1", 1);
	assert_int_equal(pool_new(64, on_done, r, &p, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_string_equal(
	    err.what, "the parser process ended before it was ready");
	assert_null(p);
	(void)unsetenv("CLUED_TEST_BROKEN");
	free(r);
}
#endif

int
main(int argc, char **argv)
{
	static const struct parse_more more = {told_init, told_write};
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_job_is_answered_once),
	    cmocka_unit_test(more_comes_where_it_is_wanted),
	    cmocka_unit_test(long_message_comes_by_memfd),
	    cmocka_unit_test(samples_pass_the_filter),
	    cmocka_unit_test(unsealed_bytes_are_refused),
	    cmocka_unit_test(pool_survives_its_zygote),
	    cmocka_unit_test(pool_may_be_freed_at_work),
#ifdef CLUED_TEST_HOOKS
	    cmocka_unit_test(only_the_guilty_fails),
	    cmocka_unit_test(many_villains),
	    cmocka_unit_test(cpu_time_is_limited),
	    cmocka_unit_test(broken_zygote_is_told),
#endif
	};

	if (argc == 2 && strcmp(argv[1], "--role=parse") == 0)
		return getenv("CLUED_TEST_BROKEN") != NULL
			   ? 1
			   : parse_zygote_main(SPAWN_SOCKET, &more);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
