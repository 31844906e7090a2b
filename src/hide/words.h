/* SPDX-License-Identifier: ISC */
#ifndef HIDE_WORDS_H
#define HIDE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct hide_text;

/* The words by which hiding tells the citizen from the matter; all lists end
 * with NULL and stand in the form of text.h (lower case, simplified). */
extern const char *const hide_selves[];	   /* 我, 本人 … */
extern const char *const hide_families[];  /* 爱人, 儿子 … */
extern const char *const hide_roles[];	   /* what people say they are */
extern const char *const hide_reporters[]; /* 举报人, 联系人 … */
extern const char *const hide_accused[];   /* 被举报人, 嫌疑人 … */
extern const char *const hide_others[]; /* 老板, 他, 车队 …: the matter */
extern const char *const hide_generic[]; /* display names that name nobody */

/* The place of a self word at i, its bytes, or 0: not inside another word
 * (自我), not another's (他本人). */
size_t hide_self_at(const struct hide_text *t, size_t i);
/* Whether one of those or a word for who reports stands at i. */
bool hide_is_writer_at(const struct hide_text *t, size_t i);

/* Whether [b, e) is exactly a person's name: a surname and one or two (behind
 * a double surname too) other characters, or 王某某. */
bool hide_is_name(const struct hide_text *t, size_t b, size_t e);
/* 老王, 小李, 阿强, 王女士, 李师傅 … */
bool hide_is_nick(const struct hide_text *t, size_t b, size_t e);
/* Bytes of such a nickname at the start of [b, e); 0 = none. */
size_t hide_nick_at(const struct hide_text *t, size_t b, size_t e);
bool hide_is_surname(const struct hide_text *t, size_t i);
/* Bytes of a name that starts at b inside [b, e) and is followed by the end
 * or by a word or mark that cannot belong to it; 0 = none. */
size_t hide_name_at(const struct hide_text *t, size_t b, size_t e);
/* Bytes of a full name that ends at e in [b, e); 0 = none. */
size_t hide_name_before(const struct hide_text *t, size_t b, size_t e);

/* Whether a role stands at the end of [b, e), with or without a name behind
 * it: 海棠小区的业主, 店主王小红. */
bool hide_ends_with_role(const struct hide_text *t, size_t b, size_t e);

#endif
