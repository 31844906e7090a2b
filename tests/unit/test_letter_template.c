/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "letter/expand.h"
#include "letter/letter.h"
#include "letter/template.h"

static int
check(const char *id, const char *text, const char *file, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	const struct template *t;

	assert_non_null(a);
	return letter_read_template(id, text, file, a, &t, err);
}

static void
test_check(void **state)
{
	static const struct {
		const char *id, *text;
		const char *what; /* NULL = good */
	} rows[] = {
	    {"notice", "Subject: a {number}\n\nb\n", NULL},
	    {"notice", "subject:{number}\r\n\r\nb", NULL},
	    {"notice", "\xef\xbb\xbfSubject: a\n  \nb", NULL},
	    {"notice", "Subject: a\n\n{?held}\n{held}\n{/held}\nb", NULL},
	    {"notice", "Subject: {{a}}\n\n} b }} {{", NULL},
	    {"ack", "Subject: a\n\n{number} {received} {office}", NULL},
	    {"notice", "", "t.txt:1: the first line must be"},
	    {"notice", "Hello\n\nb", "t.txt:1: the first line must be"},
	    {"notice", "Subject:  \n\nb", "t.txt:1: the subject is empty"},
	    {"notice", "Subject: a", "t.txt:3: the text is empty"},
	    {"notice", "Subject: a\n\n \n\n", "t.txt:3: the text is empty"},
	    {"notice", "Subject: a\nb", "t.txt:2: a blank line"},
	    {"notice", "Subject: a\n\nx\n{numbr}",
	        "t.txt:4: unknown field {numbr}"},
	    {"notice", "Subject: {}\n\nx", "t.txt:1: unknown field {}"},
	    {"notice", "Subject: a\n\nx {number\n}", "t.txt:3: { without }"},
	    {"notice", "Subject: a\n\nx {", "t.txt:3: { without }"},
	    {"notice", "Subject: a\n\n{?number}x\n\n",
	        "t.txt:3: {?number} is never closed"},
	    {"notice", "Subject: a\n\nx{/number}",
	        "t.txt:3: {/number} closes no {?number}"},
	    {"notice", "Subject: a\n\n{?number}{?held}x{/number}{/held}",
	        "t.txt:3: {/number} closes no"},
	    {"notice", "Subject: a{?number}\n\nx{/number}",
	        "t.txt:1: a section of the subject"},
	    {"notice", "Subject: a\n\n{?number}{?number}{?number}{?number}"
	        "{?number}{?number}{?number}{?number}{?number}",
	        "t.txt:3: sections nested"},
	    {"notice", "Subject: a\n\n\xd4\xfc\xcd\xc1", "t.txt:1: not UTF-8"},
	    {"ack", "Subject: a\n\n{officer}", "t.txt:3: {officer} must not"},
	    {"acknowledgement", "Subject: {why}\n\nx", "t.txt:1: {why} must"},
	    {"receipt", "Subject: a\n\n{?people_why}x", "t.txt:3: {people_w"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err = {0};
		int rc = check(rows[i].id, rows[i].text, "t.txt", &err);

		assert_int_equal(rc, rows[i].what != NULL ? -1 : 0);
		if (rows[i].what == NULL)
			continue;
		assert_int_equal(err.kind, ERR_CONF);
		if (strncmp(err.what, rows[i].what, strlen(rows[i].what)) != 0)
			fail_msg("%s", err.what);
	}
}

static void
test_slots(void **state)
{
	static const char *const names[] = {"number", "domain", "area", "why",
	    "people_why", "priority", "due_accept", "due_feedback",
	    "due_conclude", "subject", "text", "received", "photos", "held",
	    "office", "officer", "deadline", "due", "left", "count", "list",
	    "cause", "reply_help", "dispatched", "state", "over", "copy", "code",
	    "next", "related", "progress", "question", "period"};

	(void)state;
	assert_int_equal(sizeof(names) / sizeof(names[0]), N_SLOTS);
	for (int i = 0; i < N_SLOTS; i++) {
		assert_string_equal(slot_name((enum slot)i), names[i]);
		assert_int_equal(
		    slot_by_name(names[i], strlen(names[i])), i);
	}
	assert_int_equal(slot_by_name("numbe", 5), -1);
	assert_int_equal(slot_by_name("", 0), -1);
}

/* number is "LY-1", text two lines, subject looks like a field, held empty;
 * the others empty too. */
static const char *
value(const void *arg, int slot)
{
	(void)arg;
	switch (slot) {
	case SLOT_NUMBER:
		return "LY-1";
	case SLOT_TEXT:
		return "one {number}\r\ntwo";
	case SLOT_SUBJECT:
		return "{number}\r\nx {?held}";
	case SLOT_DOMAIN:
		return " \r\n ";
	default:
		return "";
	}
}

/* Lines as letters: B blank, T text, H head, F fact, X box. */
static void
show(const struct letter_lines *lines, struct buf *out)
{
	for (size_t i = 0; i < lines->n; i++) {
		const struct letter_line *l = &lines->list[i];

		buf_addc(out, "BTHFX"[l->kind]);
		if (l->kind == LINE_FACT)
			buf_addf(out, "[%.*s|%s]", (int)l->label_len, l->text,
			    l->value);
		else if (l->kind != LINE_BLANK)
			buf_addf(out, "[%s]", l->text);
	}
}

static void
test_expand(void **state)
{
	static const struct { const char *body, *want; } rows[] = {
	    {"a\n", "T[a]"},
	    {"\n\na\n\n\nb\n\n", "T[a]BT[b]"},
	    {"编号：{number}\n", "F[编号|LY-1]"},
	    {"编号：{number}（{subject}）",
	        "F[编号|LY-1（{number} x {?held}）]"},
	    {"请看 编号：{number}", "F[请看 编号|LY-1]"},
	    {"{number}：x", "T[LY-1：x]"},
	    /* A value's own colon makes no label. */
	    {"{subject}：{number}", "T[{number} x {?held}：LY-1]"},
	    {"{text}", "X[one {number}\ntwo]"},
	    {"  {text}  ", "X[  one {number}\ntwo]"},
	    {"内容：{text}", "F[内容|one {number}\ntwo]"},
	    {"来信内容：\n{text}", "H[来信内容：]X[one {number}\ntwo]"},
	    {"【注意】", "H[【注意】]"},
	    /* Empty fields take their line along. */
	    {"a\n{held}\nb", "T[a]T[b]"},
	    {"a\n  {held} \nb", "T[a]T[b]"},
	    {"a\n附件：{held}\nb", "T[a]T[b]"},
	    {"a\n领域：{domain}{area}\nb", "T[a]T[b]"},
	    {"a\n领域：{domain}{number}\nb", "T[a]F[领域|LY-1]T[b]"},
	    {"a\n共 {count} 件\nb", "T[a]T[共  件]T[b]"},
	    {"a\n\n{held}\n\nb", "T[a]BT[b]"},
	    /* Sections. */
	    {"a{?number}b{/number}c", "T[abc]"},
	    {"a{?held}b{/held}c", "T[ac]"},
	    {"a\n{?held}b{/held}\nc", "T[a]T[c]"},
	    {"a\n{?held}\nb\n\n{held}\n{/held}\nc", "T[a]T[c]"},
	    {"a\n{?number}\nb\n{/number}\nc", "T[a]T[b]T[c]"},
	    {"a\n{?number}\n\nb\n{/number}\nc", "T[a]BT[b]T[c]"},
	    {"{?held}x{?number}y{/number}z{/held}w", "T[w]"},
	    {"{?number}x{?held}y{/held}z{/number}w", "T[xzw]"},
	    {"{?domain}x{/domain}y", "T[y]"}, /* blanks are empty */
	    {"{{number}} }}{{", "T[{number} }{]"},
	    {"a  \t\nb", "T[a]T[b]"},
	    {"a\r\nb\r\n", "T[a]T[b]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ARENA_AUTO struct arena *a = arena_new();
		BUF_AUTO struct buf text = BUF_INIT;
		BUF_AUTO struct buf got = BUF_INIT;
		struct letter_lines lines;
		struct template t;

		buf_addf(&text, "Subject: x\n\n%s", rows[i].body);
		assert_int_equal(template_parse("notice", buf_str(&text), "t",
		    a, &t, NULL), 0);
		assert_int_equal(expand_body(&t, value, NULL, a, &lines), 0);
		show(&lines, &got);
		assert_string_equal(buf_str(&got), rows[i].want);
	}
}

static void
test_expand_subject(void **state)
{
	static const struct { const char *subject, *want; } rows[] = {
	    {"【交办】{number} {domain} {area}", "【交办】LY-1"},
	    {"{subject}", "{number} x {?held}"},
	    {"a {?held}b {/held}c", "a c"},
	    {"{{{number}}}", "{LY-1}"},
	    {"{text}", "one {number} two"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ARENA_AUTO struct arena *a = arena_new();
		BUF_AUTO struct buf text = BUF_INIT;
		BUF_AUTO struct buf got = BUF_INIT;
		struct template t;

		buf_addf(&text, "Subject: %s\n\nx", rows[i].subject);
		assert_int_equal(template_parse("notice", buf_str(&text), "t",
		    a, &t, NULL), 0);
		expand_subject(&t, value, NULL, &got);
		assert_string_equal(buf_str(&got), rows[i].want);
	}
}

/* Cut at every length: good or a message with a line, never anything else. */
static void
test_cut(void **state)
{
	static const char whole[] = "Subject: {priority}a {?held}b{/held}\n\n"
	    "编号：{number}\n{?held}\n附件：{held}\n{/held}\n{{x}}\n{text}\n";

	(void)state;
	for (size_t n = 0; n < sizeof(whole); n++) {
		struct err err = {0};
		char *part = strndup(whole, n);

		assert_non_null(part);
		if (check("notice", part, "t", &err) != 0)
			assert_memory_equal(err.what, "t:", 2);
		free(part);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_check),
	    cmocka_unit_test(test_slots),
	    cmocka_unit_test(test_expand),
	    cmocka_unit_test(test_expand_subject),
	    cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
