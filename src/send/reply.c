/* SPDX-License-Identifier: ISC */
#include "send/reply.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

/* Pauses in seconds.  NetEase asks for two minutes after a throttle and
 * counts letters over 15 minutes (MI:SFQ); daily quotas are asked hourly. */
#define PAUSE_SERVER 30 /* away, or not willing right now */
#define PAUSE_THROTTLE 120
#define PAUSE_WINDOW 900
#define PAUSE_DAY 3600

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

#define AT(step) (1U << (step))
#define ANY 0U
/* Steps that say nothing about the letter: all letters would fare alike. */
#define BEFORE_MAIL                                                     \
	(AT(REPLY_CONNECT) | AT(REPLY_EHLO) | AT(REPLY_STARTTLS) |      \
	    AT(REPLY_AUTH) | AT(REPLY_CHECK))

#define AUTH_REMEDY                                                    \
	"put the mailbox's authorisation code (授权码), not its web "  \
	"password, into the secret (for xoauth2: a fresh token), and " \
	"see that SMTP is switched on in the mailbox's settings"
#define SENDER_REMEDY "mail_from must be the account itself"
#define LOGIN_REMEDY "set auth, user and secret: the server wants a log-in"
#define SPAM_REMEDY                                             \
	"the provider takes this letter for spam: it will not " \
	"be sent again as it is"
#define BARRED_REMEDY "the provider bars this account or address: ask it why"

/* ---- replies of the server ---------------------------------------------- */

enum place { ANYWHERE, FRONT };

/* The first line that fits a reply decides.  Words in front are families of
 * NetEase (163.com, 126.com, yeah.net), behind the enhanced status code if
 * there is one; elsewhere they are phrases of QQ, Gmail, Exchange, Postfix. */
struct line {
	int from, to; /* codes */
	unsigned at;  /* steps; ANY */
	enum place place;
	const char *words; /* NULL: whatever it says */
	enum send_outcome outcome;
	uint32_t pause_s;
	const char *remedy;
};

static const struct line lines[] = {
    /* Log-in. */
    {400, 499, AT(REPLY_AUTH), ANYWHERE, "too much", SEND_RETRY, PAUSE_WINDOW,
	"too many failed log-ins: check the secret"},
    {400, 499, AT(REPLY_AUTH), ANYWHERE, "too many", SEND_RETRY, PAUSE_WINDOW,
	"too many log-ins: check the secret"},
    {400, 499, AT(REPLY_AUTH), ANYWHERE, NULL, SEND_RETRY, PAUSE_THROTTLE, ""},
    {500, 599, AT(REPLY_AUTH), ANYWHERE, NULL, SEND_REFUSED, 0, AUTH_REMEDY},

    /* Who may send, and as whom. */
    {530, 530, ANY, ANYWHERE, NULL, SEND_REFUSED, 0, LOGIN_REMEDY},
    {500, 599, ANY, ANYWHERE, "authorized user", SEND_REFUSED, 0,
	SENDER_REMEDY},
    {500, 599, ANY, ANYWHERE, "authorization user", SEND_REFUSED, 0,
	SENDER_REMEDY},
    {500, 599, ANY, ANYWHERE, "not owned by user", SEND_REFUSED, 0,
	SENDER_REMEDY},
    {500, 599, ANY, ANYWHERE, "send as this sender", SEND_REFUSED, 0,
	SENDER_REMEDY},
    {500, 599, ANY, ANYWHERE, "NULL sender", SEND_REFUSED, 0, SENDER_REMEDY},
    {500, 599, ANY, FRONT, "DT:SUM", SEND_REFUSED, 0, SENDER_REMEDY},
    {500, 599, ANY, ANYWHERE, "Local user only", SEND_REFUSED, 0,
	LOGIN_REMEDY},
    {500, 599, ANY, ANYWHERE, "authentication is required", SEND_REFUSED, 0,
	LOGIN_REMEDY},
    {500, 599, ANY, ANYWHERE, "authentication required", SEND_REFUSED, 0,
	LOGIN_REMEDY},
    {500, 599, ANY, FRONT, "RP:FRL", SEND_REFUSED, 0, LOGIN_REMEDY},
    {500, 599, ANY, ANYWHERE, "User has no permission", SEND_REFUSED, 0,
	AUTH_REMEDY},

    /* Too much in a short time, or in a day: later, whatever the code. */
    {500, 599, ANY, ANYWHERE, "frequency limited", SEND_RETRY, PAUSE_WINDOW,
	"send fewer letters a minute (per_minute)"},
    {500, 599, ANY, ANYWHERE, "sending limit", SEND_RETRY, PAUSE_DAY, ""},
    {500, 599, ANY, FRONT, "MI:STC", SEND_RETRY, PAUSE_DAY,
	"the provider's limit for one day is reached"},
    {500, 599, ANY, FRONT, "RP:TRC", SEND_RETRY, PAUSE_DAY,
	"the provider's limit for one day is reached"},
    {400, 499, ANY, FRONT, "MI:SFQ", SEND_RETRY, PAUSE_WINDOW,
	"send fewer letters a minute (per_minute)"},
    {400, 499, ANY, FRONT, "RP:QRC", SEND_RETRY, PAUSE_WINDOW,
	"send fewer letters a minute (per_minute)"},
    {421, 421, ANY, ANYWHERE, NULL, SEND_RETRY, PAUSE_THROTTLE, ""},
    {400, 499, ANY, FRONT, "HL:", SEND_RETRY, PAUSE_THROTTLE, ""},
    {400, 499, ANY, FRONT, "MI:", SEND_RETRY, PAUSE_THROTTLE, ""},
    {400, 499, ANY, FRONT, "RP:", SEND_RETRY, PAUSE_THROTTLE, ""},
    {400, 499, ANY, FRONT, "DT:", SEND_RETRY, PAUSE_THROTTLE, ""},
    {400, 499, ANY, FRONT, "WM:", SEND_RETRY, PAUSE_THROTTLE, ""},
    {400, 499, ANY, FRONT, "4.3.", SEND_RETRY, PAUSE_THROTTLE, ""},
    {400, 499, ANY, ANYWHERE, "too many", SEND_RETRY, PAUSE_THROTTLE, ""},
    {400, 499, ANY, ANYWHERE, "too much", SEND_RETRY, PAUSE_THROTTLE, ""},
    {400, 499, ANY, ANYWHERE, "too fast", SEND_RETRY, PAUSE_THROTTLE, ""},
    {400, 499, ANY, ANYWHERE, "rate limit", SEND_RETRY, PAUSE_THROTTLE, ""},
    {400, 499, ANY, ANYWHERE, "frequency", SEND_RETRY, PAUSE_THROTTLE, ""},
    {400, 499, BEFORE_MAIL | AT(REPLY_MAIL), ANYWHERE, NULL, SEND_RETRY,
	PAUSE_SERVER, ""},
    {400, 499, ANY, ANYWHERE, NULL, SEND_RETRY, 0, ""},

    /* This letter looks like spam; others may pass. */
    {500, 599, AT(REPLY_RCPT) | AT(REPLY_DATA) | AT(REPLY_DOT), FRONT,
	"DT:SPM", SEND_FAILED, 0, SPAM_REMEDY},
    {500, 599, ANY, ANYWHERE, "Mail content denied", SEND_FAILED, 0,
	SPAM_REMEDY},

    /* The account or this machine is barred: nothing will pass. */
    {500, 599, ANY, FRONT, "HL:", SEND_REFUSED, 0, BARRED_REMEDY},
    {500, 599, ANY, FRONT, "WM:", SEND_REFUSED, 0, BARRED_REMEDY},
    {500, 599, ANY, FRONT, "MI:", SEND_REFUSED, 0, BARRED_REMEDY},
    {500, 599, ANY, ANYWHERE, "IP is rejected", SEND_REFUSED, 0,
	BARRED_REMEDY},
    {500, 599, ANY, ANYWHERE, "IP in blacklist", SEND_REFUSED, 0,
	BARRED_REMEDY},
    {500, 599, BEFORE_MAIL, ANYWHERE, NULL, SEND_REFUSED, 0, BARRED_REMEDY},
    /* Too large, by SIZE= of MAIL (RFC 1870 6.1). */
    {552, 552, AT(REPLY_MAIL), ANYWHERE, NULL, SEND_FAILED, 0, ""},
    /* The sender is the same in every letter. */
    {500, 599, AT(REPLY_MAIL), ANYWHERE, NULL, SEND_REFUSED, 0,
	"the server refuses the sender: " SENDER_REMEDY},
    {500, 599, ANY, ANYWHERE, NULL, SEND_FAILED, 0, ""},
};

/* Behind "4.7.1 " (RFC 3463), which only some servers send. */
static const char *
skip_status(const char *text)
{
	size_t n = strspn(text, "0123456789.");

	return n >= 5 && text[1] == '.' && text[n] == ' ' ? text + n + 1 : text;
}

static bool
says(const struct line *l, const char *text)
{
	if (l->words == NULL)
		return true;
	if (l->place == ANYWHERE)
		return str_icontains(text, l->words) != NULL;
	return str_istarts(text, l->words) ||
	    str_istarts(skip_status(text), l->words);
}

static void
judge_reply(const struct reply_facts *f, struct reply_verdict *out)
{
	for (size_t i = 0; i < LEN(lines); i++) {
		const struct line *l = &lines[i];

		if (f->code < l->from || f->code > l->to ||
		    (l->at != ANY && (l->at & AT(f->step)) == 0) ||
		    !says(l, f->text))
			continue;
		out->outcome = l->outcome;
		out->pause_s = l->pause_s;
		out->remedy = l->remedy;
		return;
	}
}

/* ---- no usable reply ---------------------------------------------------- */

#define TLS_REMEDY                                                   \
	"no TLS came about: check port and tls (465 is implicit, 587 " \
	"and 25 are starttls)"

static const struct {
	CURLcode rc;
	enum send_outcome outcome;
	uint32_t pause_s;
	const char *remedy;
} silences[] = {
    {CURLE_COULDNT_RESOLVE_HOST, SEND_RETRY, PAUSE_SERVER,
	"check the host's name and this machine's DNS"},
    {CURLE_COULDNT_CONNECT, SEND_RETRY, PAUSE_SERVER,
	"check host, port and the network"},
    {CURLE_OPERATION_TIMEDOUT, SEND_RETRY, PAUSE_SERVER, ""},
    {CURLE_SSL_CONNECT_ERROR, SEND_RETRY, PAUSE_THROTTLE, TLS_REMEDY},
    {CURLE_USE_SSL_FAILED, SEND_REFUSED, 0,
	"the server does not offer STARTTLS, and nothing is ever sent "
	"without it: use its implicit port or find who strips it"},
    {CURLE_PEER_FAILED_VERIFICATION, SEND_REFUSED, 0,
	"check host, ca_file and this machine's clock"},
    {CURLE_SSL_CACERT_BADFILE, SEND_REFUSED, 0,
	"ca_file cannot be read or holds no certificate"},
    {CURLE_SSL_ISSUER_ERROR, SEND_REFUSED, 0, "check ca_file"},
    {CURLE_LOGIN_DENIED, SEND_REFUSED, 0, AUTH_REMEDY},
    {CURLE_AUTH_ERROR, SEND_REFUSED, 0, AUTH_REMEDY},
    {CURLE_URL_MALFORMAT, SEND_REFUSED, 0, "check host and helo"},
    {CURLE_UNSUPPORTED_PROTOCOL, SEND_REFUSED, 0,
	"this machine's libcurl has no SMTP"},
};

/* GnuTLS's gnutls_certificate_status_t, which libcurl passes on. */
static const struct {
	long bit;
	const char *remedy;
} cert_faults[] = {
    {1L << 10, "the server's certificate has expired (or this machine's "
	       "clock is wrong)"},
    {1L << 9, "the server's certificate is not valid yet (or this machine's "
	      "clock is wrong)"},
    {1L << 5, "the server's certificate was revoked"},
    {1L << 6, "nobody that is trusted signed the server's certificate: "
	      "check ca_file"},
    {~0L, "the server's certificate is not good: check host and ca_file"},
};

static const char *
cert_remedy(long verify)
{
	if (verify == 0)
		return "the server's certificate is for another host name: "
		       "check host";
	for (size_t i = 0; i < LEN(cert_faults); i++) {
		if ((verify & cert_faults[i].bit) != 0)
			return cert_faults[i].remedy;
	}
	return "";
}

static void
judge_silence(const struct reply_facts *f, struct reply_verdict *out)
{
	out->outcome = SEND_RETRY;
	out->pause_s = PAUSE_SERVER;
	for (size_t i = 0; i < LEN(silences); i++) {
		if (silences[i].rc != f->rc)
			continue;
		out->outcome = silences[i].outcome;
		out->pause_s = silences[i].pause_s;
		out->remedy = silences[i].remedy;
	}
	if (f->rc == CURLE_PEER_FAILED_VERIFICATION)
		out->remedy = cert_remedy(f->verify);
}

/* 354 came and no answer to the final dot: whoever has handed over the last
 * byte cannot know (RFC 1047); before that nobody can have taken it. */
static void
judge_cut(const struct reply_facts *f, struct reply_verdict *out)
{
	if (f->sent_all) {
		out->outcome = SEND_UNKNOWN;
		out->remedy = "cut before the answer: the letter may have "
			      "arrived";
		return;
	}
	judge_silence(f, out);
}

/* ---- all together ------------------------------------------------------- */

/* Whether the reply belongs to what failed.  It does not where the failure
 * was below SMTP: the code is then a leftover of an earlier step. */
static bool
reply_counts(const struct reply_facts *f)
{
	switch (f->rc) {
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
		return false;
	case CURLE_USE_SSL_FAILED:
		/* "454 TLS not available now" (RFC 3207 4) may pass. */
		return f->step == REPLY_STARTTLS && f->code / 100 == 4;
	default:
		return f->code >= 400 && f->code <= 599;
	}
}

/* A connection that had been good: the server closed it meanwhile, or wants
 * no more letters on it.  Says nothing yet about this letter. */
static bool
worn_out(const struct reply_facts *f)
{
	if (!f->reused || f->step >= REPLY_DOT)
		return false;
	if (f->code == 0 || f->code == 421)
		return f->rc == CURLE_SEND_ERROR || f->rc == CURLE_RECV_ERROR ||
		    f->rc == CURLE_WEIRD_SERVER_REPLY ||
		    f->rc == CURLE_GOT_NOTHING;
	return f->code / 100 == 4 &&
	    (str_icontains(f->text, "MI:DMC") != NULL ||
		str_icontains(f->text, "RP:DRC") != NULL ||
		str_icontains(f->text, "MI:CCL") != NULL ||
		str_icontains(f->text, "messages in this connection") != NULL);
}

void
reply_judge(const struct reply_facts *f, struct reply_verdict *out)
{
	*out = (struct reply_verdict){.outcome = SEND_OK, .remedy = ""};
	if (f->rc == CURLE_OK ||
	    /* Any 2yz is "done" (RFC 5321 4.2.1); libcurl wants 250. */
	    (f->rc == CURLE_WEIRD_SERVER_REPLY && f->step == REPLY_DOT &&
		f->code / 100 == 2)) {
		out->code = f->code;
		return;
	}
	out->again = worn_out(f);
	if (reply_counts(f)) {
		out->code = f->code;
		judge_reply(f, out);
	} else if (f->step == REPLY_DOT) {
		judge_cut(f, out);
	} else {
		judge_silence(f, out);
	}
}

enum reply_step
reply_step(enum reply_step now, const char *command, size_t len)
{
	static const struct {
		const char *verb;
		enum reply_step step;
	} verbs[] = {{"EHLO ", REPLY_EHLO}, {"HELO ", REPLY_EHLO},
	    {"STARTTLS\r\n", REPLY_STARTTLS}, {"AUTH ", REPLY_AUTH},
	    {"NOOP\r\n", REPLY_CHECK}, {"MAIL FROM:", REPLY_MAIL},
	    {"RCPT TO:", REPLY_RCPT}, {"DATA\r\n", REPLY_DATA}};
	size_t n;

	for (size_t i = 0; i < LEN(verbs); i++) {
		n = strlen(verbs[i].verb);
		if (len >= n && memcmp(command, verbs[i].verb, n) == 0)
			return verbs[i].step;
	}
	return now; /* QUIT; an answer within AUTH */
}

void
reply_describe(const struct reply_facts *f, const struct reply_verdict *v,
    struct buf *out)
{
	if (f->code != 0 && f->code == v->code)
		buf_addf(out, "%d %s", f->code, f->text);
	else if (f->curl[0] != '\0')
		str_add_printable(out, f->curl, strlen(f->curl), false);
	else
		buf_adds(out, curl_easy_strerror(f->rc));
	if (v->remedy[0] != '\0')
		buf_addf(out, "; %s", v->remedy);
}
