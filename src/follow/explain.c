/* SPDX-License-Identifier: ISC */
#include "follow/calendar.h"

#include "base/arena.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "follow/hours.h"

static bool
is_guessed(const struct calendar *cal, int32_t day_number)
{
	struct civil c;

	civil_from_day(day_number, &c);
	return hours_listed(cal, day_number) == NULL &&
	    !calendar_has_year(cal, c.year);
}

/* Seconds of the day in [from_s, to_s). */
static int64_t
worked(const struct hours *h, int64_t from_s, int64_t to_s)
{
	int64_t sum_s = 0;

	for (size_t i = 0; i < h->n; i++)
		sum_s += hours_overlap(&h->span[i], from_s, to_s);
	return sum_s;
}

static void
explain_day(
    const struct calendar *cal, int32_t day_number, struct calendar_step *out)
{
	struct hours h;

	hours_open(cal, day_number, &h);
	out->day_number = day_number;
	out->working = calendar_is_working(cal, day_number, &out->why);
	out->guessed = is_guessed(cal, day_number);
	out->open_s = h.n > 0 ? h.span[0].from_s : 0;
	out->close_s = h.n > 0 ? h.span[h.n - 1].to_s : 0;
}

/* The days that the term touches; a close at midnight is the day before. */
static size_t
count_days(const struct calendar *cal, const struct calendar_explanation *e)
{
	int32_t first = hours_day(cal, e->from_s);
	int32_t last = hours_day(
	    cal, e->end_s > e->from_s ? e->end_s - 1 : e->end_s);

	return (size_t)(last - first) + 1;
}

int
calendar_explain(const struct calendar *cal, int64_t from_s,
    const struct term *term, struct arena *a, struct calendar_explanation *out)
{
	const struct term days = {term->working_days, 0};
	struct calendar_step *steps;
	struct hours h;
	uint32_t nth = 0;
	int64_t middle_s;

	from_s = hours_clamp(from_s);
	*out = (struct calendar_explanation){.from_s = from_s};
	out->end_s = calendar_add(cal, from_s, term);
	/* Days come first, minutes after them. */
	middle_s = calendar_add(cal, from_s, &days);
	out->n = count_days(cal, out);
	steps = arena_array(a, out->n, sizeof(*steps));
	if (steps == NULL)
		return -1;
	for (size_t i = 0; i < out->n; i++) {
		struct calendar_step *s = &steps[i];

		explain_day(cal, hours_day(cal, from_s) + (int32_t)i, s);
		hours_open(cal, s->day_number, &h);
		if (i > 0 && s->close_s != 0 && s->close_s <= middle_s &&
		    nth < term->working_days)
			s->nth = ++nth;
		if (term->working_minutes > 0)
			s->worked_s = worked(&h, middle_s, out->end_s);
		out->guessed = out->guessed || s->guessed;
	}
	out->steps = steps;
	return 0;
}

void
calendar_month(const struct calendar *cal, int year, int month,
    struct calendar_month *out)
{
	int32_t first = civil_day_number(year, month, 1);
	int32_t next = month < 12 ? civil_day_number(year, month + 1, 1)
	                          : civil_day_number(year + 1, 1, 1);
	struct hours h;
	struct civil c;

	*out = (struct calendar_month){.year = year, .month = month};
	out->guessed = !calendar_has_year(cal, year);
	out->n_days = (uint8_t)(next - first);
	for (uint8_t i = 0; i < out->n_days; i++) {
		struct calendar_month_day *d = &out->days[i];

		d->day_number = first + i;
		civil_from_day(d->day_number, &c);
		hours_open(cal, d->day_number, &h);
		d->weekday = (uint8_t)c.weekday;
		d->working = calendar_is_working(cal, d->day_number, &d->why);
		d->listed = hours_listed(cal, d->day_number) != NULL;
		d->minutes = (uint16_t)(worked(&h, INT64_MIN, INT64_MAX) / 60);
		out->working_days = (uint8_t)(out->working_days + d->working);
		out->working_minutes += d->minutes;
	}
}
