/* SPDX-License-Identifier: ISC */
#include "intake/told.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/pack.h"
#include "intake/content.h"
#include "intake/gram.h"
#include "hide/hide.h"
#include "parse/message.h"

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* ---- making -------------------------------------------------------------- */

static int
hide_texts(const struct message *m, struct arena *a, struct told *t)
{
	const char *const in[] = {m->subject, m->text};
	struct buf out[2] = {BUF_INIT, BUF_INIT};

	hide_citizen_all(m, in, 2, out);
	if (!buf_bad(&out[0]) && !buf_bad(&out[1])) {
		t->subject = arena_strdup(a, buf_str(&out[0]));
		t->text = arena_strdup(a, buf_str(&out[1]));
	}
	buf_done(&out[0]);
	buf_done(&out[1]);
	return t->subject == NULL || t->text == NULL ? -1 : 0;
}

static int
find_pairs(const struct message *m, struct arena *a, struct told *t)
{
	const char *const in[] = {m->subject, m->text};
	BUF_AUTO struct buf b = BUF_INIT;

	gram_pairs(in, 2, &b);
	t->pairs = buf_bad(&b) ? NULL : arena_strdup(a, buf_str(&b));
	return t->pairs == NULL ? -1 : 0;
}

int
told_make(const struct message *m, struct arena *a, struct told *out,
    struct err *err)
{
	struct told t = {.subject = NULL};

	if (content_key(m, t.content_key) < 0 || hide_texts(m, a, &t) < 0 ||
	    similar_print(t.subject, t.text, &t.print) < 0 ||
	    find_pairs(m, a, &t) < 0)
		return no_memory(err);
	*out = t;
	return 0;
}

int
told_of(const struct message *m, struct arena *a, const struct told **out,
    struct err *err)
{
	struct told *made;

	if (m->told != NULL) {
		*out = m->told;
		return 0;
	}
	made = arena_alloc(a, sizeof(*made));
	if (made == NULL)
		return no_memory(err);
	*out = made;
	return told_make(m, a, made, err);
}

/* ---- the wire ------------------------------------------------------------ */

static void
put_print(struct buf *b, const struct similar_print *p)
{
	pack_u32(b, (uint32_t)p->n_keys);
	for (size_t i = 0; i < p->n_keys; i++)
		pack_i64(b, p->keys[i]);
	pack_bool(b, p->has_text);
	for (size_t i = 0; p->has_text && i < SIMILAR_BINS; i++)
		pack_u32(b, p->sign[i]);
}

static bool
is_new_key(const struct similar_print *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p->keys[i] == p->keys[n])
			return false;
	return similar_is_key(p->keys[n]);
}

static void
get_print(struct unpack *u, struct similar_print *p)
{
	p->n_keys = unpack_below(u, SIMILAR_KEYS + 1);
	for (size_t i = 0; i < p->n_keys && !u->bad; i++) {
		p->keys[i] = unpack_i64(u);
		u->bad |= !is_new_key(p, i);
	}
	p->has_text = unpack_bool(u);
	for (size_t i = 0; p->has_text && i < SIMILAR_BINS; i++)
		p->sign[i] = (uint16_t)unpack_below(u, UINT16_MAX + 1);
}

void
told_put(struct buf *b, const struct told *t)
{
	buf_add(b, t->content_key, sizeof(t->content_key));
	pack_str(b, t->subject);
	pack_str(b, t->text);
	put_print(b, &t->print);
	pack_str(b, t->pairs);
}

int
told_get(const void *data, size_t len, struct arena *a, struct told *out,
    struct err *err)
{
	struct told t = {.subject = NULL};
	struct unpack u;

	unpack_init(&u, data, len);
	unpack_fixed(&u, t.content_key, sizeof(t.content_key));
	t.subject = unpack_line(&u, a, MAX_HIDDEN_TIMES * MAX_SUBJECT_BYTES);
	t.text = unpack_text(&u, a, MAX_HIDDEN_TIMES * MAX_TEXT_BYTES);
	get_print(&u, &t.print);
	t.pairs = unpack_str(&u, a, MAX_PAIRS_BYTES, false);
	if (t.pairs == NULL || unpack_end(&u) < 0) {
		if (arena_starved(a))
			return no_memory(err);
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "what is told of a message is malformed (%zu bytes)", len);
	}
	*out = t;
	return 0;
}

/* ---- for the parser ------------------------------------------------------ */

/* hide.h learns its lists of words when it first looks for one: in a letter
 * that has something of everything, before the first child. */
int
told_init(struct err *err)
{
	static const char text[] =
	    "尊敬的领导：您好！我叫曾小凡，男，1980年生，家住盐河路38号幸福小区3"
	    "号楼2单元，是宏发建材店的老板，身份证号320705198001011234。\n"
	    "我们村的老马（外号马三）带着王五等人，每天夜里开着车牌为苏G·12345"
	    "的渣土车往河里倒土，还打了我爱人，老板电话13800001111。他说：“我是"
	    "所长的小舅子”。我在学校当老师，学号20260001，微信号zxf_1980，QQ"
	    "123456789，邮箱zxf@example.com。\n"
	    "请不要公开我的名字。如需了解情况，可以打我的电话13900002222联系我，"
	    "也可以找邻居张大妈作证。\n"
	    "My name is Li Na, I live at 5 Garden Road, my phone is "
	    "13900003333.\n"
	    "【举报人】曾小凡\n联系方式：13900002222\n此致\n敬礼！\n"
	    "举报人：曾小凡\n2026年3月5日";
	struct message *m = message_new();
	struct told told;
	int rc;

	if (m == NULL)
		return no_memory(err);
	m->subject = "举报马三等人非法倾倒渣土（举报人：曾小凡）";
	m->text = text;
	m->signature = "-- \n曾小凡\n电话：13900002222";
	m->from.name = "曾小凡";
	m->from.addr = "zengxiaofan@example.com";
	rc = told_make(m, m->arena, &told, err);
	message_free(&m);
	return rc;
}

void
told_write(const struct message *m, struct buf *out)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct told told;

	if (a == NULL || told_make(m, a, &told, NULL) < 0)
		out->bad = true;
	else
		told_put(out, &told);
}

int
told_read(struct message *m, const void *data, size_t len, struct err *err)
{
	struct told *told = arena_alloc(m->arena, sizeof(*told));

	if (told == NULL)
		return no_memory(err);
	if (told_get(data, len, m->arena, told, err) < 0)
		return -1;
	m->told = told;
	return 0;
}
