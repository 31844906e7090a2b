/* SPDX-License-Identifier: ISC */
/*
 * A letter from a hostile template and hostile values.  The input is cut at
 * bytes FF into the values; the first is the template, or, when it is empty, a
 * template with every field.  Whatever comes in, a letter that comes out is
 * 7-bit, CRLF, with our header fields and nothing else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "letter/letter.h"

#define N_VALUES 14

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const char every_field[] =
    "Subject: {priority}{number} {domain} {area} {subject}\n\n{officer}\n"
    "a：{why} {people_why}\nb：{due_accept}\n{?held}\n{held}\n{/held}\n"
    "{text}\nc：{list}{cause}\n{office} {reply_help} {photos}\n";

static void
check(bool ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "letter: %s\n", what);
	abort();
}

static bool
is_ours(const char *line)
{
	static const char *const names[] = {"Date: ", "From: ", "To: ",
	    "Subject: ", "Message-ID: <", "In-Reply-To: <", "References: <",
	    "Auto-Submitted: auto-", "X-Auto-Response-Suppress: All",
	    "X-Mailer: clued", "Importance: high", "X-Priority: 1",
	    "MIME-Version: 1.0",
	    "Content-Type: multipart/", " "};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(line, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static void
check_letter(const struct buf *letter)
{
	const char *s = letter->data, *end;
	bool head = true;

	check(strlen(s) == letter->len, "NUL inside");
	for (; *s != '\0'; s = end + 2) {
		end = strpbrk(s, "\r\n");
		check(end != NULL && end[0] == '\r' && end[1] == '\n',
		    "line end");
		check(end - s <= 998, "long line");
		for (const char *p = s; p < end; p++)
			check(*p >= ' ' && *p <= '~', "not printable ASCII");
		head = head && end > s;
		check(!head || is_ours(s), "a header that is not ours");
	}
}

static void
compose(const char *const v[N_VALUES])
{
	const struct template_conf t = {
	    .id = "notice",
	    .text = *v[0] != '\0' ? v[0] : every_field,
	    .file = "t"};
	const struct letter_field more[] = {
	    {"officer", v[1]}, {"list", v[2]}, {"cause", v[3]}};
	const struct letter_attachment at = {v[4], v[5], v[6], strlen(v[6])};
	const struct notice_facts f = {v[7], v[8], v[9], v[10], v[11], true,
	    {1, 2, 3}, v[12], v[13], v[9], 4, 1, v[2]};
	struct letter_request r = {.template_id = "notice",
	    .to_addr = "li@example.com", .to_name = v[1], .message_id = "m@x",
	    .in_reply_to = v[4], .references = v[13],
	    .auto_submitted = "auto-generated", .fields = more, .n_fields = 3,
	    .attachments = &at, .n_attachments = 1};
	struct conf conf = {.templates = &t, .n_templates = 1};
	struct buf out = BUF_INIT;

	if (zone_new("Asia/Shanghai", &conf.zone, NULL) != 0)
		abort();
	conf.smtp.mail_from = "tips@example.com";
	conf.smtp.from_name = v[3];
	conf.office.name = v[12];
	if (letter_notice(&conf, &f, &r, &out, NULL) == 0)
		check_letter(&out);
	else
		check(out.len == 0 && *v[0] != '\0', "refused for no reason");
	buf_clear(&out);
	r.to_addr = v[1];
	r.message_id = v[4];
	if (letter_notice(&conf, &f, &r, &out, NULL) == 0)
		check_letter(&out);
	buf_done(&out);
	zone_free(&conf.zone);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	const char *v[N_VALUES];
	char *copy = malloc(size + 1), *next;

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	copy[size] = '\0';
	for (size_t i = 0; i < size; i++)
		if (copy[i] == '\0')
			copy[i] = ' ';
	next = copy;
	for (size_t i = 0; i < N_VALUES; i++) {
		v[i] = next;
		next += strcspn(next, "\xff");
		if (*next != '\0')
			*next++ = '\0';
	}
	compose(v);
	free(copy);
	return 0;
}
