/* SPDX-License-Identifier: ISC */
#ifndef CONF_LOAD_H
#define CONF_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/conf.h"

struct config_setting_t;
struct hash_state;
struct err;

/*
 * Inside of the room.  A file goes through three hands: source.c reads it
 * (with what it includes) and lets libconfig parse it, schema.c walks the
 * result by a table into a plain "raw" struct, file_*.c turns that into the
 * contract's structs and check_*.c looks at what spans files.
 */

/* Where something stands in the files. */
struct place {
	const char *file;
	int line;
};
/* Strings that are checked later carry their place. */
struct word {
	const char *text;
	struct place at;
};
struct words {
	const char *const *list;
	size_t n;
	struct place at;
};
struct list {
	void *items;
	size_t n;
	struct place at;
};
/* Every struct that a table fills begins with this. */
struct origin {
	struct place at;
	uint64_t seen; /* bit n: the table's key n was written */
};

struct load {
	struct arena *keep; /* lives in the result */
	struct arena *tmp;  /* dies with the load */
	struct conf *conf;
	struct conf_mistakes *mistakes;
	const struct conf_options *options;
	const char *dir; /* relative names start here */
	size_t n_errors; /* mistakes that refuse, listed or not */
	bool no_memory;
};

/* mistake.c */
void load_mistake(struct load *l, struct place at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* … for what a call of the system said (an errno), or a function of ours: it
 * may be the machine's trouble and nobody's mistake. */
void load_errno(struct load *l, struct place at, int code, const char *what);
void load_err(struct load *l, struct place at, const struct err *err,
    const char *what);
void load_warning(struct load *l, struct place at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void mistake_add(struct conf_mistakes *m, bool warning, struct place at,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* "Did you mean": offer every candidate, then ask for the best; NULL when
 * none is near enough. */
struct near {
	const char *wanted, *best;
	size_t distance;
};
void near_try(struct near *near, const char *candidate);

/* Memory that notes its own failure: NULL sets no_memory, load_text() then
 * gives "". */
const char *load_text(struct load *l, const char *s);
void *load_array(struct load *l, size_t n, size_t size);
void *load_scratch(struct load *l, size_t n, size_t size);
/* dir/name, or name itself when it is absolute or empty. */
const char *load_path(struct load *l, const char *dir, const char *name);

/* source.c: one configuration file and what it includes. */
struct source;
/* Reads and parses; all faults of reading are reported as mistakes at `from`.
 * hash may be NULL; else the bytes of every file go into it.  NULL when there
 * is nothing to walk. */
struct source *source_open(struct load *l, const char *path, struct place from,
    struct hash_state *hash);
void source_close(struct source **s);
const struct config_setting_t *source_root(const struct source *s);
struct place source_place(const struct source *s, unsigned line);

/* A whole file of at most MAX_CONF_BYTES: BOM cut, NUL and bad UTF-8 reported.
 * 0, or -1 after a mistake at `from` (or in the file).  malloc'd. */
int file_read(struct load *l, const char *path, struct place from,
    struct hash_state *hash, char **text_out, size_t *len_out);

/* folder.c: names in a folder that end in suffix, sorted, hidden ones left
 * out.  Returns how many; 0 after a mistake at `from` too. */
size_t folder_list(struct load *l, const char *dir, struct place from,
    const char *suffix, const char ***names_out);

/* index.c: id → position, built once per list; reports twins. */
struct id_index {
	const struct id_entry *entries;
	size_t n;
};
struct id_entry {
	const char *id;
	size_t i;
	struct place at;
};
/* `entries` is sorted in place; `what` names the things in messages. */
void index_build(struct load *l, struct id_index *x, struct id_entry *entries,
    size_t n, const char *what);
int index_find(const struct id_index *x, const char *id);
/* Finds a reference: -1 for "", and a mistake with "did you mean" when it is
 * not there. */
int index_ref(struct load *l, const struct id_index *x, const struct word *w,
    const char *what);

/* file_*.c, in the order in which they are read. */
void load_areas(struct load *l, const char *path, struct place from,
    struct id_index *areas_out);
/* *domains_out stays empty when the rules could not be read. */
void load_rules(struct load *l, const char *path, struct place from,
    struct id_index *domains_out);
void load_roster(struct load *l, const char *path, struct place from,
    const struct id_index *domains, const struct id_index *areas);
void load_calendar(struct load *l, const char *dir, struct place from);
void load_templates(struct load *l, const char *dir, struct place from);

/* secret.c: what can be said about a secret without reading it. */
void secret_check(
    struct load *l, const struct secret_conf *secret, struct place at);

#endif
