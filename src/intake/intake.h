/* SPDX-License-Identifier: ISC */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include <stdbool.h>
#include <stdint.h>

struct message;

/*
 * What is this message?  Pure: everything it may know comes in as facts.
 * A person's tip is never taken for automatic mail: when signs disagree the
 * answer is the kind that a person will look at.
 */
enum mail_kind {
	KIND_TIP,
	KIND_FOLLOWUP,    /* a citizen's further mail to a clue */
	KIND_REPLY,       /* an officer's, the office's or discipline's mail */
	KIND_UNIT_REPORT, /* a unit's monthly report */
	KIND_BOUNCE,
	KIND_AUTO,        /* vacation, receipt, challenge, our own letter */
	KIND_LIST,        /* newsletter, mailing list */
	KIND_SPAM,        /* suspected: the shelf, no notice */
	KIND_EMPTY,       /* no text, no attachment: the shelf */
	KIND_COUNT,
};

struct intake_facts {
	bool junk;        /* came out of the provider's junk folder */
	int person;       /* sender's index in the roster; -1 = nobody's */
	int unit;         /* sender is this unit's report address; -1 */
	int64_t own_letter; /* letter that In-Reply-To/References name; 0 */
	int64_t own_clue;   /* clue of that letter; 0 */
	bool own_sender;  /* From is one of our own mailbox addresses */
	bool domain_word; /* a rule of any domain (not "other") was met */
};

/* *why_out: a fixed English phrase for the store and the log. */
enum mail_kind intake_classify(const struct message *m,
    const struct intake_facts *facts, const char **why_out);

/* "tip", "followup", "reply", "unit-report", "bounce", "auto", "list",
 * "suspected-spam", "empty". */
const char *intake_kind_name(enum mail_kind kind);
/* -1 when the name is unknown. */
int intake_kind_by_name(const char *name);

/* Whether an automatic answer may ever be sent to this mail (RFC 3834 section
 * 2): false for anything automatic, listed, bounced or without a sender. */
bool intake_may_answer(const struct message *m);

#endif
