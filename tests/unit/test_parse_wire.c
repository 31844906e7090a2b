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
#include "base/limits.h"
#include "base/pack.h"
#include "parse/message.h"
#include "parse/wire.h"

/* ---- a message with every field set ------------------------------------- */

static const struct mail_address people[] = {
    {"张三", "zhang@example.com"},
    {"", "li@example.cn"},
    {"only a name", ""},
};

static const char *const ids[] = {"a@example.com", "b@example.com"};

static struct message *
full_message(void)
{
	struct message *m = message_new();
	struct attachment *a;
	struct sheet_cell *cells;
	struct workbook *sheets;

	assert_non_null(m);
	m->from = people[0];
	m->sender = people[1];
	m->reply_to = people[2];
	m->to = people;
	m->n_to = 3;
	m->subject = "投诉：渣土车";
	m->date_s = 1709604672;
	m->message_id = "x@example.com";
	m->in_reply_to = ids[0];
	m->references = ids;
	m->n_references = 2;
	m->text = "第一行\n\t第二行";
	m->quoted = "> 引用";
	m->signature = "-- \n张三";
	m->text_from = TEXT_HTML;
	m->charset = "gb18030";
	m->lost = "characters in text";
	a = arena_array(m->arena, 2, sizeof(*a));
	assert_non_null(a);
	a[0] = (struct attachment){"照片.jpg", "image/jpeg", "image/png", "", 5,
	    {1, 2, 3}, ATT_IMAGE | ATT_INLINE, "photo\0bytes", 11, "da\0ta", 5};
	a[1] = (struct attachment){"film.mp4", "", "",
	    "https://mail.example.cn/big?k=1", 0, {0}, ATT_CLOUD, NULL, 0, NULL,
	    0};
	m->attachments = a;
	m->n_attachments = 2;
	cells = arena_array(m->arena, 2, sizeof(*cells));
	sheets = arena_array(m->arena, 2, sizeof(*sheets));
	assert_true(cells != NULL && sheets != NULL);
	cells[0] = (struct sheet_cell){0, 1, 1, "斗争领域"};
	cells[1] = (struct sheet_cell){
	    MAX_SHEET_PARTS - 1, MAX_SHEET_ROW, MAX_SHEET_COLUMN, "12"};
	sheets[0] = (struct workbook){1, SHEET_READ, cells, 2};
	sheets[1] = (struct workbook){0, SHEET_LOCKED, NULL, 0};
	m->sheets = sheets;
	m->n_sheets = 2;
	m->signs = (struct mail_signs){"r@example.com", true, "auto-replied",
	    "bulk", "list.example.com", true, true, true, "X-Spam-Flag: YES",
	    "mx.example.com; spf=pass", "Foxmail 7", REPORT_DELIVERY, "5.1.1",
	    "failed", "gone@example.com", "y@example.com", "550 no such user"};
	m->defects = DEFECT_TEXT_CUT | DEFECT_OVERSIZE;
	return m;
}

static void
put(struct buf *b, const struct message *m)
{
	parse_wire_put(b, m);
	assert_false(buf_bad(b));
}

/* The bytes are the message: a second writing must give the same. */
static void
round_trip(void **state)
{
	struct message *m = full_message(), *back = NULL;
	struct buf one = BUF_INIT, two = BUF_INIT;
	struct err err;

	(void)state;
	put(&one, m);
	assert_int_equal(parse_wire_get(one.data, one.len, &back, &err), 0);
	assert_string_equal(back->from.name, "张三");
	assert_string_equal(back->references[1], "b@example.com");
	assert_int_equal(back->date_s, 1709604672);
	assert_int_equal(back->attachments[0].photo_bytes, 11);
	assert_memory_equal(back->attachments[0].photo, "photo\0bytes", 11);
	assert_null(back->attachments[1].photo);
	assert_int_equal(back->attachments[0].data_bytes, 5);
	assert_memory_equal(back->attachments[0].data, "da\0ta", 5);
	assert_null(back->attachments[1].data);
	assert_int_equal(back->n_sheets, 2);
	assert_int_equal(back->sheets[0].n_cells, 2);
	assert_string_equal(back->sheets[0].cells[0].text, "斗争领域");
	assert_int_equal(back->sheets[0].cells[1].row, MAX_SHEET_ROW);
	assert_int_equal(back->sheets[1].state, SHEET_LOCKED);
	assert_string_equal(back->signs.report_diagnostic, "550 no such user");
	assert_true(back->arena != m->arena);
	put(&two, back);
	assert_int_equal(one.len, two.len);
	assert_memory_equal(one.data, two.data, one.len);
	message_free(&m);
	/* The copy stands alone. */
	assert_string_equal(back->subject, "投诉：渣土车");
	message_free(&back);
	assert_null(back);
	message_free(&back);
	buf_done(&one);
	buf_done(&two);
}

static void
empty_message(void **state)
{
	struct message *m = message_new(), *back = NULL;
	struct buf b = BUF_INIT;
	struct err err;

	(void)state;
	put(&b, m);
	assert_int_equal(parse_wire_get(b.data, b.len, &back, &err), 0);
	assert_string_equal(back->text, "");
	assert_int_equal(back->n_to, 0);
	message_free(&m);
	message_free(&back);
	buf_done(&b);
}

/* Reads from a copy of exactly len bytes, so that ASan sees one byte more. */
static int
get(const char *data, size_t len)
{
	char *copy = malloc(len > 0 ? len : 1);
	struct message *m = NULL;
	struct err err = {0};
	int rc;

	assert_non_null(copy);
	memcpy(copy, data, len);
	rc = parse_wire_get(copy, len, &m, &err);
	if (rc < 0) {
		assert_null(m);
		assert_int_equal(err.kind, ERR_INPUT);
	}
	message_free(&m);
	free(copy);
	return rc;
}

static void
cut_at_every_length(void **state)
{
	struct message *m = full_message();
	struct buf b = BUF_INIT;

	(void)state;
	put(&b, m);
	for (size_t n = 0; n < b.len; n++)
		assert_int_equal(get(b.data, n), -1);
	buf_addc(&b, '\0');
	assert_int_equal(get(b.data, b.len), -1);
	message_free(&m);
	buf_done(&b);
}

static void
flip_every_byte(void **state)
{
	static const unsigned char masks[] = {0x01, 0x80, 0xff, 0x20};
	struct message *m = full_message();
	struct buf b = BUF_INIT;

	(void)state;
	put(&b, m);
	for (size_t i = 0; i < b.len; i++) {
		for (size_t k = 0; k < sizeof(masks); k++) {
			b.data[i] = (char)(b.data[i] ^ masks[k]);
			(void)get(b.data, b.len);
			b.data[i] = (char)(b.data[i] ^ masks[k]);
		}
	}
	assert_int_equal(get(b.data, b.len), 0);
	message_free(&m);
	buf_done(&b);
}

/* ---- breaches ----------------------------------------------------------- */

static char *
repeat(char c, size_t n)
{
	char *s = malloc(n + 1);

	assert_non_null(s);
	memset(s, c, n);
	s[n] = '\0';
	return s;
}

static void
break_control(struct message *m)
{
	m->subject = "two\nlines";
}

static void
break_utf8(struct message *m)
{
	m->text = "\xff\xfe";
}

static void
break_text_control(struct message *m)
{
	m->text = "a\x1b[31mb";
}

static void
break_null(struct message *m)
{
	m->charset = NULL;
}

static void
break_date(struct message *m)
{
	m->date_s = -1;
}

static void
break_far_date(struct message *m)
{
	m->date_s = INT64_C(253402300800);
}

static void
break_enum(struct message *m)
{
	m->text_from = (enum text_from)3;
}

static void
break_report(struct message *m)
{
	m->signs.report = (enum report_kind)4;
}

static void
break_defects(struct message *m)
{
	m->defects = DEFECT_OVERSIZE << 1;
}

static void
break_flags(struct message *m)
{
	((struct attachment *)(uintptr_t)m->attachments)[0].flags = ATT_DAMAGED
								    << 1;
}

static void
break_empty_photo(struct message *m)
{
	((struct attachment *)(uintptr_t)m->attachments)[0].photo_bytes = 0;
}

static void
break_data(struct message *m)
{
	((struct attachment *)(uintptr_t)m->attachments)[0].data_bytes = 4;
}

static void
break_size(struct message *m)
{
	((struct attachment *)(uintptr_t)m->attachments)[0].size_bytes =
	    MAX_MESSAGE_BYTES + 1;
}

static void
break_header_injection(struct message *m)
{
	m->from = (struct mail_address){"a", "a@b\r\nBcc: c@d"};
}

static struct sheet_cell *
first_cell(struct message *m)
{
	return (struct sheet_cell *)(uintptr_t)m->sheets[0].cells;
}

static void
break_cell_text(struct message *m)
{
	first_cell(m)->text = "a\tb";
}

static void
break_cell_empty(struct message *m)
{
	first_cell(m)->text = "";
}

static void
break_cell_row(struct message *m)
{
	first_cell(m)->row = MAX_SHEET_ROW + 1;
}

static void
break_cell_column(struct message *m)
{
	first_cell(m)->column = 0;
}

static void
break_sheet_state(struct message *m)
{
	((struct workbook *)(uintptr_t)m->sheets)[0].state = SHEET_NO_MEMORY;
}

static void
break_sheet_of_none(struct message *m)
{
	((struct workbook *)(uintptr_t)m->sheets)[0].attachment = 2;
}

static void
breaches(void **state)
{
	static void (*const breaks[])(struct message *) = {break_control,
	    break_utf8, break_text_control, break_null, break_date,
	    break_far_date, break_enum, break_report, break_defects,
	    break_flags, break_empty_photo, break_data, break_size,
	    break_header_injection, break_cell_text, break_cell_empty,
	    break_cell_row, break_cell_column, break_sheet_state,
	    break_sheet_of_none};

	(void)state;
	for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++) {
		struct message *m = full_message();
		struct buf b = BUF_INIT;

		breaks[i](m);
		put(&b, m);
		assert_int_equal(get(b.data, b.len), -1);
		message_free(&m);
		buf_done(&b);
	}
}

static void
too_much(void **state)
{
	struct message *m = full_message();
	struct mail_address many[MAX_ADDRESSES + 1];
	char *subject = repeat('s', MAX_SUBJECT_BYTES + 1);
	char *text = repeat('t', MAX_TEXT_BYTES + 1);
	struct buf b = BUF_INIT;

	(void)state;
	m->subject = subject + 1;
	m->text = text + 1;
	put(&b, m);
	assert_int_equal(get(b.data, b.len), 0);
	m->subject = subject;
	buf_clear(&b);
	put(&b, m);
	assert_int_equal(get(b.data, b.len), -1);
	m->subject = "";
	m->text = text;
	buf_clear(&b);
	put(&b, m);
	assert_int_equal(get(b.data, b.len), -1);
	m->text = "";
	for (size_t i = 0; i < MAX_ADDRESSES + 1; i++)
		many[i] = people[0];
	m->to = many;
	m->n_to = MAX_ADDRESSES;
	buf_clear(&b);
	put(&b, m);
	assert_int_equal(get(b.data, b.len), 0);
	m->n_to++;
	buf_clear(&b);
	put(&b, m);
	assert_int_equal(get(b.data, b.len), -1);
	message_free(&m);
	buf_done(&b);
	free(subject);
	free(text);
}

/* Photos: at most MAX_PHOTOS, at most MAX_PHOTO_BYTES together. */
static void
photo_limits(void **state)
{
	struct message *m = message_new();
	char *half = repeat('p', MAX_PHOTO_BYTES / 2 + 1);
	struct attachment a[MAX_PHOTOS + 1];
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < MAX_PHOTOS + 1; i++)
		a[i] = (struct attachment){.name = "",
		    .type_claimed = "",
		    .type = "",
		    .link = "",
		    .photo = half,
		    .photo_bytes = 1};
	m->attachments = a;
	m->n_attachments = MAX_PHOTOS;
	put(&b, m);
	assert_int_equal(get(b.data, b.len), 0);
	m->n_attachments = MAX_PHOTOS + 1;
	buf_clear(&b);
	put(&b, m);
	assert_int_equal(get(b.data, b.len), -1);
	m->n_attachments = 2;
	a[0].photo_bytes = a[1].photo_bytes = MAX_PHOTO_BYTES / 2;
	buf_clear(&b);
	put(&b, m);
	assert_int_equal(get(b.data, b.len), 0);
	a[1].photo_bytes++;
	buf_clear(&b);
	put(&b, m);
	assert_int_equal(get(b.data, b.len), -1);
	message_free(&m);
	buf_done(&b);
	free(half);
}

static void
errors(void **state)
{
	struct err e = {ERR_LATER, ERR_ERRNO, -5, "what 坏", "where"}, back;
	struct buf b = BUF_INIT;
	struct unpack u;

	(void)state;
	parse_wire_put_err(&b, &e);
	unpack_init(&u, b.data, b.len);
	assert_int_equal(parse_wire_get_err(&u, &back), 0);
	assert_int_equal(back.kind, ERR_LATER);
	assert_int_equal(back.code, -5);
	assert_string_equal(back.what, "what 坏");
	assert_string_equal(back.where, "where");
	for (size_t n = 0; n < b.len; n++) {
		unpack_init(&u, b.data, n);
		assert_int_equal(parse_wire_get_err(&u, &back), -1);
	}
	b.data[0] = 99;
	unpack_init(&u, b.data, b.len);
	assert_int_equal(parse_wire_get_err(&u, &back), -1);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(round_trip),
	    cmocka_unit_test(empty_message),
	    cmocka_unit_test(cut_at_every_length),
	    cmocka_unit_test(flip_every_byte),
	    cmocka_unit_test(breaches),
	    cmocka_unit_test(too_much),
	    cmocka_unit_test(photo_limits),
	    cmocka_unit_test(errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
