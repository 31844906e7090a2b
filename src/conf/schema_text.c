/* SPDX-License-Identifier: ISC */
#include "conf/schema.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "conf/value.h"

/* Bytes of a string where the table names no limit. */
#define DEFAULT_STRING_BYTES 1000

static void *
field(void *into, const struct key *k)
{
	return (char *)into + k->at;
}

static bool
in_range(const struct key *k, int64_t v)
{
	return v >= k->min && v <= k->max;
}

/* The largest unit that says it without a fraction. */
static const char *
time_text(uint64_t ms, char out[32])
{
	static const struct {
		const char *name;
		uint64_t ms;
	} units[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000},
	    {"ms", 1}};
	size_t i = 0;

	while (ms % units[i].ms != 0)
		i++;
	(void)snprintf(out, 32, "%llu%s",
	    (unsigned long long)(ms / units[i].ms), units[i].name);
	return out;
}

static void
put_time(struct load *l, struct place at, const struct key *k, const char *text,
    void *into)
{
	char least[32], most[32];
	uint64_t ms;

	if (value_time(text, &ms) < 0)
		load_mistake(l, at,
		    "%s: \"%s\" is not a time; write a number with a unit: "
		    "\"30s\", \"5m\", \"2h\", \"3d\"",
		    k->name, text);
	else if (ms % k->unit_ms != 0 ||
		 !in_range(k, (int64_t)(ms / k->unit_ms)))
		load_mistake(l, at,
		    "%s: \"%s\" is out of range; whole units from \"%s\" to "
		    "\"%s\"",
		    k->name, text,
		    time_text((uint64_t)k->min * k->unit_ms, least),
		    time_text((uint64_t)k->max * k->unit_ms, most));
	else
		*(uint32_t *)field(into, k) = (uint32_t)(ms / k->unit_ms);
}

static void
put_size(struct load *l, struct place at, const struct key *k, const char *text,
    void *into)
{
	uint64_t bytes;

	if (value_size(text, &bytes) < 0)
		load_mistake(l, at,
		    "%s: \"%s\" is not a size; write a number with a unit: "
		    "\"512K\", \"20M\", \"1G\"",
		    k->name, text);
	else if (bytes > INT64_MAX || !in_range(k, (int64_t)bytes))
		load_mistake(l, at,
		    "%s: \"%s\" is out of range; from %lldK to %lldK", k->name,
		    text, (long long)k->min >> 10, (long long)k->max >> 10);
	else
		*(uint64_t *)field(into, k) = bytes;
}

static void
put_enum(struct load *l, struct place at, const struct key *k, const char *text,
    void *into)
{
	char all[200] = "";
	size_t len = 0;

	for (int i = 0; k->names[i] != NULL; i++)
		if (strcmp(k->names[i], text) == 0) {
			*(int *)field(into, k) = i;
			return;
		}
	for (int i = 0; k->names[i] != NULL && len < sizeof(all); i++)
		len += (size_t)snprintf(all + len, sizeof(all) - len,
		    "%s\"%s\"", i > 0 ? ", " : "", k->names[i]);
	load_mistake(l, at, "%s: \"%s\" is not one of %s", k->name, text, all);
}

static void
put_date(struct load *l, struct place at, const struct key *k, const char *text,
    void *into)
{
	if (*text == '\0' || value_date(text, field(into, k)) == 0)
		return;
	load_mistake(
	    l, at, "%s: \"%s\" is not a date; write YYYY-MM-DD", k->name, text);
}

static void
put_term(struct load *l, struct place at, const struct key *k, const char *text,
    void *into)
{
	if (value_term(text, field(into, k)) < 0)
		load_mistake(l, at,
		    "%s: \"%s\" is not a term in working time; write \"13d\" "
		    "(working days), \"4h\" or \"30m\"",
		    k->name, text);
}

static void
put_hours(struct load *l, struct place at, const struct key *k,
    const char *text, void *into)
{
	if (value_hours(text, field(into, k)) < 0)
		load_mistake(l, at,
		    "%s: \"%s\" are not office hours; write up to four spans "
		    "in order: \"08:30-12:00 14:00-17:30\", or \"\"",
		    k->name, text);
}

/* A string that goes through as it is.  Control characters would end up in
 * protocols, logs and letters. */
bool
schema_string_ok(
    struct load *l, struct place at, const struct key *k, const char *text)
{
	size_t len = strlen(text);
	int64_t most = k->max > 0 ? k->max : DEFAULT_STRING_BYTES;
	const char *end = text + len;
	uint32_t cp;

	for (const char *p = text; p < end;) {
		p += utf8_next(p, end, &cp);
		if (cp != UINT32_MAX && cp_printable(cp))
			continue;
		load_mistake(l, at,
		    "%s: holds a control character or bad UTF-8", k->name);
		return false;
	}
	if ((int64_t)len >= k->min && (int64_t)len <= most)
		return true;
	load_mistake(l, at,
	    len == 0 ? "%s: must not be empty"
		     : "%s: must have %lld to %lld bytes",
	    k->name, (long long)k->min, (long long)most);
	return false;
}

static void
put_string(struct load *l, struct place at, const struct key *k,
    const char *text, void *into)
{
	const char *kept;

	if (!schema_string_ok(l, at, k, text))
		text = "";
	kept = k->type == KEY_PATH ? load_path(l, l->dir, text)
				   : load_text(l, text);
	if (k->type == KEY_WORD)
		*(struct word *)field(into, k) = (struct word){kept, at};
	else
		*(const char **)field(into, k) = kept;
}

void
schema_put_text(struct load *l, struct place at, const struct key *k,
    const char *text, void *into)
{
	switch (k->type) {
	case KEY_STR:
	case KEY_WORD:
	case KEY_PATH:
		put_string(l, at, k, text, into);
		break;
	case KEY_TIME:
		put_time(l, at, k, text, into);
		break;
	case KEY_SIZE:
		put_size(l, at, k, text, into);
		break;
	case KEY_ENUM:
		put_enum(l, at, k, text, into);
		break;
	case KEY_DATE:
		put_date(l, at, k, text, into);
		break;
	case KEY_TERM:
		put_term(l, at, k, text, into);
		break;
	case KEY_HOURS:
		put_hours(l, at, k, text, into);
		break;
	case KEY_BOOL:
	case KEY_INT:
	case KEY_NUMBER:
	case KEY_WORDS:
	case KEY_GROUP:
	case KEY_LIST:
		break;
	}
}
