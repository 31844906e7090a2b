/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_NORMALISE_H
#define ROUTE_NORMALISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;

/*
 * One normal form for rules and for text, so that a word is found however it
 * was typed:
 *
 *  - NFKD with case folding, marks and invisible characters dropped (full
 *    width, circled, superscript, mathematical letters become plain ones);
 *  - traditional characters become simplified ones (OpenCC's t2s);
 *  - 壹贰叁, 一二三, 〇 and every other digit become 0–9;
 *  - blanks, single line ends, quotes, brackets, stars, slashes and all other
 *    noise vanish (渣 土 车, 渣*土*车, “保护伞”);
 *  - 。！？； and a blank line become LF, ，、： become a comma: words never
 *    run across them, and "." of a pattern stays inside a sentence.  Where
 *    they stand round single characters (渣，土，车) they are noise as well;
 *  - between two ASCII letters or digits one of . : - / , is kept as it is
 *    (12.5, 22:30, 138-0000).
 *
 * Every byte of the result knows where it came from.
 */
struct norm_table;

/* Builds the table once (OpenCC is asked here and never again).  ERR_CONF
 * when OpenCC's data is not installed. */
int norm_table_new(struct norm_table **table_out, struct err *err);
void norm_table_free(struct norm_table **table);

struct norm {
	char *text;   /* normal form, 8 NUL bytes behind its end */
	uint32_t *at; /* byte i came from the character at this offset */
	size_t len;
	size_t size;
};

void norm_init(struct norm *n);
void norm_done(struct norm *n);

/* NORM_MASKS keeps what hides a name (王*某, 王××, 王○○, 王_某) as 某. */
enum norm_flag { NORM_MASKS = 1 };

/* Appends the normal form of s; offsets count from the start of s.  Text that
 * is there already is closed with LF first, unless s is empty.  ERR_SYSTEM
 * without memory, ERR_INPUT beyond 1 GiB. */
int norm_add(const struct norm_table *table, struct norm *n, const char *s,
    size_t len, unsigned flags, struct err *err);

/* Bytes [from, to) of the normal form → bytes of the original s that was
 * added there: *at_out and the length. */
size_t norm_origin(const struct norm *n, const char *s, size_t s_len,
    size_t from, size_t to, size_t *at_out);

/* A PCRE2 pattern's literal characters in normal form; ASCII stays, since it
 * is the pattern's syntax. */
void norm_pattern(
    const struct norm_table *table, const char *pattern, struct buf *out);

#endif
