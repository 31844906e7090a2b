/* SPDX-License-Identifier: ISC */
#include "fetch/say.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"

/* Shorter ones are found in every text. */
#define SECRET_LEAST 4

struct say {
	iconv_t gbk;
};

/* The length written, 0 = it is no GB18030.  A text cut inside its last
 * character, or too long for out, is converted as far as it goes. */
static size_t
convert(struct say *say, const char *raw, size_t len, char *out, size_t size)
{
	char *in = (char *)(size_t)raw, *at = out;

	(void)iconv(say->gbk, NULL, NULL, NULL, NULL);
	if (iconv(say->gbk, &in, &len, &at, &size) == (size_t)-1 &&
	    errno == EILSEQ)
		return 0;
	return (size_t)(at - out);
}

int
say_new(struct say **say_out, struct err *err)
{
	struct say *say = calloc(1, sizeof(*say));
	char out[8];

	if (say == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "no memory");
	say->gbk = iconv_open("UTF-8", "GB18030");
	/* One character loads what is loaded late. */
	if (say->gbk == (iconv_t)-1 ||
	    convert(say, "\xb5\xc7", 2, out, sizeof(out)) != 3) {
		(void)err_errno(err, errno,
		    "character set GB18030 (is libc's gconv complete?)");
		if (say->gbk != (iconv_t)-1)
			(void)iconv_close(say->gbk);
		free(say);
		return -1;
	}
	*say_out = say;
	return 0;
}

void
say_free(struct say **say)
{
	if (*say == NULL)
		return;
	(void)iconv_close((*say)->gbk);
	free(*say);
	*say = NULL;
}

const char *
say_text(struct say *say, const char *raw, const char *secret, char *out,
    size_t size)
{
	size_t n;

	if (strlen(secret) >= SECRET_LEAST && strstr(raw, secret) != NULL)
		raw = "(not shown: it repeats the password)";
	n = utf8_cut(raw, strlen(raw), size - 1);
	if (utf8_valid(raw, n) ||
	    (n = convert(say, raw, strlen(raw), out, size - 1)) == 0) {
		n = utf8_cut(raw, strlen(raw), size - 1);
		memcpy(out, raw, n);
	}
	out[n] = '\0';
	str_make_printable(out);
	return out;
}

bool
say_mentions(const char *text, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (str_icontains(text, *words) != NULL)
			return true;
	}
	return false;
}
