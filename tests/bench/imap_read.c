/* SPDX-License-Identifier: ISC */
/*
 * imap_read HOST:PORT USER PASSWORD CA: reads every message of INBOX over TLS
 * as fast as the server sends them and keeps none: what an intake cannot be
 * faster than.  Prints how many messages and bytes came.
 */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/str.h"

/* The whole is one FETCH: the server never waits for us. */
static const char command[] = "a2 SELECT INBOX\r\n"
			      "a3 UID FETCH 1:* (UID RFC822.SIZE FLAGS"
			      " INTERNALDATE BODY.PEEK[])\r\n";

struct reader {
	CURL *easy;
	curl_socket_t fd;
	char line[4096];
	size_t n;        /* bytes of the line so far */
	size_t literal;  /* bytes of a literal that are still to come */
	unsigned long messages, bytes;
	bool over, failed;
};

static void
die(const char *what)
{
	(void)fprintf(stderr, "imap_read: %s\n", what);
	exit(1);
}

static void
wait_for(const struct reader *r, short events)
{
	struct pollfd p = {r->fd, events, 0};

	if (poll(&p, 1, 30000) <= 0)
		die("the server does not answer");
}

static void
say(struct reader *r, const char *text)
{
	size_t len = strlen(text), n;
	CURLcode rc;

	while (len > 0) {
		rc = curl_easy_send(r->easy, text, len, &n);
		if (rc == CURLE_AGAIN) {
			wait_for(r, POLLOUT);
			continue;
		}
		if (rc != CURLE_OK)
			die(curl_easy_strerror(rc));
		text += n;
		len -= n;
	}
}

static void
end_line(struct reader *r)
{
	const char *brace;
	int64_t size;

	r->line[r->n] = '\0';
	brace = strrchr(r->line, '{');
	if (brace != NULL && r->n > 0 && r->line[r->n - 1] == '}') {
		r->line[r->n - 1] = '\0';
		if (str_int64(brace + 1, 0, 1L << 40, &size) < 0)
			die("a literal without a size");
		r->literal = (size_t)size;
		r->bytes += r->literal;
		r->messages++;
	}
	r->over = strncmp(r->line, "a3 ", 3) == 0;
	r->failed = (*r->line == 'a' && strncmp(r->line + 3, "OK", 2) != 0);
	r->n = 0;
}

static void
take(struct reader *r, const char *data, size_t len)
{
	size_t n;

	while (len > 0 && !r->over && !r->failed) {
		if (r->literal > 0) {
			n = len < r->literal ? len : r->literal;
			r->literal -= n;
			data += n;
			len -= n;
			continue;
		}
		if (*data == '\n')
			end_line(r);
		else if (*data != '\r' && r->n < sizeof(r->line) - 1)
			r->line[r->n++] = *data;
		data++;
		len--;
	}
}

static void
read_all(struct reader *r)
{
	static char data[65536];
	size_t n;
	CURLcode rc;

	while (!r->over && !r->failed) {
		rc = curl_easy_recv(r->easy, data, sizeof(data), &n);
		if (rc == CURLE_AGAIN)
			wait_for(r, POLLIN);
		else if (rc != CURLE_OK || n == 0)
			die("the connection ended");
		else
			take(r, data, n);
	}
	if (r->failed)
		die(r->line);
}

static void
open_connection(struct reader *r, const char *at, const char *ca)
{
	char url[300], error[CURL_ERROR_SIZE] = "";

	(void)snprintf(url, sizeof(url), "imaps://%s/", at);
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
	r->easy = curl_easy_init();
	if (r->easy == NULL)
		die("no memory");
	(void)curl_easy_setopt(r->easy, CURLOPT_ERRORBUFFER, error);
	(void)curl_easy_setopt(r->easy, CURLOPT_URL, url);
	(void)curl_easy_setopt(r->easy, CURLOPT_CAINFO, ca);
	(void)curl_easy_setopt(r->easy, CURLOPT_CAPATH, NULL);
	(void)curl_easy_setopt(r->easy, CURLOPT_CONNECT_ONLY, 1L);
	if (curl_easy_perform(r->easy) != CURLE_OK)
		die(error);
	if (curl_easy_getinfo(r->easy, CURLINFO_ACTIVESOCKET, &r->fd) !=
	    CURLE_OK)
		die("no socket");
}

int
main(int argc, char **argv)
{
	struct reader r = {.n = 0};
	char login[600];

	if (argc != 5) {
		(void)fprintf(stderr,
		    "usage: imap_read HOST:PORT USER PASSWORD CA\n");
		return 2;
	}
	open_connection(&r, argv[1], argv[4]);
	(void)snprintf(login, sizeof(login), "a1 LOGIN \"%s\" \"%s\"\r\n",
	    argv[2], argv[3]);
	say(&r, login);
	say(&r, command);
	read_all(&r);
	say(&r, "a4 LOGOUT\r\n");
	(void)printf("%lu %lu\n", r.messages, r.bytes);
	curl_easy_cleanup(r.easy);
	return 0;
}
