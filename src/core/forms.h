/* SPDX-License-Identifier: ISC */
#ifndef CORE_FORMS_H
#define CORE_FORMS_H

#include <stdint.h>

struct err;
struct take_context;

/* What the configured days of a month bring: units that have not reported are
 * reminded with their blank form, drafts go to the office, and it is reminded
 * while the form is not filed.  Each day's once, whatever is restarted when:
 * letters and the note of the day are one transaction. */
int forms_tick(const struct take_context *c, int64_t now_s, struct err *err);

#endif
