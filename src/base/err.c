/* SPDX-License-Identifier: ISC */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

static void
fill(struct err *err, enum err_kind kind, enum err_origin origin, int code)
{
	err->kind = kind;
	err->origin = origin;
	err->code = code;
	err->where[0] = '\0';
}

int
err_set(struct err *err, enum err_kind kind, enum err_origin origin, int code,
    const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return -1;
	fill(err, kind, origin, code);
	va_start(ap, fmt);
	(void)vsnprintf(err->what, sizeof(err->what), fmt, ap);
	va_end(ap);
	str_make_printable(err->what);
	return -1;
}

static enum err_kind
errno_kind(int code)
{
	switch (code) {
	case EINTR:
	case EAGAIN:
		return ERR_NOW;
	case ENOSPC:
	case EDQUOT:
	case EIO:
	case ECONNREFUSED:
	case ECONNRESET:
	case EPIPE:
	case ETIMEDOUT:
	case ENETUNREACH:
	case EHOSTUNREACH:
		return ERR_LATER;
	case EACCES:
	case EPERM:
	case ENOENT:
	case ENOTDIR:
	case EISDIR:
	case EROFS:
		return ERR_CONF;
	default:
		return ERR_SYSTEM;
	}
}

int
err_errno(struct err *err, int code, const char *fmt, ...)
{
	va_list ap;
	size_t len;

	if (err == NULL)
		return -1;
	fill(err, errno_kind(code), ERR_ERRNO, code);
	va_start(ap, fmt);
	(void)vsnprintf(err->what, sizeof(err->what), fmt, ap);
	va_end(ap);
	len = strlen(err->what);
	(void)snprintf(err->what + len, sizeof(err->what) - len, ": %s",
	    strerror(code));
	str_make_printable(err->what);
	return -1;
}

int
err_at(struct err *err, const char *fmt, ...)
{
	char here[sizeof(err->where)];
	char outer[sizeof(err->where) * 2 + 4];
	va_list ap;

	if (err == NULL)
		return -1;
	va_start(ap, fmt);
	(void)vsnprintf(here, sizeof(here), fmt, ap);
	va_end(ap);
	(void)snprintf(outer, sizeof(outer), "%s%s%s", here,
	    err->where[0] != '\0' ? ": " : "", err->where);
	(void)memcpy(err->where, outer, sizeof(err->where) - 1);
	err->where[sizeof(err->where) - 1] = '\0';
	str_make_printable(err->where);
	return -1;
}

const char *
err_kind_name(enum err_kind kind)
{
	static const char *const names[] = {
	    "none", "now", "later", "input", "configuration", "bug", "system"};

	return (unsigned)kind < sizeof(names) / sizeof(names[0]) ? names[kind]
								 : "?";
}

const char *
err_text(const struct err *err, char *out, unsigned long size)
{
	(void)snprintf(out, size, "%s%s%s", err->where,
	    err->where[0] != '\0' ? ": " : "", err->what);
	return out;
}
