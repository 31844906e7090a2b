/* SPDX-License-Identifier: ISC */
/*
 * Whole mails: every tests/data/mail/NAME.eml must decode to NAME.want, also
 * after a journey over the wire; no cut and no damage may do harm.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"
#include "parse/message.h"
#include "parse/parse.h"
#include "parse/wire.h"
#include "parse_mutate.h"

#define FOLDER "tests/data/mail"

/* ---- a message in words ------------------------------------------------- */

static void
dump_line(struct buf *b, const char *name, const char *value)
{
	if (value[0] != '\0')
		buf_addf(b, "%s: %s\n", name, value);
}

static void
dump_address(struct buf *b, const char *name, const struct mail_address *a)
{
	if (a->name[0] != '\0' || a->addr[0] != '\0')
		buf_addf(b, "%s: %s <%s>\n", name, a->name, a->addr);
}

/* Each line behind a bar, so that blanks at its end show. */
static void
dump_text(struct buf *b, const char *title, const char *text)
{
	size_t n = strlen(text);

	while (n > 0 && text[n - 1] == '\n')
		n--;
	if (n == 0)
		return;
	buf_addf(b, "%s:\n| ", title);
	for (size_t i = 0; i < n; i++) {
		buf_addc(b, text[i]);
		if (text[i] == '\n')
			buf_adds(b, "| ");
	}
	buf_addc(b, '\n');
}

static void
dump_envelope(struct buf *b, const struct message *m)
{
	dump_address(b, "from", &m->from);
	dump_address(b, "sender", &m->sender);
	dump_address(b, "reply-to", &m->reply_to);
	for (size_t i = 0; i < m->n_to; i++)
		dump_address(b, "to", &m->to[i]);
	dump_line(b, "subject", m->subject);
	if (m->date_s != 0)
		buf_addf(b, "date: %lld\n", (long long)m->date_s);
	dump_line(b, "id", m->message_id);
	dump_line(b, "in-reply-to", m->in_reply_to);
	for (size_t i = 0; i < m->n_references; i++)
		dump_line(b, "reference", m->references[i]);
}

static void
dump_body(struct buf *b, const struct message *m)
{
	static const char *const from[] = {"none", "plain", "html"};
	char title[100];

	(void)snprintf(title, sizeof(title), "text (%s, %s)",
	    from[m->text_from], m->charset);
	dump_text(b, title, m->text);
	dump_text(b, "quoted", m->quoted);
	dump_text(b, "signature", m->signature);
}

/* The names of the bits that are set, each in front of a blank but the
 * first. */
static void
dump_bits(struct buf *b, uint32_t bits, const char *const *names, size_t n)
{
	const char *blank = "";

	for (size_t i = 0; i < n; i++) {
		if ((bits & 1U << i) == 0)
			continue;
		buf_addf(b, "%s%s", blank, names[i]);
		blank = " ";
	}
}

static void
dump_hash(struct buf *b, const unsigned char hash[SHA256_BYTES])
{
	char hex[17];

	hex_put(hash, 8, hex);
	buf_adds(b, hex);
}

static void
dump_attachment(struct buf *b, const struct attachment *a)
{
	static const char *const flags[] = {"inline", "image", "executable",
	    "archive", "cloud", "tnef", "message", "damaged"};
	unsigned char hash[SHA256_BYTES];

	if ((a->flags & ATT_CLOUD) != 0) {
		buf_addf(b, "cloud: %s; %s\n", a->name, a->link);
		return;
	}
	buf_addf(b, "attachment: %s; %s; %s; %llu bytes; ", a->name,
	    a->type_claimed, a->type, (unsigned long long)a->size_bytes);
	dump_hash(b, a->sha256);
	buf_adds(b, "; ");
	dump_bits(b, a->flags, flags, sizeof(flags) / sizeof(flags[0]));
	if (a->photo != NULL) {
		hash_sha256(a->photo, a->photo_bytes, hash);
		buf_adds(b, " photo ");
		dump_hash(b, hash);
	}
	buf_addc(b, '\n');
}

static void
dump_signs(struct buf *b, const struct mail_signs *s)
{
	static const char *const reports[] = {
	    "", "delivery", "disposition", "feedback"};

	dump_line(b, "sign return-path", s->return_path);
	if (s->return_path_empty)
		buf_adds(b, "sign return-path-empty\n");
	dump_line(b, "sign auto-submitted", s->auto_submitted);
	dump_line(b, "sign precedence", s->precedence);
	dump_line(b, "sign list-id", s->list_id);
	if (s->list_unsubscribe)
		buf_adds(b, "sign list-unsubscribe\n");
	if (s->auto_suppress)
		buf_adds(b, "sign auto-suppress\n");
	assert_int_equal(s->spam_verdict, s->spam_why[0] != '\0');
	dump_line(b, "sign spam", s->spam_why);
	dump_line(b, "sign auth-results", s->auth_results);
	dump_line(b, "sign mailer", s->mailer);
	if (s->report != REPORT_NONE)
		buf_addf(b, "report: %s; %s; %s; %s; %s; %s\n",
		    reports[s->report], s->report_status, s->report_action,
		    s->report_recipient, s->report_message_id,
		    s->report_diagnostic);
}

static void
dump(struct buf *b, const struct message *m)
{
	static const char *const defects[] = {"charset-guessed", "charset-lost",
	    "header-cut", "text-cut", "structure", "depth", "attachments-cut",
	    "oversize"};

	dump_envelope(b, m);
	dump_body(b, m);
	for (size_t i = 0; i < m->n_attachments; i++)
		dump_attachment(b, &m->attachments[i]);
	dump_signs(b, &m->signs);
	dump_line(b, "lost", m->lost);
	if (m->defects != 0) {
		buf_adds(b, "defects: ");
		dump_bits(b, m->defects, defects, 8);
		buf_addc(b, '\n');
	}
}

/* ---- the samples -------------------------------------------------------- */

static void
read_file(const char *name, const char *ending, struct buf *out)
{
	char path[512], piece[4096];
	size_t n;
	FILE *f;

	(void)snprintf(path, sizeof(path), FOLDER "/%.*s%s",
	    (int)(strlen(name) - 4), name, ending);
	f = fopen(path, "rbe");
	if (f == NULL)
		fail_msg("cannot open %s", path);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(out, piece, n);
	(void)fclose(f);
}

typedef void sample_fn(const char *name, const struct buf *raw);

static void
for_each_sample(sample_fn *fn)
{
	DIR *dir = opendir(FOLDER);
	struct dirent *d;
	size_t n = 0;

	assert_non_null(dir);
	while ((d = readdir(dir)) != NULL) {
		size_t len = strlen(d->d_name);
		struct buf raw = BUF_INIT;

		if (len < 5 || strcmp(d->d_name + len - 4, ".eml") != 0)
			continue;
		read_file(d->d_name, ".eml", &raw);
		fn(d->d_name, &raw);
		buf_done(&raw);
		n++;
	}
	(void)closedir(dir);
	assert_true(n > 50);
}

static struct message *
over_the_wire(const struct message *m)
{
	struct message *back = NULL;
	struct buf b = BUF_INIT;
	struct err err = {0};

	parse_wire_put(&b, m);
	assert_false(buf_bad(&b));
	if (parse_wire_get(b.data, b.len, &back, &err) < 0)
		fail_msg("%s", err.what);
	buf_done(&b);
	return back;
}

static size_t failures;

static void
check_sample(const char *name, const struct buf *raw)
{
	struct buf want = BUF_INIT, got = BUF_INIT;
	struct message *m = NULL, *back;
	struct err err;

	read_file(name, ".want", &want);
	assert_int_equal(parse_message(raw->data, raw->len, &m, &err), 0);
	back = over_the_wire(m);
	message_free(&m);
	dump(&got, back);
	if (strcmp(buf_str(&want), buf_str(&got)) != 0) {
		(void)printf("%s wants\n%s---- but gives\n%s====\n", name,
		    buf_str(&want), buf_str(&got));
		failures++;
	}
	message_free(&back);
	buf_done(&want);
	buf_done(&got);
}

static void
samples_decode_as_wanted(void **state)
{
	(void)state;
	for_each_sample(check_sample);
	assert_int_equal(failures, 0);
}

/* ---- damage ------------------------------------------------------------- */

/* Whatever comes in: a message comes out that the core accepts. */
static void
check_any(void *arg, const char *raw, size_t len)
{
	struct message *m = NULL, *back;
	struct err err;

	(void)arg;
	assert_int_equal(parse_message(raw, len, &m, &err), 0);
	back = over_the_wire(m);
	message_free(&back);
	message_free(&m);
}

static void
damage_sample(const char *name, const struct buf *raw)
{
	/* libytnef has its own tests; it is none of ours to harden. */
	if (strncmp(name, "winmail", 7) != 0)
		mutate(buf_str(raw), raw->len, 60, check_any, NULL);
}

static void
cut_sample(const char *name, const struct buf *raw)
{
	/* Every length would take long: a step that is no line's. */
	size_t step = raw->len / 150 + 1;

	(void)name;
	for (size_t n = 0; n < raw->len; n += step) {
		char *copy = malloc(n > 0 ? n : 1);

		memcpy(copy, raw->data, n);
		check_any(NULL, copy, n);
		free(copy);
	}
}

static void
cut_samples(void **state)
{
	(void)state;
	for_each_sample(cut_sample);
}

static void
damaged_samples(void **state)
{
	(void)state;
	for_each_sample(damage_sample);
}

static int
set_up(void **state)
{
	struct err err;

	(void)state;
	if (parse_init(&err) == 0)
		return 0;
	print_error("%s\n", err.what);
	return -1;
}

static int
tear_down(void **state)
{
	(void)state;
	parse_done();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(samples_decode_as_wanted),
	    cmocka_unit_test(cut_samples),
	    cmocka_unit_test(damaged_samples),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
