/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/memfd.h"
#include "base/str.h"
#include "conf/conf.h"
#include "intake/content.h"
#include "ctl/ctl.h"
#include "parse/message.h"
#include "parse/pool.h"
#include "store/health.h"
#include "store/store.h"

/* Messages in the parser's hands at a time. */
#define IN_FLIGHT 32

struct fsck {
	struct ctl *ctl;
	bool tty;         /* progress is shown */
	int64_t shown_ms; /* when it was last */
	int64_t findings, reparsed;
	struct pool *pool;
	struct err failed; /* the store, from inside on_parsed */
	bool bad;
};

/* -- telling ------------------------------------------------------------ */

static void
wipe_progress(struct fsck *f)
{
	if (f->tty && f->shown_ms != 0)
		(void)fputs("\r\033[K", stderr);
	f->shown_ms = 0;
}

static void
on_progress(void *arg, const char *what, int64_t done, int64_t all)
{
	struct fsck *f = arg;
	int64_t now_ms = clock_mono_ms();

	if (!f->tty || (f->shown_ms != 0 && now_ms - f->shown_ms < 200))
		return;
	f->shown_ms = now_ms;
	if (all > 0)
		(void)fprintf(stderr, "\r\033[K%s %lld/%lld", what,
		    (long long)done, (long long)all);
	else
		(void)fprintf(stderr, "\r\033[K%s", what);
	(void)fflush(stderr);
}

static void
on_finding(void *arg, const char *what)
{
	struct fsck *f = arg;
	BUF_AUTO struct buf b = BUF_INIT;

	f->findings++;
	wipe_progress(f);
	if (f->ctl->json) {
		buf_adds(&b, "{\"finding\":");
		json_add_cstr(&b, what);
		buf_adds(&b, "}\n");
	} else {
		str_add_printable(&b, what, strlen(what), false);
		buf_addc(&b, '\n');
	}
	ctl_out(&b);
}

/* -- the decoded records, made again ------------------------------------- */

static bool
same_attachments(const struct message *m, const struct attachment_record *r,
    size_t n)
{
	if (n != m->n_attachments)
		return false;
	for (size_t i = 0; i < n; i++)
		if (memcmp(r[i].sha256, m->attachments[i].sha256,
			SHA256_BYTES) != 0 ||
		    r[i].size_bytes != m->attachments[i].size_bytes ||
		    strcmp(r[i].name, m->attachments[i].name) != 0)
			return false;
	return true;
}

/* NULL = the same as it was stored. */
static const char *
difference(const struct stored_message *s, const struct message *m,
    const struct attachment_record *r, size_t n)
{
	unsigned char key[SHA256_BYTES];

	if (strcmp(s->record.message_id, m->message_id) != 0)
		return "Message-ID";
	if (s->record.date_s != m->date_s)
		return "日期";
	if (!same_attachments(m, r, n))
		return "附件";
	if (content_key(m, key) < 0 ||
	    memcmp(key, s->record.content_key, sizeof(key)) != 0)
		return "正文或主题";
	return NULL;
}

/* Quarantined, or taken up from there with the office's own words. */
static bool
never_decoded(const struct stored_message *s)
{
	static const unsigned char none[SHA256_BYTES];

	return memcmp(s->record.content_key, none, sizeof(none)) == 0;
}

static int
compare(struct fsck *f, int64_t row, const struct message *m, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct attachment_record *files;
	struct stored_message s;
	const char *what;
	char text[160];
	size_t n;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (store_message_by_id(f->ctl->store, row, a, &s, err) < 0 ||
	    store_attachments(f->ctl->store, row, a, &files, &n, err) < 0)
		return -1;
	if ((m == NULL) != never_decoded(&s))
		what = m == NULL ? "现在无法解析" : "现在可以解析";
	else
		what = m == NULL ? NULL : difference(&s, m, files, n);
	if (what == NULL)
		return 0;
	(void)snprintf(text, sizeof(text),
	    "message %lld 重新解析的结果与入库时不同：%s", (long long)row,
	    what);
	on_finding(f, text);
	return 0;
}

static void
on_parsed(void *arg, uint64_t job, struct message *message,
    const struct err *failure)
{
	struct fsck *f = arg;

	(void)failure;
	f->reparsed++;
	if (!f->bad &&
	    compare(f, (int64_t)job, message, &f->failed) < 0)
		f->bad = true;
	message_free(&message);
}

static int
wait_and_step(struct fsck *f, struct err *err)
{
	struct pollfd pfd = {
	    .fd = pool_epoll_fd(f->pool), .events = POLLIN};

	(void)poll(&pfd, 1, pool_timeout_ms(f->pool));
	if (pool_step(f->pool, err) < 0)
		return -1;
	if (f->bad)
		*err = f->failed;
	return f->bad ? -1 : 0;
}

static int
reparse_one(struct fsck *f, int64_t row, struct err *err)
{
	void *raw;
	size_t len;
	int fd, rc;

	if (store_message_raw(f->ctl->store, row, &raw, &len, err) < 0)
		return err->kind == ERR_LATER ? -1 : 0; /* told already */
	rc = memfd_put(raw, len, &fd, err);
	free(raw);
	if (rc < 0)
		return -1;
	rc = pool_add(f->pool, (uint64_t)row, fd, err);
	(void)close(fd);
	return rc;
}

static int
reparse_all(struct fsck *f, int64_t all, struct err *err)
{
	int64_t row = 0;
	int rc;

	while ((rc = store_message_next(f->ctl->store, row, &row, err)) == 1) {
		if (reparse_one(f, row, err) < 0)
			return -1;
		while (pool_pending(f->pool) >= IN_FLIGHT)
			if (wait_and_step(f, err) < 0)
				return -1;
		on_progress(f, "parse", f->reparsed, all);
	}
	while (rc == 0 && pool_pending(f->pool) > 0)
		rc = wait_and_step(f, err);
	return rc;
}

static int
reparse(struct fsck *f, int64_t all, struct err *err)
{
	int rc;

	if (pool_new(f->ctl->conf->messages_per_child, on_parsed, f, &f->pool,
		err) < 0)
		return -1;
	rc = reparse_all(f, all, err);
	pool_free(&f->pool);
	return rc;
}

/* -- the command ---------------------------------------------------------- */

static void
print_sum(struct fsck *f, const struct fsck_counts *c)
{
	BUF_AUTO struct buf b = BUF_INIT;

	wipe_progress(f);
	if (f->ctl->json)
		buf_addf(&b,
		    "{\"messages\":%lld,\"letters\":%lld,\"events\":%lld,"
		    "\"reparsed\":%lld,\"findings\":%lld}\n",
		    (long long)c->messages, (long long)c->letters,
		    (long long)c->events, (long long)f->reparsed,
		    (long long)f->findings);
	else
		buf_addf(&b,
		    "邮件 %lld 封、信件 %lld 封、台账 %lld 条%s：%s\n",
		    (long long)c->messages, (long long)c->letters,
		    (long long)c->events,
		    f->reparsed > 0 ? "，全部重新解析" : "",
		    f->findings == 0 ? "完好"
				     : "有问题，见上；请与备份比对");
	ctl_out(&b);
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"reparse", no_argument, NULL, 'r'},
	    {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	struct fsck f = {.ctl = ctl, .tty = isatty(STDERR_FILENO) == 1};
	const struct fsck_ops ops = {on_finding, on_progress, &f};
	struct fsck_counts counts;
	bool parse_again = false;
	struct err err;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'r')
			parse_again = true;
		else if (c == 'j')
			ctl->json = true;
		else
			return ctl_usage(&cmd_fsck);
	}
	if (optind != argc)
		return ctl_usage(&cmd_fsck);
	if (store_fsck(ctl->store, clock_now_s(), &ops, &counts, &err) < 0 ||
	    (parse_again && reparse(&f, counts.messages, &err) < 0)) {
		wipe_progress(&f);
		return ctl_fail(&err);
	}
	print_sum(&f, &counts);
	return f.findings > 0 ? CTL_FINDING : CTL_OK;
}

const struct ctl_command cmd_fsck = {
    .name = "fsck",
    .summary = "look through the whole store for damage",
    .help =
	"fsck [--reparse] [--json]\n\n"
	"Pages, references, the ledger's chain, numbers without gaps, counts, "
	"and the\nSHA-256 of every message and letter.  --reparse decodes "
	"every message again in\nthe daemon's sandboxed parser and compares "
	"it with what was stored (another\nversion may rightly decode "
	"otherwise).  The daemon may go on meanwhile.  Nothing\nis changed.  "
	"Exit status 1 when something was found.\n\n"
	"Example:\n"
	"  cluectl fsck --reparse\n",
    .needs_conf = true,
    .store_mode = STORE_READ,
    .run = run,
};
