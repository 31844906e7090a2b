/* SPDX-License-Identifier: ISC */
#ifndef CORE_ALARM_LETTER_H
#define CORE_ALARM_LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "letter/letter.h"

struct arena;
struct conf;
struct direct;
struct err;
struct smtp_conf;

/* What an alarm letter says: written once for the outbox and for direct.h. */
#define ALARM_FIELDS 4
struct alarm_letter {
	bool over; /* the all-clear */
	int64_t now_s;
	char received[LETTER_TIME_SIZE];
	struct letter_field fields[ALARM_FIELDS];
};

/* subject and cause as in struct watch_item; the strings are borrowed. */
void alarm_letter_init(struct alarm_letter *l, const struct conf *conf,
    const char *subject, const char *cause, int64_t since_s, bool over,
    int64_t now_s);
/* The template's id. */
const char *alarm_letter_kind(const struct alarm_letter *l);
/* To the office by that account, past the outbox. */
int alarm_letter_post(const struct alarm_letter *l, struct direct *direct,
    const struct conf *conf, const struct smtp_conf *account,
    struct arena *a, struct err *err);

#endif
