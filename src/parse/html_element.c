/* SPDX-License-Identifier: ISC */
#include "parse/html_element.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "parse/html_token.h"

/* Bytes of a style, class or id that are looked at. */
#define STYLE_MAX 2000

/* Sorted by name for bsearch(). */
static const struct {
	const char *name;
	uint16_t flags;
} elements[] = {
    {"a", EL_LINK},
    {"address", EL_BLOCK},
    {"area", EL_VOID},
    {"article", EL_BLOCK},
    {"aside", EL_BLOCK},
    {"base", EL_VOID},
    {"blockquote", EL_BLOCK | EL_PARA},
    {"body", EL_BLOCK},
    {"br", EL_VOID},
    {"caption", EL_BLOCK},
    {"center", EL_BLOCK},
    {"col", EL_VOID},
    {"dd", EL_BLOCK},
    {"details", EL_BLOCK},
    {"dir", EL_BLOCK | EL_LIST},
    {"div", EL_BLOCK},
    {"dl", EL_BLOCK},
    {"dt", EL_BLOCK},
    {"embed", EL_VOID},
    {"fieldset", EL_BLOCK},
    {"footer", EL_BLOCK},
    {"form", EL_BLOCK},
    {"frame", EL_VOID},
    {"h1", EL_BLOCK | EL_PARA},
    {"h2", EL_BLOCK | EL_PARA},
    {"h3", EL_BLOCK | EL_PARA},
    {"h4", EL_BLOCK | EL_PARA},
    {"h5", EL_BLOCK | EL_PARA},
    {"h6", EL_BLOCK | EL_PARA},
    {"header", EL_BLOCK},
    {"hr", EL_VOID | EL_BLOCK},
    {"html", EL_BLOCK},
    {"img", EL_VOID},
    {"includetail", EL_BLOCK | EL_QUOTE},
    {"input", EL_VOID},
    {"legend", EL_BLOCK},
    {"li", EL_BLOCK | EL_ITEM},
    {"link", EL_VOID},
    {"main", EL_BLOCK},
    {"math", EL_HIDDEN},
    {"menu", EL_BLOCK | EL_LIST},
    {"meta", EL_VOID},
    {"nav", EL_BLOCK},
    {"noembed", EL_HIDDEN},
    {"ol", EL_BLOCK | EL_LIST | EL_ORDERED},
    {"option", EL_BLOCK},
    {"p", EL_BLOCK | EL_PARA | EL_P},
    {"param", EL_VOID},
    {"pre", EL_BLOCK | EL_PARA | EL_PRE},
    {"script", EL_HIDDEN},
    {"section", EL_BLOCK},
    {"select", EL_BLOCK},
    {"source", EL_VOID},
    {"style", EL_HIDDEN},
    {"summary", EL_BLOCK},
    {"svg", EL_HIDDEN},
    {"table", EL_BLOCK | EL_TABLE},
    {"tbody", 0},
    {"td", EL_CELL},
    {"template", EL_HIDDEN},
    {"textarea", EL_BLOCK | EL_PRE},
    {"tfoot", 0},
    {"th", EL_CELL},
    {"thead", 0},
    {"title", EL_HIDDEN},
    {"tr", EL_BLOCK | EL_ROW},
    {"track", EL_VOID},
    {"ul", EL_BLOCK | EL_LIST},
    {"wbr", EL_VOID},
    {"xml", EL_HIDDEN},
    {"xmp", EL_BLOCK | EL_PRE},
};
#define N_ELEMENTS (sizeof(elements) / sizeof(elements[0]))

static int
compare(const void *key, const void *element)
{
	return strcmp(key, *(const char *const *)element);
}

struct html_element
html_element_find(const char *name)
{
	const char *found =
	    bsearch(name, elements, N_ELEMENTS, sizeof(elements[0]), compare);
	unsigned hash = 0;
	size_t i;

	if (found != NULL) {
		i = (size_t)(found - (const char *)elements) /
		    sizeof(elements[0]);
		return (struct html_element){(uint8_t)i, elements[i].flags};
	}
	for (; *name != '\0'; name++)
		hash = hash * 31 + (unsigned char)*name;
	return (struct html_element){
	    (uint8_t)(N_ELEMENTS + hash % (EL_NAMES - N_ELEMENTS)), 0};
}

/* ---- styles --------------------------------------------------------- */

/* Style text in lower case and without blanks. */
static void
squeeze(struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->len; i++) {
		char c = b->data[i];

		if (c == ' ' || (c >= '\t' && c <= '\r') || c == '\0')
			continue;
		b->data[n++] =
		    c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	buf_cut(b, n);
}

/* The value of a property in squeezed style text, the last one given; NULL if
 * none.  It ends at ';' or '!'. */
static const char *
property(const char *style, const char *name)
{
	const char *found = NULL, *p = style;
	size_t n = strlen(name);

	for (; *p != '\0'; p++) {
		if (strncmp(p, name, n) == 0 && p[n] == ':')
			found = p + n + 1;
		p += strcspn(p, ";");
		if (*p == '\0')
			break;
	}
	return found;
}

static bool
is_value(const char *value, const char *want)
{
	size_t n = strlen(want);

	return value != NULL && strncmp(value, want, n) == 0 &&
	       (value[n] == '\0' || value[n] == ';' || value[n] == '!');
}

/* A length of nothing: "0", "0px", "0.0em", but not "0.9em". */
static bool
is_zero(const char *value)
{
	if (value == NULL || (*value != '0' && *value != '.'))
		return false;
	while (*value == '0' || *value == '.')
		value++;
	return *value < '1' || *value > '9';
}

/* "-9999px": moved off the page. */
static bool
is_far_out(const char *value)
{
	return value != NULL && *value == '-' &&
	       strtol(value, NULL, 10) <= -900;
}

static void
look_at_style(const char *style, struct html_look *look)
{
	const char *value;

	if (is_value(property(style, "display"), "none") ||
	    is_value(property(style, "mso-hide"), "all") ||
	    is_zero(property(style, "opacity")))
		look->hidden = true;
	if (is_zero(property(style, "max-height")) ||
	    (is_zero(property(style, "height")) &&
		is_value(property(style, "overflow"), "hidden")))
		look->hidden = true;
	if (is_far_out(property(style, "left")) ||
	    is_far_out(property(style, "text-indent")))
		look->hidden = true;
	value = property(style, "visibility");
	if (value != NULL)
		look->invisible =
		    is_value(value, "hidden") || is_value(value, "collapse");
	value = property(style, "font-size");
	if (value != NULL)
		look->font_zero = is_zero(value);
	value = property(style, "white-space");
	if (value != NULL && strncmp(value, "pre", 3) == 0)
		look->preserve = true;
	look->no_margin = is_zero(property(style, "margin")) ||
			  is_zero(property(style, "margin-bottom"));
}

/* ---- quotes and signatures ------------------------------------------ */

/* Classes and ids that mailers give to the whole of the quoted history; not
 * those around its heading alone (Outlook's divRplyFwdMsg), which split.c knows
 * by its words, together with all that follows.  "x_" in front comes from
 * a mailer that quotes another one. */
static const char *const quotes[] = {"gmail_quote", "gmail_quote_container",
    "yahoo_quoted", "moz-cite-prefix", "moz-forward-container",
    "protonmail_quote", "isreplycontent", "isforwardcontent",
    "ntes-mailmaster-quote", "mailmaster-quote", "zmail_extra", "includetail",
    "mail-editor-reference-message-container", "origbody", "oribodytable",
    "history-quote-wrapper", "lark-mail-quote", "reply_quote", "tutanota_quote",
    NULL};

static const char *const signatures[] = {"gmail_signature", "moz-signature",
    "ms-outlook-mobile-signature", "mail-signature", "signature",
    "email-signature", "ntes-mailmaster-sign", "spneditorsign",
    "spneditorsign_app", "lark-mail-signature", "protonmail_signature_block",
    "ntes_mail_signature", "mobile_signature", "apple-mail-signature", NULL};

static bool
is_listed(const char *name, size_t len, const char *const *list)
{
	while (len > 2 && memcmp(name, "x_", 2) == 0) {
		name += 2;
		len -= 2;
	}
	for (; *list != NULL; list++)
		if (strlen(*list) == len && strncasecmp(*list, name, len) == 0)
			return true;
	return false;
}

/* Whether one of the blank-separated names is on the list. */
static bool
has_listed(const struct buf *names, const char *const *list)
{
	const char *p = buf_str(names), *q;

	while (*p != '\0') {
		q = p + strcspn(p, " \t\r\n");
		if (is_listed(p, (size_t)(q - p), list))
			return true;
		p = q + strspn(q, " \t\r\n");
	}
	return false;
}

static void
look_at_names(
    const struct html_token *token, const char *name, struct html_look *look)
{
	BUF_AUTO struct buf value = BUF_INIT;

	if (!html_attribute(token, name, STYLE_MAX, &value))
		return;
	look->quote |= has_listed(&value, quotes);
	look->sign |= has_listed(&value, signatures);
	if (str_icontains(buf_str(&value), "MsoNormal") != NULL ||
	    str_icontains(buf_str(&value), "MsoListParagraph") != NULL)
		look->no_margin = true;
}

/* A blockquote is history when it is cited or drawn with a bar at its side;
 * others only indent one's own words. */
static bool
is_cited(const struct html_token *token, const char *style)
{
	BUF_AUTO struct buf value = BUF_INIT;

	if (strcmp(token->name, "blockquote") != 0)
		return false;
	if (html_attribute(token, "cite", 8, &value) ||
	    (html_attribute(token, "type", 8, &value) &&
		str_ieq(buf_str(&value), "cite")))
		return true;
	return strstr(style, "border-left") != NULL ||
	       strstr(style, ".8ex") != NULL;
}

void
html_look_at(const struct html_token *token, struct html_look *look)
{
	BUF_AUTO struct buf style = BUF_INIT;
	BUF_AUTO struct buf value = BUF_INIT;

	*look = (struct html_look){.font_zero = -1, .invisible = -1};
	if (token->attributes_len < 4)
		return;
	if (html_attribute(token, "style", STYLE_MAX, &style)) {
		squeeze(&style);
		look_at_style(buf_str(&style), look);
	}
	look->hidden |= html_attribute(token, "hidden", 8, &value);
	look_at_names(token, "class", look);
	look_at_names(token, "id", look);
	look->quote |= is_cited(token, buf_str(&style));
}
