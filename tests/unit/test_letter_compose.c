/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <gmime/gmime.h>

#include "base/arena.h"
#include "base/limits.h"
#include "letter_world.h"

/* A composed letter, read by GMime. */
struct read {
	struct buf bytes;
	GMimeMessage *message;
};

static void
read_back(struct read *r)
{
	GMimeStream *stream;
	GMimeParser *parser;

	assert_non_null(r->bytes.data);
	stream = g_mime_stream_mem_new_with_buffer(
	    r->bytes.data, r->bytes.len);
	parser = g_mime_parser_new_with_stream(stream);
	r->message = g_mime_parser_construct_message(parser, NULL);
	assert_non_null(r->message);
	g_object_unref(parser);
	g_object_unref(stream);
}

static void
done(struct read *r)
{
	if (r->message != NULL)
		g_object_unref(r->message);
	buf_done(&r->bytes);
}

static const char *
header(const struct read *r, const char *name)
{
	return g_mime_object_get_header(GMIME_OBJECT(r->message), name);
}

/* 7-bit, CRLF only, no line over 78 but where an address stands, each header
 * once and only known ones. */
static void
check_bytes(const struct read *r)
{
	static const char *const known[] = {"Date: ", "From: ", "To: ",
	    "Subject: ", "Message-ID: ", "In-Reply-To: ", "References: ",
	    "Auto-Submitted: ", "X-Auto-Response-Suppress: ", "X-Mailer: ",
	    "Importance: ",
	    "X-Priority: ", "MIME-Version: ", "Content-Type: "};
	int seen[sizeof(known) / sizeof(known[0])] = {0};
	const char *s = buf_str(&r->bytes), *end;
	bool head = true, found;

	assert_int_equal(strlen(s), r->bytes.len);
	for (; *s != '\0'; s = end + 2) {
		end = strchr(s, '\r');
		assert_non_null(end);
		assert_int_equal(end[1], '\n');
		assert_true(end - s <= 78 || memchr(s, '@', 78) != NULL);
		for (const char *p = s; p < end; p++)
			assert_true((*p >= ' ' && *p <= '~') || *p == '\t');
		head = head && end > s;
		found = !head || *s == ' ';
		for (size_t i = 0; i < sizeof(seen) / sizeof(*seen); i++) {
			if (!head ||
			    strncmp(s, known[i], strlen(known[i])) != 0)
				continue;
			assert_int_equal(seen[i]++, 0);
			found = true;
		}
		if (!found)
			fail_msg("%.*s", (int)(end - s), s);
	}
}

/* The decoded text of the n-th leaf; freed by the caller. */
static char *
leaf(const struct read *r, const char *type, size_t *len_out)
{
	GMimePartIter *iter = g_mime_part_iter_new(GMIME_OBJECT(r->message));
	GByteArray *bytes = g_byte_array_new();
	GMimeStream *to = g_mime_stream_mem_new();
	char *text = NULL;

	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(to), FALSE);
	g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(to), bytes);
	do {
		GMimeObject *o = g_mime_part_iter_get_current(iter);
		GMimeContentType *ct = g_mime_object_get_content_type(o);
		char *got = g_mime_content_type_get_mime_type(ct);

		if (GMIME_IS_PART(o) && strcmp(got, type) == 0) {
			g_mime_data_wrapper_write_to_stream(
			    g_mime_part_get_content(GMIME_PART(o)), to);
			text = calloc(bytes->len + 1, 1);
			assert_non_null(text);
			memcpy(text, bytes->data, bytes->len);
			if (len_out != NULL)
				*len_out = bytes->len;
		}
		g_free(got);
	} while (text == NULL && g_mime_part_iter_next(iter));
	g_object_unref(to);
	g_byte_array_free(bytes, TRUE);
	g_mime_part_iter_free(iter);
	return text;
}

static int
count(const char *s, const char *what)
{
	int n = 0;

	for (; (s = strstr(s, what)) != NULL; s += strlen(what))
		n++;
	return n;
}

static void
test_notice(void **state)
{
	struct read r = {.bytes = BUF_INIT};
	struct letter_field officer = {"officer", "李四"};
	char *text, *html;
	struct world w;

	(void)state;
	world_make(&w, WORLD_NOTICE);
	w.request.fields = &officer;
	w.request.n_fields = 1;
	assert_int_equal(letter_notice(&w.conf, &world_facts, &w.request,
	    &r.bytes, NULL), 0);
	check_bytes(&r);
	read_back(&r);
	assert_string_equal(g_mime_message_get_subject(r.message),
	    "【线索交办】LY-2026-000123 渣土运输 墟沟街道");
	assert_string_equal(header(&r, "Date"),
	    "Tue, 24 Nov 2026 17:30:00 +0800");
	assert_string_equal(header(&r, "From"),
	    "某区城管局线索平台 <tips@example.com>");
	assert_string_equal(header(&r, "To"), "李四 <li@example.com>");
	assert_string_equal(header(&r, "Message-ID"),
	    "<0123456789abcdef@clued.example.com>");
	assert_string_equal(header(&r, "Auto-Submitted"), "auto-generated");
	assert_string_equal(header(&r, "X-Auto-Response-Suppress"), "All");
	assert_null(header(&r, "Importance"));
	assert_null(header(&r, "In-Reply-To"));
	assert_null(header(&r, "References"));
	text = leaf(&r, "text/plain", NULL);
	html = leaf(&r, "text/html", NULL);
	assert_non_null(text);
	assert_non_null(html);
	assert_non_null(strstr(text, "线索编号：LY-2026-000123\r\n"));
	assert_non_null(strstr(text,
	    "签收期限：2026-11-24 17:30（周二）\r\n"));
	assert_non_null(strstr(text,
	    "判定依据：渣土车（+2.0） 强揽（+3.0）\r\n"));
	assert_non_null(strstr(text,
	    "来信内容：\r\n你好，\r\n\r\n有人强揽土方，还打人。\r\n请查。\r\n"));
	assert_non_null(strstr(text, "\r\n某区城市管理局\r\n"));
	assert_non_null(strstr(text, "\r\n反馈 今日"));
	assert_null(strstr(text, "照片"));
	assert_null(strstr(text, "未随附"));
	assert_null(strstr(text, "优先"));
	assert_null(strstr(text, "{"));
	assert_non_null(strstr(html, "有人强揽土方，还打人。<br>"));
	assert_int_equal(count(html, "<tr>"), count(html, "</tr>"));
	assert_true(count(html, "<tr>") >= 8);
	assert_null(strstr(html, "http"));
	assert_null(strstr(html, "<a"));
	free(text);
	free(html);
	done(&r);
	world_done(&w);
}

static void
test_priority(void **state)
{
	struct read r = {.bytes = BUF_INIT};
	struct notice_facts f = world_facts;
	char *text;
	struct world w;

	(void)state;
	world_make(&w, WORLD_NOTICE);
	f.priority = true;
	f.area_name = "";
	f.subject = " \n";
	f.text = "";
	f.due_s[1] = 0;
	f.held = "合同.zip（压缩包，未打开）\n视频.mp4";
	f.n_photos = 2;
	w.request.template_id = "";
	w.request.in_reply_to = "parent@example.com";
	w.request.to_name = "";
	w.request.auto_submitted = "auto-replied";
	assert_int_equal(letter_notice(&w.conf, &f, &w.request, &r.bytes,
	    NULL), 0);
	check_bytes(&r);
	read_back(&r);
	assert_string_equal(g_mime_message_get_subject(r.message),
	    "【优先】【线索交办】LY-2026-000123 渣土运输 未识别");
	assert_string_equal(header(&r, "Importance"), "high");
	assert_string_equal(header(&r, "X-Priority"), "1");
	assert_string_equal(header(&r, "To"), "li@example.com");
	assert_string_equal(header(&r, "In-Reply-To"), "<parent@example.com>");
	assert_string_equal(header(&r, "References"), "<parent@example.com>");
	assert_string_equal(header(&r, "Auto-Submitted"), "auto-replied");
	text = leaf(&r, "text/plain", NULL);
	assert_non_null(text);
	assert_non_null(strstr(text, "来信主题：（无主题）"));
	assert_non_null(strstr(text, "（来信没有正文）"));
	assert_non_null(strstr(text, "照片：2 张"));
	assert_non_null(strstr(text,
	    "未随附的附件：\r\n合同.zip（压缩包，未打开）\r\n视频.mp4\r\n"));
	assert_null(strstr(text, "反馈期限"));
	free(text);
	done(&r);
	world_done(&w);
}

/* A request's own fields, and the defaults. */
static void
test_fields(void **state)
{
	static const struct letter_field fields[] = {
	    {"number", "LY-1"}, {"cause", "a\nb"}, {"left", NULL},
	    {"number", "LY-2"}, {"deadline", "签\n收"}};
	struct read r = {.bytes = BUF_INIT};
	char *text;
	struct world w;

	(void)state;
	world_make(&w, "Subject: {number} {priority}\n\n"
	    "{officer}{deadline} {left}.\n{cause}\n{office}\n{reply_help}\n");
	w.request.fields = fields;
	w.request.n_fields = 5;
	w.request.priority = true;
	assert_int_equal(
	    letter_compose(&w.conf, &w.request, &r.bytes, NULL), 0);
	check_bytes(&r);
	read_back(&r);
	assert_string_equal(
	    g_mime_message_get_subject(r.message), "LY-1 【优先】");
	text = leaf(&r, "text/plain", NULL);
	assert_non_null(text);
	assert_non_null(strstr(text,
	    "李四签 收 .\r\na\r\nb\r\n某区城市管理局\r\n回复的第一行"));
	free(text);
	done(&r);
	world_done(&w);
}

static void
test_refusals(void **state)
{
	static const struct letter_field wrong = {"numbr", "x"};
	static const char *const addresses[] = {"", "li", "li@example.com\r\n"
	    "Bcc: x@example.com", "李@example.com", "a@b>, <c@d", "a b@c",
	    NULL};
	struct buf out = BUF_INIT;
	struct letter_request r;
	struct err err;
	struct world w;

	(void)state;
	world_make(&w, WORLD_NOTICE);
	buf_adds(&out, "before");
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		r = w.request;
		r.to_addr = addresses[i];
		assert_int_equal(letter_compose(&w.conf, &r, &out, &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
	}
#define REFUSED(member, value, want) \
	do { \
		r = w.request; \
		r.member = (value); \
		assert_int_equal(letter_compose(&w.conf, &r, &out, &err), \
		    -1); \
		assert_int_equal(err.kind, (want)); \
	} while (0)
	REFUSED(template_id, "none", ERR_CONF);
	REFUSED(template_id, NULL, ERR_BUG);
	REFUSED(message_id, "", ERR_BUG);
	REFUSED(message_id, NULL, ERR_BUG);
	REFUSED(message_id, "a@b>\r\nBcc: <c@d", ERR_BUG);
	REFUSED(auto_submitted, "no", ERR_BUG);
	REFUSED(auto_submitted, "auto-generated\r\nBcc: x@y", ERR_BUG);
	r = w.request;
	r.fields = &wrong;
	r.n_fields = 1;
	assert_int_equal(letter_compose(&w.conf, &r, &out, &err), -1);
	assert_int_equal(err.kind, ERR_BUG);
	w.conf.smtp.mail_from = "tips@exa mple.com";
	assert_int_equal(letter_compose(&w.conf, &w.request, &out, &err), -1);
	assert_int_equal(err.kind, ERR_CONF);
	w.conf.smtp.mail_from = "tips@example.com";
	w.template.text = "Subject: x\n\n{nothing}";
	assert_int_equal(letter_compose(&w.conf, &w.request, &out, &err), -1);
	assert_int_equal(err.kind, ERR_CONF);
	assert_string_equal(buf_str(&out), "before");
	buf_done(&out);
	world_done(&w);
}

static void
test_attachments(void **state)
{
	static const char *const names[][2] = {
	    {"photo-1.jpg", "photo-1.jpg"},
	    {"现场照片.jpg", "现场照片.jpg"},
	    {"../../etc/pass\r\nwd\"", "_._.._etc_pass wd_"},
	    {"", "attachment-4"},
	    {"a very long name of a file that goes on and on beyond what one "
	     "line of a header may hold.jpg",
	     "a very long name of a file that goes on and on beyond what one "
	     "line of a header may hold.jpg"},
	};
	struct letter_attachment at[5];
	struct read r = {.bytes = BUF_INIT};
	GMimeMultipart *mixed;
	unsigned char data[1000];
	char *got;
	size_t len;
	struct world w;

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (unsigned char)(i * 7);
	for (size_t i = 0; i < 5; i++)
		at[i] = (struct letter_attachment){
		    names[i][0], "image/jpeg", data, sizeof(data) - i};
	at[2].type = "text/html; charset=x\r\nBcc: a@b";
	at[3].type = "message/rfc822";
	world_make(&w, WORLD_NOTICE);
	w.request.attachments = at;
	w.request.n_attachments = 5;
	assert_int_equal(letter_notice(&w.conf, &world_facts, &w.request,
	    &r.bytes, NULL), 0);
	check_bytes(&r);
	read_back(&r);
	mixed = GMIME_MULTIPART(g_mime_message_get_mime_part(r.message));
	assert_int_equal(g_mime_multipart_get_count(mixed), 6);
	for (int i = 0; i < 5; i++)
		assert_string_equal(g_mime_part_get_filename(GMIME_PART(
		    g_mime_multipart_get_part(mixed, i + 1))), names[i][1]);
	got = leaf(&r, "image/jpeg", &len);
	assert_int_equal(len, sizeof(data));
	assert_memory_equal(got, data, len);
	free(got);
	got = leaf(&r, "application/octet-stream", &len);
	assert_int_equal(len, sizeof(data) - 2);
	free(got);
	done(&r);
	world_done(&w);
}

static void
test_too_long(void **state)
{
	struct letter_attachment at = {"a", "image/jpeg", NULL, 0};
	struct buf out = BUF_INIT;
	char *data = calloc(MAX_LETTER_BYTES / 4 * 3, 1);
	struct err err;
	struct world w;

	(void)state;
	assert_non_null(data);
	world_make(&w, WORLD_NOTICE);
	w.request.attachments = &at;
	w.request.n_attachments = 1;
	at.data = data;
	at.len = MAX_LETTER_BYTES / 4 * 3;
	assert_int_equal(letter_compose(&w.conf, &w.request, &out, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(out.len, 0);
	at.len = MAX_LETTER_BYTES / 8 * 5;
	assert_int_equal(letter_compose(&w.conf, &w.request, &out, &err), 0);
	assert_true(out.len <= MAX_LETTER_BYTES);
	buf_done(&out);
	free(data);
	world_done(&w);
}

/* The longest text there can be, of the characters that grow most. */
static void
test_longest_text(void **state)
{
	struct notice_facts f = world_facts;
	struct buf out = BUF_INIT;
	char *text = malloc(MAX_TEXT_BYTES + 1);
	struct world w;

	(void)state;
	assert_non_null(text);
	memset(text, '"', MAX_TEXT_BYTES);
	text[MAX_TEXT_BYTES] = '\0';
	f.text = text;
	world_make(&w, WORLD_NOTICE);
	assert_int_equal(
	    letter_notice(&w.conf, &f, &w.request, &out, NULL), 0);
	buf_done(&out);
	free(text);
	world_done(&w);
}

/* Values that try to become something else. */
static const char *const hostile[] = {
    "x\r\nBcc: victim@example.com",
    "x\r\n\r\n<script>alert(1)</script>",
    "x\nSubject: other\n\nbody",
    "{number}{text}{?held}{/held}",
    "=?utf-8?B?5rij5Zyf?=",
    "=?gb18030?Q?=C1?= =?utf-8?b?",
    "--=_alt_0123456789abcdef--\r\n--=_mixed_--",
    "\xe2\x80\xae" "gpj.exe\xe2\x81\xa9",
    "\xff\xfe\x80 \xc0\xaf \xed\xa0\x80",
    "a\xe2\x80\xa8" "b\xc2\x85" "c\x1b[2J\x07",
    "</td></tr></table><img src=http://example.com/x.png>&amp;'\"",
    "\xf0\x9f\x9a\x9b\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9 emoji",
    "http://example.com/?a=1&b=2 javascript:alert(1)",
};

static void
check_hostile(const struct read *r)
{
	char *html = leaf(r, "text/html", NULL);
	char *text = leaf(r, "text/plain", NULL);

	check_bytes(r);
	assert_null(header(r, "Bcc"));
	assert_non_null(text);
	assert_non_null(html);
	assert_int_equal(count(html, "<script"), 0);
	assert_int_equal(count(html, "<img"), 0);
	assert_int_equal(count(html, "<table"), count(html, "</table>"));
	assert_int_equal(count(html, "<td"), count(html, "</td>"));
	assert_int_equal(count(html, "<a"), 0);
	assert_true(g_utf8_validate(html, -1, NULL));
	assert_true(g_utf8_validate(text, -1, NULL));
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_null(strstr(text, "\x1b"));
	free(html);
	free(text);
}

static void
test_hostile(void **state)
{
	struct letter_attachment at = {NULL, "image/jpeg", "abc", 3};
	struct world w;
	char *text;

	(void)state;
	world_make(&w, WORLD_NOTICE);
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		const char *h = hostile[i];
		struct letter_field officer = {"officer", h};
		struct read r = {.bytes = BUF_INIT};
		struct notice_facts f = {.number = h, .domain_title = h,
		    .area_name = h, .why = h, .people_why = h, .subject = h,
		    .text = h, .held = h};

		at.name = h;
		w.request.to_name = h;
		w.request.in_reply_to = h;
		w.request.references = h;
		w.request.fields = &officer;
		w.request.n_fields = 1;
		w.request.attachments = &at;
		w.request.n_attachments = 1;
		w.conf.smtp.from_name = h;
		w.conf.office.name = h;
		assert_int_equal(letter_notice(&w.conf, &f, &w.request,
		    &r.bytes, NULL), 0);
		read_back(&r);
		check_hostile(&r);
		done(&r);
	}
	w.request.n_fields = 0;
	/* What looks like a word is the text itself; fields stay as they are. */
	for (size_t i = 3; i < 5; i++) {
		struct read r = {.bytes = BUF_INIT};
		struct notice_facts f = world_facts;

		f.subject = f.text = f.domain_title = hostile[i];
		w.request.to_name = hostile[i];
		assert_int_equal(letter_notice(&w.conf, &f, &w.request,
		    &r.bytes, NULL), 0);
		read_back(&r);
		text = leaf(&r, "text/plain", NULL);
		assert_non_null(strstr(text, hostile[i]));
		assert_non_null(strstr(
		    g_mime_message_get_subject(r.message), hostile[i]));
		assert_non_null(strstr(header(&r, "To"), hostile[i]));
		free(text);
		done(&r);
	}
	world_done(&w);
}

static void
test_long_subject(void **state)
{
	static char text[10001];
	struct notice_facts f = world_facts;
	struct read r = {.bytes = BUF_INIT};
	const char *subject;
	struct world w;

	(void)state;
	for (size_t i = 0; i + 3 < sizeof(text); i += 3)
		memcpy(text + i, "渣", 3);
	world_make(&w, "Subject: {number} {subject}\n\n{text}");
	f.subject = text;
	assert_int_equal(letter_notice(&w.conf, &f, &w.request, &r.bytes,
	    NULL), 0);
	check_bytes(&r);
	read_back(&r);
	subject = g_mime_message_get_subject(r.message);
	assert_int_equal(strncmp(subject, "LY-2026-000123 渣", 18), 0);
	assert_true(strlen(subject) <= 400);
	assert_string_equal(subject + strlen(subject) - 3, "…");
	done(&r);
	world_done(&w);
}

static void
test_same_again(void **state)
{
	struct buf one = BUF_INIT, two = BUF_INIT;
	struct world w;

	(void)state;
	world_make(&w, WORLD_NOTICE);
	assert_int_equal(letter_notice(&w.conf, &world_facts, &w.request,
	    &one, NULL), 0);
	assert_int_equal(letter_notice(&w.conf, &world_facts, &w.request,
	    &two, NULL), 0);
	assert_int_equal(one.len, two.len);
	assert_memory_equal(one.data, two.data, one.len);
	buf_done(&one);
	buf_done(&two);
	world_done(&w);
}

static void
test_message_id(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct read r = {.bytes = BUF_INIT};
	char *one, *two;
	struct world w;

	(void)state;
	world_make(&w, WORLD_NOTICE);
	one = letter_message_id(&w.conf, a);
	two = letter_message_id(&w.conf, a);
	assert_non_null(one);
	assert_non_null(two);
	assert_string_not_equal(one, two);
	assert_int_equal(strcspn(one, "@"), 32);
	assert_int_equal(strspn(one, "0123456789abcdef"), 32);
	assert_string_equal(one + 32, "@clued.example.com");
	w.request.message_id = one;
	assert_int_equal(letter_notice(&w.conf, &world_facts, &w.request,
	    &r.bytes, NULL), 0);
	read_back(&r);
	assert_string_equal(g_mime_message_get_message_id(r.message), one);
	done(&r);
	world_done(&w);
}

static void
test_time(void **state)
{
	char text[LETTER_TIME_SIZE];
	struct world w;

	(void)state;
	world_make(&w, WORLD_NOTICE);
	letter_time(w.conf.zone, 1795512600, text);
	assert_string_equal(text, "2026-11-24 17:30（周二）");
	letter_time(w.conf.zone, 1795512600 + 5 * 86400, text);
	assert_string_equal(text, "2026-11-29 17:30（周日）");
	assert_true(letter_is_address("li@example.com"));
	assert_false(letter_is_address("li@example.com\n"));
	world_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_notice),
	    cmocka_unit_test(test_priority),
	    cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_refusals),
	    cmocka_unit_test(test_attachments),
	    cmocka_unit_test(test_too_long),
	    cmocka_unit_test(test_longest_text),
	    cmocka_unit_test(test_hostile),
	    cmocka_unit_test(test_long_subject),
	    cmocka_unit_test(test_same_again),
	    cmocka_unit_test(test_message_id),
	    cmocka_unit_test(test_time),
	};

	g_mime_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
