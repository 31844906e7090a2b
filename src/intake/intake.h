/* SPDX-License-Identifier: ISC */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include <stdbool.h>
#include <stdint.h>

struct message;

/*
 * What is this message?  Pure: everything it may know comes in as facts.
 * A person's tip is never taken for automatic mail: when signs disagree the
 * answer is the kind that a person will look at.  The first that holds:
 *
 * 1. bounce: a delivery report that a mail system wrote (a person who forwards
 *    one sends a tip); auto: read receipts, feedback reports;
 * 2. auto: a letter of this program; the subject of an automatic answer; a
 *    read receipt or a challenge (are you a person?) in words; Auto-Submitted
 *    other than "no" or a mail system's or no-reply address, unless the text
 *    has a domain's word and answers no letter of ours (web forms and hotlines
 *    pass people's words on like this; only "auto-replied" is believed
 *    whatever the text);
 * 3. list: List-Id with List-Unsubscribe or Precedence (without
 *    List-Unsubscribe a plea with a domain's word is a tip: the office's
 *    mailbox may stand behind a group);
 * 4. unit-report: a unit's address, a report's name in subject or attachment,
 *    no clue answered, no command;
 * 5. reply: somebody of the roster who answers a letter, begins with a command
 *    or whose subject answers or names a clue; anything else of his is a tip
 *    of his own;
 * 6. query: a citizen asks how a clue stands; followup: answers a letter on a
 *    clue or names one and its query code, with text or attachment;
 * 7. empty: neither text, attachment, quote nor subject, or an answer without
 *    a word;
 * 8. spam: provider's verdict or junk folder, a stranger, no domain's word and
 *    no word of plea (举报, 投诉 …);
 * 9. tip: everything else.
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
	KIND_QUERY,       /* a citizen asks how his clue stands */
	KIND_COUNT,
};

struct intake_facts {
	bool junk;        /* came out of the provider's junk folder */
	int person;       /* sender's index in the roster; -1 = nobody's */
	int unit;         /* sender is this unit's report address; -1 */
	int64_t own_letter; /* letter that In-Reply-To/References name; 0 */
	int64_t own_clue;   /* clue of that letter; 0 */
	bool own_sender;  /* From is one of our own mailbox addresses */
	bool own_id;      /* its Message-ID is in the form of ours */
	bool question;    /* it asks for a clue's state and no more */
	bool joins;       /* it names a clue and its query code */
	bool unit_form;   /* a monthly form of ours is attached */
	bool domain_word; /* a rule of any domain (not "other") was met */
};

/* *why_out: a fixed English phrase for the store and the log. */
enum mail_kind intake_classify(const struct message *m,
    const struct intake_facts *facts, const char **why_out);

/* "tip", "followup", "reply", "unit-report", "bounce", "auto", "list",
 * "suspected-spam", "empty", "query". */
const char *intake_kind_name(enum mail_kind kind);
/* -1 when the name is unknown. */
int intake_kind_by_name(const char *name);

/* Whether an automatic answer may ever be sent to this mail (RFC 3834 section
 * 2): false for anything automatic, listed, bounced or without a sender. */
bool intake_may_answer(const struct message *m);

#endif
