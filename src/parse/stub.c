/* SPDX-License-Identifier: ISC */
#include "parse/stub.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"

/* A stub has at most so many characters; a phone's signature fewer. */
#define STUB_CHARS 300
#define SHORT_CHARS 40

/* Characters that say something: no blanks, no punctuation. */
static size_t
weight(const char *s, size_t len)
{
	const char *end = s + len;
	size_t n = 0;
	uint32_t cp;

	while (s < end) {
		s += utf8_next(s, end, &cp);
		n += (cp >= '0' && cp <= '9') || (cp | 32) - 'a' < 26 ||
		     (cp >= 0xc0 && cp < 0x2000) ||
		     (cp >= 0x3040 && cp < 0xfe00) ||
		     (cp >= 0xff10 && cp < UINT32_MAX);
	}
	return n;
}

/* Where the letter is to be seen instead. */
static bool
says_elsewhere(const char *s)
{
	static const char *const phrases[] = {"support html", "html format",
	    "html-enabled", "html enabled", "html version", "html mail",
	    "html e-mail", "html email", "view this email", "view it in",
	    "in your browser", "multi-part message in mime",
	    "multipart message in mime", "不支持html", "支持html", "html格式",
	    "html 格式", "支持 html", "HTML邮件", "无法显示此邮件",
	    "在浏览器中查看", "邮件内容无法显示"};

	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
		if (str_icontains(s, phrases[i]) != NULL)
			return true;
	}
	return false;
}

bool
stub_possible(const char *plain, size_t len, bool lost)
{
	return lost ||
	       (len <= 4 * STUB_CHARS && weight(plain, len) <= STUB_CHARS);
}

bool
stub_is(const char *plain, size_t plain_len, bool plain_lost, const char *html,
    size_t html_len, bool html_lost)
{
	size_t p = weight(plain, plain_len), h = weight(html, html_len);

	if (h == 0)
		return false;
	if (p == 0 || (plain_lost && !html_lost))
		return true;
	if (p > STUB_CHARS)
		return false;
	/* The same letter twice weighs the same; what speaks of HTML and is
	 * lighter is about the letter. */
	if (says_elsewhere(plain) ||
	    (str_icontains(plain, "html") != NULL && h > p + SHORT_CHARS))
		return true;
	/* "发自我的手机" or a teaser beside a whole letter. */
	return h >= (p <= SHORT_CHARS ? 3 : 4) * p + SHORT_CHARS;
}
