/* SPDX-License-Identifier: ISC */
#ifndef BASE_LOG_H
#define BASE_LOG_H

struct err;

/*
 * One line an event on stderr, "<N>" priority prefix for the journal when
 * stderr is one (sd-daemon(3)), else an ISO 8601 time and the level.
 * The text is key=value pairs; no tip text, no citizen's address.
 * Only core and ctl call this: the place that decides logs, once.
 */
enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG };

/* `debug` shows LOG_LEVEL_DEBUG too. */
void log_init(int debug);
void log_line(enum log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A copy of somebody else's words for use between quotation marks: quotation
 * marks become apostrophes; cut to fit. */
#define LOG_WORDS 400
const char *log_words(const char *text, char out[LOG_WORDS]);
/* event=… kind=… where=… error=… followed by fmt's pairs. */
void log_err(enum log_level level, const char *event, const struct err *err,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
