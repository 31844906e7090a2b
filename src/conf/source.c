/* SPDX-License-Identifier: ISC */
#include "conf/load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libconfig.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/str.h"
#include "conf/scan.h"

/*
 * libconfig gets one joined text.  We follow @include ourselves: its own way
 * knows neither BOM nor size limit, would hang on a FIFO, and does not tell
 * which file could not be opened.
 */

/* From this line of the joined text on, lines are those of `file`. */
struct segment {
	unsigned joined_line;
	int file_line;
	const char *file;
};

struct source {
	struct load *l;
	struct hash_state *hash;
	struct buf text;
	struct buf segments; /* array of struct segment */
	unsigned lines;	     /* of the joined text so far */
	unsigned files;
	bool bad;
	config_t config;
};

static int
report_errno(struct load *l, const char *path, struct place from)
{
	char what[MAX_PATH_BYTES + 16];
	int code = errno;

	(void)snprintf(what, sizeof(what), "cannot read %s", path);
	if (from.line > 0)
		load_errno(l, from, code, what);
	else
		load_errno(l, (struct place){path, 0}, code, "cannot read");
	return -1;
}

/* O_NONBLOCK: a FIFO in place of a file must not hold the daemon up. */
static int
open_regular(
    struct load *l, const char *path, struct place from, size_t *size_out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		(void)report_errno(l, path, from);
	} else if (!S_ISREG(st.st_mode)) {
		load_mistake(
		    l, from, "cannot read %s: not a regular file", path);
	} else if (st.st_size > (off_t)MAX_CONF_BYTES) {
		load_mistake(l, from, "%s is larger than %lu MB", path,
		    MAX_CONF_BYTES >> 20);
	} else {
		*size_out = (size_t)st.st_size;
		return fd;
	}
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

static int
read_all(int fd, char *text, size_t size, size_t *len_out)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, text + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	text[len] = '\0';
	*len_out = len;
	return 0;
}

/* NUL ends the text for libconfig and bad UTF-8 is accepted by it; both are
 * told with their line. */
static int
check_bytes(struct load *l, const char *path, const char *text, size_t len)
{
	const char *end = text + len;
	struct place at = {path, 1};
	uint32_t cp;

	for (const char *p = text; p < end; p += utf8_next(p, end, &cp)) {
		(void)utf8_next(p, end, &cp);
		if (cp == '\n')
			at.line++;
		if (cp != UINT32_MAX && cp != 0)
			continue;
		load_mistake(l, at,
		    cp == 0 ? "holds a NUL byte"
			    : "is not UTF-8 here; save the file as UTF-8");
		return -1;
	}
	return 0;
}

int
file_read(struct load *l, const char *path, struct place from,
    struct hash_state *hash, char **text_out, size_t *len_out)
{
	size_t size, len, bom;
	int rc, fd = open_regular(l, path, from, &size);
	char *text;

	if (fd < 0)
		return -1;
	text = malloc(size + 1);
	rc = text == NULL ? -1 : read_all(fd, text, size, &len);
	if (rc < 0)
		(void)report_errno(l, path, from);
	(void)close(fd);
	if (rc == 0 && hash != NULL)
		hash_add(hash, text, len);
	if (rc == 0)
		rc = check_bytes(l, path, text, len);
	if (rc < 0) {
		free(text);
		return -1;
	}
	bom = str_starts(text, "\xef\xbb\xbf") ? 3 : 0;
	memmove(text, text + bom, len - bom + 1);
	*text_out = text;
	*len_out = len - bom;
	return 0;
}

/* -- joining --------------------------------------------------------------- */

struct file_state {
	struct source *s;
	const char *path;
	unsigned depth;
};

static void
begin_segment(struct source *s, const char *file, int file_line)
{
	struct segment seg = {s->lines + 1, file_line, file};

	buf_add(&s->segments, &seg, sizeof(seg));
}

static void add_file(
    struct source *s, const char *path, struct place from, unsigned depth);

static void
on_mistake(void *arg, int line, const char *text)
{
	struct file_state *f = arg;

	load_mistake(f->s->l, (struct place){f->path, line}, "%s", text);
	f->s->bad = true;
}

static void
on_text(void *arg, const char *text, size_t len)
{
	struct file_state *f = arg;

	buf_add(&f->s->text, text, len);
	for (size_t i = 0; i < len; i++)
		f->s->lines += text[i] == '\n';
}

static void
on_include(void *arg, int line, const char *raw, size_t len)
{
	struct file_state *f = arg;
	struct place at = {f->path, line};
	const char *name = arena_memdup(f->s->l->tmp, raw, len);
	const char *slash = strrchr(f->path, '/');
	const char *dir = slash == NULL ? "."
					: arena_memdup(f->s->l->tmp, f->path,
					      (size_t)(slash - f->path));

	if (name == NULL || dir == NULL) {
		f->s->l->no_memory = true;
		return;
	}
	add_file(f->s, load_path(f->s->l, dir, name), at, f->depth + 1);
	begin_segment(f->s, f->path, line);
}

static void
add_file(struct source *s, const char *path, struct place from, unsigned depth)
{
	struct file_state f = {s, path, depth};
	const struct scan_calls calls = {&f, on_text, on_include, on_mistake};
	char *text;
	size_t len;

	if (depth > MAX_CONF_DEPTH || s->files == MAX_CONF_FILES) {
		load_mistake(s->l, from,
		    "too many files inside each other; does %s include "
		    "itself?",
		    path);
		s->bad = true;
		return;
	}
	s->files++;
	if (buf_bad(&s->text) ||
	    file_read(s->l, path, from, s->hash, &text, &len) < 0) {
		s->bad = true;
		return;
	}
	begin_segment(s, path, 1);
	scan_text(text, len, &calls);
	/* Else the file's last line would be the includer's as well. */
	if (depth > 0 && len > 0 && text[len - 1] != '\n')
		on_text(&f, "\n", 1);
	free(text);
}

/* -- parsing --------------------------------------------------------------- */

struct place
source_place(const struct source *s, unsigned line)
{
	const struct segment *seg = (const void *)s->segments.data;
	size_t low = 0, high = s->segments.len / sizeof(*seg);

	/* The last segment that begins at or before the line. */
	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (seg[mid].joined_line <= line)
			low = mid;
		else
			high = mid;
	}
	return (struct place){seg[low].file,
	    seg[low].file_line + (int)(line - seg[low].joined_line)};
}

/* What libconfig makes of the text; an older attempt is forgotten. */
static bool
read_text(struct source *s)
{
	config_destroy(&s->config);
	config_init(&s->config);
	return config_read_string(&s->config, buf_str(&s->text)) ==
	       CONFIG_TRUE;
}

static bool
is_duplicate(const struct source *s)
{
	return strstr(config_error_text(&s->config), "duplicate") != NULL;
}

/* Writes `with` over n bytes of the text at `at`; the text stays as it was
 * when memory is out, which it then says itself. */
static void
put_over(struct buf *text, size_t at, size_t n, const char *with)
{
	BUF_AUTO struct buf tail = BUF_INIT;

	buf_add(&tail, text->data + at + n, text->len - at - n);
	if (buf_bad(&tail))
		return;
	buf_cut(text, at);
	buf_adds(text, with);
	buf_adds(text, buf_str(&tail));
}

/* Renames that key of the line which makes libconfig go on; 1 = it is read to
 * the end, 0 = it went on to another mistake. */
static int
rename_one(struct source *s, unsigned line, const char *suffix)
{
	size_t at;

	for (size_t k = 0;
	     (at = scan_key_on_line(buf_str(&s->text), line, k)) != 0; k++) {
		put_over(&s->text, at, 0, suffix);
		if (read_text(s))
			return 1;
		if (!is_duplicate(s) ||
		    (unsigned)config_error_line(&s->config) != line)
			return 0;
		put_over(&s->text, at, strlen(suffix), "");
	}
	return -1;
}

/* libconfig ends at the first duplicate: each later one becomes "name*1",
 * which no key is called, and the walk over the settings tells it. */
static bool
set_aside(struct source *s)
{
	char suffix[16];
	int rc = 0;

	for (int i = 1; rc == 0 && i <= MAX_CONF_ERRORS && is_duplicate(s);
	     i++) {
		(void)snprintf(suffix, sizeof(suffix), "*%d", i);
		rc = rename_one(
		    s, (unsigned)config_error_line(&s->config), suffix);
	}
	if (rc < 0)
		(void)read_text(s); /* its words for what is left */
	return rc == 1;
}

static void
parse(struct source *s)
{
	int line;

	if (read_text(s) || set_aside(s))
		return;
	line = config_error_line(&s->config);
	load_mistake(s->l, source_place(s, line > 0 ? (unsigned)line : 1),
	    "%s%s", config_error_text(&s->config),
	    strstr(config_error_text(&s->config), "syntax") != NULL
		? " (here or just before: a missing quote, bracket, comma "
		  "or semicolon, or a comma too many?)"
		: "");
	s->bad = true;
}

struct source *
source_open(struct load *l, const char *path, struct place from,
    struct hash_state *hash)
{
	struct source *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		l->no_memory = true;
		return NULL;
	}
	s->l = l;
	s->hash = hash;
	buf_init(&s->text, MAX_CONF_BYTES);
	buf_init(&s->segments, 0);
	config_init(&s->config);
	add_file(s, path, from, 0);
	if (buf_bad(&s->text) || buf_bad(&s->segments)) {
		load_mistake(l, (struct place){path, 0},
		    "larger than %lu MB with all that it includes",
		    MAX_CONF_BYTES >> 20);
		s->bad = true;
	}
	if (!s->bad)
		parse(s);
	if (s->bad)
		source_close(&s);
	return s;
}

void
source_close(struct source **s)
{
	if (*s == NULL)
		return;
	config_destroy(&(*s)->config);
	buf_done(&(*s)->text);
	buf_done(&(*s)->segments);
	free(*s);
	*s = NULL;
}

const struct config_setting_t *
source_root(const struct source *s)
{
	return config_root_setting(&s->config);
}
