/* SPDX-License-Identifier: ISC */
#ifndef PARSE_STUB_H
#define PARSE_STUB_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Some mailers put a mere stub ("your client cannot show HTML") beside the
 * HTML that holds the letter.  All texts are tidy UTF-8; `lost` says that
 * characters of it could not be decoded.
 */

/* Whether the plain text alone leaves a doubt that the HTML must settle. */
bool stub_possible(const char *plain, size_t len, bool lost);

/* Whether the HTML's text is to be taken in the plain text's place. */
bool stub_is(const char *plain, size_t plain_len, bool plain_lost,
    const char *html, size_t html_len, bool html_lost);

#endif
