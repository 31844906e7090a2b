/* SPDX-License-Identifier: ISC */
#ifndef PARSE_MESSAGE_H
#define PARSE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct arena;
struct told;

/*
 * A decoded message: one arena, everything UTF-8 and free of NUL, every length
 * within limits.h.  Strings are never NULL unless the comment says so.  This
 * is data about a stranger's bytes: valid, but still a stranger's.
 */

struct mail_address {
	const char *name; /* decoded display name, "" if none */
	const char *addr; /* addr-spec as sent, lower-case domain; "" if none */
};

enum text_from { TEXT_NONE, TEXT_PLAIN, TEXT_HTML };

enum attachment_flag {
	ATT_INLINE = 1,     /* shown in the text (Content-ID, inline) */
	ATT_IMAGE = 2,      /* true type is an image */
	ATT_EXECUTABLE = 4, /* true type or name is a program or script */
	ATT_ARCHIVE = 8,    /* zip, rar, 7z, … : never opened */
	ATT_CLOUD = 16,     /* no bytes: a provider's link (超大附件) */
	ATT_TNEF = 32,      /* came out of a winmail.dat */
	ATT_MESSAGE = 64,   /* a message/rfc822 whose text is in `text` too */
	ATT_DAMAGED = 128,  /* transfer encoding broken: bytes may miss */
};

struct attachment {
	const char *name;         /* safe file name; "" if the mail has none */
	const char *type_claimed; /* "image/jpeg", lower case; "" if none */
	const char *type;         /* true type by content (libmagic) */
	const char *link;         /* ATT_CLOUD: URL, else "" */
	uint64_t size_bytes;      /* decoded */
	unsigned char sha256[SHA256_BYTES]; /* of the decoded bytes */
	uint32_t flags;
	/* A JPEG or PNG with all metadata removed, ready to be sent along;
	 * NULL when there is none (no photo, or it could not be cleaned). */
	const void *photo;
	size_t photo_bytes;
	/* The decoded bytes as they came, size_bytes of them; NULL unless they
	 * were asked for (parse_message_files(), pool_want_files()). */
	const void *data;
	size_t data_bytes;
};

/* What stands in an attached spreadsheet (sheet.h). */
enum sheet_state {
	SHEET_READ,
	SHEET_DAMAGED,
	SHEET_TOO_LARGE, /* beyond a limit */
	SHEET_LOCKED,    /* with a password */
	SHEET_NO_MEMORY, /* inside the parser only */
};
struct sheet_cell {
	uint16_t part;        /* which worksheet, from 0 */
	uint16_t row, column; /* from 1 */
	const char *text;     /* one line, never empty */
};
struct workbook {
	uint32_t attachment; /* index */
	enum sheet_state state;
	const struct sheet_cell *cells; /* in the file's order */
	size_t n_cells;
};

enum report_kind {
	REPORT_NONE,
	REPORT_DELIVERY,    /* bounce or delay, RFC 3464 or recognised text */
	REPORT_DISPOSITION, /* read receipt, RFC 8098 */
	REPORT_FEEDBACK,    /* complaint feedback, RFC 5965 */
};

/* What was found in headers and structure, for intake to judge.  All false or
 * "" when absent. */
struct mail_signs {
	const char *return_path;    /* address in Return-Path; "" if none */
	bool return_path_empty;     /* Return-Path: <> */
	const char *auto_submitted; /* RFC 3834 keyword, lower case */
	const char *precedence;     /* lower case */
	const char *list_id;        /* RFC 2919 */
	bool list_unsubscribe;      /* RFC 2369, RFC 8058 */
	bool auto_suppress;         /* X-Auto-Response-Suppress and kin */
	bool spam_verdict;          /* a provider's header calls it spam */
	const char *spam_why;       /* that header's name and value, cut */
	const char *auth_results;   /* Authentication-Results, first, cut */
	const char *mailer;         /* X-Mailer or User-Agent */
	enum report_kind report;
	const char *report_status;     /* "5.1.1", RFC 3463; "" if unknown */
	const char *report_action;     /* failed, delayed, … ; "" */
	const char *report_recipient;  /* address; "" */
	const char *report_message_id; /* of the letter reported on; "" */
	const char *report_diagnostic; /* first line, cut */
};

enum message_defect {
	DEFECT_CHARSET_GUESSED = 1, /* a label missed or lied */
	DEFECT_CHARSET_LOST = 2,    /* something became U+FFFD */
	DEFECT_HEADER_CUT = 4,      /* header block beyond the limit */
	DEFECT_TEXT_CUT = 8,        /* text beyond the limit */
	DEFECT_STRUCTURE = 16,      /* boundaries missing or wrong */
	DEFECT_DEPTH = 32,          /* nesting or parts beyond the limit */
	DEFECT_ATTACHMENTS_CUT = 64,/* more attachments than the index holds */
	DEFECT_OVERSIZE = 128,      /* only the beginning was fetched */
};

struct message {
	struct arena *arena; /* owns everything below and this struct */

	struct mail_address from;     /* first author; both "" if none */
	struct mail_address sender;   /* Sender; both "" if none */
	struct mail_address reply_to; /* first Reply-To; both "" if none */
	const struct mail_address *to; /* To and Cc together */
	size_t n_to;

	const char *subject;
	int64_t date_s; /* Date header in UTC seconds; 0 = none or unreadable */
	const char *message_id;  /* without the angle brackets; "" if none */
	const char *in_reply_to; /* first one; "" if none */
	const char *const *references;
	size_t n_references;

	/* What the sender wrote.  Quoted history and signature are cut out
	 * of it and stand beside it. */
	const char *text;
	const char *quoted;
	const char *signature;
	enum text_from text_from;
	const char *charset; /* of the text: IANA name in lower case, or "" */
	const char *lost;    /* what could not be decoded, in words; "" */

	const struct attachment *attachments;
	size_t n_attachments;
	const struct workbook *sheets; /* of the first few that are some */
	size_t n_sheets;

	struct mail_signs signs;
	uint32_t defects;

	/* What intake made of all that in the same child (intake/told.h); NULL
	 * when nobody asked for it. */
	const struct told *told;
};

/* An empty message: no string NULL, no count above 0.  NULL when memory is
 * out. */
struct message *message_new(void);

/* Frees the whole message (its arena); NULLs *m.  Accepts NULL. */
void message_free(struct message **m);
#define MESSAGE_AUTO __attribute__((cleanup(message_free)))

#endif
