/* SPDX-License-Identifier: ISC */
#include "send/smtp.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/expiry.h"
#include "base/limits.h"
#include "base/str.h"
#include "send/reply.h"
#include "send/talk.h"
#include "send/target.h"

struct smtp {
	const struct send_start *conf;
	CURL *curl;     /* NULL after hanging up */
	bool connected; /* and logged in: the rest is ours to say */
	struct curl_slist *connect_to;
	struct buf url;
	iconv_t gbk;
	char error[CURL_ERROR_SIZE];
	unsigned letters; /* tried on this connection */

	/* The dialogue at hand; rcpt_to is NULL for the check. */
	struct talk talk;
	struct talk_letter letter;
	bool logged_in;
	int64_t until_s; /* end of a new connection's certificate */

	struct buf what;
};

/* ---- what libcurl calls while it connects ------------------------------- */

static size_t
on_line(char *line, size_t size, size_t n, void *arg)
{
	struct smtp *s = arg;

	(void)answer_add_line(&s->talk.reply, line, size * n);
	if (s->talk.step == REPLY_EHLO)
		talk_ehlo_line(&s->talk, line, size * n);
	return size * n;
}

/* Sees the log-in too: only verbs are looked at, nothing is kept. */
static int
on_debug(CURL *curl, curl_infotype type, char *data, size_t len, void *arg)
{
	struct smtp *s = arg;

	(void)curl;
	if (type != CURLINFO_HEADER_OUT)
		return 0;
	s->talk.step = reply_step(s->talk.step, data, len);
	s->logged_in |= s->talk.step == REPLY_AUTH;
	if (s->talk.step == REPLY_EHLO) /* what came before TLS is void */
		s->talk.pipelining = s->talk.size = false;
	answer_clear(&s->talk.reply);
	return 0;
}

/* ---- the handle --------------------------------------------------------- */

/* Keeps the first failure of a row of curl_easy_setopt(). */
#define SET(rc, curl, option, value)                                    \
	do {                                                            \
		if ((rc) == CURLE_OK)                                   \
			(rc) = curl_easy_setopt(curl, option, (value)); \
	} while (0)

static const char *const login_options[] = {[SEND_AUTH_NONE] = NULL,
    [SEND_AUTH_PLAIN] = "AUTH=PLAIN",
    [SEND_AUTH_LOGIN] = "AUTH=LOGIN",
    [SEND_AUTH_XOAUTH2] = "AUTH=XOAUTH2"};

static CURLcode
set_login(CURL *c, const struct send_start *conf)
{
	CURLcode rc = CURLE_OK;

	if (conf->auth == SEND_AUTH_NONE)
		return CURLE_OK;
	SET(rc, c, CURLOPT_LOGIN_OPTIONS, login_options[conf->auth]);
	SET(rc, c, CURLOPT_USERNAME, conf->user);
	/* RFC 4954 4 lets the first answer ride on the AUTH line; LOGIN is
	 * older than that. */
	SET(rc, c, CURLOPT_SASL_IR, conf->auth == SEND_AUTH_LOGIN ? 0L : 1L);
	if (conf->auth == SEND_AUTH_XOAUTH2)
		SET(rc, c, CURLOPT_XOAUTH2_BEARER, conf->secret);
	else
		SET(rc, c, CURLOPT_PASSWORD, conf->secret);
	return rc;
}

static CURLcode
set_tls(CURL *c, const struct send_start *conf)
{
	CURLcode rc = CURLE_OK;

	SET(rc, c, CURLOPT_USE_SSL,
	    conf->tls == SEND_TLS_NONE ? (long)CURLUSESSL_NONE
				       : (long)CURLUSESSL_ALL);
	SET(rc, c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(rc, c, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(rc, c, CURLOPT_SSL_VERIFYHOST, 2L);
	SET(rc, c, CURLOPT_CAINFO, target_ca_file(conf));
	/* Else GnuTLS reads the 290 files of /etc/ssl/certs every time. */
	SET(rc, c, CURLOPT_CAPATH, NULL);
	SET(rc, c, CURLOPT_CERTINFO, 1L);
	return rc;
}

static CURLcode
set_callbacks(CURL *c, struct smtp *s)
{
	CURLcode rc = CURLE_OK;

	SET(rc, c, CURLOPT_ERRORBUFFER, s->error);
	SET(rc, c, CURLOPT_HEADERFUNCTION, on_line);
	SET(rc, c, CURLOPT_HEADERDATA, s);
	SET(rc, c, CURLOPT_DEBUGFUNCTION, on_debug);
	SET(rc, c, CURLOPT_DEBUGDATA, s);
	SET(rc, c, CURLOPT_VERBOSE, 1L); /* for on_debug; prints nothing */
	return rc;
}

static CURLcode
set_all(CURL *c, struct smtp *s)
{
	CURLcode rc = CURLE_OK;

	SET(rc, c, CURLOPT_URL, buf_str(&s->url));
	SET(rc, c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	SET(rc, c, CURLOPT_CONNECT_TO, s->connect_to);
	SET(rc, c, CURLOPT_PROXY, "");
	SET(rc, c, CURLOPT_NOSIGNAL, 1L);
	SET(rc, c, CURLOPT_TCP_KEEPALIVE, 1L);
	/* Up to the log-in; for smtp:// libcurl goes as far as that. */
	SET(rc, c, CURLOPT_CONNECT_ONLY, 1L);
	if (rc == CURLE_OK)
		rc = set_tls(c, s->conf);
	if (rc == CURLE_OK)
		rc = set_login(c, s->conf);
	return rc == CURLE_OK ? set_callbacks(c, s) : rc;
}

static CURLcode
open_handle(struct smtp *s)
{
	CURLcode rc;

	if (s->curl != NULL)
		return CURLE_OK;
	s->curl = curl_easy_init();
	if (s->curl == NULL)
		return CURLE_OUT_OF_MEMORY;
	s->logged_in = false;
	rc = set_all(s->curl, s);
	if (rc != CURLE_OK) {
		curl_easy_cleanup(s->curl);
		s->curl = NULL;
	}
	return rc;
}

/* ---- one try ------------------------------------------------------------ */

static CURLcode
set_limits(CURL *c, int64_t left_ms)
{
	CURLcode rc = CURLE_OK;

	SET(rc, c, CURLOPT_TIMEOUT_MS, (long)left_ms);
	SET(rc, c, CURLOPT_CONNECTTIMEOUT_MS, (long)left_ms);
	SET(rc, c, CURLOPT_SERVER_RESPONSE_TIMEOUT,
	    (long)(left_ms + 999) / 1000);
	return rc;
}

static int64_t
certificate_until_s(struct smtp *s)
{
	struct curl_certinfo *info = NULL;
	int64_t until_s = 0;

	if (s->curl == NULL ||
	    curl_easy_getinfo(s->curl, CURLINFO_CERTINFO, &info) !=
		CURLE_OK || info == NULL || info->num_of_certs < 1)
		return 0;
	for (const struct curl_slist *l = info->certinfo[0];
	     l != NULL && until_s == 0; l = l->next)
		until_s = expiry_of_line(l->data);
	return until_s;
}

static CURLcode
connect_now(struct smtp *s, int64_t left_ms)
{
	CURLcode rc = open_handle(s);

	s->talk.step = REPLY_CONNECT;
	answer_clear(&s->talk.reply);
	s->error[0] = '\0';
	s->until_s = 0;
	if (rc == CURLE_OK)
		rc = set_limits(s->curl, left_ms);
	if (rc == CURLE_OK)
		rc = curl_easy_perform(s->curl);
	if (rc != CURLE_OK)
		return rc;
	s->until_s = certificate_until_s(s);
	talk_begin(&s->talk, s->curl);
	s->connected = true;
	return CURLE_OK;
}

static CURLcode
dialogue(struct smtp *s, int64_t left_ms)
{
	CURLcode rc;

	s->talk.end_ms = clock_mono_ms() + left_ms;
	if (s->connected && !talk_is_quiet(&s->talk))
		smtp_hang_up(s); /* the server has had enough of it */
	if (!s->connected) {
		rc = connect_now(s, left_ms);
		if (rc != CURLE_OK)
			return rc;
	}
	s->error[0] = '\0';
	return s->letter.rcpt_to != NULL ? talk_letter(&s->talk, &s->letter)
					 : talk_check(&s->talk);
}

static void
judge(struct smtp *s, CURLcode rc, struct reply_verdict *verdict_out)
{
	struct buf BUF_AUTO text = BUF_INIT;
	const char *hide = s->letter.rcpt_to;
	struct reply_facts f = {.rc = rc, .code = s->talk.reply.code,
	    .step = s->talk.step, .sent_all = s->talk.sent_all,
	    .reused = s->letters > 0, .curl = s->error};

	if (s->curl != NULL)
		(void)curl_easy_getinfo(
		    s->curl, CURLINFO_SSL_VERIFYRESULT, &f.verify);
	s->letters++;
	answer_printable(
	    &s->talk.reply, s->gbk, hide != NULL ? hide : "", &text);
	f.text = buf_str(&text);
	reply_judge(&f, verdict_out);
	buf_clear(&s->what);
	reply_describe(&f, verdict_out, &s->what);
	buf_cut(&s->what, utf8_cut(s->what.data, s->what.len, SEND_MAX_WHAT));
}

/* Runs the dialogue that is set up; a worn-out connection gets one more try
 * on a new one, within the same time limit. */
static void
run(struct smtp *s, uint64_t letter, struct send_result *out)
{
	int64_t end_ms = clock_mono_ms() + s->conf->timeout_ms;
	int64_t left_ms = s->conf->timeout_ms;
	int64_t until_s = 0;
	struct reply_verdict v;
	CURLcode rc;

	for (int tries = 1;; tries++) {
		rc = dialogue(s, left_ms);
		judge(s, rc, &v);
		until_s = s->until_s != 0 ? s->until_s : until_s;
		s->until_s = 0; /* told once a connection */
		/* Whatever the server still says to this letter must not be
		 * taken for an answer to the next. */
		if (rc != CURLE_OK)
			smtp_hang_up(s);
		left_ms = end_ms - clock_mono_ms();
		if (!v.again || tries == 2 || left_ms <= 0)
			break;
	}
	*out = (struct send_result){.letter = letter, .outcome = v.outcome,
	    .code = v.code, .pause_s = v.pause_s, .what = buf_str(&s->what),
	    .certificate_until_s = until_s};
}

static void
fail(struct smtp *s, enum send_outcome outcome, const char *what,
    uint64_t letter, struct send_result *out)
{
	buf_clear(&s->what);
	buf_adds(&s->what, what);
	*out = (struct send_result){
	    .letter = letter, .outcome = outcome, .what = buf_str(&s->what)};
}

/* ---- public ------------------------------------------------------------- */

int
smtp_new(const struct send_start *conf, struct smtp **out, struct err *err)
{
	struct smtp *s;

	if (target_check(conf, err) < 0)
		return -1;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "no memory");
	s->conf = conf;
	buf_init(&s->url, 0);
	buf_init(&s->what, 0);
	s->gbk = answer_open_gbk();
	target_url(conf, &s->url);
	if (target_connect_to(conf, &s->connect_to) < 0 || buf_bad(&s->url)) {
		smtp_free(&s);
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "no memory");
	}
	*out = s;
	return 0;
}

void
smtp_hang_up(struct smtp *s)
{
	if (s->curl == NULL)
		return;
	if (s->connected)
		talk_end(&s->talk);
	curl_easy_cleanup(s->curl);
	s->curl = NULL;
	s->connected = false;
	s->letters = 0;
}

void
smtp_free(struct smtp **sp)
{
	struct smtp *s = *sp;

	if (s == NULL)
		return;
	smtp_hang_up(s);
	curl_slist_free_all(s->connect_to);
	buf_done(&s->url);
	buf_done(&s->what);
	if (s->gbk != (iconv_t)-1)
		(void)iconv_close(s->gbk);
	free(s);
	*sp = NULL;
}

/* What is wrong with a letter before anything is said to the server. */
static const char *
letter_fault(const struct send_letter *l, const char *data, size_t len)
{
	if (l->mail_from[0] != '\0' && !target_address_ok(l->mail_from))
		return "mail_from is no address in printable ASCII";
	if (!target_address_ok(l->rcpt_to))
		return "the recipient is no address in printable ASCII";
	if (len == 0)
		return "the letter is empty";
	if (!target_lines_ok(data, len))
		return "the letter holds a bare CR, a bare LF or a NUL";
	return NULL;
}

void
smtp_send(struct smtp *s, const struct send_letter *l, const void *data,
    size_t len, struct send_result *result_out)
{
	const char *fault = letter_fault(l, data, len);

	if (fault != NULL) {
		fail(s, SEND_FAILED, fault, l->letter, result_out);
		return;
	}
	if (s->letters >= MAX_CONNECTION_LETTERS)
		smtp_hang_up(s);
	s->letter = (struct talk_letter){.mail_from = l->mail_from,
	    .rcpt_to = l->rcpt_to,
	    .data = data,
	    .len = len};
	run(s, l->letter, result_out);
	s->letter = (struct talk_letter){.rcpt_to = NULL};
}

void
smtp_check(struct smtp *s, struct send_result *result_out)
{
	run(s, 0, result_out);
	/* libcurl goes on without where AUTH is not offered. */
	if (result_out->outcome == SEND_OK &&
	    s->conf->auth != SEND_AUTH_NONE && !s->logged_in)
		fail(s, SEND_REFUSED,
		    "the server offers no log-in here: check port and tls, "
		    "or set auth = none", 0, result_out);
}
