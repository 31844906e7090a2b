/* SPDX-License-Identifier: ISC */
/*
 * Each allocation of a message's way through the parser's child fails, one
 * after the other: the outcome is an error or the whole message with all that
 * is told of it (above all, with the citizen hidden), never one from which
 * something is missing.  Some of the sample mails, or those of a pattern that
 * is given as the argument.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "intake/told.h"
#include "parse/message.h"
#include "parse/parse.h"
#include "parse/wire.h"

#ifdef __SANITIZE_ADDRESS__
static void
skipped(void **state)
{
	(void)state;
	skip(); /* it has its own malloc */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(skipped)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
/* glibc's own names. */
extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

static bool counting;
static long count, fail_at;

static bool
fails(void)
{
	return counting && ++count == fail_at;
}

void *
malloc(size_t n)
{
	return fails() ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return fails() ? NULL : __libc_realloc(p, n);
}

static void
read_mail(const char *path, struct buf *out)
{
	char piece[4096];
	size_t n;
	FILE *f = fopen(path, "rbe");

	assert_non_null(f);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(out, piece, n);
	(void)fclose(f);
}

/* What a parse with that failure came to, packed; false = an error. */
static bool
outcome(const struct buf *raw, long at, struct buf *packed)
{
	struct message *m = NULL;
	struct attachment *a;
	struct err err;
	int rc;

	count = 0;
	fail_at = at;
	counting = true;
	rc = parse_message(raw->data, raw->len, &m, &err);
	buf_clear(packed);
	if (rc == 0)
		told_write(m, packed);
	counting = false;
	if (rc < 0)
		return false;
	if (buf_bad(packed)) {
		message_free(&m);
		return false;
	}
	/* libmagic makes do with less and does not say so. */
	for (size_t i = 0; i < m->n_attachments; i++) {
		a = (struct attachment *)(uintptr_t)&m->attachments[i];
		a->type = "";
		a->flags = 0;
	}
	parse_wire_put(packed, m);
	message_free(&m);
	return true;
}

enum { WHOLE, NOTICED, MISSED };

/* What one failure came to: in a process of its own, because libraries do not
 * work as before after it, or crash, which is noticed. */
static int
try_one(const struct buf *raw, const struct buf *whole, long at)
{
	BUF_AUTO struct buf now = BUF_INIT;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)signal(SIGSEGV, SIG_DFL);
		(void)signal(SIGABRT, SIG_DFL);
		if (!outcome(raw, at, &now))
			_exit(NOTICED);
		_exit(now.len == whole->len &&
			    memcmp(now.data, whole->data, now.len) == 0
			? WHOLE
			: MISSED);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : NOTICED;
}

/* How many failures were not noticed. */
static long
each_allocation_fails(const char *path)
{
	BUF_AUTO struct buf raw = BUF_INIT, whole = BUF_INIT;
	long n, count_of[3] = {0, 0, 0};
	int what;

	read_mail(path, &raw);
	assert_true(outcome(&raw, 0, &whole));
	n = count;
	for (long at = 1; at <= n; at++) {
		what = try_one(&raw, &whole, at);
		if (what == MISSED)
			print_error("%s: allocation %ld of %ld failed and "
				    "something is missing\n", path, at, n);
		count_of[what]++;
	}
	assert_true(count_of[NOTICED] > 0);
	return count_of[MISSED];
}

/* One of so many. */
#define SOME 12
static const char usual[] = "tests/data/mail/*.eml";
static const char *mails = usual;

static void
nothing_is_left_out(void **state)
{
	size_t step = mails != usual ? 1 : SOME;
	long missed = 0;
	glob_t g;

	(void)state;
	assert_int_equal(glob(mails, 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i += step)
		missed += each_allocation_fails(g.gl_pathv[i]);
	globfree(&g);
	assert_int_equal(missed, 0);
}

static int
set_up(void **state)
{
	struct err err;

	(void)state;
	return parse_init(&err) < 0 ? -1 : told_init(&err);
}

static int
tear_down(void **state)
{
	(void)state;
	parse_done();
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_is_left_out),
	};

	if (argc > 1)
		mails = argv[1];
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
#endif
