/* SPDX-License-Identifier: ISC */
#ifndef PARSE_HTML_H
#define PARSE_HTML_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * HTML → text as a reader sees it: paragraphs, lines, lists, table rows, link
 * targets and the words of images stay; styles, scripts, comments, tracking
 * pixels and hidden text go.  Work is linear in the input.
 */

/* Called for every link with a web address: its target and its text. */
typedef void html_link_fn(void *arg, const char *url, const char *text);

struct html_options {
	html_link_fn *on_link; /* NULL = nobody asks */
	void *arg;
};

/* Finds the charset that a document names for itself (<meta charset>, <meta
 * http-equiv content>, <?xml encoding?>) in its first bytes.  Counts only when
 * the MIME label is missing.  Writes the name as it stands (cut to the room)
 * and returns 1, or returns 0. */
int html_meta_charset(const void *raw, size_t len, char *name_out, size_t size);

/* Appends the text of a document in UTF-8 (charset_decode first), at most max
 * bytes; *cut_out says whether there was more.  The text is tidy in the sense
 * of text_tidy(), except for the marks of split.h around quoted history and
 * signatures.  options may be NULL.  Returns -1 only when memory is out. */
int html_text(const char *html, size_t len, size_t max,
    const struct html_options *options, struct buf *out, bool *cut_out);

#endif
