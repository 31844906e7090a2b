/* SPDX-License-Identifier: ISC */
#include "intake/similar_marks.h"

#include <stdbool.h>
#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "hide/text.h"
#include "hide/words.h"

/* Bytes of a Chinese character. */
#define HAN 3

static bool
is_letter(const struct hide_text *t, size_t i)
{
	return i < t->len && t->s[i] >= 'a' && t->s[i] <= 'z';
}

static void
put(struct similar_mark *m, const char *s, size_t n)
{
	if (m->len + n > sizeof(m->s))
		return;
	memcpy(m->s + m->len, s, n);
	m->len += n;
}

/* -- plates --------------------------------------------------------------- */

static bool
is_one_of(const struct hide_text *t, size_t i, const char *chars)
{
	for (; *chars != '\0'; chars += HAN)
		if (i + HAN <= t->len && memcmp(t->s + i, chars, HAN) == 0)
			return true;
	return false;
}

/* The dot that stands inside plates, however it is written. */
static size_t
skip_dot(const struct hide_text *t, size_t i)
{
	static const char *const dots[] = {
	    "·", "•", "・", "．", ".", "-", " ", NULL};

	return i + hide_match(t, i, dots);
}

/* GA 36: the province's character, a letter, five or six letters or digits,
 * one at least a digit. */
static void
take_plate(const struct hide_text *t, size_t i, struct similar_print *out)
{
	struct similar_mark m = {.len = 0};
	size_t at = i + HAN, n = 0;
	bool digit = false;

	if (!is_letter(t, at))
		return;
	put(&m, t->s + i, HAN + 1);
	at = skip_dot(t, at + 1);
	for (; n < 7 && at < t->len && hide_is_alnum(t, at); at++, n++) {
		digit |= hide_is_digit(t, at);
		put(&m, t->s + at, 1);
	}
	if (digit && (n == 5 || n == 6))
		similar_add(out, SIMILAR_PLATE, &m);
}

/* -- telephones and identity cards ---------------------------------------- */

static bool
is_gap(const struct hide_text *t, size_t i)
{
	return (t->s[i] == ' ' || t->s[i] == '-') && hide_is_digit(t, i + 1);
}

static bool
is_phone(const char *d, size_t n)
{
	if (n == 11 && d[0] == '1')
		return d[1] >= '3';
	if (d[0] == '0')
		return n >= 10 && n <= 12 && d[1] != '0';
	return n == 10 && (strncmp(d, "400", 3) == 0 ||
			      strncmp(d, "800", 3) == 0);
}

/* Reads the number that begins at i; its end. */
static size_t
take_number(const struct hide_text *t, size_t i, struct similar_print *out)
{
	struct similar_mark m = {.len = 0};
	size_t at = i;

	for (; at < t->len; at++) {
		if (hide_is_digit(t, at) ||
		    (m.len == 17 && t->s[at] == 'x'))
			put(&m, t->s + at, 1);
		else if (!is_gap(t, at))
			break;
	}
	if (m.len == 13 && strncmp(m.s, "861", 3) == 0) {
		m.len = 11;
		memmove(m.s, m.s + 2, m.len);
	}
	if (m.len == 18)
		similar_add(out, SIMILAR_PERSON, &m);
	else if (is_phone(m.s, m.len))
		similar_add(out, SIMILAR_PHONE, &m);
	return at;
}

/* -- people --------------------------------------------------------------- */

/* What stands before the name of somebody who is told about. */
static const char *const cues[] = {"名叫", "叫做", "叫", "姓名", "老板",
    "头目", "头子", "负责人", "包工头", "工头", "队长", "经理", "为首的",
    "带头的", "主犯", "嫌疑人", "被举报人", "举报对象", "车主", "打手", "村霸",
    "老大", NULL};
static const char *const nick_cues[] = {
    "绰号", "外号", "人称", "诨名", "诨号", "自称", NULL};

static size_t
skip_between(const struct hide_text *t, size_t i)
{
	static const char *const fillers[] = {"叫做", "名叫", "叫", "是", "为",
	    ":", "：", "“", "”", "\"", "‘", "「", "『", "《", " ", ",", "，",
	    NULL};
	size_t n;

	for (int k = 0; k < 4 && (n = hide_match(t, i, fillers)) > 0; k++)
		i += n;
	return i;
}

/* A nickname is whatever stands there up to the next mark. */
static size_t
nick_len(const struct hide_text *t, size_t i)
{
	size_t n = 0;

	while (n < 5 * HAN && hide_is_han(t, i + n))
		n += HAN;
	return n >= 2 * HAN && n <= 4 * HAN ? n : 0;
}

static void
take_person(const struct hide_text *t, size_t i, struct similar_print *out)
{
	size_t n = hide_match(t, i, nick_cues), at, len;
	struct similar_mark m = {.len = 0};
	bool nick = n > 0;

	if (!nick)
		n = hide_match(t, i, cues);
	if (n == 0)
		return;
	at = skip_between(t, i + n);
	len = hide_name_at(t, at, t->len);
	if (len == 0 && nick)
		len = nick_len(t, at);
	put(&m, t->s + at, len);
	if (m.len > 0)
		similar_add(out, SIMILAR_PERSON, &m);
}

/* -- places --------------------------------------------------------------- */

static const char *const places[] = {"大道", "小区", "工地", "市场", "广场",
    "码头", "公园", "花园", "大厦", "小学", "中学", "医院", "车站", "新村",
    "路", "街", "巷", "村", "桥", NULL};
/* Never in a place's name. */
static const char no_place[] = "的个这那我你他她它们该本某在到了和是有从去来至"
			       "往向把被让给与及或每各几条段座所家整且就都也很"
			       "不没全马道公铁走堵占修路街巷";
static const char *const no_names[] = {"农贸", "建材", "建筑", "装修", "水果",
    "蔬菜", "海鲜", "批发", "二手", "菜", NULL};

/* 38号, 第3号 */
static size_t
house_number(const struct hide_text *t, size_t i)
{
	size_t n = 0;

	while (n < 5 && hide_is_digit(t, i + n))
		n++;
	return n > 0 && hide_at(t, i + n, "号") ? n : 0;
}

/*
 * Two characters before the kind of place and the kind itself: whatever stands
 * in front of it, "人民路" is found alike in "在人民路" and "沿人民路".
 */
static void
take_place(const struct hide_text *t, size_t i, struct similar_print *out)
{
	size_t n = hide_match(t, i, places);
	struct similar_mark m = {.len = 0};

	if (n == 0 || i < 2 * HAN || !hide_all_han(t, i - 2 * HAN, i) ||
	    (n == HAN && hide_at(t, i, "街道")) ||
	    is_one_of(t, i - HAN, no_place) ||
	    is_one_of(t, i - 2 * HAN, no_place) ||
	    hide_match(t, i - 2 * HAN, no_names) > 0)
		return;
	put(&m, t->s + i - 2 * HAN, 2 * HAN + n);
	put(&m, t->s + i + n, house_number(t, i + n));
	similar_add(out, SIMILAR_PLACE, &m);
}

/* -- all ------------------------------------------------------------------ */

/* What the words above begin with: most characters begin none of them, and
 * then no list need be compared. */
enum first { FIRST_PROVINCE = 1, FIRST_PERSON = 2, FIRST_PLACE = 4 };

static unsigned
first_of(uint32_t cp)
{
	switch (cp) {
	case U'京': case U'津': case U'沪': case U'渝': case U'冀':
	case U'豫': case U'云': case U'辽': case U'黑': case U'湘':
	case U'皖': case U'鲁': case U'苏': case U'浙': case U'赣':
	case U'鄂': case U'桂': case U'甘': case U'晋': case U'蒙':
	case U'陕': case U'吉': case U'闽': case U'贵': case U'粤':
	case U'青': case U'藏': case U'川': case U'宁': case U'琼':
		return FIRST_PROVINCE;
	case U'名': case U'叫': case U'姓': case U'老': case U'头':
	case U'负': case U'包': case U'队': case U'经': case U'为':
	case U'带': case U'主': case U'嫌': case U'被': case U'举':
	case U'打': case U'绰': case U'外': case U'人': case U'诨':
	case U'自':
		return FIRST_PERSON;
	case U'大': case U'小': case U'市': case U'广': case U'码':
	case U'公': case U'花': case U'中': case U'医': case U'路':
	case U'街': case U'巷': case U'桥':
		return FIRST_PLACE;
	case U'新':
		return FIRST_PROVINCE | FIRST_PLACE;
	case U'工': case U'车': case U'村':
		return FIRST_PERSON | FIRST_PLACE;
	default:
		return 0;
	}
}

static void
take_han(const struct hide_text *t, size_t i, uint32_t cp,
    struct similar_print *out)
{
	unsigned first = first_of(cp);

	if ((first & FIRST_PROVINCE) != 0)
		take_plate(t, i, out);
	if ((first & FIRST_PERSON) != 0)
		take_person(t, i, out);
	if ((first & FIRST_PLACE) != 0)
		take_place(t, i, out);
}

void
similar_marks(const struct hide_text *t, struct similar_print *out)
{
	const char *end = t->s + t->len;
	size_t i = 0, stop = t->len;
	uint32_t cp;

	if (stop > MAX_SIMILAR_BYTES)
		stop = MAX_SIMILAR_BYTES;
	while (i < stop) {
		size_t n = utf8_next(t->s + i, end, &cp);

		if (cp >= '0' && cp <= '9') {
			i = take_number(t, i, out);
			continue;
		}
		if (n == HAN)
			take_han(t, i, cp, out);
		i += n;
	}
}
