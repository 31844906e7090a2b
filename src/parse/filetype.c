/* SPDX-License-Identifier: ISC */
#include "parse/filetype.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include <magic.h>

#include "base/err.h"
#include "base/str.h"
#include "parse/message.h"

/* How much of a file is looked at; types show in the first bytes. */
#define LOOK_BYTES (512UL << 10)
#define UNKNOWN "application/octet-stream"

/* One of the room's process-wide handles: opened before the sandbox closes,
 * read-only afterwards. */
static magic_t cookie;

int
filetype_init(struct err *err)
{
	size_t look = LOOK_BYTES;

	/* No decompression: it would fork, and what is inside of an archive
	 * is none of our business. */
	cookie = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS |
			    MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_CSV |
			    MAGIC_NO_CHECK_JSON);
	if (cookie == NULL)
		return err_set(
		    err, ERR_SYSTEM, ERR_OWN, 0, "magic_open failed");
	if (magic_load(cookie, NULL) < 0) {
		(void)err_set(err, ERR_CONF, ERR_OWN, 0,
		    "no magic database (package libmagic-mgc): %s",
		    magic_error(cookie));
		filetype_done();
		return -1;
	}
	(void)magic_setparam(cookie, MAGIC_PARAM_BYTES_MAX, &look);
	/* What is compiled lazily; the zone's file, for a zip's date. */
	tzset();
	(void)filetype_of("warm up", 7);
	return 0;
}

void
filetype_done(void)
{
	if (cookie != NULL)
		magic_close(cookie);
	cookie = NULL;
}

const char *
filetype_of(const void *data, size_t len)
{
	const char *type = cookie != NULL && len > 0
			       ? magic_buffer(cookie, data,
				     len < LOOK_BYTES ? len : LOOK_BYTES)
			       : NULL;

	if (type == NULL && cookie != NULL && magic_errno(cookie) == ENOMEM)
		return NULL;
	/* libmagic says "cannot open …" and the like without a slash. */
	return type != NULL && strchr(type, '/') != NULL ? type : UNKNOWN;
}

static bool
listed(const char *s, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (str_ieq(s, *list))
			return true;
	}
	return false;
}

uint32_t
filetype_flags(const char *type, const char *name)
{
	static const char *const run_types[] = {"application/x-dosexec",
	    "application/vnd.microsoft.portable-executable",
	    "application/x-executable", "application/x-pie-executable",
	    "application/x-sharedlib", "application/x-object",
	    "application/x-mach-binary", "application/x-msdownload",
	    "application/x-ms-shortcut", "application/x-msi",
	    "application/java-archive", "application/x-java-applet",
	    "application/javascript", "text/javascript", "text/x-shellscript",
	    "text/x-msdos-batch", "text/x-python", "text/x-perl",
	    "text/x-script.python", "text/x-powershell", "text/vbscript",
	    "application/vnd.android.package-archive",
	    "application/x-ms-application", NULL};
	static const char *const run_names[] = {"exe", "com", "scr", "pif",
	    "bat", "cmd", "vbs", "vbe", "js", "jse", "wsf", "wsh", "wsc", "hta",
	    "msi", "msp", "mst", "ps1", "psm1", "jar", "apk", "lnk", "cpl",
	    "reg", "dll", "sys", "ocx", "gadget", "inf", "scf", "url", "sh",
	    "py", "pl", "rb", "elf", "run", "app", "ipa", "chm", "hlp",
	    "application", "appref-ms", "xll", "library-ms", NULL};
	static const char *const pack_types[] = {"application/zip",
	    "application/x-rar", "application/vnd.rar",
	    "application/x-7z-compressed", "application/gzip",
	    "application/x-gzip", "application/x-bzip2", "application/x-bzip",
	    "application/x-xz", "application/x-lzma", "application/x-tar",
	    "application/zstd", "application/x-zstd", "application/x-lz4",
	    "application/vnd.ms-cab-compressed", "application/x-arj",
	    "application/x-lzh", "application/x-lzh-compressed",
	    "application/x-compress", "application/x-iso9660-image",
	    "application/x-archive", "application/x-cpio",
	    "application/x-ace-compressed", NULL};
	static const char *const pack_names[] = {"zip", "rar", "7z", "gz",
	    "tgz", "bz2", "xz", "tar", "zst", "lz4", "cab", "arj", "lzh", "lha",
	    "z", "iso", "img", "vhd", "vhdx", "ace", "zipx", "001", NULL};
	const char *dot = strrchr(name, '.');
	const char *end = dot != NULL ? dot + 1 : "";
	uint32_t flags = 0;

	if (str_istarts(type, "image/"))
		flags |= ATT_IMAGE;
	if (listed(type, run_types) || listed(end, run_names))
		flags |= ATT_EXECUTABLE;
	if (listed(type, pack_types) || listed(end, pack_names))
		flags |= ATT_ARCHIVE;
	return flags;
}
