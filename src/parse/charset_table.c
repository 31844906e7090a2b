/* SPDX-License-Identifier: ISC */
#include "parse/charset_table.h"

#include <string.h>

#include "parse/charset_more.h"

/* Subsets stand under their superset: gb2312 under gb18030 and so on, because
 * mailers write the old name over bytes of the new one. */
static const struct charset charsets[CS_COUNT] = {
    [CS_ASCII] = {"us-ascii", NULL, KIND_ASCII},
    [CS_UTF8] = {"utf-8", NULL, KIND_UTF8},
    [CS_UTF16] = {"utf-16", NULL, KIND_UTF16},
    [CS_UTF16BE] = {"utf-16be", NULL, KIND_UTF16},
    [CS_UTF16LE] = {"utf-16le", NULL, KIND_UTF16},
    [CS_UTF32] = {"utf-32", NULL, KIND_UTF32},
    [CS_UTF32BE] = {"utf-32be", NULL, KIND_UTF32},
    [CS_UTF32LE] = {"utf-32le", NULL, KIND_UTF32},
    [CS_UTF7] = {"utf-7", "UTF-7", KIND_STATE},
    [CS_GB18030] = {"gb18030", "GB18030", KIND_GB},
    [CS_HZ] = {"hz-gb-2312", NULL, KIND_HZ},
    /* Not ISO-2022-CN-EXT: glibc's converter wrote out of bounds once
     * (CVE-2024-2961), and no mail is known to need it. */
    [CS_ISO2022CN] = {"iso-2022-cn", "ISO-2022-CN", KIND_STATE},
    [CS_BIG5] = {"big5-hkscs", "BIG5-HKSCS", KIND_BIG5},
    [CS_CP950] = {"big5", "CP950", KIND_BIG5},
    [CS_EUCTW] = {"euc-tw", "EUC-TW", KIND_MULTI},
    [CS_SJIS] = {"windows-31j", "CP932", KIND_MULTI},
    [CS_EUCJP] = {"euc-jp", "EUC-JP-MS", KIND_MULTI},
    [CS_ISO2022JP] = {"iso-2022-jp", "ISO-2022-JP-2", KIND_STATE},
    [CS_CP949] = {"cp949", "CP949", KIND_MULTI},
    [CS_JOHAB] = {"johab", "JOHAB", KIND_MULTI},
    [CS_ISO2022KR] = {"iso-2022-kr", "ISO-2022-KR", KIND_STATE},
    [CS_1252] = {"windows-1252", "WINDOWS-1252", KIND_LATIN},
    [CS_1250] = {"windows-1250", "WINDOWS-1250", KIND_SINGLE},
    [CS_1251] = {"windows-1251", "WINDOWS-1251", KIND_SINGLE},
    [CS_1253] = {"windows-1253", "WINDOWS-1253", KIND_SINGLE},
    [CS_1254] = {"windows-1254", "WINDOWS-1254", KIND_SINGLE},
    [CS_1255] = {"windows-1255", "WINDOWS-1255", KIND_SINGLE},
    [CS_1256] = {"windows-1256", "WINDOWS-1256", KIND_SINGLE},
    [CS_1257] = {"windows-1257", "WINDOWS-1257", KIND_SINGLE},
    [CS_1258] = {"windows-1258", "WINDOWS-1258", KIND_SINGLE},
    [CS_874] = {"windows-874", "CP874", KIND_SINGLE},
    [CS_8859_2] = {"iso-8859-2", "ISO-8859-2", KIND_SINGLE},
    [CS_8859_3] = {"iso-8859-3", "ISO-8859-3", KIND_SINGLE},
    [CS_8859_4] = {"iso-8859-4", "ISO-8859-4", KIND_SINGLE},
    [CS_8859_5] = {"iso-8859-5", "ISO-8859-5", KIND_SINGLE},
    [CS_8859_6] = {"iso-8859-6", "ISO-8859-6", KIND_SINGLE},
    [CS_8859_7] = {"iso-8859-7", "ISO-8859-7", KIND_SINGLE},
    [CS_8859_8] = {"iso-8859-8", "ISO-8859-8", KIND_SINGLE},
    [CS_8859_10] = {"iso-8859-10", "ISO-8859-10", KIND_SINGLE},
    [CS_8859_13] = {"iso-8859-13", "ISO-8859-13", KIND_SINGLE},
    [CS_8859_14] = {"iso-8859-14", "ISO-8859-14", KIND_SINGLE},
    [CS_8859_15] = {"iso-8859-15", "ISO-8859-15", KIND_SINGLE},
    [CS_8859_16] = {"iso-8859-16", "ISO-8859-16", KIND_SINGLE},
    [CS_KOI8R] = {"koi8-r", "KOI8-R", KIND_SINGLE},
    [CS_KOI8U] = {"koi8-u", "KOI8-U", KIND_SINGLE},
    [CS_IBM437] = {"ibm437", "IBM437", KIND_SINGLE},
    [CS_IBM850] = {"ibm850", "IBM850", KIND_SINGLE},
    [CS_IBM852] = {"ibm852", "IBM852", KIND_SINGLE},
    [CS_IBM866] = {"ibm866", "IBM866", KIND_SINGLE},
    [CS_MACINTOSH] = {"macintosh", "MACINTOSH", KIND_SINGLE},
    [CS_MACCYRILLIC] = {"x-mac-cyrillic", "MAC-CYRILLIC", KIND_SINGLE},
    [CS_VISCII] = {"viscii", "VISCII", KIND_SINGLE},
    [CS_TCVN] = {"tcvn", "TCVN", KIND_SINGLE},
};

/* Names reduced to letters and digits, each list closed by an empty one. */
#define NAMES(id, ...) \
	{ \
		id, \
		{ \
			__VA_ARGS__ \
		} \
	}
static const struct {
	enum charset_id id;
	const char *names[24];
} aliases[] = {
    NAMES(CS_UTF8, "utf8", "xutf8", "unicode11utf8", "unicode20utf8", "utf8mb4",
	"cp65001", "65001", "windows65001", "csutf8", "utf8n", "iso10646utf8",
	"utf8bom", "xunicode20utf8"),
    NAMES(CS_ASCII, "usascii", "ascii", "ansix341968", "ansix341986",
	"iso646us", "us", "csascii", "iso646irv1991", "cp367", "ibm367",
	"isoir6", "7bit", "ansix34", "xusascii"),
    NAMES(CS_GB18030, "gb18030", "gbk", "gb2312", "cp936", "xgbk", "cngb",
	"gb231280", "windows936", "ms936", "936", "chinese", "csgb2312",
	"csgb231280", "csiso58gb231280", "isoir58", "euccn", "xeuccn",
	"gb180302000", "gb180302005", "gb13000", "cngb12345", "csgbk",
	"xmacchinesesimp"),
    NAMES(CS_GB18030, "gb", "zhcn", "xgb", "xgb2312", "xgb18030", "gb2312gbk",
	"csgb18030", "ibm936", "xcp936", "chinesesimplified", "gbk2312",
	"xwindows936", "gbk2k", "cp54936", "gb180302022", "gb2312charset"),
    NAMES(CS_HZ, "hz", "hzgb2312", "hzgb231280", "xhz", "cshzgb2312", "hzgb"),
    NAMES(CS_ISO2022CN, "iso2022cn", "iso2022cnext", "csiso2022cn",
	"csiso2022cnext", "xiso2022cn"),
    NAMES(CS_BIG5, "big5", "big5hkscs", "cnbig5", "csbig5", "xxbig5", "xbig5",
	"cp950", "windows950", "ms950", "950", "big5eten", "bigfive",
	"big5hkscs2004", "zhtw", "xmacchinesetrad", "big5tw", "csbig5hkscs",
	"xwindows950", "cp951", "big5hk", "ibm950"),
    NAMES(CS_EUCTW, "euctw", "xeuctw", "cseuctw", "cns11643", "xcns11643"),
    NAMES(CS_SJIS, "shiftjis", "sjis", "xsjis", "mskanji", "cp932",
	"windows31j", "windows932", "ms932", "932", "csshiftjis",
	"cswindows31j", "xmsjis", "xshiftjis", "shiftjis2004", "ibm943",
	"xwindows31j"),
    NAMES(CS_EUCJP, "eucjp", "xeucjp", "xeuc", "ujis", "eucjpms", "cp51932",
	"cseucpkdfmtjapanese", "extendedunixcodepackedformatforjapanese",
	"eucjpwin", "euc"),
    NAMES(CS_ISO2022JP, "iso2022jp", "iso2022jp1", "iso2022jp2", "iso2022jpms",
	"csiso2022jp", "csiso2022jp2", "cp50220", "cp50221", "cp50222", "jis",
	"jis7"),
    NAMES(CS_CP949, "cp949", "ksc56011987", "ksc5601", "ksc56011989", "euckr",
	"korean", "cseuckr", "csksc56011987", "isoir149", "windows949", "ms949",
	"949", "uhc", "xwindows949", "xeuckr", "ks5601", "ksx1001", "cp51949",
	"xksc5601"),
    NAMES(CS_JOHAB, "johab", "cp1361", "xjohab", "ms1361"),
    NAMES(CS_ISO2022KR, "iso2022kr", "csiso2022kr", "cp50225"),
    NAMES(CS_UTF7, "utf7", "unicode11utf7", "unicode20utf7", "xunicode20utf7",
	"csunicode11utf7", "cp65000"),
    NAMES(CS_UTF16, "utf16", "unicode", "ucs2", "iso10646ucs2", "csunicode",
	"csutf16"),
    NAMES(CS_UTF16LE, "utf16le", "unicodelittle", "ucs2le", "cp1200",
	"unicodefffe", "csutf16le"),
    NAMES(CS_UTF16BE, "utf16be", "unicodebig", "ucs2be", "cp1201",
	"unicodefeff", "csutf16be"),
    NAMES(CS_UTF32, "utf32", "ucs4", "iso10646ucs4", "csutf32"),
    NAMES(CS_UTF32LE, "utf32le", "ucs4le", "csutf32le"),
    NAMES(CS_UTF32BE, "utf32be", "ucs4be", "csutf32be"),
    NAMES(CS_1252, "windows1252", "iso88591", "cp1252", "latin1", "l1",
	"isolatin1", "iso885911987", "isoir100", "cp819", "ibm819", "msansi",
	"xcp1252", "88591", "cswindows1252", "ansi", "1252", "western", "xansi",
	"win1252"),
    NAMES(
	CS_1250, "windows1250", "cp1250", "xcp1250", "msee", "1250", "win1250"),
    NAMES(CS_1251, "windows1251", "cp1251", "xcp1251", "mscyrl", "1251",
	"win1251"),
    NAMES(CS_1253, "windows1253", "cp1253", "xcp1253", "msgreek"),
    NAMES(CS_1254, "windows1254", "cp1254", "xcp1254", "msturk", "iso88599",
	"latin5", "l5", "iso885991989", "isoir148", "csisolatin5"),
    NAMES(CS_1255, "windows1255", "cp1255", "xcp1255", "mshebr"),
    NAMES(CS_1256, "windows1256", "cp1256", "xcp1256", "msarab"),
    NAMES(CS_1257, "windows1257", "cp1257", "xcp1257", "winbaltrim"),
    NAMES(CS_1258, "windows1258", "cp1258", "xcp1258"),
    NAMES(CS_874, "windows874", "tis620", "iso885911", "cp874", "dos874",
	"tis62025330", "xwindows874", "tis6200", "ibm874"),
    NAMES(CS_8859_2, "iso88592", "latin2", "l2", "iso885921987", "isoir101",
	"csisolatin2"),
    NAMES(CS_8859_3, "iso88593", "latin3", "l3", "iso885931988", "isoir109"),
    NAMES(CS_8859_4, "iso88594", "latin4", "l4", "iso885941988", "isoir110"),
    NAMES(CS_8859_5, "iso88595", "cyrillic", "iso885951988", "isoir144"),
    NAMES(CS_8859_6, "iso88596", "arabic", "iso885961987", "isoir127",
	"iso88596e", "iso88596i", "asmo708"),
    NAMES(CS_8859_7, "iso88597", "greek", "iso885971987", "isoir126", "greek8",
	"suneugreek"),
    NAMES(CS_8859_8, "iso88598", "iso88598i", "iso88598e", "hebrew", "logical",
	"visual", "iso885981988", "isoir138"),
    NAMES(CS_8859_10, "iso885910", "latin6", "l6", "isoir157"),
    NAMES(CS_8859_13, "iso885913", "latin7"),
    NAMES(CS_8859_14, "iso885914", "latin8", "isoceltic"),
    NAMES(CS_8859_15, "iso885915", "latin9", "l9"),
    NAMES(CS_8859_16, "iso885916", "latin10"),
    NAMES(CS_KOI8R, "koi8r", "koi8", "koi", "cskoi8r", "cp20866", "xkoi8r"),
    NAMES(CS_KOI8U, "koi8u", "koi8ru", "cp21866"),
    NAMES(CS_IBM437, "ibm437", "cp437", "437", "cspc8codepage437"),
    NAMES(CS_IBM850, "ibm850", "cp850", "850"),
    NAMES(CS_IBM852, "ibm852", "cp852", "852"),
    NAMES(CS_IBM866, "ibm866", "cp866", "866", "csibm866"),
    NAMES(CS_MACINTOSH, "macintosh", "mac", "xmacroman", "macroman",
	"csmacintosh", "xmac"),
    NAMES(CS_MACCYRILLIC, "xmaccyrillic", "maccyrillic", "xmacukrainian"),
    NAMES(CS_VISCII, "viscii", "csviscii", "viscii111"),
    NAMES(CS_SJIS, "sjisopen", "sjiswin", "csibm943"),
    NAMES(CS_EUCJP, "osf00030010", "eucjpopen"),
    NAMES(CS_CP949, "osf0004000a", "mscp949", "osf100203b5"),
    NAMES(CS_EUCTW, "osf0005000a"),
    NAMES(CS_IBM437, "osf100201b5"),
    NAMES(CS_IBM850, "cspc850multilingual", "osf10020352"),
    NAMES(CS_IBM852, "cspcp852", "osf10020354"),
    NAMES(CS_1252, "csisolatin1", "osf00010001"),
    NAMES(CS_8859_10, "csisolatin6", "iso8859101992", "osf0001000a"),
    NAMES(CS_8859_13, "baltic", "isoir179"),
    NAMES(CS_8859_14, "iso8859141998", "isoir199"),
    NAMES(CS_8859_15, "iso8859151998", "isoir203"),
    NAMES(CS_8859_16, "iso8859162001", "isoir226"),
    NAMES(CS_8859_2, "88592", "cp912", "ibm912", "osf00010002"),
    NAMES(CS_8859_3, "88593", "csisolatin3", "osf00010003"),
    NAMES(CS_8859_4, "88594", "csisolatin4", "osf00010004"),
    NAMES(CS_8859_5, "88595", "cp915", "csisolatincyrillic", "ibm915",
	"osf00010005"),
    NAMES(CS_8859_6, "88596", "cp1089", "csisolatinarabic", "ecma114",
	"ibm1089", "osf00010006"),
    NAMES(CS_8859_7, "88597", "cp813", "csisolatingreek", "ecma118", "elot928",
	"ibm813", "iso885972003", "osf00010007"),
    NAMES(CS_8859_8, "88598", "cp916", "csisolatinhebrew", "ibm916",
	"osf00010008"),
    NAMES(CS_1254, "88599", "cp920", "ecma128", "ibm920", "osf00010009",
	"ts5881"),
    NAMES(CS_JOHAB, "mscp1361"),
    NAMES(CS_TCVN, "tcvn571211993"),
    NAMES(CS_874, "isoir166", "tis62025291"),
    NAMES(CS_TCVN, "tcvn", "tcvn5712", "xvietnamesetcvn", "tcvn57121"),
};

/* Longest reduced name above, and a little room. */
#define NAME_ROOM 48

const struct charset *
charset_get(enum charset_id id)
{
	return (int)id < CS_COUNT ? &charsets[id]
				  : charset_more_get((size_t)id - CS_COUNT);
}

/* Keeps letters and digits; a '*' starts the language of RFC 2231 section 5.
 * Returns the length, 0 for what cannot be a name. */
static size_t
reduce(const char *label, size_t len, char out[NAME_ROOM])
{
	size_t n = 0;
	char c;

	for (size_t i = 0; i < len; i++) {
		c = label[i];
		if (c == '*')
			break;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		else if (strchr(" \t\r\n\"'`;,._-:()/\\=<>", c) != NULL)
			continue;
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) ||
		    n + 1 >= NAME_ROOM)
			return 0;
		out[n++] = c;
	}
	out[n] = '\0';
	return n;
}

enum charset_id
charset_find(const char *label, size_t len)
{
	char name[NAME_ROOM];
	size_t i_more;

	if (reduce(label, len, name) == 0)
		return CS_NONE;
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		for (const char *const *p = aliases[i].names; *p != NULL; p++)
			if (strcmp(*p, name) == 0)
				return aliases[i].id;
	i_more = charset_more_find(name);
	return i_more < charset_more_count()
		   ? (enum charset_id)(CS_COUNT + (int)i_more)
		   : CS_NONE;
}
