/* SPDX-License-Identifier: ISC */
#include "parse/params.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/charset.h"

/* File names: which of the two, and what of it is safe. */

/* Longest extension that survives the cut, its dot included. */
#define EXTENSION_MAX 16
/* Decoded names before the folder is taken off; deep Windows paths. */
#define PATH_MAX_BYTES 4096

/* Where the last component starts.  A slash is a folder only in what begins
 * like a path: "发票/收据.pdf" is a name. */
static const char *
base_name(const char *p, const char *end)
{
	const char *back = memrchr(p, '\\', (size_t)(end - p)), *slash;
	bool path =
	    p < end && (*p == '/' || *p == '.' || (end - p > 2 && p[1] == ':'));

	if (back != NULL)
		p = back + 1;
	slash = path ? memrchr(p, '/', (size_t)(end - p)) : NULL;
	return slash != NULL ? slash + 1 : p;
}

/* CON, PRN, AUX, NUL, COM1 …, LPT1 …: devices on the officers' Windows. */
static bool
is_device(const char *name, size_t len)
{
	static const char *const devices[] = {
	    "con", "prn", "aux", "nul", "com", "lpt"};
	const char *dot = memchr(name, '.', len);
	size_t stem = dot != NULL ? (size_t)(dot - name) : len;

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (stem == 3 + (i >= 4) && str_istarts(name, devices[i]) &&
		    (i < 4 || (name[3] >= '0' && name[3] <= '9')))
			return true;
	return false;
}

/* Cuts at max bytes in front of the extension. */
static void
cut_name(struct buf *name, size_t max)
{
	char extension[EXTENSION_MAX + 1] = "";
	const char *dot;
	size_t len = 0;

	if (name->len <= max)
		return;
	dot = memrchr(name->data, '.', name->len);
	if (dot != NULL &&
	    name->len - (size_t)(dot - name->data) <= EXTENSION_MAX) {
		len = name->len - (size_t)(dot - name->data);
		memcpy(extension, dot, len);
	}
	buf_cut(name, utf8_cut(name->data, name->len, max - len));
	buf_add(name, extension, len);
}

/* Copies what may stand in a name; the rest becomes '_' or goes. */
static void
copy_name(struct buf *out, const char *p, const char *end)
{
	uint32_t cp;
	size_t n;

	for (; p < end; p += n) {
		n = utf8_next(p, end, &cp);
		if (cp == UINT32_MAX)
			buf_adds(out, "\xef\xbf\xbd");
		else if (cp < 0x80 && cp != 0 &&
			 strchr("/<>:\"|?*", (int)cp) != NULL)
			buf_addc(out, '_');
		else if (cp_printable(cp))
			buf_add(out, p, n);
	}
}

static bool
is_edge(char c)
{
	return c == ' ' || c == '.';
}

int
params_safe_name(const char *name, size_t len, struct buf *out)
{
	BUF_AUTO struct buf safe = BUF_INIT;
	const char *end = name + len, *p;
	size_t skip = 0;

	while (end > name && (end[-1] == '/' || end[-1] == '\\'))
		end--;
	p = base_name(name, end);
	copy_name(&safe, p, end);
	if (buf_bad(&safe))
		return -1;
	while (safe.len > 0 && is_edge(safe.data[safe.len - 1]))
		buf_cut(&safe, safe.len - 1);
	while (skip < safe.len && is_edge(safe.data[skip]))
		skip++;
	if (skip < safe.len) {
		memmove(safe.data, safe.data + skip, safe.len - skip);
		buf_cut(&safe, safe.len - skip);
	} else {
		buf_clear(&safe);
	}
	cut_name(&safe, MAX_NAME_BYTES - 1);
	if (is_device(buf_str(&safe), safe.len))
		buf_addc(out, '_');
	buf_add(out, buf_str(&safe), safe.len);
	return buf_bad(out) || buf_bad(&safe) ? -1 : 0;
}

/* A name that reached us whole: a mailer that cannot write Chinese puts
 * question marks. */
static bool
is_whole(const struct buf *name)
{
	return name->len > 0 && strstr(buf_str(name), "??") == NULL &&
	       strstr(buf_str(name), "\xef\xbf\xbd") == NULL;
}

/* Fills *name from one header; leaves it empty when there is none. */
static int
find_name(const char *raw, const char *param, const struct charset_hint *hint,
    struct buf *name, struct charset_result *r)
{
	*r = (struct charset_result){"us-ascii", false, false, false};
	if (raw == NULL)
		return 0;
	return params_find(
	    raw, strlen(raw), param, hint, PATH_MAX_BYTES, name, r);
}

int
params_filename(const char *raw_disposition, const char *raw_type,
    const struct charset_hint *hint, struct buf *out,
    struct charset_result *result_out)
{
	static const char *const params[] = {
	    "filename", "name", "name", "filename"};
	const char *raws[] = {
	    raw_disposition, raw_type, raw_disposition, raw_type};
	BUF_AUTO struct buf best = BUF_INIT;
	size_t start = out->len;

	*result_out = (struct charset_result){"us-ascii", false, false, false};
	for (size_t i = 0; i < 4 && !is_whole(&best); i++) {
		BUF_AUTO struct buf name = BUF_INIT;
		struct charset_result r;

		if (find_name(raws[i], params[i], hint, &name, &r) < 0)
			return -1;
		if (name.len == 0 || (best.len > 0 && !is_whole(&name)))
			continue;
		buf_clear(&best);
		buf_add(&best, name.data, name.len);
		*result_out = r;
	}
	if (buf_bad(&best) ||
	    params_safe_name(buf_str(&best), best.len, out) != 0)
		return -1;
	return out->len > start;
}
