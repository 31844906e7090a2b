/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/str.h"
#include "parse/html.h"
#include "parse/split.h"
#include "parse_mutate.h"

static const struct {
	const char *name;
	const char *html;
	const char *want;
} cases[] = {
    {"empty", "", ""},
    {"plain", "渣土车", "渣土车"},
    {"document",
	"<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>t</title>"
	"<style>p{color:red}</style></head><body>你好</body></html>",
	"你好"},
    {"blanks collapse", "a  b\n\n c\t d", "a b c d"},
    {"a line end between Chinese", "渣土\n   车", "渣土车"},
    {"a blank between Chinese", "渣土 车", "渣土 车"},
    {"a line end beside Latin", "渣土\nabc", "渣土 abc"},
    {"inline elements", "<b>a</b> <i>b</i><span>c</span>", "a bc"},
    {"br", "a<br>b<br/>c<BR />d", "a\nb\nc\nd"},
    {"two br", "a<br><br>b", "a\n\nb"},
    {"many br", "a<br><br><br><br><br><br><br>b", "a\n\n\nb"},
    {"div", "<div>a</div><div>b</div>", "a\nb"},
    {"div with br, as phones write",
	"<div>a<br></div><div><br></div><div>b"
	"</div>",
	"a\n\nb"},
    {"nested div", "<div><div><div>a</div></div></div>b", "a\nb"},
    {"paragraphs", "<p>a</p><p>b</p>c", "a\n\nb\n\nc"},
    {"paragraphs without ends", "<p>a<p>b<div>c</div>", "a\n\nb\n\nc"},
    {"Word's paragraphs",
	"<p class=MsoNormal>a</p>\n<p class=\"MsoNormal\">b<o:p></o:p></p>",
	"a\nb"},
    {"paragraph without margin", "<p style=\"margin:0\">a</p><p>b</p>",
	"a\n\nb"},
    {"nbsp paragraph", "<p>a</p><p>&nbsp;</p><p>b</p>", "a\n\n\nb"},
    {"nbsp indents", "<div>&nbsp;&nbsp; 渣</div>", "   渣"},
    {"headings", "<h1>a</h1>b", "a\n\nb"},
    {"lists",
	"a<ul><li>b<li>c<ul><li>d</ul></li></ul><ol><li><p>e</p></li><li>f"
	"</ol>g",
	"a\n- b\n- c\n  - d\n1. e\n\n2. f\ng"},
    {"a list that goes on", "<ol start=3><li>c<li>d</ol><ol start=x><li>a</ol>",
	"3. c\n4. d\n1. a"},
    {"off the page", "<p style=\"position:absolute; left:-9999px\">x</p>a"
	"<p style=\"margin-left:-18pt;text-indent:-18.0pt\">b</p>",
	"a\n\nb"},
    {"empty item", "<ul><li></li><li>a</li></ul>b", "- a\nb"},
    {"table",
	"<table><tr><th>甲<th>乙</tr>\n<tr><td>一</td> "
	"<td>二</td></tr></table>x",
	"甲\t乙\n一\t二\nx"},
    {"table of paragraphs",
	"<table><tr><td><p>a</p></td><td><p>b</p></td></tr><tr><td>c<td>d"
	"</table>",
	"a\tb\nc\td"},
    {"empty cells", "<table><tr><td>a<td><td>b<tr><td><td>c</table>",
	"a\t\tb\nc"},
    {"nested table",
	"<table><tr><td><table><tr><td>a<td>b</table><td>c"
	"</table>d",
	"a\tb\tc\nd"},
    {"pre", "<pre>a\n  b\n</pre>c", "a\n  b\n\nc"},
    {"pre-wrap", "<div style=\"white-space: pre-wrap\">a\n  b</div>c",
	"a\n  b\nc"},
    {"hr", "a<hr>b", "a\n----------\nb"},
    {"link", "see <a href=\"http://example.com/x?a=1&amp;b=2\">here</a>!",
	"see here (http://example.com/x?a=1&b=2)!"},
    {"link that shows itself", "<a href=http://example.com/>example.com</a>",
	"example.com"},
    {"mail link",
	"<a href=\"mailto:a@example.com\">a@example.com</a> <a "
	"href=\"mailto:a@example.com?subject=x\">write</a>",
	"a@example.com write (mailto:a@example.com?subject=x)"},
    {"links that lead nowhere",
	"<a href=\"javascript:x()\">a</a> <a href=#b>b</a> <a name=c>c</a>",
	"a b c"},
    {"link around an image", "<a href=http://example.com/><img src=x></a>b",
	"b"},
    {"images",
	"<img src=x alt=\"现场照片\"> <img alt=\"a.jpg\"><img alt=pixel "
	"width=1 "
	"height=1><img src=y><img alt=\"a &lt; b\">",
	"现场照片 a < b"},
    {"references",
	"&lt;&gt;&amp;&quot;&apos;&nbsp;&copy;&#20013;&#x56fd;&#150;&hellip;",
	"<>&\"' ©中国–…"},
    {"references without semicolon", "a&nbsp b&lt c&ltd;AT&T &bogus; &;",
	"a  b< c<d;AT&T &bogus; &;"},
    {"bad references", "&#0;&#xd800;&#1114112;&#x;&#;&#12345678901;",
	"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd&#x;&#;\xef\xbf\xbd"
	"01;"},
    {"no tags", "a < b, <5, <汉字>, a<b> 1", "a < b, <5, <汉字>, a 1"},
    {"comments", "a<!-- x --><!-->b<!--y--!>c<!---->d", "abcd"},
    {"comment without end", "a<!-- x>b", "ab"},
    {"Word's conditions",
	"<!--[if gte mso 9]><xml><w:x>1</w:x></xml><![endif]-->"
	"<![if !supportLists]>a<![endif]><!--[if !mso]><!-->b<!--<![endif]-->",
	"ab"},
    {"script", "a<script>if (a<b) \"</p>\" </script>b", "ab"},
    {"style without end", "a<style>b", "ab"},
    {"title without end", "<title>a", "a"},
    {"textarea", "<textarea>a <b> c</textarea>", "a <b> c"},
    {"attribute with >", "<p title=\"a>b\">c</p>", "c"},
    {"quote without end", "<a href=\"x>text</a> more", "text more"},
    {"tag without end", "a <b title=c", "a <b title=c"},
    {"display none", "a<div style=\"DISPLAY : none\">b<div>c</div>d</div>e",
	"ae"},
    {"display none !important", "a<p style='display:none!important'>b</p>c",
	"ac"},
    {"visibility",
	"a<span style=\"visibility:hidden\">b<i "
	"style=\"visibility:visible\">c</i></span>d",
	"acd"},
    {"font-size",
	"a<span style=\"font-size:0px\">b</span>c<i "
	"style=\"font-size:0.9em\">d</i>",
	"acd"},
    {"font-size given back",
	"<div style=\"font-size:0\">a<p "
	"style=\"font-size:14px\">b</p></div>",
	"b"},
    {"hidden attribute", "a<p hidden>b</p>c", "ac"},
    {"mso-hide", "a<span style=\"mso-hide:all\">b</span>c", "ac"},
    {"preheader", "<div style=\"max-height:0;overflow:hidden\">a</div>b", "b"},
    {"hidden paragraph without end", "<p style=\"display:none\">a<p>b", "b"},
    {"hidden cell without end",
	"<table><tr><td style=\"display:none\">a<td>b</table>", "b"},
    {"a stray end in a cell",
	"<div style=\"display:none\"><table><tr><td>a</div>b</table>c</div>d",
	"d"},
    {"two documents", "<html><body>a</body></html><html><body>b</body></html>",
	"a\nb"},
    {"gmail",
	"签收<br><div class=\"gmail_quote\"><div class=\"gmail_attr\">在 "
	"2026年 "
	"写道：<br></div><blockquote class=\"gmail_quote\">内容</blockquote>"
	"</div>",
	"签收\n\001\n在 2026年 写道：\n\001\n内容\n\002\n\002\n"},
    {"163",
	"收到<br><blockquote id=\"isReplyContent\" "
	"style=\"PADDING-LEFT: 1ex\">旧</blockquote>新",
	"收到\n\001\n旧\n\002\n新"},
    {"Apple", "好<blockquote type=\"cite\">旧</blockquote>",
	"好\n\001\n旧\n\002\n"},
    {"QQ", "好<includetail><div>旧</div></includetail>",
	"好\n\001\n旧\n\002\n"},
    {"bar at the side",
	"好<blockquote style=\"border-left:1px solid #ccc\">旧"
	"</blockquote>",
	"好\n\001\n旧\n\002\n"},
    {"quoted by another mailer", "好<div class=\"x_gmail_quote\">旧</div>",
	"好\n\001\n旧\n\002\n"},
    {"an indented paragraph", "好<blockquote>引</blockquote>", "好\n\n引"},
    {"signature", "好<div class=\"gmail_signature\">李四</div>",
	"好\n\003\n李四\n\004\n"},
    {"marks from outside", "a\001b&#1;c&#x2;", "abc"},
    {"control characters",
	"a\033b&#7;c\xe2\x80\xae"
	"d",
	"abcd"},
};
#define N_CASES (sizeof(cases) / sizeof(cases[0]))

static void
test_cases(void **state)
{
	size_t n_wrong = 0;

	(void)state;
	for (size_t i = 0; i < N_CASES; i++) {
		BUF_AUTO struct buf out = BUF_INIT;
		bool cut = true;
		size_t len;

		assert_int_equal(html_text(cases[i].html, strlen(cases[i].html),
				     10000, NULL, &out, &cut),
		    0);
		assert_false(cut);
		/* Blanks at the very end are for split_text() to trim. */
		len = out.len;
		while (len > 0 && out.data[len - 1] == ' ')
			len--;
		if (len == strlen(cases[i].want) &&
		    memcmp(buf_str(&out), cases[i].want, len) == 0)
			continue;
		for (size_t k = 0; k < out.len; k++)
			if (out.data[k] > 0 && out.data[k] < 5)
				out.data[k] = (char)(out.data[k] + '0');
		print_error("%s: [%s]\n", cases[i].name, buf_str(&out));
		n_wrong++;
	}
	assert_int_equal(n_wrong, 0);
}

static void
collect(void *arg, const char *url, const char *text)
{
	buf_addf(arg, "%s|%s\n", url, text);
}

static void
test_links(void **state)
{
	static const char html[] =
	    "<a href=\" https://mail.example.com/ftn?k=1 \">进入 下载页</a>"
	    "<a href=mailto:x@example.com>x</a><a href=http://a.example/>"
	    "<img src=y></a><p style=display:none><a href=http://b.example>b";
	BUF_AUTO struct buf out = BUF_INIT;
	BUF_AUTO struct buf links = BUF_INIT;
	struct html_options options = {collect, &links};

	(void)state;
	assert_int_equal(
	    html_text(html, sizeof(html) - 1, 10000, &options, &out, NULL), 0);
	assert_string_equal(buf_str(&links),
	    "https://mail.example.com/ftn?k=1|进入 下载页\n"
	    "http://a.example/|\n");
}

static void
test_meta(void **state)
{
	static const struct {
		const char *html, *want; /* NULL = none */
	} table[] = {
	    {"<html><head><meta charset=\"gb2312\">", "gb2312"},
	    {"<META CHARSET=GBK>", "GBK"},
	    {"<meta http-equiv=\"Content-Type\" content=\"text/html; "
	     "charset=big5\" />",
		"big5"},
	    {"<meta content='text/html;charset = utf-8' http-equiv=x>",
		"utf-8"},
	    {"<?xml version=\"1.0\" encoding=\"GB18030\"?><html>", "GB18030"},
	    {"<!-- <b> --><meta name=x content=y><meta charset=utf-8>",
		"utf-8"},
	    {"<html><body>charset=gbk", NULL},
	    {"<meta charset=>", NULL},
	    {"<meta charset=\"", NULL},
	    {"<meta charset", NULL},
	    {"", NULL},
	    {"<", NULL},
	};
	char name[64], small[4];

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		int rc = html_meta_charset(
		    table[i].html, strlen(table[i].html), name, sizeof(name));

		assert_int_equal(rc, table[i].want != NULL);
		if (rc == 1)
			assert_string_equal(name, table[i].want);
	}
	assert_int_equal(html_meta_charset(
			     "<meta charset=gb2312>", 21, small, sizeof(small)),
	    1);
	assert_string_equal(small, "gb2");
}

static void
test_max(void **state)
{
	static const char html[] = "<p>渣土</p><p>车 abc</p>";
	static const char want[] = "渣土\n\n车 abc";

	(void)state;
	for (size_t max = 0; max < sizeof(want) + 3; max++) {
		BUF_AUTO struct buf out = BUF_INIT;
		bool cut;

		buf_adds(&out, "x");
		assert_int_equal(
		    html_text(html, sizeof(html) - 1, max, NULL, &out, &cut),
		    0);
		assert_true(out.len <= max + 1);
		assert_true(utf8_valid(out.data, out.len));
		assert_memory_equal(out.data + 1, want, out.len - 1);
		assert_int_equal(cut, max < sizeof(want) - 1);
	}
}

/* A whole answer through both steps. */
static void
test_with_split(void **state)
{
	static const char html[] =
	    "<html><head><style>p{}</style></head><body>"
	    "<div>签收</div><div>明天去看</div>"
	    "<div class=\"gmail_signature\">李四</div>"
	    "<div><br></div><div><hr><b>发件人:</b> 办公室<br>"
	    "<b>发送时间:</b> 2026年1月5日<br><b>收件人:</b> 李四<br>"
	    "<b>主题:</b> 线索</div><div>内容</div></body></html>";
	BUF_AUTO struct buf out = BUF_INIT;
	struct split s;

	(void)state;
	assert_int_equal(
	    html_text(html, sizeof(html) - 1, 10000, NULL, &out, NULL), 0);
	assert_int_equal(split_text(buf_str(&out), out.len, &s), 0);
	assert_string_equal(buf_str(&s.own), "签收\n明天去看");
	assert_string_equal(buf_str(&s.signature), "李四");
	assert_string_equal(buf_str(&s.quoted),
	    "----------\n发件人: 办公室\n发送时间: 2026年1月5日\n收件人: 李四\n"
	    "主题: 线索\n内容");
	split_done(&s);
}

/* Inputs that cost libxml2 the square of their length. */
static void
test_linear(void **state)
{
	static const char *const pieces[][2] = {{"<b>", "</i>"},
	    {"<x>", "</y>"}, {"<font>", "<table></i>"}, {"<table>", "</td>"},
	    {"<!-- ", "<!-- --"}, {"<a b=\"", "<a b='"}, {"<", "</"},
	    {"<style>", "<script>"}, {"<div><p>", "</div>"},
	    {"<ul><li>", "</ol>"}, {"<p style=\"a:b;", "c:d;"},
	    {"&nbsp;", "<br>"}, {"&", "&#"}, {"<![", "<?"},
	    {"<td><tr>", "</table>"}};

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		BUF_AUTO struct buf raw = BUF_INIT;
		BUF_AUTO struct buf out = BUF_INIT;
		clock_t start = clock();

		while (raw.len < 1 << 20)
			buf_adds(&raw, pieces[i][0]);
		while (raw.len < 2 << 20)
			buf_adds(&raw, pieces[i][1]);
		assert_int_equal(
		    html_text(raw.data, raw.len, 2 << 20, NULL, &out, NULL), 0);
		/* Real: 0.1 s, under a sanitizer 1 s; squares take minutes. */
		assert_true(clock() - start < 20 * CLOCKS_PER_SEC);
	}
}

static void
mutant(void *arg, const char *raw, size_t len)
{
	BUF_AUTO struct buf out = BUF_INIT;
	BUF_AUTO struct buf links = BUF_INIT;
	struct html_options options = {collect, &links};
	char name[16];
	bool cut;

	(void)arg;
	assert_int_equal(html_text(raw, len, 200, &options, &out, &cut), 0);
	assert_true(out.len <= 200);
	assert_true(utf8_valid(buf_str(&out), out.len));
	for (size_t i = 0; i < out.len; i++) {
		unsigned char c = (unsigned char)out.data[i];

		assert_true(c >= 0x20 || c == '\n' || c == '\t' ||
			    (c >= SPLIT_QUOTE_BEGIN && c <= SPLIT_SIGN_END));
	}
	(void)html_meta_charset(raw, len, name, sizeof(name));
}

static void
test_mutants(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_CASES; i++)
		mutate(cases[i].html, strlen(cases[i].html), 500, mutant, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_links),
	    cmocka_unit_test(test_meta),
	    cmocka_unit_test(test_max),
	    cmocka_unit_test(test_with_split),
	    cmocka_unit_test(test_linear),
	    cmocka_unit_test(test_mutants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
