/* SPDX-License-Identifier: ISC */
#ifndef PARSE_CHARSET_JUDGE_H
#define PARSE_CHARSET_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "parse/charset_table.h"

/* What the bytes themselves say about their charset. */

/* Counts over a sample that begins at the first byte >= 0x80. */
struct judge {
	const unsigned char *sample;
	size_t len;

	size_t n_high;	/* bytes >= 0x80 */
	size_t n_runs;	/* of such bytes in a row */
	size_t n_alone; /* runs that look like Western letters and signs */

	size_t utf8_two;   /* bytes in valid sequences of two */
	size_t utf8_more;  /* bytes in valid sequences of three and four */
	size_t utf8_bad;   /* bytes >= 0x80 in neither */
	size_t utf8_ruins; /* characters' worth of these */

	size_t gb_pairs;
	size_t gb_common; /* of these: level 1 and punctuation */
	size_t gb_beyond; /* common ones behind C8, where hangul ends */
	size_t gb_kana;
	size_t gb_bad;

	size_t big5_pairs;
	size_t big5_common; /* level 1 (A440..C67E) and punctuation */
	size_t big5_low; /* pairs whose trail is ASCII: no GB 2312 has them */
	size_t big5_bad;
};

void judge_look(struct judge *j, const unsigned char *p, size_t len);

/* UTF-8 with damage; labelled = the label says so as well. */
bool judge_is_damaged_utf8(const struct judge *j, bool labelled);
/* Western text: single accented letters inside ASCII words. */
bool judge_is_latin(const struct judge *j);
bool judge_is_gb(const struct judge *j);
bool judge_is_big5(const struct judge *j);

/* The best guess for 8-bit bytes that are no UTF-8; CS_NONE = no idea. */
enum charset_id judge_guess(const struct judge *j);

/* The byte order that makes seven of ten units of a UTF-16 text plausible:
 * `preferred` if that does, else the better one; CS_NONE when none does. */
enum charset_id judge_utf16(
    const unsigned char *p, size_t len, enum charset_id preferred);

/* Whether every character beyond ASCII of a UTF-8 text belongs to East Asia. */
bool judge_is_asian(const char *text, size_t len);

/* Whether bytes that are valid UTF-8, in sequences of two only, are so by
 * chance: they make no words in any alphabet.  Under the label of a charset of
 * East Asia only accented Latin words speak against chance; under UTF-8's
 * only characters thrown together that no language has. */
bool judge_is_chance_utf8(
    const unsigned char *p, size_t len, enum charset_kind label);

/* Whether "~{…~}" in ASCII text is well-formed HZ with Chinese in it. */
bool judge_is_hz(const unsigned char *p, size_t len);

#endif
