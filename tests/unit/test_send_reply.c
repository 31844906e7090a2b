/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "send/reply.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

enum { CONNECT_7 = CURLE_COULDNT_CONNECT, RESOLVE_6 = CURLE_COULDNT_RESOLVE_HOST,
	CERT_60 = CURLE_PEER_FAILED_VERIFICATION, NOTLS_64 = CURLE_USE_SSL_FAILED,
	WEIRD_8 = CURLE_WEIRD_SERVER_REPLY, LOGIN_67 = CURLE_LOGIN_DENIED,
	SEND_55 = CURLE_SEND_ERROR, RECV_56 = CURLE_RECV_ERROR,
	TIME_28 = CURLE_OPERATION_TIMEDOUT, TLS_35 = CURLE_SSL_CONNECT_ERROR };

struct row {
	int rc;
	int code;
	enum reply_step step;
	const char *text;
	enum send_outcome outcome;
	uint32_t pause_least_s, pause_most_s;
	const char *remedy; /* a part of it; NULL: none */
};

/* What libcurl makes of each event: every combination was seen. */
static const struct row events[] = {
    {CURLE_OK, 250, REPLY_DOT, "queued", SEND_OK, 0, 0, NULL},
    {CONNECT_7, 0, REPLY_CONNECT, "", SEND_RETRY, 30, 60, "port"},
    {RESOLVE_6, 0, REPLY_CONNECT, "", SEND_RETRY, 30, 60, "DNS"},
    {CERT_60, 0, REPLY_CONNECT, "", SEND_REFUSED, 0, 0, "host name"},
    {CERT_60, 220, REPLY_STARTTLS, "ready", SEND_REFUSED, 0, 0, "host name"},
    {NOTLS_64, 250, REPLY_EHLO, "PIPELINING", SEND_REFUSED, 0, 0, "STARTTLS"},
    {NOTLS_64, 502, REPLY_STARTTLS, "no", SEND_REFUSED, 0, 0, "STARTTLS"},
    {NOTLS_64, 454, REPLY_STARTTLS, "later", SEND_RETRY, 30, 120, NULL},
    {TLS_35, 0, REPLY_CONNECT, "", SEND_RETRY, 120, 120, "465"},
    {WEIRD_8, 421, REPLY_CONNECT, "busy", SEND_RETRY, 120, 120, NULL},
    {WEIRD_8, 554, REPLY_CONNECT, "no SMTP here", SEND_REFUSED, 0, 0, "why"},
    {LOGIN_67, 535, REPLY_AUTH, "Error: authentication failed", SEND_REFUSED,
	0, 0, "授权码"},
    {LOGIN_67, 550, REPLY_AUTH, "User has no permission", SEND_REFUSED, 0, 0,
	"SMTP is switched on"},
    {LOGIN_67, 454, REPLY_AUTH, "temporary failure", SEND_RETRY, 120, 120,
	NULL},
    {LOGIN_67, 334, REPLY_AUTH, "eyJzdGF0dXMiOiI0MDEifQ==", SEND_REFUSED, 0,
	0, "secret"},
    {LOGIN_67, 250, REPLY_EHLO, "AUTH GSSAPI", SEND_REFUSED, 0, 0, "secret"},
    {SEND_55, 450, REPLY_MAIL, "later", SEND_RETRY, 30, 30, NULL},
    {SEND_55, 550, REPLY_MAIL, "not you", SEND_REFUSED, 0, 0, "mail_from"},
    {SEND_55, 552, REPLY_MAIL, "too large", SEND_FAILED, 0, 0, NULL},
    {SEND_55, 450, REPLY_RCPT, "greylisted", SEND_RETRY, 0, 0, NULL},
    {SEND_55, 550, REPLY_RCPT, "no such user", SEND_FAILED, 0, 0, NULL},
    {SEND_55, 451, REPLY_DATA, "later", SEND_RETRY, 0, 0, NULL},
    {SEND_55, 554, REPLY_DATA, "no", SEND_FAILED, 0, 0, NULL},
    {WEIRD_8, 451, REPLY_DOT, "later", SEND_RETRY, 0, 0, NULL},
    {WEIRD_8, 550, REPLY_DOT, "no", SEND_FAILED, 0, 0, NULL},
    {WEIRD_8, 251, REPLY_DOT, "will forward", SEND_OK, 0, 0, NULL},
    {RECV_56, 354, REPLY_DOT, "go on", SEND_UNKNOWN, 0, 0, "arrived"},
    {TIME_28, 354, REPLY_DOT, "go on", SEND_UNKNOWN, 0, 0, "arrived"},
    {SEND_55, 354, REPLY_DOT, "go on", SEND_UNKNOWN, 0, 0, "arrived"},
    {RECV_56, 421, REPLY_RCPT, "bye", SEND_RETRY, 120, 120, NULL},
    {RECV_56, 421, REPLY_DOT, "bye", SEND_RETRY, 120, 120, NULL},
    {TIME_28, 250, REPLY_RCPT, "ok", SEND_RETRY, 30, 30, NULL},
    {CURLE_OUT_OF_MEMORY, 0, REPLY_CONNECT, "", SEND_RETRY, 30, 30, NULL},
    {CURLE_SSL_CACERT_BADFILE, 0, REPLY_CONNECT, "", SEND_REFUSED, 0, 0,
	"ca_file"},
    /* A leftover code of an earlier step says nothing. */
    {CERT_60, 550, REPLY_STARTTLS, "x", SEND_REFUSED, 0, 0, "host name"},
    {TLS_35, 550, REPLY_STARTTLS, "x", SEND_RETRY, 120, 120, "465"},
};

/* What providers say: NetEase's list, QQ, Gmail, Exchange, Postfix. */
static const struct row words[] = {
    {LOGIN_67, 451, REPLY_AUTH,
	"Requested mail action not taken: too much fail authentication",
	SEND_RETRY, 900, 900, "secret"},
    {LOGIN_67, 454, REPLY_AUTH, "4.7.0 Too many login attempts", SEND_RETRY,
	900, 900, NULL},
    /* One text for all causes: a person must look. */
    {LOGIN_67, 535, REPLY_AUTH,
	"Login fail. Account is abnormal, service is not open, password is "
	"incorrect, login frequency limited, or system is busy.",
	SEND_REFUSED, 0, 0, "授权码"},
    {LOGIN_67, 535, REPLY_AUTH, "Error: 请使用授权码登录", SEND_REFUSED, 0, 0,
	"授权码"},
    {SEND_55, 553, REPLY_MAIL, "Mail from must equal authorized user",
	SEND_REFUSED, 0, 0, "mail_from must be the account itself"},
    {SEND_55, 553, REPLY_RCPT, "Mail from must equal authorized user",
	SEND_REFUSED, 0, 0, "mail_from must be the account itself"},
    {SEND_55, 501, REPLY_MAIL,
	"mail from address must be same as authorization user", SEND_REFUSED,
	0, 0, "mail_from must be the account itself"},
    {SEND_55, 553, REPLY_RCPT,
	"5.7.1 <a@example.com>: Sender address rejected: not owned by user b",
	SEND_REFUSED, 0, 0, "mail_from"},
    {WEIRD_8, 554, REPLY_DOT,
	"5.2.0 Client does not have permissions to send as this sender",
	SEND_REFUSED, 0, 0, "mail_from"},
    {SEND_55, 553, REPLY_MAIL,
	"Requested action not taken: NULL sender is not allowed",
	SEND_REFUSED, 0, 0, "mail_from"},
    {WEIRD_8, 554, REPLY_DOT, "DT:SUM 163 smtp5,x", SEND_REFUSED, 0, 0,
	"mail_from"},
    {SEND_55, 553, REPLY_RCPT, "Local user only,163 smtp5,x", SEND_REFUSED, 0,
	0, "log-in"},
    {SEND_55, 553, REPLY_MAIL, "authentication is required,163 smtp5,x",
	SEND_REFUSED, 0, 0, "log-in"},
    {SEND_55, 530, REPLY_MAIL, "5.7.0 Must issue a STARTTLS command first",
	SEND_REFUSED, 0, 0, "log-in"},
    {SEND_55, 550, REPLY_MAIL, "User has no permission", SEND_REFUSED, 0, 0,
	"SMTP"},
    {SEND_55, 550, REPLY_RCPT, "RP:FRL 163 smtp5", SEND_REFUSED, 0, 0,
	"log-in"},
    {WEIRD_8, 554, REPLY_DOT,
	"DT:SPM 163 smtp14,x,please see http://mail.163.com/help/", SEND_FAILED,
	0, 0, "spam"},
    {WEIRD_8, 550, REPLY_DOT, "DT:SPM 126 smtp1", SEND_FAILED, 0, 0, "spam"},
    {WEIRD_8, 550, REPLY_DOT, "Mail content denied.", SEND_FAILED, 0, 0,
	"spam"},
    {WEIRD_8, 451, REPLY_DOT, "DT:SPM ,please try again", SEND_RETRY, 120,
	900, NULL},
    {WEIRD_8, 421, REPLY_CONNECT, "HL:REP 163", SEND_RETRY, 120, 900, NULL},
    {WEIRD_8, 421, REPLY_CONNECT, "HL:ICC 163", SEND_RETRY, 120, 900, NULL},
    {WEIRD_8, 421, REPLY_CONNECT, "HL:IFC 163", SEND_RETRY, 120, 900, NULL},
    {WEIRD_8, 421, REPLY_CONNECT, "HL:MEP 163", SEND_RETRY, 120, 900, NULL},
    {SEND_55, 450, REPLY_RCPT, "MI:CEL 163", SEND_RETRY, 120, 900, NULL},
    {SEND_55, 450, REPLY_MAIL, "MI:DMC 163", SEND_RETRY, 120, 900, NULL},
    {SEND_55, 450, REPLY_RCPT, "4.7.1 MI:CCL", SEND_RETRY, 120, 900, NULL},
    {SEND_55, 450, REPLY_RCPT, "RP:DRC 163", SEND_RETRY, 120, 900, NULL},
    {SEND_55, 450, REPLY_RCPT, "RP:CCL 163", SEND_RETRY, 120, 900, NULL},
    {WEIRD_8, 450, REPLY_DOT, "DT:RBL 163", SEND_RETRY, 120, 900, NULL},
    {SEND_55, 450, REPLY_RCPT, "WM:BLI 163", SEND_RETRY, 120, 900, NULL},
    {SEND_55, 450, REPLY_RCPT, "WM:BLU 163", SEND_RETRY, 120, 900, NULL},
    {SEND_55, 451, REPLY_RCPT, "RP:CEL 163", SEND_RETRY, 120, 900, NULL},
    {SEND_55, 451, REPLY_MAIL, "MI:DMC 163", SEND_RETRY, 120, 900, NULL},
    {SEND_55, 451, REPLY_MAIL, "MI:SFQ 163", SEND_RETRY, 900, 900, "minute"},
    {WEIRD_8, 451, REPLY_DOT, "MI:SFQ 163", SEND_RETRY, 900, 900, "minute"},
    {SEND_55, 451, REPLY_RCPT, "RP:QRC 163", SEND_RETRY, 900, 900, "minute"},
    {SEND_55, 550, REPLY_MAIL, "MI:STC 163", SEND_RETRY, 3600, 3600, "day"},
    {WEIRD_8, 554, REPLY_DOT, "MI:STC 163", SEND_RETRY, 3600, 3600, "day"},
    {SEND_55, 550, REPLY_RCPT, "RP:TRC 163", SEND_RETRY, 3600, 3600, "day"},
    {WEIRD_8, 550, REPLY_DOT, "5.4.5 Daily user sending limit exceeded",
	SEND_RETRY, 3600, 3600, NULL},
    {WEIRD_8, 550, REPLY_CONNECT, "Connection frequency limited", SEND_RETRY,
	900, 900, "minute"},
    {WEIRD_8, 554, REPLY_CONNECT, "HL:IHU 163", SEND_REFUSED, 0, 0, "bars"},
    {SEND_55, 550, REPLY_RCPT, "MI:SPF 163", SEND_REFUSED, 0, 0, "bars"},
    {SEND_55, 554, REPLY_MAIL, "IP is rejected, smtp auth error limit exceed",
	SEND_REFUSED, 0, 0, "bars"},
    {SEND_55, 550, REPLY_RCPT, "Invalid User 163", SEND_FAILED, 0, 0, NULL},
    {SEND_55, 452, REPLY_RCPT, "4.2.2 Over quota", SEND_RETRY, 0, 0, NULL},
    {SEND_55, 452, REPLY_RCPT, "4.5.3 Too many recipients", SEND_RETRY, 120,
	120, NULL},
    {WEIRD_8, 452, REPLY_DOT, "4.3.1 Insufficient system storage",
	SEND_RETRY, 120, 120, NULL},
    {WEIRD_8, 552, REPLY_DOT, "Illegal Attachment 163", SEND_FAILED, 0, 0,
	NULL},
    /* A family's name elsewhere than in front is not the provider's. */
    {SEND_55, 450, REPLY_RCPT, "<mi:sfq@example.net> greylisted", SEND_RETRY,
	0, 0, NULL},
};

static void
check_rows(const struct row *rows, size_t n)
{
	struct reply_verdict v;

	for (size_t i = 0; i < n; i++) {
		const struct row *r = &rows[i];
		struct reply_facts f = {.rc = (CURLcode)r->rc, .code = r->code,
		    .step = r->step, .sent_all = true, .text = r->text,
		    .curl = "curl"};

		reply_judge(&f, &v);
		if (v.outcome != r->outcome || v.pause_s < r->pause_least_s ||
		    v.pause_s > r->pause_most_s)
			fail_msg("%d %s: outcome %d, pause %u", r->code,
			    r->text, (int)v.outcome, v.pause_s);
		if (r->remedy != NULL && strstr(v.remedy, r->remedy) == NULL)
			fail_msg("%d %s: remedy %s", r->code, r->text,
			    v.remedy);
		assert_false(v.again);
	}
}

static void
test_events(void **state)
{
	(void)state;
	check_rows(events, LEN(events));
}

static void
test_words_of_providers(void **state)
{
	(void)state;
	check_rows(words, LEN(words));
}

/* Every code at every step has an outcome: 4yz never loses a letter, 5yz
 * never tries it again as it is. */
static void
test_all_codes(void **state)
{
	struct reply_verdict v;

	(void)state;
	for (int code = 400; code < 600; code++) {
		for (int step = REPLY_CONNECT; step <= REPLY_DOT; step++) {
			struct reply_facts f = {
			    .rc = step == REPLY_AUTH ? CURLE_LOGIN_DENIED
						     : CURLE_SEND_ERROR,
			    .code = code, .step = (enum reply_step)step,
			    .text = "x", .curl = ""};

			reply_judge(&f, &v);
			assert_int_equal(v.code, code);
			if (code < 500)
				assert_int_equal(v.outcome, SEND_RETRY);
			else
				assert_true(v.outcome == SEND_FAILED ||
				    v.outcome == SEND_REFUSED);
		}
	}
}

/* Before the last byte nobody can have taken the letter. */
static void
test_cut_in_the_letter(void **state)
{
	struct reply_facts f = {.rc = CURLE_SEND_ERROR, .code = 354,
	    .step = REPLY_DOT, .sent_all = false, .text = "", .curl = ""};
	struct reply_verdict v;

	(void)state;
	reply_judge(&f, &v);
	assert_int_equal(v.outcome, SEND_RETRY);
	assert_int_equal(v.code, 0);
	f.sent_all = true;
	reply_judge(&f, &v);
	assert_int_equal(v.outcome, SEND_UNKNOWN);
}

static void
test_worn_out_connections(void **state)
{
	static const struct {
		int rc, code;
		enum reply_step step;
		bool reused;
		const char *text;
		bool again;
	} rows[] = {
	    {SEND_55, 0, REPLY_CONNECT, true, "", true},
	    {SEND_55, 421, REPLY_MAIL, true, "idle", true},
	    {RECV_56, 0, REPLY_MAIL, true, "", true},
	    {RECV_56, 421, REPLY_RCPT, true, "bye", true},
	    {WEIRD_8, 421, REPLY_DATA, true, "bye", true},
	    {SEND_55, 450, REPLY_MAIL, true, "MI:DMC 163", true},
	    {SEND_55, 450, REPLY_RCPT, true, "greylisted", false},
	    {SEND_55, 550, REPLY_RCPT, true, "no", false},
	    /* A fresh one that fails is no matter of age. */
	    {SEND_55, 421, REPLY_MAIL, false, "idle", false},
	    {SEND_55, 450, REPLY_MAIL, false, "MI:DMC 163", false},
	    /* Never twice behind DATA. */
	    {RECV_56, 354, REPLY_DOT, true, "", false},
	    {RECV_56, 421, REPLY_DOT, true, "bye", false},
	    {RECV_56, 0, REPLY_DOT, true, "", false},
	    {TIME_28, 0, REPLY_MAIL, true, "", false},
	    {CURLE_OK, 250, REPLY_DOT, true, "", false},
	};
	struct reply_verdict v;

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct reply_facts f = {.rc = (CURLcode)rows[i].rc,
		    .code = rows[i].code, .step = rows[i].step,
		    .sent_all = true, .reused = rows[i].reused,
		    .text = rows[i].text, .curl = ""};

		reply_judge(&f, &v);
		assert_int_equal(v.again, rows[i].again);
	}
}

static void
test_certificate_faults(void **state)
{
	static const struct {
		long verify;
		const char *remedy;
	} rows[] = {{0, "another host name"}, {0x402, "expired"},
	    {0x42, "nobody that is trusted"}, {0x202, "not valid yet"},
	    {0x22, "revoked"}, {0x2, "not good"}};
	struct reply_verdict v;

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct reply_facts f = {.rc = CURLE_PEER_FAILED_VERIFICATION,
		    .verify = rows[i].verify, .text = "", .curl = ""};

		reply_judge(&f, &v);
		assert_int_equal(v.outcome, SEND_REFUSED);
		assert_non_null(strstr(v.remedy, rows[i].remedy));
	}
}

static void
test_steps(void **state)
{
	static const struct {
		enum reply_step now;
		const char *command;
		enum reply_step next;
	} rows[] = {{REPLY_CONNECT, "EHLO clued.test\r\n", REPLY_EHLO},
	    {REPLY_EHLO, "STARTTLS\r\n", REPLY_STARTTLS},
	    {REPLY_EHLO, "AUTH PLAIN AGEAYg==\r\n", REPLY_AUTH},
	    {REPLY_AUTH, "RGFUQQ==\r\n", REPLY_AUTH},
	    {REPLY_AUTH, "DATAAAAA\r\n", REPLY_AUTH},
	    {REPLY_AUTH, "MAIL FROM:<a@example.com>\r\n", REPLY_MAIL},
	    {REPLY_MAIL, "RCPT TO:<a@example.com>\r\n", REPLY_RCPT},
	    {REPLY_RCPT, "DATA\r\n", REPLY_DATA},
	    {REPLY_AUTH, "NOOP\r\n", REPLY_CHECK},
	    {REPLY_DOT, "QUIT\r\n", REPLY_DOT}, {REPLY_DOT, "", REPLY_DOT}};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		assert_int_equal(reply_step(rows[i].now, rows[i].command,
				     strlen(rows[i].command)),
		    rows[i].next);
}

static void
describe(const struct reply_facts *f, const char *expected)
{
	struct buf BUF_AUTO out = BUF_INIT;
	struct reply_verdict v;

	reply_judge(f, &v);
	reply_describe(f, &v, &out);
	assert_string_equal(buf_str(&out), expected);
}

static void
test_descriptions(void **state)
{
	(void)state;
	describe(&(struct reply_facts){CURLE_OK, 250, REPLY_DOT, true, false, 0,
		     "queued as 1", ""},
	    "250 queued as 1");
	describe(&(struct reply_facts){CURLE_SEND_ERROR, 501, REPLY_MAIL, false,
		     false, 0, "mail from address must be same as "
		     "authorization user", "MAIL failed: 501"},
	    "501 mail from address must be same as authorization user; "
	    "mail_from must be the account itself");
	describe(&(struct reply_facts){CURLE_COULDNT_CONNECT, 0, REPLY_CONNECT,
		     false, false, 0, "", "Failed to connect\x1b"},
	    "Failed to connect�; check host, port and the network");
	describe(&(struct reply_facts){CURLE_OPERATION_TIMEDOUT, 250,
		     REPLY_RCPT, false, false, 0, "ok", ""},
	    curl_easy_strerror(CURLE_OPERATION_TIMEDOUT));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_events),
	    cmocka_unit_test(test_words_of_providers),
	    cmocka_unit_test(test_all_codes),
	    cmocka_unit_test(test_cut_in_the_letter),
	    cmocka_unit_test(test_worn_out_connections),
	    cmocka_unit_test(test_certificate_faults),
	    cmocka_unit_test(test_steps),
	    cmocka_unit_test(test_descriptions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
