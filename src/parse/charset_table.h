/* SPDX-License-Identifier: ISC */
#ifndef PARSE_CHARSET_TABLE_H
#define PARSE_CHARSET_TABLE_H

#include <stddef.h>

/* The charsets that exist for us, and the names that mails give them. */

enum charset_kind {
	KIND_ASCII,
	KIND_UTF8,
	KIND_UTF16, /* all orders */
	KIND_UTF32, /* all orders */
	KIND_STATE, /* 7-bit with escapes: ISO-2022-*, UTF-7 */
	KIND_HZ,
	KIND_GB,
	KIND_BIG5,
	KIND_MULTI, /* the other 8-bit multi-byte ones of East Asia */
	KIND_LATIN, /* windows-1252: what "iso-8859-1" means in practice */
	KIND_SINGLE,
};

enum charset_id {
	CS_NONE = -1,
	CS_ASCII,
	CS_UTF8,
	CS_UTF16,
	CS_UTF16BE,
	CS_UTF16LE,
	CS_UTF32,
	CS_UTF32BE,
	CS_UTF32LE,
	CS_UTF7,
	CS_GB18030,
	CS_HZ,
	CS_ISO2022CN,
	CS_BIG5,
	CS_CP950,
	CS_EUCTW,
	CS_SJIS,
	CS_EUCJP,
	CS_ISO2022JP,
	CS_CP949,
	CS_JOHAB,
	CS_ISO2022KR,
	CS_1252,
	CS_FIRST_SINGLE,
	CS_1250 = CS_FIRST_SINGLE,
	CS_1251,
	CS_1253,
	CS_1254,
	CS_1255,
	CS_1256,
	CS_1257,
	CS_1258,
	CS_874,
	CS_8859_2,
	CS_8859_3,
	CS_8859_4,
	CS_8859_5,
	CS_8859_6,
	CS_8859_7,
	CS_8859_8,
	CS_8859_10,
	CS_8859_13,
	CS_8859_14,
	CS_8859_15,
	CS_8859_16,
	CS_KOI8R,
	CS_KOI8U,
	CS_IBM437,
	CS_IBM850,
	CS_IBM852,
	CS_IBM866,
	CS_MACINTOSH,
	CS_MACCYRILLIC,
	CS_VISCII,
	CS_TCVN,
	CS_COUNT
};

struct charset {
	const char *name;	/* given out: IANA name, lower case */
	const char *iconv_name; /* glibc's name; NULL = decoded by us */
	enum charset_kind kind;
};

/* id must be one of the list, not CS_NONE. */
const struct charset *charset_get(enum charset_id id);
/* Finds a label as a mail writes it (see charset_canonical()). */
enum charset_id charset_find(const char *label, size_t len);

#endif
