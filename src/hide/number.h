/* SPDX-License-Identifier: ISC */
#ifndef HIDE_NUMBER_H
#define HIDE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

struct hide_text;
struct hide_known;

/* What the files about numbers and handles share. */

/* Digits that one number may have; a bank card has 19. */
#define MOST_DIGITS 24

struct number {
	size_t b, e;
	char digits[MOST_DIGITS + 1];
	size_t n;
	bool x;	    /* ends with the X of an identity card */
	bool plus;  /* begins with + */
	bool joint; /* something stood between the digits */
};

enum number_kind { NUMBER_NONE, NUMBER_PERSON, NUMBER_ACCOUNT, NUMBER_HOTLINE };

/* digits.c: in figures, in Han, in English words. */
bool hide_may_start_number(const struct hide_text *t, size_t i);
/* Reads the number at i; its end is behind its last digit. */
bool hide_read_number(const struct hide_text *t, size_t i, struct number *x);
enum number_kind hide_kind_of_number(
    const struct hide_text *t, const struct number *x);

/* number.c: 三百元, 20车 are no numbers of a person. */
bool hide_ends_in_unit(const struct hide_text *t, size_t e);
/* 车队收“管理费”的账户：…: others are spoken of and not the writer. */
bool hide_is_their_sentence(const struct hide_text *t, size_t i);

/* Each hides what is the writer's at the place and returns where to go on;
 * the place itself when it is none of theirs. */

/* handle.c: x@y at its @, @阿泽今天吃什么. */
size_t hide_take_mail(struct hide_text *t, struct hide_known *k, size_t at);
/* 微信（同号）：wxid_1978 behind one of the words, n bytes at i. */
extern const char *const hide_handles[];
size_t hide_take_handle(
    struct hide_text *t, struct hide_known *k, size_t i, size_t n);

/* plate.c: 我的车牌苏G12345: one's own plate tells who one is. */
size_t hide_take_own_plate(struct hide_text *t, size_t i);
/* 我那台红色三轮车豫C·F1234: what is between the two only says which. */
size_t hide_take_plate(struct hide_text *t, size_t i);
/* 91410300MA9X2K7T4B, GB 32100: a firm's number is its owner's name. */
size_t hide_take_firm_code(
    struct hide_text *t, struct hide_known *k, size_t i);

#endif
