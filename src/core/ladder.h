/* SPDX-License-Identifier: ISC */
#ifndef CORE_LADDER_H
#define CORE_LADDER_H

#include <stdint.h>

#include "follow/clue.h"

struct arena;
struct clue_record;
struct conf;
struct deadline_record;
struct err;
struct letter_record;
struct recipients;
struct take_context;

/* The urging ladder (follow/) on the store's records. */

/* The clue's class; the first one when the configuration has it no more. */
const struct deadline_class *ladder_class(
    const struct conf *conf, const struct clue_record *clue);

/* Who is written to about the clue now (to: enum ladder_to), and who acts. */
void ladder_people(const struct conf *conf, const struct clue_record *clue,
    uint32_t to, int64_t now_s, struct recipients *out);

/* Sets ask_s of *d.  A clue that is closed or suspended is never asked
 * about. */
void ladder_arm(const struct take_context *c, const struct clue_record *clue,
    struct deadline_record *d, int64_t now_s);
/* After an end moved (extension, resumption, another calendar): steps that
 * are to come again are forgotten, and ask_s is set. */
void ladder_moved(const struct take_context *c, const struct clue_record *clue,
    struct deadline_record *d, int64_t now_s);

/* The step that is due now, or URGE_NONE; marks it in *d and sets ask_s. */
enum urge_step ladder_step(const struct take_context *c,
    const struct clue_record *clue, struct deadline_record *d, int64_t now_s);

/* Letters of the step, one to each recipient, and the event. */
int ladder_write(const struct take_context *c, enum urge_step step,
    const struct clue_record *clue, const struct deadline_record *d,
    int64_t now_s, struct arena *a, struct err *err);

/* A letter about a deadline at the moment of sending: *at_s_out = now_s: it
 * may go; later: not before then; 0: never, because the deadline was met, the
 * clue is closed, a higher step was decided or the end moved. */
int ladder_may_go(const struct take_context *c, const struct letter_record *l,
    int64_t now_s, struct arena *a, int64_t *at_s_out, struct err *err);

#endif
