/* SPDX-License-Identifier: ISC */
#include "send/target.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "send/wire.h"

#define SYSTEM_BUNDLE "/etc/ssl/certs/ca-certificates.crt"
#define ALNUM                                                         \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define NAME_CHARS ALNUM "-._:[]"

static bool
is_name(const char *s)
{
	return s[0] != '\0' && s[strspn(s, NAME_CHARS)] == '\0';
}

/* Without control characters, which would end a line or, in XOAUTH2, a
 * field. */
static bool
is_plain(const char *s)
{
	for (; *s != '\0'; s++) {
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	}
	return true;
}

/* The host of "host", "host:port" or "[v6]:port" is this machine. */
static bool
is_loopback(const char *target, bool with_port)
{
	char host[MAX_HOST_BYTES + 1];
	const char *end = strrchr(target, with_port ? ':' : '\0');
	struct in_addr v4;
	size_t len;

	len = end != NULL ? (size_t)(end - target) : strlen(target);
	if (len > 2 && target[0] == '[' && target[len - 1] == ']') {
		target++;
		len -= 2;
	}
	if (len >= sizeof(host))
		return false;
	memcpy(host, target, len);
	host[len] = '\0';
	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return str_ieq(host, "localhost") || strcmp(host, "::1") == 0;
}

static int
refuse(struct err *err, const char *what)
{
	return err_set(err, ERR_CONF, ERR_OWN, 0, "smtp: %s", what);
}

static int
check_login(const struct send_start *conf, struct err *err)
{
	if (conf->auth == SEND_AUTH_NONE)
		return 0;
	if (conf->user[0] == '\0' || conf->secret[0] == '\0')
		return refuse(err, "set user and secret, or auth = none");
	if (!is_plain(conf->user) || !is_plain(conf->secret))
		return refuse(err,
		    "user or secret holds a line end or another control "
		    "character: look for one at the end of the secret's file");
	return 0;
}

int
target_check(const struct send_start *conf, struct err *err)
{
	bool local = conf->connect_to[0] != '\0'
	    ? is_loopback(conf->connect_to, true)
	    : is_loopback(conf->host, false);

	if (!is_name(conf->host))
		return refuse(err, "host is no host name or address");
	if (!is_name(conf->helo))
		return refuse(err, "helo is no host name or address literal");
	if (conf->connect_to[0] != '\0' && !is_name(conf->connect_to))
		return refuse(err, "connect_to is not address:port");
	if (conf->tls == SEND_TLS_NONE && !local)
		return refuse(err,
		    "tls = none is for a server on this machine only: set "
		    "tls = implicit (port 465) or starttls (port 587)");
	return check_login(conf, err);
}

void
target_url(const struct send_start *conf, struct buf *out)
{
	bool v6 = strchr(conf->host, ':') != NULL && conf->host[0] != '[';

	buf_addf(out, "%s://%s%s%s:%u/%s",
	    conf->tls == SEND_TLS_IMPLICIT ? "smtps" : "smtp", v6 ? "[" : "",
	    conf->host, v6 ? "]" : "", conf->port, conf->helo);
}

int
target_connect_to(const struct send_start *conf, struct curl_slist **out)
{
	struct buf BUF_AUTO line = BUF_INIT;

	if (conf->connect_to[0] == '\0')
		return 0;
	buf_addf(&line, "::%s", conf->connect_to);
	*out = buf_bad(&line) ? NULL : curl_slist_append(NULL, buf_str(&line));
	return *out != NULL ? 0 : -1;
}

const char *
target_ca_file(const struct send_start *conf)
{
	return conf->ca_file[0] != '\0' ? conf->ca_file : SYSTEM_BUNDLE;
}

bool
target_address_ok(const char *address)
{
	const char *at = strrchr(address, '@');
	size_t len = strlen(address);

	if (len > MAX_ADDRESS_BYTES || at == NULL || at == address ||
	    at[1] == '\0')
		return false;
	for (const char *s = address; *s != '\0'; s++) {
		if (*s <= 0x20 || *s >= 0x7f || *s == '<' || *s == '>')
			return false;
	}
	return true;
}

bool
target_lines_ok(const char *data, size_t len)
{
	const char *end = data + len, *cr;

	if (memchr(data, '\0', len) != NULL)
		return false;
	/* From CR to CR: each before an LF, and no LF between. */
	for (; (cr = memchr(data, '\r', (size_t)(end - data))) != NULL;
	     data = cr + 2)
		if (cr + 1 == end || cr[1] != '\n' ||
		    memchr(data, '\n', (size_t)(cr - data)) != NULL)
			return false;
	return memchr(data, '\n', (size_t)(end - data)) == NULL;
}
