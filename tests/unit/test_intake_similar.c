/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "hide/hide.h"
#include "intake/similar.h"

static struct similar_print
print_of(const char *subject, const char *text)
{
	struct similar_print p;

	assert_int_equal(similar_print(subject, text, &p), 0);
	assert_true(p.n_keys <= SIMILAR_KEYS);
	return p;
}

/* Keys of one kind that both have. */
static size_t
shared(const struct similar_print *a, const struct similar_print *b,
    enum similar_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n_keys; i++)
		for (size_t k = 0; k < b->n_keys; k++)
			n += a->keys[i] == b->keys[k] &&
			     similar_kind_of(a->keys[i]) == kind;
	return n;
}

static size_t
count(const struct similar_print *p, enum similar_kind kind)
{
	return shared(p, p, kind);
}

static const char long_text[] =
    "举报海湾区东港路工地的渣土车队，每天晚上十点以后出来拉土，不盖篷布，一路"
    "撒漏。带头的叫赵大奎，外号“黑皮”，他们强迫施工老板把土方交给他们，不给"
    "就堵门、打人。上周三晚上打伤了两个门卫，报警以后没有下文。车牌是苏G·8K123"
    "和苏G77Q88，停在盐河路38号的院子里。请查一查他们背后是谁。";

static void
the_same_text_is_alike_however_it_is_wrapped(void **state)
{
	struct similar_print a = print_of("举报渣土车", long_text), b;
	char wrapped[2 * sizeof(long_text)];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(long_text); i++) {
		wrapped[n++] = long_text[i];
		if (i % 60 == 59) {
			memcpy(wrapped + n, "\r\n ", 3);
			n += 3;
		}
	}
	b = print_of("举报渣土车", wrapped);
	assert_true(a.has_text);
	assert_true(similar_share(a.sign, b.sign) > 800);
	b = print_of("举报渣土车", long_text);
	assert_int_equal(similar_share(a.sign, b.sign), 1000);
	assert_int_equal(shared(&a, &b, SIMILAR_TEXT), SIMILAR_BANDS);
}

/* Random texts, so that the estimate is measured, not believed. */
static void
random_text(char *out, size_t chars, unsigned *seed)
{
	for (size_t i = 0; i < chars; i++) {
		unsigned cp = 0x4e00 + (unsigned)rand_r(seed) % 2500;

		*out++ = (char)(0xe0 | cp >> 12);
		*out++ = (char)(0x80 | (cp >> 6 & 0x3f));
		*out++ = (char)(0x80 | (cp & 0x3f));
	}
	*out = '\0';
}

/* Every so many characters one is another: of three-character groups
 * 1 - 3 / every stay, so the share is (every - 3) / (every + 3). */
static void
edit(char *text, size_t chars, size_t every, unsigned *seed)
{
	char other[4];

	for (size_t i = every / 2; i < chars; i += every) {
		random_text(other, 1, seed);
		memcpy(text + 3 * i, other, 3);
	}
}

static void
copies_that_were_edited_share_a_band(void **state)
{
	unsigned seed = 7, found = 0, tries = 300;
	char a[3 * 400 + 1], b[sizeof(a)];
	long off = 0;

	(void)state;
	for (unsigned i = 0; i < tries; i++) {
		struct similar_print x, y;

		random_text(a, 400, &seed);
		memcpy(b, a, sizeof(a));
		edit(b, 400, 40, &seed); /* shares 860 of 1,000 */
		x = print_of("", a);
		y = print_of("", b);
		found += shared(&x, &y, SIMILAR_TEXT) > 0;
		off += (long)similar_share(x.sign, y.sign) - 860;
	}
	if (found < tries * 98 / 100 || labs(off) / tries > 15)
		fail_msg("%u of %u, off by %ld", found, tries, off / tries);
}

static void
different_texts_are_not_alike(void **state)
{
	struct similar_print a = print_of("举报渣土车", long_text);
	struct similar_print b = print_of("夜市收保护费",
	    "人民路夜市有人每天晚上来收摊位费，每个摊位一个月五百块，不交就掀"
	    "摊子。领头的叫孙老三，四十来岁，光头，开一辆白色面包车。摊主们都"
	    "不敢说话，请你们派人来看看，不要说是我讲的。");

	(void)state;
	assert_true(similar_share(a.sign, b.sign) < 200);
	assert_int_equal(shared(&a, &b, SIMILAR_TEXT), 0);
}

static void
what_was_hidden_makes_nothing_alike(void **state)
{
	BUF_AUTO struct buf a = BUF_INIT, b = BUF_INIT;
	struct similar_print x, y;

	(void)state;
	for (int i = 0; i < 30; i++) {
		buf_adds(&a, HIDDEN_MARK "甲");
		buf_adds(&b, HIDDEN_MARK "乙");
	}
	x = print_of("", buf_str(&a));
	y = print_of("", buf_str(&b));
	assert_int_equal(similar_share(x.sign, y.sign), 0);
}

static void
short_texts_have_no_signature(void **state)
{
	struct similar_print p = print_of("", "你好，举报");

	(void)state;
	assert_false(p.has_text);
	assert_int_equal(p.n_keys, 0);
	p = print_of("", "");
	assert_int_equal(p.n_keys, 0);
}

static void
marks_are_found_in_every_form(void **state)
{
	static const struct {
		const char *a, *b;
		enum similar_kind kind;
		bool same;
	} t[] = {
	    {"车牌苏G·8K123", "苏g8k123的车", SIMILAR_PLATE, true},
	    {"车牌苏Ｇ８Ｋ１２３", "苏G 8K123", SIMILAR_PLATE, true},
	    {"苏G12345", "苏G12346", SIMILAR_PLATE, false},
	    {"新能源苏GD12345", "苏G·D12345", SIMILAR_PLATE, true},
	    {"苏A公司abcde", "苏A公司abcde", SIMILAR_PLATE, false},
	    {"电话13912345678找他", "139-1234-5678", SIMILAR_PHONE, true},
	    {"+86 139 1234 5678", "139１２３４5678", SIMILAR_PHONE, true},
	    {"0518-85551234", "051885551234", SIMILAR_PHONE, true},
	    {"13912345678", "13912345679", SIMILAR_PHONE, false},
	    {"订单139123456789012", "订单139123456789012", SIMILAR_PHONE,
		false},
	    {"2026-11-20 12:30:00", "2026-11-20 12:30:00", SIMILAR_PHONE,
		false},
	    {"老板叫赵大奎，很凶", "带头的赵大奎是外地人", SIMILAR_PERSON, true},
	    {"外号“黑皮”", "人称黑皮，", SIMILAR_PERSON, true},
	    {"身份证320703199001011234", "320703199001011234",
		SIMILAR_PERSON, true},
	    {"老板很凶", "老板很凶", SIMILAR_PERSON, false},
	    {"在盐河路38号院子里", "沿盐河路38号", SIMILAR_PLACE, true},
	    {"盐河路38号", "盐河路40号", SIMILAR_PLACE, false},
	    {"盐河路边上", "到了盐河路", SIMILAR_PLACE, true},
	    {"占了马路", "那条马路", SIMILAR_PLACE, false},
	    {"去农贸市场", "在农贸市场", SIMILAR_PLACE, false},
	    {"墟沟街道", "墟沟街道", SIMILAR_PLACE, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct similar_print a = print_of("", t[i].a);
		struct similar_print b = print_of("", t[i].b);

		if ((shared(&a, &b, t[i].kind) > 0) != t[i].same)
			fail_msg("%s / %s: %s", t[i].a, t[i].b,
			    similar_title(t[i].kind));
	}
}

static void
one_text_has_all_its_marks(void **state)
{
	struct similar_print p = print_of("", long_text);

	(void)state;
	assert_int_equal(count(&p, SIMILAR_PLATE), 2);
	assert_int_equal(count(&p, SIMILAR_PERSON), 2);
	assert_int_equal(count(&p, SIMILAR_PLACE), 2);
	assert_int_equal(count(&p, SIMILAR_PHONE), 0);
}

static void
a_narrowed_key_is_of_its_group_alone(void **state)
{
	struct similar_print p = print_of("", "盐河路38号");
	int64_t key = p.keys[0];

	(void)state;
	assert_int_equal(similar_kind_of(similar_narrow(key, "a", 1)),
	    SIMILAR_PLACE);
	assert_true(similar_narrow(key, "a", 1) == similar_narrow(key, "a", 1));
	assert_true(similar_narrow(key, "a", 1) != similar_narrow(key, "a", 2));
	assert_true(similar_narrow(key, "a", 1) != similar_narrow(key, "b", 1));
	assert_true(similar_narrow(key, "a", 1) > 0);
}

/* Nothing that a stranger writes makes the print long or slow. */
static void
any_bytes_make_a_bounded_print(void **state)
{
	BUF_AUTO struct buf b = BUF_INIT;
	unsigned seed = 3;

	(void)state;
	for (int i = 0; i < 400; i++) {
		char bytes[200];
		size_t n = (size_t)rand_r(&seed) % sizeof(bytes);

		for (size_t k = 0; k < n; k++)
			bytes[k] = (char)(1 + rand_r(&seed) % 255);
		bytes[n] = '\0';
		(void)print_of(bytes, bytes);
	}
	while (b.len < MAX_SIMILAR_BYTES + 1000)
		buf_addf(&b, "苏G%05d，电话139%08d，老板叫赵大奎，盐河路%d号；",
		    (int)b.len % 99999, (int)b.len, (int)b.len % 9999);
	buf_cut(&b, MAX_SIMILAR_BYTES + 1); /* in the middle of a character */
	assert_int_equal(print_of("", buf_str(&b)).n_keys,
	    SIMILAR_BANDS + 3 * SIMILAR_MOST + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_same_text_is_alike_however_it_is_wrapped),
	    cmocka_unit_test(copies_that_were_edited_share_a_band),
	    cmocka_unit_test(different_texts_are_not_alike),
	    cmocka_unit_test(what_was_hidden_makes_nothing_alike),
	    cmocka_unit_test(short_texts_have_no_signature),
	    cmocka_unit_test(marks_are_found_in_every_form),
	    cmocka_unit_test(one_text_has_all_its_marks),
	    cmocka_unit_test(a_narrowed_key_is_of_its_group_alone),
	    cmocka_unit_test(any_bytes_make_a_bounded_print),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
