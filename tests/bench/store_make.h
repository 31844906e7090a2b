/* SPDX-License-Identifier: ISC */
#ifndef STORE_MAKE_H
#define STORE_MAKE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "store/store.h"

/*
 * Generated load for measuring the store: the same every time.  An office
 * takes MAKE_DAY clues a day and has MAKE_OPEN_S behind it that are not done:
 * one in 200 of them stays open, what is due is late.  More clues are a longer
 * history, with as much in each month and as many open as in a short one.
 */
#define MAKE_NOW_S 1780000000
#define MAKE_SPAN_S (5 * 365 * 86400LL)
#define MAKE_DAY 100
#define MAKE_OPEN_S (100 * 86400LL)

static const char *const make_domains[] = {"muck-transport",
    "street-occupation", "outdoor-advertising", "sanitation-work",
    "sanitation-oversight", "illegal-construction", "violent-resistance",
    "protective-umbrella", "other"};
static const char make_sentence[] =
    "每天夜里有无牌渣土车从工地强行拉土，拦住别人的车，不让别的车队进场，"
    "附近居民不敢出声。请尽快派人核查，谢谢。\r\n";

static inline void
make_must(int rc, const struct err *err)
{
	char text[sizeof(err->what) + sizeof(err->where) + 3];

	if (rc >= 0)
		return;
	(void)fprintf(stderr, "%s\n", err_text(err, text, sizeof(text)));
	exit(1);
}

static inline uint32_t
make_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* A mail of about `size` bytes: headers, 1.5 KB of text, the rest a base64
 * attachment that packs like a photo's.  Returns its exact length. */
static inline size_t
make_mail(char *out, size_t size, uint32_t i)
{
	static const char b64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				  "opqrstuvwxyz0123456789+/";
	uint32_t seed = i * 2654435761U + 1, bits = 0;
	size_t len = (size_t)snprintf(out, size,
	    "Received: from mx%u.example.org (mx%u [192.0.2.%u])\r\n"
	    "\tby mx.example.com with ESMTP id %08x%08x\r\n"
	    "From: =?utf-8?B?5p+Q5Lq6?= <person%u@example.org>\r\n"
	    "To: tips@example.com\r\nMessage-ID: <%u.%u@example.org>\r\n"
	    "Subject: =?utf-8?B?5Li+5oql5rij5Zyf6L2m?= %u\r\n"
	    "Date: Mon, 1 Jun 2026 10:00:00 +0800\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: multipart/mixed; boundary=\"b%u\"\r\n\r\n",
	    i % 7, i % 7, i % 250, make_random(&seed), make_random(&seed), i,
	    i, make_random(&seed), i, i);

	for (int k = 0; k < 10 && len + sizeof(make_sentence) < size; k++) {
		memcpy(out + len, make_sentence, sizeof(make_sentence) - 1);
		len += sizeof(make_sentence) - 1;
	}
	for (size_t column = 0; len + 2 < size; column++) {
		if (column == 76) {
			out[len++] = '\r';
			out[len++] = '\n';
			column = 0;
		}
		if (column % 5 == 0)
			bits = make_random(&seed);
		out[len++] = b64[bits & 63];
		bits >>= 6;
	}
	return len;
}

static inline void
make_event(struct store *s, int64_t clue, int64_t at_s, const char *kind)
{
	struct err err;
	struct event_record e = {.clue = clue, .at_s = at_s, .kind = kind,
	    .actor = "clued",
	    .detail = "muck-transport 2.500 (next 0.800), xugou, zhang"};

	make_must(store_event_add(s, &e, &err), &err);
}

static inline bool
make_open(uint32_t i, int64_t at_s)
{
	return i % 200 == 7 && at_s > MAKE_NOW_S - MAKE_OPEN_S;
}

static inline void
make_deadlines(struct store *s, int64_t clue, int64_t at_s, uint32_t i)
{
	static const char *const kinds[] = {"accept", "feedback", "conclude"};
	static const int64_t days[] = {1, 7, 18};
	struct deadline_record r = {.clue = clue};
	struct err err;

	for (int k = 0; k < 3; k++) {
		bool open = make_open(i, at_s) ||
			    at_s + days[k] * 86400 > MAKE_NOW_S;

		r.kind = kinds[k];
		r.due_s = at_s + days[k] * 86400;
		r.warn_s = r.due_s - 14400;
		r.met_s = open ? 0 : at_s + days[k] * 43200;
		r.ask_s = open ? r.warn_s : 0;
		make_must(store_deadline_add(s, &r, &err), &err);
	}
}

static inline int64_t
make_clue(struct store *s, struct arena *a, int64_t message, uint32_t i,
    int64_t at_s)
{
	char officer[16], text[1000];
	size_t len = 0;
	bool open = make_open(i, at_s);
	struct clue_record c = {.message = message,
	    .channel = message != 0 ? "mail" : "hotline",
	    .state = open ? "verifying" : "unsubstantiated",
	    .domain = make_domains[i % 9], .runner_up = make_domains[i % 8],
	    .score = 2500, .margin = 700, .area = i % 3 ? "xugou" : "haizhou",
	    .class_id = "normal", .officer = officer, .deputy = "li",
	    .leader = "wang", .triage = open && i % 1000 == 7,
	    .why = "渣土 1.2, 强行 0.8, 工地 0.5; 墟沟 → zhang",
	    .excluded = "", .rules = "0123456789abcdef",
	    .subject = "举报夜间渣土车", .text = text, .received_s = at_s,
	    .dispatched_s = at_s + 60};
	struct err err;

	(void)snprintf(officer, sizeof(officer), "officer%u", i % 50);
	for (uint32_t k = 0; k < 1 + i % 5; k++) {
		memcpy(text + len, make_sentence, sizeof(make_sentence));
		len += sizeof(make_sentence) - 1;
	}
	make_must(store_clue_add(s, &c, "LY", 2022 + (int)(i % 5), a, &err),
	    &err);
	return c.id;
}

static inline void
make_matches(struct store *s, int64_t clue)
{
	struct match_record m = {.clue = clue, .domain = "muck-transport",
	    .term = "渣土", .found = "渣土", .field = "text", .at = 24,
	    .len = 6, .weight = 1200};
	struct err err;

	for (uint32_t k = 0; k < 5; k++) {
		m.at += 24;
		m.seq = k;
		make_must(store_match_add(s, &m, &err), &err);
	}
}

/* What the office registers by hand: no mail behind it. */
static inline void
make_hotline(struct store *s, struct arena *a, uint32_t i, uint32_t n)
{
	int64_t at_s = MAKE_NOW_S - (int64_t)(n - i) * (86400 / MAKE_DAY);
	int64_t clue = make_clue(s, a, 0, i, at_s);

	make_matches(s, clue);
	make_event(s, clue, at_s, "registered");
	make_event(s, clue, at_s, "routed");
	make_deadlines(s, clue, at_s, i);
}

/* Everything of one mail, as the pipeline writes it. */
static inline void
make_tip(struct store *s, struct arena *a, uint32_t i, const char *raw,
    size_t len)
{
	char id[64], letter[3000];
	int64_t row = 0, clue, at_s = MAKE_NOW_S - 1000 + i % 1000;
	struct message_record m = {.message_id = id, .channel = "mail",
	    .kind = "tip", .why = "words of a domain", .received_s = at_s,
	    .internal_s = at_s, .date_s = at_s, .size_bytes = len,
	    .charset = "utf-8", .lost = ""};
	struct journal_entry j = {"tips", "INBOX", 1, i + 1, JOURNAL_TAKEN, 0,
	    at_s};
	struct attachment_record at = {.name = "现场照片.jpg",
	    .type = "image/jpeg", .type_claimed = "image/jpeg", .link = "",
	    .size_bytes = len, .flags = 2, .sent_along = true};
	struct reporter_record who = {.address = "person@example.org",
	    .name = "某人", .reply_to = "", .signature = "电话 000-0000"};
	struct letter_record l = {.kind = "notice", .to_person = "zhang",
	    .rcpt_to = "zhang@example.com", .message_id = id,
	    .created_s = at_s, .next_try_s = at_s, .result = ""};
	struct err err;

	(void)snprintf(id, sizeof(id), "%u.%u@example.org", i, i * 7919);
	make_must(store_save(s, &err), &err);
	hash_sha256(raw, len, m.sha256);
	hash_sha256(m.sha256, sizeof(m.sha256), m.content_key);
	make_must(store_message_find(s, m.sha256, &row, &err), &err);
	make_must(
	    store_message_find_same(s, id, m.content_key, &row, &err), &err);
	make_must(store_message_add(s, &m, raw, len, &row, &err), &err);
	j.message = at.message = who.message = row;
	make_must(store_journal_add(s, &j, &err), &err);
	make_must(store_attachment_add(s, &at, &err), &err);
	make_must(store_reporter_add(s, &who, &err), &err);
	clue = make_clue(s, a, row, i, at_s);
	make_must(store_message_set_clue(s, row, clue, &err), &err);
	make_matches(s, clue);
	make_event(s, clue, at_s, "received");
	make_event(s, clue, at_s, "routed");
	make_event(s, clue, at_s, "assigned");
	make_deadlines(s, clue, at_s, i);
	l.clue = clue;
	len = make_mail(letter, sizeof(letter) - 600, i + 1);
	make_must(store_letter_add(s, &l, letter, len, &row, &err), &err);
	make_must(store_release(s, &err), &err);
}

#endif
