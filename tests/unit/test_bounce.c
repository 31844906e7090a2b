/* SPDX-License-Identifier: ISC */
/*
 * Returned mail told in words, and people who write about it: every letter of
 * tests/data/bounces.txt through the parser and the judgement of kinds.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "intake/intake.h"
#include "parse/message.h"
#include "parse/parse.h"

#define FILE_NAME "tests/data/bounces.txt"
#define MARK "\n=== "

/* "name | kind | recipient | status" */
struct want {
	char name[64], kind[16], recipient[128], status[16];
};

static void
read_all(struct buf *out)
{
	char piece[4096];
	FILE *f = fopen(FILE_NAME, "rbe");
	size_t n;

	assert_non_null(f);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(out, piece, n);
	(void)fclose(f);
}

static void
field(const char **p, char *out, size_t size)
{
	size_t n = strcspn(*p, "|\n"), skip = (*p)[n] == '|';
	const char *s = *p + strspn(*p, " ");
	size_t len = (size_t)(*p + n - s);

	while (len > 0 && s[len - 1] == ' ')
		len--;
	assert_true(*p + n >= s && len < size);
	memcpy(out, s, len);
	out[len] = '\0';
	*p += n + skip;
}

/* The letter's name and kind in a line; counts what is not as wanted. */
static size_t
judge(const struct want *w, const char *raw, size_t len)
{
	struct intake_facts facts = {.person = -1, .unit = -1};
	struct message *m = NULL;
	const char *why, *kind;
	struct err err;
	bool good;

	assert_int_equal(parse_message(raw, len, &m, &err), 0);
	kind = intake_kind_name(intake_classify(m, &facts, &why));
	if (strcmp(w->kind, "person") == 0)
		good = m->signs.report != REPORT_DELIVERY ||
		       strcmp(kind, "bounce") != 0;
	else
		good = strcmp(kind, w->kind) == 0 &&
		       strcmp(m->signs.report_recipient, w->recipient) == 0 &&
		       strcmp(m->signs.report_status, w->status) == 0;
	if (!good)
		(void)printf("%s: %s (%s), to \"%s\", status \"%s\"\n", w->name,
		    kind, why, m->signs.report_recipient,
		    m->signs.report_status);
	message_free(&m);
	return !good;
}

static void
test_letters(void **state)
{
	struct buf b = BUF_INIT;
	size_t n = 0, wrong = 0;
	const char *p, *next;

	(void)state;
	read_all(&b);
	for (p = strstr(buf_str(&b), MARK); p != NULL; p = next, n++) {
		struct want w;

		p += strlen(MARK);
		next = strstr(p, MARK);
		field(&p, w.name, sizeof(w.name));
		field(&p, w.kind, sizeof(w.kind));
		field(&p, w.recipient, sizeof(w.recipient));
		field(&p, w.status, sizeof(w.status));
		p++;
		wrong += judge(
		    &w, p, next != NULL ? (size_t)(next + 1 - p) : strlen(p));
	}
	buf_done(&b);
	assert_true(n > 30);
	assert_int_equal(wrong, 0);
}

static int
set_up(void **state)
{
	(void)state;
	return parse_init(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_letters),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
