/* SPDX-License-Identifier: ISC */
/* The shipped example deployment loads as it is, without a word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "conf_world.h"

static void
load_shipped(struct conf_world *w)
{
	memset(w, 0, sizeof(*w));
	w->rc = conf_load("etc/clued.conf", &w->conf, &w->mistakes);
	world_print(w);
	assert_int_equal(w->rc, 0);
	assert_int_equal(w->mistakes.n, 0);
}

static void
forget(struct conf_world *w)
{
	conf_mistakes_done(&w->mistakes);
	conf_free(&w->conf);
}

static void
domains(void **state)
{
	/* The order of the monthly form. */
	static const struct { const char *id, *title; } want[] = {
	    {"muck-transport", "渣土运输"}, {"street-occupation", "占道经营"},
	    {"outdoor-advertising", "户外广告"}, {"sanitation-work", "环卫作业"},
	    {"sanitation-oversight", "环卫监管"},
	    {"illegal-construction", "违法建设"},
	    {"violent-resistance", "暴力抗法"},
	    {"protective-umbrella", "充当“保护伞”"}, {"other", "其他"}};
	struct conf_world w;
	(void)state;

	load_shipped(&w);
	assert_int_equal(w.conf->rules.n_domains, 9);
	for (size_t i = 0; i < 9; i++) {
		const struct domain_conf *d = &w.conf->rules.domains[i];

		assert_string_equal(d->id, want[i].id);
		assert_string_equal(d->title, want[i].title);
		assert_string_not_equal(d->brief, "");
	}
	assert_true(w.conf->rules.domains[7].discipline);
	assert_true(w.conf->rules.domains[7].priority);
	assert_true(w.conf->rules.domains[6].priority);
	forget(&w);
}

/* 163.com's rules: implicit TLS, ID, the sender is the account itself. */
static void
provider(void **state)
{
	struct conf_world w;
	(void)state;

	load_shipped(&w);
	const struct mailbox_conf *m = &w.conf->mailboxes[0];

	assert_string_equal(m->imap.host, "imap.163.com");
	assert_int_equal(m->imap.port, 993);
	assert_int_equal(m->imap.tls, FETCH_TLS_IMPLICIT);
	assert_true(m->imap.send_id);
	assert_true(m->imap.folders[1].junk);
	assert_int_equal(m->secret.from, SECRET_CREDENTIAL);
	assert_string_equal(w.conf->smtp.smtp.host, "smtp.163.com");
	assert_int_equal(w.conf->smtp.smtp.port, 465);
	assert_string_equal(w.conf->smtp.mail_from, m->address);
	assert_string_equal(w.conf->smtp.smtp.user, m->imap.user);
	forget(&w);
}

/* Nobody real is shipped. */
static void
invented_people(void **state)
{
	struct conf_world w;
	(void)state;

	load_shipped(&w);
	for (size_t i = 0; i < w.conf->roster.n_persons; i++)
		assert_non_null(strstr(
		    w.conf->roster.persons[i].address, "@example."));
	for (size_t i = 0; i < w.conf->roster.n_units; i++)
		assert_true(*w.conf->roster.units[i].address == '\0' ||
		    strstr(w.conf->roster.units[i].address, "@example.") !=
			NULL);
	forget(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(domains),
	    cmocka_unit_test(provider),
	    cmocka_unit_test(invented_people),
	};

	return cmocka_run_group_tests_name("conf_etc", tests, NULL, NULL);
}
