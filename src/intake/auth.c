/* SPDX-License-Identifier: ISC */
#include "intake/auth.h"

#include <string.h>

#include "base/str.h"

/* Longest value that is compared: a domain or an address. */
#define VALUE_BYTES 320

/* Blanks and comments, which nest and quote (RFC 5322 section 3.2.2). */
static const char *
skip_cfws(const char *p)
{
	int depth = 0;

	for (; *p != '\0'; p++) {
		if (*p == '(')
			depth++;
		else if (*p == ')' && depth > 0)
			depth--;
		else if (*p == '\\' && depth > 0 && p[1] != '\0')
			p++;
		else if (depth == 0 && strchr(" \t\r\n", *p) == NULL)
			break;
	}
	return p;
}

/* A token or a quoted string; what it was is in out, cut.  p where nothing of
 * the kind stands. */
static const char *
take_value(const char *p, char out[VALUE_BYTES])
{
	bool quoted = *p == '"';
	size_t n = 0;

	for (p += quoted; *p != '\0'; p++) {
		if (quoted ? *p == '"' : strchr(" \t\r\n;=()\"", *p) != NULL)
			break;
		if (quoted && *p == '\\' && p[1] != '\0')
			p++;
		if (!quoted && (*p == '<' || *p == '>'))
			continue; /* some write <address> */
		if (n < VALUE_BYTES - 1)
			out[n++] = *p;
	}
	out[n] = '\0';
	return p + (quoted && *p == '"');
}

/* "name = value"; NULL when there is none at p.  Brackets are let pass around
 * a value alone: "dm<arc" is no method. */
static const char *
take_pair(const char *p, char name[VALUE_BYTES], char value[VALUE_BYTES])
{
	const char *q = take_value(p, name);

	if (q == p || memchr(p, '<', (size_t)(q - p)) != NULL ||
	    memchr(p, '>', (size_t)(q - p)) != NULL)
		return NULL;
	q = skip_cfws(q);
	if (*q != '=')
		return NULL;
	return take_value(skip_cfws(q + 1), value);
}

/* The domain of an address, of "@domain" or of a bare domain. */
static const char *
domain_of(const char *s)
{
	const char *at = strrchr(s, '@');

	return at == NULL ? s : at + 1;
}

static bool
is_below(const char *sub, const char *domain)
{
	size_t n = strlen(sub), len = strlen(domain);

	return n > len && sub[n - len - 1] == '.' &&
	       str_ieq(sub + n - len, domain);
}

/* com vouches for nobody. */
static bool
is_aligned(const char *value, const char *from)
{
	const char *a = domain_of(value), *b = domain_of(from);

	if (*b == '\0' || strchr(a, '.') == NULL)
		return false;
	return str_ieq(a, b) || is_below(a, b) || is_below(b, a);
}

/* Which property of a method names the domain that it is about. */
static bool
is_about(const char *method, const char *property)
{
	if (str_ieq(method, "dmarc"))
		return str_ieq(property, "header.from");
	if (str_ieq(method, "spf"))
		return str_ieq(property, "smtp.mailfrom") ||
		       str_ieq(property, "smtp.mail");
	return str_ieq(method, "dkim") &&
	       (str_ieq(property, "header.d") || str_ieq(property, "header.i"));
}

/* One "method=result property=value …"; *end_out is at its ';' or the end. */
static bool
reads_pass(const char *p, const char *from, const char **end_out)
{
	char method[VALUE_BYTES], result[VALUE_BYTES], name[VALUE_BYTES],
	    value[VALUE_BYTES];
	bool pass, aligned = false, named = false;

	p = take_pair(p, method, result);
	if (p == NULL) {
		*end_out = NULL;
		return false;
	}
	method[strcspn(method, "/")] = '\0'; /* dkim/1 */
	pass = str_ieq(result, "pass");
	for (p = skip_cfws(p); *p != '\0' && *p != ';'; p = skip_cfws(p)) {
		p = take_pair(p, name, value);
		if (p == NULL) {
			*end_out = NULL;
			return false;
		}
		if (is_about(method, name)) {
			named = true;
			aligned |= is_aligned(value, from);
		}
	}
	*end_out = p;
	if (str_ieq(method, "dmarc"))
		return pass && (aligned || !named);
	return pass && aligned;
}

bool
auth_vouches(const char *results, const char *authserv_id, const char *from)
{
	char id[VALUE_BYTES];
	const char *p = take_value(skip_cfws(results), id);
	bool vouches = false;

	if (authserv_id[0] == '\0' || !str_ieq(id, authserv_id))
		return false;
	p = skip_cfws(p);
	p += strspn(p, "0123456789"); /* version */
	for (p = skip_cfws(p); p != NULL && *p == ';'; p = skip_cfws(p)) {
		p = skip_cfws(p + 1);
		if (*p == '\0')
			break;
		vouches |= reads_pass(p, from, &p);
		if (p == NULL)
			return vouches;
	}
	return vouches;
}
