/* SPDX-License-Identifier: ISC */
#ifndef CONF_SCHEMA_H
#define CONF_SCHEMA_H

#include "conf/load.h"

/*
 * What may stand in a group of a configuration file: one const table a group.
 * Defaults, ranges and the place of the value are in the table and nowhere
 * else.
 */
enum key_type {
	KEY_STR,    /* const char * */
	KEY_WORD,   /* struct word: a string that is checked later */
	KEY_PATH,   /* const char *, made absolute from the files' folder */
	KEY_BOOL,   /* bool */
	KEY_INT,    /* uint32_t in [min, max] */
	KEY_NUMBER, /* int32_t thousandths in [min, max], from 2, 2.5 or -1.0 */
	KEY_TIME,   /* uint32_t in [min, max] of `unit_ms`; text "30s" */
	KEY_SIZE,   /* uint64_t bytes in [min, max]; text "20M" */
	KEY_ENUM,   /* int: index into names */
	KEY_DATE,   /* int32_t day number; text "2026-10-01"; 0 = "" */
	KEY_TERM,   /* struct term; text "13d" or "4h" of working time */
	KEY_HOURS,  /* struct work_day; text "08:30-12:00 14:00-17:30" */
	KEY_WORDS,  /* struct words: [ "a", "b" ] */
	KEY_GROUP,  /* a struct in place, by `group` */
	KEY_LIST,   /* struct list of structs, by `group` */
};

struct key {
	const char *name;
	enum key_type type;
	bool required;
	const char *dflt; /* as it would be written; NULL = empty or zero */
	int64_t min, max; /* range; for texts and lists: length */
	uint32_t unit_ms;
	const char *const *names;
	const struct group *group;
	size_t at; /* offset in the group's struct */
};

struct group {
	const char *name; /* as in the manual: "mailboxes" */
	const struct key *keys;
	size_t n_keys; /* at most 64 */
	size_t size;   /* of its struct, which begins with struct origin */
};
#define GROUP(title, table, type) \
	{ \
		title, table, sizeof(table) / sizeof((table)[0]), sizeof(type) \
	}

/* Fills *into (zeroed here) from the whole file; every fault is reported. */
void schema_read(
    struct load *l, const struct source *s, const struct group *g, void *into);
/* The table's defaults alone: what an empty file would give. */
void schema_defaults(struct load *l, const struct group *g, void *into);
/* Whether the key was written in the file. */
bool schema_seen(
    const struct group *g, const struct origin *origin, const char *key);

/* schema_text.c: values that are written as text.  `text` is already known to
 * be a string; every fault is reported at `at`. */
void schema_put_text(struct load *l, struct place at, const struct key *k,
    const char *text, void *into);
/* No control character, valid UTF-8, length in the table's range. */
bool schema_string_ok(
    struct load *l, struct place at, const struct key *k, const char *text);

/* The top group of each file, for those who list all keys. */
extern const struct group clued_group, rules_group, areas_group, roster_group,
    calendar_group;

#endif
