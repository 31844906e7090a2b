/* SPDX-License-Identifier: ISC */
/* What a good configuration becomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf_world.h"

static void
load_good(struct conf_world *w)
{
	world_load(w);
	world_print(w);
	assert_int_equal(w->rc, 0);
	assert_int_equal(w->mistakes.n, 0);
}

static void
defaults(void **state)
{
	struct conf_world w;
	(void)state;

	world_init(&w);
	load_good(&w);
	const struct mailbox_conf *m = &w.conf->mailboxes[0];
	const struct smtp_conf *s = &w.conf->smtp;

	assert_string_equal(w.conf->dir, w.dir);
	assert_string_equal(zone_name(w.conf->zone), "Asia/Shanghai");
	assert_string_equal(w.conf->office.number_prefix, "LY");
	assert_string_equal(w.conf->store.path, "/var/lib/clued/clued.db");
	assert_int_equal(w.conf->messages_per_child, 64);
	assert_int_equal(w.conf->watch.silence_min, 30);
	assert_int_equal(w.conf->report.period_day, 25);
	assert_int_equal(w.conf->rounds.sheet_min, ROUNDS_OPENING);
	assert_int_equal(w.conf->rounds.summary_weekday, 1);
	assert_int_equal(w.conf->rounds.summary_to,
	    LADDER_LEADER | LADDER_BUREAU_LEADER);
	assert_string_equal(
	    w.conf->report.title, "扫黑除恶专项斗争开展情况月报表");
	assert_true(w.conf->report.total);
	assert_string_equal(w.conf->report.filled_by, "");
	assert_int_equal(w.conf->n_mailboxes, 1);
	assert_int_equal(m->imap.port, 993);
	assert_int_equal(m->imap.tls, FETCH_TLS_IMPLICIT);
	assert_int_equal(m->imap.auth, FETCH_AUTH_LOGIN);
	assert_string_equal(m->imap.user, "tips@example.com");
	assert_string_equal(m->imap.secret, "");
	assert_string_equal(m->imap.ca_file, "");
	assert_string_equal(m->imap.connect_to, "");
	assert_true(m->imap.send_id);
	assert_true(m->imap.idle);
	assert_int_equal(m->imap.n_folders, 1);
	assert_string_equal(m->imap.folders[0].name, "INBOX");
	assert_false(m->imap.folders[0].junk);
	assert_int_equal(m->imap.mark, FETCH_MARK_NOTHING);
	assert_int_equal(m->imap.poll_s, 60);
	assert_int_equal(m->imap.timeout_ms, 60000);
	assert_int_equal(m->imap.max_message_bytes, 50UL << 20);
	assert_int_equal(m->no_ack_older_days, 3);
	assert_string_equal(m->authserv_id, "");
	assert_string_equal(m->since, "");
	assert_int_equal(m->since_s, 0);
	assert_int_equal(m->secret.from, SECRET_COMMAND);
	assert_string_equal(m->secret.value, "printf secret");
	assert_int_equal(s->smtp.port, 465);
	assert_int_equal(s->smtp.auth, SEND_AUTH_PLAIN);
	assert_int_equal(s->smtp.timeout_ms, 120000);
	assert_string_equal(s->smtp.user, "tips@example.com");
	assert_string_equal(s->smtp.helo, "clue.example.com");
	assert_string_equal(s->mail_from, "tips@example.com");
	assert_string_equal(s->from_name, "海湾区城市管理局");
	assert_int_equal(s->per_minute, 20);
	assert_int_equal(s->retry_first_s, 120);
	assert_int_equal(s->retry_most_s, 21600);
	assert_false(s->attach_all);
	world_done(&w);
}

static void
deadlines(void **state)
{
	struct conf_world w;
	(void)state;

	world_init(&w);
	load_good(&w);
	const struct deadline_class *c = w.conf->classes;

	assert_int_equal(w.conf->n_classes, 2);
	assert_string_equal(c[0].id, "normal");
	assert_int_equal(c[0].accept.working_days, 1);
	assert_int_equal(c[0].feedback.working_days, 5);
	assert_int_equal(c[0].conclude.working_days, 13);
	assert_int_equal(c[0].extensions_most, 1);
	assert_int_equal(c[0].extension_days, 10);
	assert_string_equal(c[1].id, "priority");
	assert_int_equal(c[1].accept.working_minutes, 240);
	assert_int_equal(c[1].accept.working_days, 0);
	assert_int_equal(c[1].conclude.working_days, 10);
	assert_int_equal(c[1].extension_days, 5);
	assert_int_equal(c[1].warn_before.working_minutes, 60);
	for (int i = 0; i < 2; i++) {
		const struct ladder_step *step = c[i].ladder;

		assert_int_equal(step[0].to, 0);
		assert_int_equal(step[1].to, LADDER_OFFICER);
		assert_int_equal(step[2].to, LADDER_OFFICER);
		assert_int_equal(step[3].to, LADDER_OFFICER | LADDER_LEADER);
		assert_int_equal(step[3].after.working_days, 1);
		assert_int_equal(
		    step[4].to, LADDER_BUREAU_LEADER | LADDER_OFFICE);
		assert_int_equal(step[4].after.working_days, 5);
	}
	assert_int_equal(w.conf->calendar.week[1].n_spans, 2);
	assert_int_equal(w.conf->calendar.week[5].spans[1].to_min, 1050);
	assert_int_equal(w.conf->calendar.week[6].n_spans, 0);
	world_done(&w);
}

static void
written_values(void **state)
{
	struct conf_world w;
	(void)state;

	world_init(&w);
	world_edit(&w, "clued.conf", "host =",
	    "tls = \"starttls\"; user = \"me\"; auth = \"xoauth2\";"
	    " timeout = \"1500ms\"; send_id = false; idle = false;"
	    " folders = ( { name = \"收件箱\"; },"
	    " { name = \"垃圾邮件\"; junk = true; } );"
	    " mark = \"move\"; mark_with = \"已处理\"; poll = \"5m\";"
	    " max_message = \"20M\"; since = \"2026-03-01\";"
	    " no_ack_older = \"0d\"; authserv_id = \"mx.example.com\";"
	    " ca_file = \"ca.pem\";"
	    " connect_to = \"127.0.0.1:10143\"; host =");
	world_edit(&w, "clued.conf", "smtp = {",
	    "smtp = { auth = \"none\"; tls = \"none\"; port = 2525;"
	    " connect_to = \"[::1]:2525\"; mail_from = \"a@example.net\";"
	    " helo = \"mail.example.net\"; per_minute = 5;"
	    " attach_all = true;");
	world_edit(&w, "clued.conf", NULL,
	    "time_zone = \"UTC\"; store = { path = \"data/x.db\"; };"
	    "deadlines = { normal = { accept = \"2d\"; }; };"
	    "hours = { sunday = \"10:00-12:00\"; };"
	    "parser = { messages_per_child = 1; };"
	    "report = { period_day = 1; total = false; title = \"表\";"
	    " filled_by = \"甲\"; phone = \"1\"; copy_to = \"乙\"; };\n");
	load_good(&w);
	const struct fetch_start *imap = &w.conf->mailboxes[0].imap;
	char path[256];

	assert_int_equal(imap->port, 143);
	assert_int_equal(imap->tls, FETCH_TLS_STARTTLS);
	assert_int_equal(imap->auth, FETCH_AUTH_XOAUTH2);
	assert_string_equal(imap->user, "me");
	assert_int_equal(imap->timeout_ms, 1500);
	assert_false(imap->send_id);
	assert_false(imap->idle);
	assert_int_equal(imap->n_folders, 2);
	assert_string_equal(imap->folders[1].name, "垃圾邮件");
	assert_true(imap->folders[1].junk);
	assert_int_equal(imap->mark, FETCH_MARK_MOVE);
	assert_string_equal(imap->mark_with, "已处理");
	assert_int_equal(imap->poll_s, 300);
	assert_int_equal(imap->max_message_bytes, 20971520);
	world_path(&w, "ca.pem", path);
	assert_string_equal(imap->ca_file, path);
	assert_string_equal(w.conf->mailboxes[0].since, "2026-03-01");
	assert_int_equal(w.conf->mailboxes[0].since_s, 1772323200);
	assert_int_equal(w.conf->mailboxes[0].no_ack_older_days, 0);
	assert_string_equal(
	    w.conf->mailboxes[0].authserv_id, "mx.example.com");
	assert_int_equal(w.conf->smtp.smtp.port, 2525);
	assert_int_equal(w.conf->smtp.smtp.auth, SEND_AUTH_NONE);
	assert_int_equal(w.conf->smtp.secret.from, SECRET_NONE);
	assert_string_equal(w.conf->smtp.mail_from, "a@example.net");
	assert_string_equal(w.conf->smtp.smtp.user, "a@example.net");
	assert_string_equal(w.conf->smtp.smtp.helo, "mail.example.net");
	assert_int_equal(w.conf->smtp.per_minute, 5);
	assert_true(w.conf->smtp.attach_all);
	assert_int_equal(w.conf->classes[0].accept.working_days, 2);
	assert_int_equal(w.conf->classes[0].feedback.working_days, 5);
	assert_int_equal(w.conf->calendar.week[7].n_spans, 1);
	assert_int_equal(w.conf->messages_per_child, 1);
	assert_int_equal(w.conf->report.period_day, 1);
	assert_string_equal(w.conf->report.title, "表");
	assert_false(w.conf->report.total);
	assert_string_equal(w.conf->report.filled_by, "甲");
	assert_string_equal(w.conf->report.phone, "1");
	assert_string_equal(w.conf->report.copy_to, "乙");
	world_path(&w, "data/x.db", path);
	assert_string_equal(w.conf->store.path, path);
	world_done(&w);
}

static void
rules(void **state)
{
	struct conf_world w;
	(void)state;

	world_init(&w);
	load_good(&w);
	const struct rules_conf *r = &w.conf->rules;
	const struct term_conf *t = r->domains[0].terms;

	assert_int_equal(r->threshold, 3000);
	assert_int_equal(r->margin, 1000);
	assert_int_equal(r->subject_weight, 1500);
	assert_int_equal(r->n_domains, 4);
	assert_string_equal(r->domains[0].id, "muck-transport");
	assert_string_equal(r->domains[0].title, "渣土运输");
	assert_string_equal(r->domains[1].brief, "");
	assert_true(r->domains[1].priority);
	assert_true(r->domains[2].overriding && r->domains[2].discipline);
	assert_false(r->domains[0].overriding || r->domains[0].discipline);
	assert_int_equal(r->domains[3].n_terms, 0);
	/* Five of its own and one of rules.d/local.conf. */
	assert_int_equal(r->domains[0].n_terms, 6);
	assert_int_equal(t[0].n_words, 1);
	assert_string_equal(t[0].words[0], "渣土车");
	assert_string_equal(t[0].pattern, "");
	assert_int_equal(t[0].weight, 2000);
	assert_int_equal(t[0].line, 15);
	assert_non_null(strstr(t[0].file, "/rules.conf"));
	assert_int_equal(t[1].n_words, 2);
	assert_string_equal(t[1].words[1], "倾倒");
	assert_int_equal(t[1].within, 12);
	assert_int_equal(t[2].n_words, 0);
	assert_string_equal(t[2].pattern, "强(买|揽)");
	assert_int_equal(t[2].weight, 2500);
	assert_int_equal(t[3].weight, -1000);
	assert_false(t[3].cancels);
	assert_true(t[4].cancels);
	assert_string_equal(t[5].words[0], "土方");
	assert_int_equal(t[5].weight, 1000);
	assert_int_equal(t[5].line, 5);
	assert_non_null(strstr(t[5].file, "/rules.d/local.conf"));
	assert_true(r->domains[1].terms[0].repeat);
	assert_string_equal(r->domains[1].terms[0].words[0], "@打人");
	assert_int_equal(r->n_synonyms, 1);
	assert_string_equal(r->synonyms[0].words[1], "打伤");
	assert_int_equal(r->n_priority_terms, 1);
	assert_int_equal(r->priority_terms[0].weight, 2000);
	assert_int_equal(r->n_major_terms, 1);
	assert_string_equal(r->major_terms[0].words[0], "砍伤");
	world_done(&w);
}

/* The version of the rules: all bytes of all files, and nothing else. */
static void
rules_hash(void **state)
{
	struct hash_state *h = hash_new();
	unsigned char sum[SHA256_BYTES];
	char want[SHA256_HEX], path[256];
	struct conf_world w;
	char *text;
	(void)state;

	world_init(&w);
	world_edit(&w, "rules.d/local.conf", NULL, "\xef\xbb\xbf");
	load_good(&w);
	for (int i = 0; i < 2; i++) {
		world_path(&w, i == 0 ? "rules.conf" : "rules.d/local.conf",
		    path);
		text = slurp(path);
		hash_add(h, text, strlen(text));
		free(text);
	}
	hash_end(&h, sum);
	hex_put(sum, sizeof(sum), want);
	assert_string_equal(w.conf->rules.hash, want);
	world_edit(&w, "areas.conf", NULL, "# other\n");
	load_good(&w);
	assert_string_equal(w.conf->rules.hash, want);
	world_edit(&w, "rules.conf", NULL, "# other\n");
	load_good(&w);
	assert_string_not_equal(w.conf->rules.hash, want);
	world_done(&w);
}

static void
roster(void **state)
{
	struct conf_world w;
	(void)state;

	world_init(&w);
	load_good(&w);
	const struct roster_conf *r = &w.conf->roster;

	assert_int_equal(r->n_persons, 4);
	assert_string_equal(r->persons[0].phones[0], "13800000001");
	assert_string_equal(r->persons[0].aliases[0], "老陈");
	assert_int_equal(r->persons[0].unit, 0);
	assert_int_equal(r->persons[2].unit, -1);
	assert_int_equal(r->persons[1].absent_from,
	    civil_day_number(2026, 5, 1));
	assert_int_equal(r->persons[1].absent_to,
	    civil_day_number(2026, 5, 15));
	assert_int_equal(r->persons[0].absent_from, 0);
	assert_int_equal(r->persons[2].kind, PERSON_OFFICE);
	assert_true(r->persons[2].common_name);
	assert_int_equal(r->n_units, 1);
	assert_int_equal(r->units[0].leader, 1);
	assert_int_equal(r->n_duties, 2);
	assert_int_equal(r->duties[0].domain, 0);
	assert_int_equal(r->duties[0].area, 0);
	assert_int_equal(r->duties[0].officer, 0);
	assert_int_equal(r->duties[0].deputy, 1);
	assert_int_equal(r->duties[1].domain, -1);
	assert_int_equal(r->duties[1].area, -1);
	assert_int_equal(r->duties[1].deputy, -1);
	assert_int_equal(r->office, 2);
	assert_int_equal(r->discipline, 3);
	assert_int_equal(r->bureau_leader, -1);
	world_done(&w);
}

static void
phones(void **state)
{
	struct conf_world w;
	(void)state;

	world_init(&w);
	world_edit(&w, "roster.conf", "\"+86 138-0000-0001\"",
	    "\"0086 138 0000 0002\", \"8613800000003\", \"(0518) 8000-0004\","
	    " \"12345\"");
	world_edit(&w, "roster.conf", "; absent_to = \"2026-05-15\"", "");
	load_good(&w);
	const char *const *p = w.conf->roster.persons[0].phones;

	assert_int_equal(w.conf->roster.persons[0].n_phones, 4);
	assert_string_equal(p[0], "13800000002");
	assert_string_equal(p[1], "13800000003");
	assert_string_equal(p[2], "051880000004");
	assert_string_equal(p[3], "12345");
	assert_int_equal(w.conf->roster.persons[1].absent_to, INT32_MAX);
	world_done(&w);
}

static void
find(void **state)
{
	struct conf_world w;
	(void)state;

	world_init(&w);
	load_good(&w);
	assert_int_equal(conf_domain(w.conf, "other"), 3);
	assert_int_equal(conf_domain(w.conf, "Other"), -1);
	assert_int_equal(conf_area(w.conf, "south"), 1);
	assert_int_equal(conf_area(w.conf, ""), -1);
	assert_int_equal(conf_person(w.conf, "sun"), 1);
	assert_int_equal(conf_person_by_address(w.conf, "SUN@Example.ORG"), 1);
	assert_int_equal(conf_person_by_address(w.conf, ""), -1);
	assert_int_equal(
	    conf_unit_by_address(w.conf, "Haulage@example.org"), 0);
	assert_int_equal(conf_unit_by_address(w.conf, "sun@example.org"), -1);
	assert_string_equal(conf_template(w.conf, "alarm")->id, "alarm");
	assert_non_null(strstr(conf_template(w.conf, "alarm")->text, "Subject"));
	assert_null(conf_template(w.conf, "alarm.txt"));
	assert_int_equal(w.conf->n_templates, 33);
	world_done(&w);
}

/* Editors of Windows leave a BOM and CR LF. */
static void
windows_files(void **state)
{
	struct conf_world w;
	char *text, *out, path[256];
	size_t n = 3;
	(void)state;

	world_init(&w);
	world_path(&w, "rules.conf", path);
	text = slurp(path);
	out = calloc(2, strlen(text) + 4);
	assert_non_null(out);
	memcpy(out, "\xef\xbb\xbf", 3);
	for (char *p = text; *p != '\0'; p++) {
		if (*p == '\n')
			out[n++] = '\r';
		out[n++] = *p;
	}
	world_write_bytes(&w, "rules.conf", out, n);
	world_edit(&w, "clued.conf", NULL, "\xef\xbb\xbf");
	world_edit(&w, "roster.conf", NULL, "\xef\xbb\xbf");
	world_edit(&w, "rules.d/local.conf", NULL, "\xef\xbb\xbf");
	load_good(&w);
	assert_int_equal(w.conf->rules.domains[0].n_terms, 6);
	assert_int_equal(w.conf->rules.domains[0].terms[0].line, 15);
	free(out);
	free(text);
	world_done(&w);
}

/* Includes within a list, without a last line end, inside of comments and
 * strings; lines behind them keep their numbers. */
static void
includes(void **state)
{
	struct conf_world w;
	(void)state;

	world_init(&w);
	world_write(&w, "rules.d/a.conf", "{ t = \"甲\"; },\n{ t = \"乙\"; }");
	world_write(&w, "rules.d/empty.conf", "");
	world_edit(&w, "rules.conf", "{ t = \"渣土车\"; w = 2.0; },",
	    "\n\t @include \t\"rules.d/a.conf\"  # two\n, # @include \"x\"\n"
	    "/* \n@include \"y\"\n */ // @include \"z\"\n"
	    "@include \"rules.d/empty.conf\"\n"
	    "{ t = \"a @include\"; },");
	world_edit(&w, "rules.conf", "@打人\"", "打人\"");
	load_good(&w);
	world_done(&w);

	world_init(&w);
	world_write(&w, "rules.d/a.conf", "{ t = \"甲\"; },\n{ t = \"乙\"; }");
	world_edit(&w, "rules.conf", "{ t = \"渣土车\"; w = 2.0; },",
	    "\n@include \"rules.d/a.conf\"\n, { t = \"丙\"; },");
	load_good(&w);
	const struct term_conf *t = w.conf->rules.domains[0].terms;

	assert_int_equal(w.conf->rules.domains[0].n_terms, 8);
	assert_string_equal(t[0].words[0], "甲");
	assert_int_equal(t[0].line, 1);
	assert_int_equal(t[1].line, 2);
	assert_non_null(strstr(t[1].file, "/rules.d/a.conf"));
	assert_string_equal(t[2].words[0], "丙");
	assert_int_equal(t[2].line, 17);
	assert_non_null(strstr(t[2].file, "/rules.conf"));
	world_done(&w);
}

/* For tools: other rules, and no look at secrets that are not theirs. */
static void
options(void **state)
{
	char path[256], rules_path[256];
	struct conf_options how = {.no_secrets = true};
	struct conf_world w;
	(void)state;

	world_init(&w);
	world_edit(&w, "clued.conf", "command = \"printf secret\"",
	    "file = \"gone\"");
	world_load(&w);
	assert_int_equal(w.rc, -1);
	world_path(&w, "clued.conf", path);
	conf_mistakes_done(&w.mistakes);
	assert_int_equal(conf_load_with(path, &how, &w.conf, &w.mistakes), 0);
	assert_int_equal(w.conf->rules.threshold, 3000);
	conf_free(&w.conf);
	conf_mistakes_done(&w.mistakes);

	world_path(&w, "rules.conf", rules_path);
	world_path(&w, "trial.conf", path);
	assert_int_equal(link(rules_path, path), 0);
	(void)unlink(rules_path);
	world_edit(&w, "trial.conf", "threshold = 3.0", "threshold = 4.5");
	how.rules = path;
	world_path(&w, "clued.conf", rules_path);
	assert_int_equal(
	    conf_load_with(rules_path, &how, &w.conf, &w.mistakes), 0);
	assert_int_equal(w.conf->rules.threshold, 4500);
	world_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(defaults),
	    cmocka_unit_test(deadlines),
	    cmocka_unit_test(written_values),
	    cmocka_unit_test(rules),
	    cmocka_unit_test(rules_hash),
	    cmocka_unit_test(roster),
	    cmocka_unit_test(phones),
	    cmocka_unit_test(find),
	    cmocka_unit_test(windows_files),
	    cmocka_unit_test(includes),
	    cmocka_unit_test(options),
	};

	return cmocka_run_group_tests_name("conf_load", tests, NULL, NULL);
}
