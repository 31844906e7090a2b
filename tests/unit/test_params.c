/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/charset.h"
#include "parse/params.h"
#include "parse_mutate.h"

/* File names as mailers send them. */
static const struct {
	const char *name;
	const char *disposition;
	const char *type;
	const char *want; /* "" = none */
} names[] = {
    {"none", "attachment", "image/jpeg", ""},
    {"no headers", NULL, NULL, ""},
    {"plain", "attachment; filename=a.doc", NULL, "a.doc"},
    {"quoted", "attachment; filename=\"a b.doc\"", NULL, "a b.doc"},
    {"only name", "attachment", "image/jpeg; name=\"a.jpg\"", "a.jpg"},
    {"upper case", "ATTACHMENT; FILENAME=\"a.doc\"", NULL, "a.doc"},
    {"RFC 2047 in quotes",
	"attachment; filename=\"=?UTF-8?B?5Y+R56WoLnBkZg==?=\"", NULL,
	"发票.pdf"},
    {"RFC 2047 without quotes",
	"attachment; filename==?gb2312?B?t6LGsS5wZGY=?=", NULL, "发票.pdf"},
    {"RFC 2047 folded in quotes",
	"attachment;\r\n filename=\"=?utf-8?B?5Y+R?=\r\n "
	"=?utf-8?B?56WoLnBkZg==?=\"",
	NULL, "发票.pdf"},
    {"semicolon in a Q word",
	"attachment; filename==?utf-8?Q?a;b.doc?=; size=3", NULL, "a;b.doc"},
    {"RFC 2231 utf-8",
	"attachment; filename*=utf-8''%E5%8F%91%E7%A5%A8%202026.pdf", NULL,
	"发票 2026.pdf"},
    {"RFC 2231 gbk, small hex",
	"attachment; filename*=gb2312'zh-cn'%b7%a2%c6%b1.pdf", NULL,
	"发票.pdf"},
    {"RFC 2231 lies about its charset",
	"attachment; filename*=utf-8''%B7%A2%C6%B1.pdf", NULL, "发票.pdf"},
    {"RFC 2231 in quotes",
	"attachment; filename*=\"utf-8''%E5%8F%91%E7%A5%A8.pdf\"", NULL,
	"发票.pdf"},
    {"RFC 2231 without charset", "attachment; filename*=%E5%8F%91.pdf", NULL,
	"发.pdf"},
    {"RFC 2231 split in a character",
	"attachment;\r\n filename*0*=gbk''%B7%A2%C6;\r\n"
	" filename*1*=%B1%202026;\r\n filename*2=\".pdf\"",
	NULL, "发票 2026.pdf"},
    {"RFC 2231 out of order",
	"attachment; filename*1*=%A5%A8.pdf; filename*0*=utf-8''%E5%8F%91%E7",
	NULL, "发票.pdf"},
    {"RFC 2231 ten sections",
	"a/b; name*0=a; name*1=b; name*2=c; name*3=d; name*4=e; name*5=f; "
	"name*6=g; name*7=h; name*8=i; name*9=j; name*10=k.txt",
	NULL, "abcdefghijk.txt"},
    {"RFC 2047 over continuations",
	"attachment; filename*0=\"=?gb2312?B?t6LG\"; filename*1=\"sS5wZGY=?=\"",
	NULL, "发票.pdf"},
    {"RFC 2231 beats plain",
	"attachment; filename=\"__.pdf\"; filename*=utf-8''%E5%8F%91.pdf", NULL,
	"发.pdf"},
    {"plain beats a broken RFC 2231",
	"attachment; filename*=utf-8''%E5%FF%FF%FF.pdf; filename=\"good.pdf\"",
	NULL, "good.pdf"},
    {"name when filename is question marks",
	"attachment; filename=\"????.pdf\"",
	"application/pdf; name=\"=?gbk?B?t6LGsS5wZGY=?=\"", "发票.pdf"},
    {"filename before name", "attachment; filename=\"a.pdf\"",
	"application/pdf; name=\"b.pdf\"", "a.pdf"},
    {"raw gbk", "attachment; filename=\"\xb7\xa2\xc6\xb1.pdf\"", NULL,
	"发票.pdf"},
    {"raw gbk with a backslash in a character",
	"attachment; filename=\"\x81\x5c\xb7\xa2\xc6\xb1.pdf\"", NULL,
	"乗发票.pdf"},
    {"raw utf-8", "attachment; filename=\"发票.pdf\"", NULL, "发票.pdf"},
    {"raw utf-8 without quotes", "attachment; filename=发票 一.pdf; size=1",
	NULL, "发票 一.pdf"},
    {"blanks without quotes", "attachment; filename=my file (1).pdf", NULL,
	"my file (1).pdf"},
    {"percent without a star",
	"attachment; filename=\"%E5%8F%91%E7%A5%A8.pdf\"", NULL, "发票.pdf"},
    {"percent that is none", "attachment; filename=\"100%ab.pdf\"", NULL,
	"100%ab.pdf"},
    {"quotes in quotes", "attachment; filename=\"a\"b\".doc\"; size=1", NULL,
	"a_b_.doc"},
    {"escaped quotes", "attachment; filename=\"a\\\"b\\\".doc\"", NULL,
	"a_b_.doc"},
    {"no closing quote", "attachment; filename=\"a b.doc", NULL, "a b.doc"},
    {"no semicolon between", "attachment filename=\"a.doc\" size=\"1\"", NULL,
	"a.doc"},
    {"Windows path", "attachment; filename=\"C:\\docs\\new.doc\"", NULL,
	"new.doc"},
    {"Unix path", "attachment; filename=\"../../etc/passwd\"", NULL, "passwd"},
    {"root path", "attachment; filename=\"/etc/passwd\"", NULL, "passwd"},
    {"slash in a name", "attachment; filename=\"发票/收据.pdf\"", NULL,
	"发票_收据.pdf"},
    {"only a folder", "attachment; filename=\"a/\"", NULL, "a"},
    {"only dots", "attachment; filename=\"..\"", "a/b; name=\"...\"", ""},
    {"hidden", "attachment; filename=\".htaccess\"", NULL, "htaccess"},
    {"trailing dots", "attachment; filename=\"a.exe. .\"", NULL, "a.exe"},
    {"reserved characters", "attachment; filename=\"a<b>:c|d?e*.doc\"", NULL,
	"a_b__c_d_e_.doc"},
    {"direction override", "attachment; filename*=utf-8''a%E2%80%AEgpj.exe",
	NULL, "agpj.exe"},
    {"line end inside", "attachment; filename*=utf-8''a%0D%0Ab%00c.doc", NULL,
	"a bc.doc"},
    {"device", "attachment; filename=\"con.txt\"", NULL, "_con.txt"},
    {"device with a number", "attachment; filename=\"LPT1\"", NULL, "_LPT1"},
    {"no device", "attachment; filename=\"contract.txt\"", NULL,
	"contract.txt"},
    {"a similar parameter", "attachment; xfilename=\"a\"; filename2=b", NULL,
	""},
};
#define N_NAMES (sizeof(names) / sizeof(names[0]))

static void
test_filenames(void **state)
{
	size_t n_wrong = 0;
	int rc;

	(void)state;
	for (size_t i = 0; i < N_NAMES; i++) {
		BUF_AUTO struct buf out = BUF_INIT;
		struct charset_result r;

		rc = params_filename(
		    names[i].disposition, names[i].type, NULL, &out, &r);
		if (strcmp(buf_str(&out), names[i].want) == 0 &&
		    rc == (names[i].want[0] != '\0'))
			continue;
		print_error(
		    "%s: \"%s\", %d\n", names[i].name, buf_str(&out), rc);
		n_wrong++;
	}
	assert_int_equal(n_wrong, 0);
}

static void
test_find(void **state)
{
	static const struct {
		const char *raw, *name, *want; /* NULL = not found */
	} table[] = {
	    {"text/plain; charset=gb2312", "charset", "gb2312"},
	    {"text/plain; charset=\"gb2312\"; format=flowed", "format",
		"flowed"},
	    {"text/plain;charset = GBK ;", "charset", "GBK"},
	    {"multipart/mixed; boundary=\"=_a;b\"", "boundary", "=_a;b"},
	    {"text/plain; charset=", "charset", ""},
	    {"text/plain", "charset", NULL},
	    {"", "charset", NULL},
	    {"text/plain; x=\"charset=b\"; charset=c", "charset", "c"},
	    {"text/html; charset=utf-8 ; charset=gbk", "charset", "utf-8"},
	};
	int rc;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		BUF_AUTO struct buf out = BUF_INIT;
		struct charset_result r;

		rc = params_find(table[i].raw, strlen(table[i].raw),
		    table[i].name, NULL, 100, &out, &r);
		assert_int_equal(rc, table[i].want != NULL);
		assert_string_equal(
		    buf_str(&out), table[i].want ? table[i].want : "");
	}
}

static void
test_long_name(void **state)
{
	BUF_AUTO struct buf raw = BUF_INIT;
	BUF_AUTO struct buf out = BUF_INIT;

	(void)state;
	for (int i = 0; i < 200; i++)
		buf_adds(&raw, "渣土");
	buf_adds(&raw, ".jpeg");
	assert_int_equal(params_safe_name(raw.data, raw.len, &out), 0);
	assert_true(out.len <= MAX_NAME_BYTES && out.len > MAX_NAME_BYTES - 5);
	assert_true(utf8_valid(out.data, out.len));
	assert_string_equal(out.data + out.len - 5, ".jpeg");
}

/* Long headers of nasty pieces must not cost their square. */
static void
test_linear(void **state)
{
	static const char *const pieces[] = {"\"", "\" ", "a=", "a=\"", "\\\"",
	    ";", "filename*0=", "=?", "a*", " ", "filename=\"\" x "};

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		BUF_AUTO struct buf raw = BUF_INIT;
		BUF_AUTO struct buf out = BUF_INIT;
		struct charset_result r;

		buf_adds(&raw, "a; filename=\"");
		while (raw.len < 256 << 10)
			buf_adds(&raw, pieces[i]);
		assert_true(
		    params_filename(raw.data, NULL, NULL, &out, &r) >= 0);
	}
}

static void
mutant(void *arg, const char *raw, size_t len)
{
	BUF_AUTO struct buf out = BUF_INIT;
	BUF_AUTO struct buf safe = BUF_INIT;
	struct charset_result r;
	uint32_t cp;
	const char *p, *end;

	(void)arg;
	assert_true(
	    params_find(raw, len, "filename", NULL, 300, &out, &r) >= 0);
	assert_true(out.len <= 300);
	assert_int_equal(params_safe_name(buf_str(&out), out.len, &safe), 0);
	assert_true(safe.len <= MAX_NAME_BYTES);
	assert_true(utf8_valid(buf_str(&safe), safe.len));
	for (p = buf_str(&safe), end = p + safe.len; p < end;) {
		p += utf8_next(p, end, &cp);
		assert_true(cp_printable(cp) && cp != '/' && cp != '\\');
	}
	assert_true(safe.len == 0 || safe.data[0] != '.');
}

static void
test_mutants(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_NAMES; i++)
		if (names[i].disposition != NULL)
			mutate(names[i].disposition,
			    strlen(names[i].disposition), 500, mutant, NULL);
}

static int
setup(void **state)
{
	struct err err;

	(void)state;
	return charset_init(&err);
}

static int
teardown(void **state)
{
	(void)state;
	charset_done();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_filenames),
	    cmocka_unit_test(test_find),
	    cmocka_unit_test(test_long_name),
	    cmocka_unit_test(test_linear),
	    cmocka_unit_test(test_mutants),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
