/* SPDX-License-Identifier: ISC */
#include "parse/cloud.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/decode.h"
#include "parse/params.h"

/* How far from a link its file's name may stand. */
#define NAME_REACH 400

/* Where providers keep large attachments, and the net disks that citizens use
 * for films.  A host also stands for the hosts below it. */
static const struct place {
	const char *host;
	const char *path; /* the path begins with this, ASCII case ignored */
	bool weak;	  /* a button for all files: counts when alone */
} places[] = {
    {"mail.qq.com", "/cgi-bin/ftnexs_", false},
    {"mail.qq.com", "/ftn/", false},
    {"exmail.qq.com", "/cgi-bin/ftnexs_", false},
    {"exmail.qq.com", "/ftn/", false},
    {"ftn.qq.com", "/", false},
    {"share.weiyun.com", "/", false},
    {"mail.163.com", "/large-attachment", false},
    {"mail.126.com", "/large-attachment", false},
    {"mail.yeah.net", "/large-attachment", false},
    {"fs.163.com", "/", false},
    {"fs.126.com", "/", false},
    {"fs.yeah.net", "/", false},
    {"fs.qiye.163.com", "/", false},
    {"dashi.163.com", "/html/cloud-attachment", false},
    {"u.163.com", "/", true},
    {"u.126.com", "/", true},
    {"disk.mail.10086.cn", "/", false},
    {"cloud.189.cn", "/t/", false},
    {"download.cloud.189.cn", "/file/", false},
    {"pan.baidu.com", "/s/", false},
    {"yun.baidu.com", "/s/", false},
    {"www.alipan.com", "/s/", false},
    {"www.aliyundrive.com", "/s/", false},
    {"pan.quark.cn", "/s/", false},
    {"www.icloud.com", "/attachment/", false},
    {"1drv.ms", "/", false},
    {"drive.google.com", "/file/", false},
};

/* ---- links -------------------------------------------------------------- */

static bool
is_url_char(char c)
{
	return c > ' ' && c < 0x7f && strchr("<>\"'`\\^{|}", c) == NULL;
}

/* "https://host:port/path" → its host and path. */
static bool
split_url(
    const char *url, const char **host, size_t *host_len, const char **path)
{
	size_t n;

	if (str_istarts(url, "https://"))
		*host = url + 8;
	else if (str_istarts(url, "http://"))
		*host = url + 7;
	else
		return false;
	n = strcspn(*host, "/?#:");
	/* user@host is a trick to look like another host */
	if (n == 0 || memchr(*host, '@', strcspn(*host, "/?#")) != NULL)
		return false;
	*host_len = n;
	*path = *host + n;
	if (**path == ':')
		*path += strcspn(*path, "/?#");
	return true;
}

static bool
host_is(const char *host, size_t len, const char *wanted)
{
	size_t n = strlen(wanted);

	if (len < n || (len > n && host[len - n - 1] != '.'))
		return false;
	return str_istarts(host + len - n, wanted);
}

static const struct place *
place_of(const char *url)
{
	const char *host, *path;
	size_t n;

	if (strlen(url) > MAX_LINK_BYTES || !split_url(url, &host, &n, &path))
		return NULL;
	for (const char *c = url; *c != '\0'; c++) {
		if (!is_url_char(*c))
			return NULL;
	}
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		/* The front page of a host is no file. */
		if (host_is(host, n, places[i].host) &&
		    str_istarts(path, places[i].path) && path[1] != '\0')
			return &places[i];
	}
	return NULL;
}

bool
cloud_likely(const char *text, size_t len)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (memmem(text, len, places[i].host, strlen(places[i].host)))
			return true;
	}
	return false;
}

/* ---- names -------------------------------------------------------------- */

/* Cuts " (60.57M, 2011年12月27日 到期)" and the like off a name's end. */
static size_t
without_size(const char *s, size_t len)
{
	for (size_t i = len; i-- > 1;) {
		bool wide = i + 2 < len && memcmp(s + i, "（", 3) == 0;
		size_t open = wide ? 3 : 1;

		if ((s[i] != '(' && !wide) || i + open >= len)
			continue;
		if (s[i + open] >= '0' && s[i + open] <= '9')
			return i;
	}
	return len;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* "name.ext": an extension of one to five letters or digits at the end. */
static bool
has_extension(const char *s, size_t len)
{
	size_t n = 0;

	while (
	    n < len && n < 6 &&
	    ((s[len - 1 - n] >= '0' && s[len - 1 - n] <= '9') ||
		((s[len - 1 - n] | 32) >= 'a' && (s[len - 1 - n] | 32) <= 'z')))
		n++;
	return n >= 1 && n <= 5 && len > n + 1 && s[len - 1 - n] == '.';
}

/* Finds a file's name in what stands beside a link. */
static bool
name_in(const char *s, size_t len, struct buf *out)
{
	size_t start = 0;

	len = without_size(s, len);
	while (len > 0 && is_space(s[len - 1]))
		len--;
	while (start < len && is_space(s[start]))
		start++;
	if (len - start > MAX_NAME_BYTES ||
	    !has_extension(s + start, len - start) ||
	    memmem(s + start, len - start, "://", 3) != NULL)
		return false;
	return params_safe_name(s + start, len - start, out) >= 0 &&
	       out->len > 0;
}

/* ---- the index ---------------------------------------------------------- */

static struct attachment *
find_link(struct decode *d, const char *url)
{
	for (size_t i = 0; i < d->n_files; i++) {
		if (strcmp(d->files[i].link, url) == 0)
			return &d->files[i];
	}
	return NULL;
}

/* Adds the link, or gives a known one the name that it lacked. */
static int
add(struct decode *d, const char *url, const char *beside, size_t len)
{
	const struct place *place = place_of(url);
	struct buf BUF_AUTO name = BUF_INIT;
	struct attachment *a;
	bool oom = false;

	if (place == NULL)
		return 0;
	a = find_link(d, url);
	if (a == NULL) {
		a = attachments_add(d, &oom);
		if (a == NULL)
			return oom ? -1 : 0;
		a->flags = ATT_CLOUD;
		a->link = arena_strdup(d->arena, url);
		d->weak_cloud |= place->weak;
		if (a->link == NULL)
			return -1;
	}
	if (a->name[0] == '\0' && name_in(beside, len, &name)) {
		a->name = arena_memdup(d->arena, name.data, name.len);
		if (a->name == NULL)
			return -1;
	}
	return buf_bad(&name) ? -1 : 0;
}

int
cloud_add_link(struct decode *d, const char *url, const char *text)
{
	return add(d, url, text, strlen(text));
}

/* The start of the line that ends at `end`; not further off than a name can
 * be. */
static size_t
line_start(const char *text, size_t end)
{
	size_t at = end, limit = end > NAME_REACH ? end - NAME_REACH : 0;

	while (at > limit && text[at - 1] != '\n')
		at--;
	return at;
}

/* The name stands in front of the link, or on the line above if there is only
 * a word like "下载:". */
static int
add_found(struct decode *d, const char *text, size_t at, const char *url)
{
	size_t line = line_start(text, at), above = line;

	if (add(d, url, text + line, at - line) < 0)
		return -1;
	while (
	    above > 0 && line - above < NAME_REACH && is_space(text[above - 1]))
		above--;
	line = line_start(text, above);
	return add(d, url, text + line, above - line);
}

int
cloud_scan_text(struct decode *d, const char *text, size_t len)
{
	char url[MAX_LINK_BYTES + 1];
	size_t at = 0, n;

	if (!cloud_likely(text, len))
		return 0;
	for (;;) {
		const char *hit = memmem(text + at, len - at, "http", 4);

		if (hit == NULL)
			return 0;
		at = (size_t)(hit - text);
		for (n = 0;
		     at + n < len && n < MAX_LINK_BYTES && is_url_char(hit[n]);
		     n++)
			url[n] = hit[n];
		/* Brackets and full stops around a link are none of it. */
		while (n > 0 && strchr(").,;]", url[n - 1]) != NULL)
			n--;
		url[n] = '\0';
		if (place_of(url) != NULL && add_found(d, text, at, url) < 0)
			return -1;
		at += n > 4 ? n : 4;
	}
}

static bool
is_weak(const struct attachment *a)
{
	const struct place *place =
	    (a->flags & ATT_CLOUD) != 0 ? place_of(a->link) : NULL;

	return place != NULL && place->weak;
}

void
cloud_finish(struct decode *d)
{
	size_t n = 0, strong = 0;

	for (size_t i = 0; i < d->n_files; i++)
		strong += (d->files[i].flags & ATT_CLOUD) != 0 &&
			  !is_weak(&d->files[i]);
	if (!d->weak_cloud || strong == 0)
		return;
	for (size_t i = 0; i < d->n_files; i++) {
		if (!is_weak(&d->files[i]))
			d->files[n++] = d->files[i];
	}
	d->n_files = n;
}
