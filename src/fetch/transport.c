/* SPDX-License-Identifier: ISC */
#include "fetch/transport.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <curl/curl.h>

#include "base/err.h"
#include "base/expiry.h"
#include "base/str.h"
#include "fetch/say.h"
#include "fetch/wire.h"

/* One file: with the folder beside it every connection would parse the same
 * 140 certificates once more, one file at a time (18 ms against 49 ms). */
#define SYSTEM_CA "/etc/ssl/certs/ca-certificates.crt"

struct transport {
	CURL *easy;
	struct curl_slist *connect_to;
	int fd;
	char error[CURL_ERROR_SIZE];
	char bye[400]; /* what a server says that does not want us */
	transport_quit_fn *quit;
	void *arg;
};

int
transport_init(struct err *err)
{
	CURLcode rc = curl_global_init(CURL_GLOBAL_DEFAULT);

	if (rc != CURLE_OK)
		return err_set(err, ERR_SYSTEM, ERR_CURL, (int)rc,
		    "libcurl does not start: %s", curl_easy_strerror(rc));
	return 0;
}

void
transport_close(struct transport **t)
{
	if (*t == NULL)
		return;
	curl_easy_cleanup((*t)->easy);
	curl_slist_free_all((*t)->connect_to);
	free(*t);
	*t = NULL;
}

/* ---- options ------------------------------------------------------------ */

static int
on_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct transport *t = arg;

	(void)a, (void)b, (void)c, (void)d;
	return t->quit(t->arg);
}

/* The lines of the server's greeting; a BYE says why we are not wanted. */
static size_t
on_header(char *line, size_t size, size_t n, void *arg)
{
	struct transport *t = arg;
	size_t len;

	n *= size;
	if (n < 6 || strncasecmp(line, "* BYE ", 6) != 0)
		return n;
	len = n - 6 < sizeof(t->bye) ? n - 6 : sizeof(t->bye) - 1;
	memcpy(t->bye, line + 6, len);
	t->bye[len] = '\0';
	t->bye[strcspn(t->bye, "\r\n")] = '\0';
	return n;
}

/* setopt fails only for want of memory or a build without the option; both are
 * found out in one place. */
struct setter {
	CURL *easy;
	CURLcode rc;
};

#define SET(s, option, value)                                                 \
	do {                                                                  \
		if ((s)->rc == CURLE_OK)                                      \
			(s)->rc = curl_easy_setopt((s)->easy, option, value); \
	} while (0)

static void
set_address(
    struct setter *s, struct transport *t, const struct fetch_start *start)
{
	char url[MAX_HOST_BYTES + 32], to[MAX_HOST_BYTES + 16];
	bool bare_v6 = strchr(start->host, ':') != NULL &&
	    start->host[0] != '[';

	(void)snprintf(url, sizeof(url), "%s://%s%s%s:%u/",
	    start->tls == FETCH_TLS_IMPLICIT ? "imaps" : "imap",
	    bare_v6 ? "[" : "", start->host, bare_v6 ? "]" : "", start->port);
	SET(s, CURLOPT_URL, url);
	SET(s, CURLOPT_PROTOCOLS_STR, "imap,imaps");
	/* An empty proxy, or $ALL_PROXY would be obeyed. */
	SET(s, CURLOPT_PROXY, "");
	if (start->connect_to[0] == '\0')
		return;
	(void)snprintf(to, sizeof(to), "::%s", start->connect_to);
	t->connect_to = curl_slist_append(NULL, to);
	if (t->connect_to == NULL)
		s->rc = CURLE_OUT_OF_MEMORY;
	SET(s, CURLOPT_CONNECT_TO, t->connect_to);
}

static void
set_tls(struct setter *s, const struct fetch_start *start)
{
	if (start->tls == FETCH_TLS_NONE)
		return;
	SET(s, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	SET(s, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(s, CURLOPT_SSL_VERIFYHOST, 2L);
	SET(s, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(s, CURLOPT_SSL_ENABLE_ALPN, 0L);
	SET(s, CURLOPT_CAPATH, NULL);
	SET(s, CURLOPT_CERTINFO, 1L);
	SET(s, CURLOPT_CAINFO,
	    start->ca_file[0] != '\0' ? start->ca_file : SYSTEM_CA);
}

static CURLcode
set_all(struct transport *t, const struct fetch_start *start)
{
	struct setter s = {t->easy, CURLE_OK};

	SET(&s, CURLOPT_ERRORBUFFER, t->error);
	SET(&s, CURLOPT_NOSIGNAL, 1L);
	SET(&s, CURLOPT_CONNECT_ONLY, 1L);
	SET(&s, CURLOPT_CONNECTTIMEOUT_MS, (long)start->timeout_ms);
	SET(&s, CURLOPT_TIMEOUT_MS, (long)start->timeout_ms);
	/* A resolver that hangs must not hold us up at clean-up. */
	SET(&s, CURLOPT_QUICK_EXIT, 1L);
	SET(&s, CURLOPT_TCP_KEEPALIVE, 1L);
	SET(&s, CURLOPT_NOPROGRESS, 0L);
	SET(&s, CURLOPT_XFERINFOFUNCTION, on_progress);
	SET(&s, CURLOPT_XFERINFODATA, t);
	SET(&s, CURLOPT_HEADERFUNCTION, on_header);
	SET(&s, CURLOPT_HEADERDATA, t);
	set_address(&s, t, start);
	set_tls(&s, start);
	return s.rc;
}

/* ---- refusals ----------------------------------------------------------- */

/* Status bits of gnutls_certificate_verify_peers3(), the flavour of libcurl
 * that Debian's libetpan lives with. */
#define GNUTLS_REVOKED (1L << 5)
#define GNUTLS_UNKNOWN_SIGNER (1L << 6)
#define GNUTLS_NOT_ACTIVE (1L << 9)
#define GNUTLS_EXPIRED (1L << 10)

static int
fail_certificate(
    struct transport *t, const struct fetch_start *start, struct err *err)
{
	const char *why = "is not for this host: check `host`";
	long bits = 0;

	(void)curl_easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &bits);
	if ((bits & GNUTLS_EXPIRED) != 0)
		why = "has expired: the server's operator must renew it, "
		      "or this machine's clock is wrong";
	else if ((bits & GNUTLS_NOT_ACTIVE) != 0)
		why = "is not valid yet: is this machine's clock right?";
	else if ((bits & GNUTLS_REVOKED) != 0)
		why = "was revoked";
	else if ((bits & GNUTLS_UNKNOWN_SIGNER) != 0)
		why = "is signed by nobody that we trust: set `ca_file` if "
		      "the server has an authority of its own, else "
		      "somebody is listening in";
	else if (bits != 0)
		why = "does not hold";
	return err_set(err, ERR_CONF, ERR_CURL, CURLE_PEER_FAILED_VERIFICATION,
	    "the certificate of %s %s. No password was sent.", start->host,
	    why);
}

static int
fail_open(struct transport *t, const struct fetch_start *start, CURLcode rc,
    struct say *say, struct err *err)
{
	char bye[200];
	int code = (int)rc;

	switch (rc) {
	case CURLE_ABORTED_BY_CALLBACK:
		return err_set(err, ERR_NOW, ERR_CURL, code, "told to stop");
	case CURLE_PEER_FAILED_VERIFICATION:
		return fail_certificate(t, start, err);
	case CURLE_SSL_CACERT_BADFILE:
		return err_set(err, ERR_CONF, ERR_CURL, code,
		    "cannot read the trusted certificates in %s: check "
		    "`ca_file`, or install ca-certificates",
		    start->ca_file[0] != '\0' ? start->ca_file : SYSTEM_CA);
	case CURLE_USE_SSL_FAILED:
		return err_set(err, ERR_CONF, ERR_CURL, code,
		    "%s port %u offers no STARTTLS; use tls = \"implicit\" "
		    "with its TLS port (993). No password was sent.",
		    start->host, start->port);
	case CURLE_COULDNT_RESOLVE_HOST:
		return err_set(err, ERR_LATER, ERR_CURL, code,
		    "the name %s cannot be resolved: check `host` and the "
		    "network", start->host);
	case CURLE_SSL_CONNECT_ERROR:
		return err_set(err, ERR_LATER, ERR_CURL, code,
		    "no TLS with %s port %u (%s): check `port` and `tls`",
		    start->host, start->port, t->error);
	default:
		break;
	}
	if (t->bye[0] != '\0')
		return err_set(err, ERR_LATER, ERR_CURL, code,
		    "%s does not want us now: %s", start->host,
		    say_text(say, t->bye, start->secret, bye, sizeof(bye)));
	return err_set(err, ERR_LATER, ERR_CURL, code,
	    "no connection with %s port %u: %s", start->host, start->port,
	    t->error[0] != '\0' ? t->error : curl_easy_strerror(rc));
}

/* ---- no TLS ------------------------------------------------------------- */

static bool
is_loopback(int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} a;
	socklen_t len = sizeof(a);

	memset(&a, 0, sizeof(a));
	if (getpeername(fd, &a.any, &len) < 0)
		return false;
	if (a.any.sa_family == AF_INET)
		return ntohl(a.v4.sin_addr.s_addr) >> 24 == 127;
	if (a.any.sa_family != AF_INET6)
		return false;
	if (IN6_IS_ADDR_V4MAPPED(&a.v6.sin6_addr))
		return a.v6.sin6_addr.s6_addr[12] == 127;
	return IN6_IS_ADDR_LOOPBACK(&a.v6.sin6_addr);
}

static int
check_peer(
    struct transport *t, const struct fetch_start *start, struct err *err)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	if (curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &fd) !=
		CURLE_OK || fd == CURL_SOCKET_BAD)
		return err_set(err, ERR_LATER, ERR_OWN, 0,
		    "the connection with %s closed at once", start->host);
	t->fd = (int)fd;
	if (start->tls == FETCH_TLS_NONE && !is_loopback(t->fd))
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "tls = \"none\" is for this machine only and %s is "
		    "elsewhere: use \"implicit\" or \"starttls\". No password "
		    "was sent.", start->host);
	return 0;
}

int
transport_open(const struct fetch_start *start, struct say *say,
    transport_quit_fn *quit, void *arg, struct transport **t_out,
    struct err *err)
{
	struct transport *t = calloc(1, sizeof(*t));
	CURLcode rc;

	if (t == NULL || (t->easy = curl_easy_init()) == NULL) {
		free(t);
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory for a connection");
	}
	t->quit = quit;
	t->arg = arg;
	rc = set_all(t, start);
	if (rc != CURLE_OK)
		(void)err_set(err, ERR_SYSTEM, ERR_CURL, (int)rc,
		    "libcurl lacks an option: %s", curl_easy_strerror(rc));
	else if ((rc = curl_easy_perform(t->easy)) != CURLE_OK)
		(void)fail_open(t, start, rc, say, err);
	else if (check_peer(t, start, err) == 0) {
		*t_out = t;
		return 0;
	}
	transport_close(&t);
	return -1;
}

/* ---- the certificate ---------------------------------------------------- */

int64_t
transport_certificate_until_s(const struct transport *t)
{
	struct curl_certinfo *info = NULL;
	int64_t until_s = 0;

	if (curl_easy_getinfo(t->easy, CURLINFO_CERTINFO, &info) !=
		CURLE_OK || info == NULL || info->num_of_certs < 1)
		return 0;
	for (const struct curl_slist *l = info->certinfo[0];
	     l != NULL && until_s == 0; l = l->next)
		until_s = expiry_of_line(l->data);
	return until_s;
}

/* ---- the pipe ----------------------------------------------------------- */

ssize_t
transport_recv(void *arg, void *data, size_t size)
{
	struct transport *t = arg;
	size_t n = 0;
	CURLcode rc = curl_easy_recv(t->easy, data, size, &n);

	if (rc == CURLE_AGAIN)
		return 0;
	return rc == CURLE_OK && n > 0 ? (ssize_t)n : -1;
}

ssize_t
transport_send(void *arg, const void *data, size_t len)
{
	struct transport *t = arg;
	size_t n = 0;
	CURLcode rc = curl_easy_send(t->easy, data, len, &n);

	if (rc == CURLE_AGAIN)
		return 0;
	return rc == CURLE_OK ? (ssize_t)n : -1;
}

int
transport_fd(void *arg)
{
	const struct transport *t = arg;

	return t->fd;
}
