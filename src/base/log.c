/* SPDX-License-Identifier: ISC */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

static int log_debug;

void
log_init(int debug)
{
	log_debug = debug;
}

static void
begin(struct buf *b, enum log_level level, const char *event)
{
	static const char *const names[] = {"error", "warning", "info",
	    "debug"};
	static const char *const priorities[] = {"<3>", "<4>", "<6>", "<7>"};
	time_t now = (time_t)clock_now_s();
	struct tm tm;
	char when[32];

	if (getenv("JOURNAL_STREAM") != NULL) {
		buf_adds(b, priorities[level]);
	} else {
		(void)gmtime_r(&now, &tm);
		(void)strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
		buf_addf(b, "%s %s ", when, names[level]);
	}
	buf_addf(b, "event=%s", event);
}

static void
finish(struct buf *b)
{
	ssize_t n;

	if (buf_bad(b) || b->data == NULL)
		return;
	str_make_printable(b->data);
	buf_addc(b, '\n');
	n = write(STDERR_FILENO, b->data, b->len);
	(void)n; /* nowhere to complain to */
}

const char *
log_words(const char *text, char out[LOG_WORDS])
{
	size_t n = utf8_cut(text, strlen(text), LOG_WORDS - 1);

	for (size_t i = 0; i < n; i++)
		out[i] = text[i] == '"' ? '\'' : text[i];
	out[n] = '\0';
	return out;
}

void
log_line(enum log_level level, const char *event, const char *fmt, ...)
{
	BUF_AUTO struct buf b = BUF_INIT;
	va_list ap;

	if (level == LOG_LEVEL_DEBUG && !log_debug)
		return;
	begin(&b, level, event);
	if (fmt[0] != '\0') {
		buf_addc(&b, ' ');
		va_start(ap, fmt);
		buf_vaddf(&b, fmt, ap);
		va_end(ap);
	}
	finish(&b);
}

void
log_err(enum log_level level, const char *event, const struct err *err,
    const char *fmt, ...)
{
	BUF_AUTO struct buf b = BUF_INIT;
	char where[LOG_WORDS], what[LOG_WORDS];
	va_list ap;

	begin(&b, level, event);
	buf_addf(&b, " kind=%s code=%d where=\"%s\" error=\"%s\"",
	    err_kind_name(err->kind), err->code, log_words(err->where, where),
	    log_words(err->what, what));
	if (fmt[0] != '\0') {
		buf_addc(&b, ' ');
		va_start(ap, fmt);
		buf_vaddf(&b, fmt, ap);
		va_end(ap);
	}
	finish(&b);
}
