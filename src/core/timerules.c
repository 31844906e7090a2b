/* SPDX-License-Identifier: ISC */
#include "core/timerules.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/pack.h"
#include "base/str.h"
#include "base/zone.h"

/* -- writer and reader, side by side -------------------------------------- */

static void
put_term(struct buf *b, const struct term *t)
{
	pack_u32(b, t->working_days);
	pack_u32(b, t->working_minutes);
}

static void
get_term(struct unpack *u, struct term *t)
{
	t->working_days = unpack_u32(u);
	t->working_minutes = unpack_u32(u);
}

static void
put_week(struct buf *b, const struct work_day week[8])
{
	for (int d = 1; d <= 7; d++) {
		pack_u32(b, week[d].n_spans);
		for (size_t i = 0; i < week[d].n_spans; i++) {
			pack_u32(b, week[d].spans[i].from_min);
			pack_u32(b, week[d].spans[i].to_min);
		}
	}
}

static void
get_week(struct unpack *u, struct work_day week[8])
{
	for (int d = 1; d <= 7; d++) {
		week[d].n_spans = (uint8_t)unpack_below(u, 5);
		for (size_t i = 0; i < week[d].n_spans; i++) {
			week[d].spans[i].from_min =
			    (uint16_t)unpack_below(u, 1441);
			week[d].spans[i].to_min =
			    (uint16_t)unpack_below(u, 1441);
		}
	}
}

static void
put_days(struct buf *b, const struct calendar_conf *cal)
{
	pack_u32(b, (uint32_t)cal->n_days);
	for (size_t i = 0; i < cal->n_days; i++) {
		pack_u32(b, (uint32_t)cal->days[i].day_number);
		pack_bool(b, cal->days[i].working);
	}
}

static void
get_days(struct unpack *u, struct arena *a, struct calendar_conf *cal)
{
	/* Each takes five bytes. */
	size_t n = unpack_below(u, (uint32_t)(u->end - u->at) / 5 + 1);
	struct calendar_day *days = arena_array(a, n + 1, sizeof(*days));

	if (days == NULL)
		u->bad = true;
	for (size_t i = 0; i < n && !u->bad; i++) {
		days[i].day_number = (int32_t)unpack_u32(u);
		days[i].working = unpack_bool(u);
		days[i].name = "";
	}
	cal->days = days;
	cal->n_days = u->bad ? 0 : n;
}

static void
put_class(struct buf *b, const struct deadline_class *c)
{
	pack_str(b, c->id);
	put_term(b, &c->accept);
	put_term(b, &c->feedback);
	put_term(b, &c->conclude);
	put_term(b, &c->warn_before);
	for (int s = 0; s < LADDER_SIZE; s++) {
		put_term(b, &c->ladder[s].after);
		pack_u32(b, c->ladder[s].to);
	}
}

static void
get_class(struct unpack *u, struct arena *a, struct deadline_class *c)
{
	c->id = unpack_str(u, a, 100, true);
	if (c->id == NULL)
		u->bad = true;
	get_term(u, &c->accept);
	get_term(u, &c->feedback);
	get_term(u, &c->conclude);
	get_term(u, &c->warn_before);
	for (int s = 0; s < LADDER_SIZE; s++) {
		get_term(u, &c->ladder[s].after);
		c->ladder[s].to = unpack_u32(u);
	}
}

/* The sections, in order; what they are called when one has changed. */
enum section { HOURS, DAYS, TERMS, N_SECTIONS };
static const char *const titles[N_SECTIONS] = {
    [HOURS] = "上班时间",
    [DAYS] = "节假日和调休",
    [TERMS] = "期限和督办规则",
};

static void
put_section(struct buf *b, enum section s, const struct conf *conf)
{
	switch (s) {
	case HOURS:
		pack_str(b, zone_name(conf->zone));
		put_week(b, conf->calendar.week);
		break;
	case DAYS:
		put_days(b, &conf->calendar);
		break;
	default:
		pack_u32(b, (uint32_t)conf->n_classes);
		for (size_t i = 0; i < conf->n_classes; i++)
			put_class(b, &conf->classes[i]);
	}
}

static void
get_hours(struct unpack *u, struct arena *a, struct timerules *out)
{
	const char *zone = unpack_str(u, a, 255, true);

	get_week(u, out->calendar.week);
	if (zone == NULL || zone_new(zone, &out->zone, NULL) < 0)
		u->bad = true;
}

static void
get_classes(struct unpack *u, struct arena *a, struct timerules *out)
{
	size_t n = unpack_below(u, 100);
	struct deadline_class *classes =
	    arena_array(a, n + 1, sizeof(*classes));

	if (classes == NULL)
		u->bad = true;
	for (size_t i = 0; i < n && !u->bad; i++)
		get_class(u, a, &classes[i]);
	out->classes = classes;
	out->n_classes = n;
}

void
timerules_put(struct buf *out, const struct conf *conf)
{
	char hex[3];

	for (int s = 0; s < N_SECTIONS; s++) {
		BUF_AUTO struct buf b = BUF_INIT;

		put_section(&b, (enum section)s, conf);
		for (size_t i = 0; i < b.len; i++) {
			hex_put(b.data + i, 1, hex);
			buf_adds(out, hex);
		}
		buf_adds(out, s + 1 < N_SECTIONS ? " " : "");
		out->bad = out->bad || buf_bad(&b);
	}
}

/* The word at *text as bytes; NULL when it is no hexadecimal. */
static unsigned char *
take_word(const char **text, struct arena *a, size_t *len_out)
{
	static const char digits[] = "0123456789abcdef";
	size_t len = strspn(*text, digits);
	unsigned char *out = arena_alloc(a, len / 2 + 1);

	for (size_t i = 0; out != NULL && i < len; i++)
		out[i / 2] =
		    (unsigned char)(out[i / 2] << 4 |
				    (strchr(digits, (*text)[i]) - digits));
	*text += len;
	*text += **text == ' ';
	*len_out = len / 2;
	return out;
}

int
timerules_get(const char *text, struct arena *a, struct timerules *out)
{
	struct unpack u;
	size_t len;
	bool bad = false;

	memset(out, 0, sizeof(*out));
	for (int s = 0; s < N_SECTIONS; s++) {
		unsigned char *bytes = take_word(&text, a, &len);

		unpack_init(&u, bytes, bytes != NULL ? len : 0);
		if (s == HOURS)
			get_hours(&u, a, out);
		else if (s == DAYS)
			get_days(&u, a, &out->calendar);
		else
			get_classes(&u, a, out);
		bad = bad || unpack_end(&u) < 0;
	}
	if (!bad && *text == '\0')
		return 0;
	timerules_done(out);
	return -1;
}

void
timerules_done(struct timerules *r)
{
	zone_free(&r->zone);
}

void
timerules_differ(const char *old, const char *text, struct buf *out)
{
	size_t start = out->len;

	for (int s = 0; s < N_SECTIONS; s++) {
		size_t n = strcspn(old, " "), m = strcspn(text, " ");

		if (n != m || memcmp(old, text, n) != 0)
			buf_addf(out, "%s%s", out->len > start ? "、" : "",
			    titles[s]);
		old += n + (old[n] == ' ');
		text += m + (text[m] == ' ');
	}
}
