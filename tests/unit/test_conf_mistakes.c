/* SPDX-License-Identifier: ISC */
/* Every mistake that a person can make, each told with file and line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/limits.h"
#include "conf_world.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

struct slip {
	const char *file;
	const char *what; /* replaced in the good file; NULL: put in front */
	const char *by;
	int line;         /* where it must be reported */
	const char *text; /* part of the report */
};

static const struct slip slips[] = {
    /* Syntax and bytes. */
    {"clued.conf", "smtp = {", "smtp = {{", 14, "syntax error"},
    {"rules.d/local.conf", "terms = (", "terms = ((", 5, "syntax error"},
    {"roster.conf", "units = (", "@include \"x.conf\"\nunits = (", 1,
	"cannot read"},
    {"rules.conf", "@include \"rules.d/local.conf\"",
	"@include \"rules.d/gone.conf\"", 42, "gone.conf: No such file"},
    {"rules.conf", "@include \"rules.d/local.conf\"",
	"@include \"rules.conf\"", 42, "too many files inside each other"},
    {"areas.conf", "北湾街道", "\xb1\xb1\xcd\xe5", 2, "is not UTF-8"},
    {"areas.conf", "北湾街道", "a\\xffb", 2, "bad UTF-8"},
    {"areas.conf", "北湾街道", "a\\x1bb", 2, "control character"},
    {"areas.conf", "北湾街道", "a\\x00b", 2, "\\x00"},
    {"clued.conf", "tips\";", "tips;", 8, "string without an end"},
    {"clued.conf", "# The smallest", "/* The smallest", 1,
	"comment without an end"},
    {"clued.conf", "office = {", "office = { name = \"a\";", 3,
	"\"name\" is set twice; also at"},
    {"clued.conf", "office = {", "office = { name = \"a\"; name = \"b\";", 2,
	"\"name\" is set twice; also at"},
    {"clued.conf", "office = {", "watch = { };\nwatch\n= { };\noffice = {", 3,
	"\"watch\" is set twice; also at"},
    {"clued.conf", "office = {", "a = 1; a = 2; a = 3; office = {", 2,
	"duplicate setting"},
    {"clued.conf", "mailboxes = (", "mailboxes = ( {}, [ 1, \"a\" ],", 6,
	"mismatched"},
    /* Unknown keys. */
    {"clued.conf", "host =", "hots =", 10,
	"unknown key \"hots\"; did you mean \"host\"?"},
    {"clued.conf", "office = {", "store = { pahts = \"x\"; };\noffice = {",
	2, "did you mean \"path\"?"},
    {"rules.d/local.conf", "w = 1.0", "weight = 1.0", 5,
	"unknown key \"weight\" in terms"},
    {"calendar/2026.conf", "to =", "too =", 3, "did you mean \"to\"?"},
    {"clued.conf", NULL, "smtps = { };\n", 1,
	"unknown key \"smtps\"; did you mean \"smtp\"?"},
    /* Types. */
    {"clued.conf", "host =", "port = \"993\"; host =", 10,
	"port: must be a whole number"},
    {"clued.conf", "host =", "poll = 60; host =", 10,
	"poll: must be a time in quotes"},
    {"clued.conf", "host =", "max_message = 20; host =", 10,
	"max_message: must be a size in quotes"},
    {"clued.conf", "host =", "idle = \"yes\"; host =", 10,
	"idle: must be true or false"},
    {"clued.conf", "host =", "folders = [ \"INBOX\" ]; host =", 10,
	"folders: must be a list of groups"},
    {"clued.conf", "host =", "folders = ( \"INBOX\" ); host =", 10,
	"folders: every member must be a group"},
    {"clued.conf", "host =", "folders = ( ); host =", 10,
	"folders: must have 1 to 16 members, not 0"},
    {"clued.conf", "office = {", "watch = true;\noffice = {", 2,
	"watch: must be a group"},
    {"areas.conf", "[ \"南湾\" ]", "\"南湾\"", 3, "aliases: must be a list"},
    {"areas.conf", "[ \"南湾\" ]", "( \"南湾\", 3 )", 3,
	"aliases: every member must be a text"},
    {"areas.conf", "[ \"南湾\" ]", "[ \"\" ]", 3,
	"aliases: must not be empty"},
    {"rules.conf", "threshold = 3.0", "threshold = \"3.0\"", 1,
	"threshold: must be a number"},
    /* Ranges.  libconfig would keep the low 32 bits of the second. */
    {"clued.conf", "host =", "port = 65536; host =", 10,
	"port: 65536 is out of range; from 0 to 65535"},
    {"clued.conf", "host =", "port = 4294967296; host =", 10,
	"this number is too large"},
    {"clued.conf", "host =", "port = -2147483649; host =", 10,
	"this number is too large"},
    {"clued.conf", "host =", "port = 0x1000003e1; host =", 10,
	"this number is too large"},
    {"clued.conf", "host =", "port = 4294967296L; host =", 10,
	"port: 4294967296 is out of range"},
    {"clued.conf", "host =", "poll = \"30\"; host =", 10,
	"poll: \"30\" is not a time"},
    {"clued.conf", "host =", "poll = \"2d\"; host =", 10,
	"whole units from \"1s\" to \"1d\""},
    {"clued.conf", "host =", "no_ack_older = \"36h\"; host =", 10,
	"whole units from \"0d\" to \"3650d\""},
    {"clued.conf", "host =", "max_message = \"10G\"; host =", 10,
	"max_message: \"10G\" is out of range"},
    {"clued.conf", "host =", "since = \"2026-02-30\"; host =", 10,
	"since: \"2026-02-30\" is not a date"},
    {"clued.conf", "host =", "tls = \"ssl\"; host =", 10,
	"tls: \"ssl\" is not one of \"implicit\", \"starttls\", \"none\""},
    {"rules.conf", "threshold = 3.0", "threshold = 0.0", 1,
	"threshold: 0 is out of range"},
    {"rules.conf", "threshold = 3.0", "threshold = 1e999", 1,
	"threshold: inf is out of range"},
    {"rules.conf", "w = 2.0", "w = 1001", 15, "w: 1001 is out of range"},
    /* Missing. */
    {"clued.conf", "id = \"tips\";", "", 7, "mailboxes: \"id\" is missing"},
    {"clued.conf", "name = \"海湾区城市管理局\";", "", 2,
	"office: \"name\" is missing"},
    {"roster.conf", "discipline = \"discipline\";", "", 1,
	"roster.conf: \"discipline\" is missing"},
    {"clued.conf", "海湾区城市管理局", "", 3, "name: must not be empty"},
    /* Names, hosts, addresses. */
    {"clued.conf", "\"tips\"", "\"Tips!\"", 8, "must be of a-z"},
    {"clued.conf", "imap.example.com", "imap.example.com/x", 10,
	"is not a host name"},
    {"clued.conf", "tips@example.com", "tips", 9, "has no @"},
    {"roster.conf", "sun@example.org", "孙@example.org", 17, "not ASCII"},
    {"roster.conf", "sun@example.org", "TIPS@example.com", 17,
	"is the tip mailbox itself"},
    {"roster.conf", "sun@example.org", "Chen@Example.org", 17,
	"address \"chen@example.org\" is used twice"},
    {"clued.conf", "message_id_domain = \"clue.example.com\"",
	"message_id_domain = \"clue\"", 4, "is not a domain"},
    {"clued.conf", "message_id_domain",
	"number_prefix = \"ly\"; message_id_domain", 4, "must be of A-Z"},
    {"clued.conf", "host =", "connect_to = \"127.0.0.1\"; host =", 10,
	"is not host:port"},
    {"clued.conf", NULL, "time_zone = \"Asia/Shanghia\";\n", 1,
	"unknown time zone"},
    /* Connections. */
    {"clued.conf", "host =", "tls = \"none\"; host =", 10,
	"would show the password"},
    {"clued.conf", "{ command = \"printf secret\"; }", "{ }", 11,
	"exactly one of"},
    {"clued.conf", "command = \"printf secret\"",
	"command = \"x\"; file = \"y\"", 11, "exactly one of"},
    {"clued.conf", "command = \"printf secret\"", "file = \"gone\"", 11,
	"gone: No such file"},
    {"clued.conf", "command = \"printf secret\"",
	"file = \"rules.conf\"", 11, "can be read or changed by others"},
    {"clued.conf", "command = \"printf secret\"",
	"credential = \"../x\"", 11, "is not a name of systemd"},
    {"clued.conf", "host =", "mark = \"keyword\"; host =", 7,
	"needs an IMAP keyword"},
    {"clued.conf", "host =",
	"mark = \"keyword\"; mark_with = \"a b\"; host =", 10,
	"needs an IMAP keyword"},
    {"clued.conf", "host =", "mark = \"move\"; host =", 7,
	"needs the folder"},
    {"clued.conf", "host =",
	"mark = \"move\"; mark_with = \"Inbox\"; host =", 10,
	"is itself a folder that is read"},
    {"clued.conf", "host =",
	"folders = ( {name=\"INBOX\";}, {name=\"inbox\";} ); host =", 10,
	"is listed twice"},
    {"clued.conf", "smtp = {",
	"smtp = { retry_first = \"2h\"; retry_most = \"1h\";", 14,
	"retry_most is shorter"},
    /* Hours and deadlines. */
    {"clued.conf", NULL, "hours = { monday = \"9-5\"; };\n", 1,
	"are not office hours"},
    {"clued.conf", NULL, "hours = { monday = \"\"; };\n", 1,
	"monday must have working hours"},
    {"clued.conf", NULL, "deadlines = { norml = { }; };\n", 1,
	"did you mean \"normal\"?"},
    {"clued.conf", NULL,
	"deadlines = { normal = { accept = \"1 day\"; }; };\n", 1,
	"is not a term in working time"},
    {"clued.conf", NULL,
	"deadlines = { normal = { accept = \"0d\"; }; };\n", 1,
	"a term of 0 cannot be met"},
    {"clued.conf", NULL,
	"deadlines = { priority = { warn_before = \"4h\"; }; };\n", 1,
	"warn_before is not shorter"},
    /* A working day has seven hours. */
    {"clued.conf", NULL,
	"deadlines = { normal = { warn_before = \"7h\"; }; };\n", 1,
	"warn_before is not shorter"},
    {"clued.conf", NULL,
	"deadlines = { normal = { feedback = \"6h\"; }; };\n", 1,
	"must follow each other"},
    {"clued.conf", NULL,
	"deadlines = { normal = { urge_to = \"officer boss\"; }; };\n", 1,
	"urge_to: \"boss\" is not one of officer, leader"},
    {"clued.conf", NULL,
	"deadlines = { normal = { urge_after = \"0d\"; }; };\n", 1,
	"urge_after and criticise_after must follow"},
    {"clued.conf", NULL,
	"deadlines = { priority = { criticise_after = \"7h\"; }; };\n", 1,
	"urge_after and criticise_after must follow"},
    {"clued.conf", NULL, "watch = { silence = \"1m\"; };\n", 1,
	"watch.silence is not longer than poll of mailbox \"tips\""},
    {"clued.conf", NULL, "sheet = { at = \"8:30\"; };\n", 1,
	"at: \"8:30\" is neither a time"},
    {"clued.conf", NULL, "sheet = { at = \"24:00\"; };\n", 1,
	"at: \"24:00\" is neither a time"},
    {"clued.conf", NULL, "sheet = { summary_to = \"leader\"; };\n", 1,
	"summary_to: \"leader\" is not one of unit-leaders"},
    {"clued.conf", NULL, "sheet = { summary_day = \"1\"; };\n", 1,
	"summary_day"},
    {"clued.conf", "host =",
	"tls = \"none\"; connect_to = \"127.example.com:143\"; host =", 10,
	"would show the password"},
    /* Rules. */
    {"rules.conf", "{ t = \"渣土车\"; w = 2.0; }", "{ w = 2.0; }", 15,
	"exactly one of t, all, re and wording"},
    {"rules.conf", "{ t = \"渣土车\"; w = 2.0; }",
	"{ t = \"a\"; re = \"b\"; }", 15,
	"exactly one of t, all, re and wording"},
    {"rules.conf", "{ t = \"渣土车\"; w = 2.0; }",
	"{ t = \"a\"; wording = true; }", 15,
	"exactly one of t, all, re and wording"},
    {"rules.conf", "{ t = \"渣土车\"; w = 2.0; }",
	"{ wording = true; repeat = true; }", 15,
	"not and repeat do not go with wording"},
    {"rules.conf", "{ t = \"渣土车\"; w = 2.0; }",
	"{ t = \"a\"; within = 3; }", 15, "within goes with all only"},
    {"rules.conf", "[ \"强行\", \"倾倒\" ]",
	"[ \"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\","
	"\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\" ]", 16,
	"all: must have at most 16 members, not 17"},
    {"rules.conf", "not = true", "not = true; w = 1.0", 19,
	"has no weight"},
    {"rules.conf", "w = 2.0", "w = 0.0", 15, "w = 0 has no effect"},
    {"rules.conf", "w = 2.0", "w = 0.0001", 15, "w = 0 has no effect"},
    {"rules.conf", "@打人", "@打入", 26,
	"there is no list of synonyms \"打入\"; did you mean \"打人\"?"},
    {"rules.conf", "@打人", "@", 26, "must name a list"},
    {"rules.conf", "殴打", "@打伤", 6, "a list cannot hold a list"},
    {"rules.conf", "[ \"殴打\", \"打伤\" ]", "[ ]", 6, "no words"},
    {"rules.conf", "violent-resistance", "muck-transport", 23,
	"domain \"muck-transport\" is used twice"},
    {"rules.conf", "violent-resistance", "violent_resistance", 23,
	"must be of a-z"},
    {"rules.conf", "id = \"other\"", "id = \"others\"", 9,
	"\"other\" is missing"},
    {"rules.d/local.conf", "muck-transport", "muck-transports", 4,
	"there is no domain \"muck-transports\"; did you mean "
	"\"muck-transport\"?"},
    /* Areas. */
    {"areas.conf", "id = \"south\"", "id = \"north\"", 3,
	"area \"north\" is used twice"},
    {"areas.conf", "[ \"南湾\" ]", "[ \"灯塔社区\" ]", 3,
	"area name \"灯塔社区\" is used twice"},
    /* Roster. */
    {"roster.conf", "id = \"discipline\"", "id = \"office\"", 26,
	"person \"office\" is used twice"},
    {"roster.conf", "unit = \"haulage\"", "unit = \"haulag\"", 14,
	"there is no unit \"haulag\"; did you mean \"haulage\"?"},
    {"roster.conf", "leader = \"sun\"", "leader = \"son\"", 7,
	"there is no person \"son\"; did you mean \"sun\"?"},
    {"roster.conf", "officer = \"chen\"", "officer = \"chne\"", 31,
	"there is no person \"chne\"; did you mean \"chen\"?"},
    {"roster.conf", "area = \"north\"", "area = \"nroth\"", 31,
	"there is no area \"nroth\"; did you mean \"north\"?"},
    {"roster.conf", "domain = \"muck-transport\"", "domain = \"muck\"", 31,
	"there is no domain \"muck\""},
    {"roster.conf", "deputy = \"sun\"", "deputy = \"chen\"", 32,
	"is the officer already"},
    {"roster.conf", "domain = \"*\"; area = \"*\"",
	"domain = \"muck-transport\"; area = \"*\"", 30,
	"no officer for domain \"violent-resistance\""},
    {"roster.conf", "陈晓舟", "陈", 12, "name \"陈\" is too short"},
    {"roster.conf", "老陈", "陈", 13, "name \"陈\" is too short"},
    {"areas.conf", "\"南湾\"", "\"湾\"", 3, "name \"湾\" is too short"},
    {"roster.conf", "+86 138-0000-0001", "extension five", 13,
	"is not a phone number"},
    {"roster.conf", "absent_to = \"2026-05-15\"",
	"absent_to = \"2026-04-15\"", 16, "absent_to is before"},
    {"roster.conf", "absent_from = \"2026-05-01\";", "", 16,
	"absent since when"},
    {"roster.conf", "kind = \"office\"", "kind = \"officer\"", 35,
	"office: \"office\" must be a person of kind = \"office\""},
    {"roster.conf", "office = \"office\";\ndiscipline",
	"office = \"chen\";\ndiscipline", 35, "must be a person of kind"},
    {"roster.conf", "discipline = \"discipline\";",
	"discipline = \"office\";", 36, "must be a person of kind"},
    /* Calendar. */
    {"calendar/2026.conf", "year = 2026", "year = 2025", 1,
	"does not fit the file's name"},
    {"calendar/2026.conf", "2026-01-04", "2025-01-04", 7,
	"does not belong to 2026; put it into 2025.conf"},
    {"calendar/2026.conf", "2026-01-04", "2026-01-03", 7,
	"is listed twice; also at"},
    {"calendar/2026.conf", "2026-01-03", "2025-12-31", 3,
	"to must follow from"},
    {"calendar/2026.conf", "2026-01-03", "2026-11-03", 3,
	"to must follow from"},
    /* Templates. */
    {"templates/notice.txt", "{number}", "{nubmer}", 1, "nubmer"},
    {"templates/notice.txt", "\n\n", "\nx\n", 2, "blank line"},
    {"templates/notice.txt", "Subject", "Betreff", 1, ""},
    {"templates/notice.txt", "notice", "\xff", 3, "is not UTF-8"},
};

static bool
is_told(const struct conf_world *w, const struct slip *s)
{
	char place[300];

	(void)snprintf(place, sizeof(place), "%s/%s:%d: ", w->dir, s->file,
	    s->line);
	for (size_t i = 0; i < w->mistakes.n - w->mistakes.n_warnings; i++)
		if (strncmp(w->mistakes.list[i].text, place, strlen(place)) ==
		        0 &&
		    strstr(w->mistakes.list[i].text, s->text) != NULL)
			return w->mistakes.list[i].line == s->line;
	return false;
}

static void
every_slip(void **state)
{
	int bad = 0;
	(void)state;

	for (size_t i = 0; i < N(slips); i++) {
		const struct slip *s = &slips[i];
		struct conf_world w;

		world_init(&w);
		world_edit(&w, s->file, s->what, s->by);
		world_load(&w);
		if (w.rc != -1 || w.conf != NULL || !is_told(&w, s)) {
			(void)fprintf(stderr,
			    "%s:%d: \"%s\" is not told after %s; but:\n",
			    s->file, s->line, s->text, s->by);
			world_print(&w);
			bad++;
		}
		world_done(&w);
	}
	assert_int_equal(bad, 0);
}

/* One slip is one mistake: no report that only follows from another. */
static void
no_echo(void **state)
{
	int bad = 0;
	(void)state;

	for (size_t i = 0; i < N(slips); i++) {
		struct conf_world w;

		world_init(&w);
		world_edit(&w, slips[i].file, slips[i].what, slips[i].by);
		world_load(&w);
		if (w.mistakes.n - w.mistakes.n_warnings > 2) {
			(void)fprintf(stderr, "after %s in %s:\n", slips[i].by,
			    slips[i].file);
			world_print(&w);
			bad++;
		}
		world_done(&w);
	}
	assert_int_equal(bad, 0);
}

static void
all_at_once(void **state)
{
	struct conf_world w;
	(void)state;

	world_init(&w);
	world_edit(&w, "clued.conf", "host =", "hots =");
	world_edit(&w, "rules.d/local.conf", "w = 1.0", "weight = 1.0");
	world_edit(&w, "areas.conf", "id = \"south\"", "id = \"South\"");
	world_edit(&w, "roster.conf", "sun@example.org", "sun");
	world_edit(&w, "calendar/2026.conf", "to =", "too =");
	world_edit(&w, "templates/alarm.txt", "{number}", "{nubmer}");
	(void)unlink(strcat(strcpy((char[256]){0}, w.dir),
	    "/templates/triage.txt"));
	world_load(&w);
	assert_int_equal(w.rc, -1);
	assert_non_null(world_find(&w, "hots"));
	assert_non_null(world_find(&w, "weight"));
	assert_non_null(world_find(&w, "South"));
	assert_non_null(world_find(&w, "has no @"));
	assert_non_null(world_find(&w, "too"));
	assert_non_null(world_find(&w, "nubmer"));
	assert_non_null(world_find(&w, "triage.txt is missing"));
	world_done(&w);
}

/* What follows does not pile up beyond measure, and says that there is more. */
static void
many_mistakes(void **state)
{
	char *text = calloc(1, 1 << 20);
	struct conf_world w;
	size_t len;
	(void)state;

	assert_non_null(text);
	world_init(&w);
	strcpy(text, "areas = (\n");
	len = strlen(text);
	for (int i = 0; i < 2000; i++)
		len += (size_t)sprintf(text + len, "%s{ idd = \"a%d\"; }\n",
		    i > 0 ? "," : "", i);
	strcpy(text + len, ");\n");
	world_write(&w, "areas.conf", text);
	world_load(&w);
	assert_int_equal(w.rc, -1);
	assert_int_equal(w.mistakes.n, MAX_CONF_ERRORS + 1);
	assert_non_null(world_find(&w, "the rest is not listed"));
	world_done(&w);
	free(text);
}

static void
bad_folders(void **state)
{
	struct conf_world w;
	(void)state;

	world_init(&w);
	world_edit(&w, "clued.conf", NULL,
	    "files = { calendar = \"gone\"; templates = \"/dev/null\";"
	    " areas = \"/dev/zero\"; rules = \"calendar\"; };\n");
	world_load(&w);
	assert_int_equal(w.rc, -1);
	assert_non_null(world_find(&w, "gone: No such file"));
	assert_non_null(world_find(&w, "/dev/null: Not a directory"));
	assert_non_null(world_find(&w, "/dev/zero: not a regular file"));
	assert_non_null(world_find(&w, "calendar: not a regular file"));
	assert_int_equal(world_find(&w, "/dev/zero")->line, 1);
	world_done(&w);

	world_init(&w);
	world_write(&w, "calendar/holidays.conf", "year = 2026;\n");
	world_load(&w);
	assert_non_null(world_find(&w, "name must be YYYY.conf"));
	world_done(&w);
}

static void
no_file(void **state)
{
	struct conf *conf = (void *)1;
	struct conf_mistakes m;
	(void)state;

	assert_int_equal(conf_load("/nonexistent/clued.conf", &conf, &m), -1);
	assert_ptr_equal(conf, (void *)1);
	assert_true(m.n >= 1);
	assert_string_equal(m.list[0].text,
	    "/nonexistent/clued.conf: cannot read: No such file or directory");
	conf_mistakes_done(&m);
	assert_int_equal(conf_load("/proc/self/mem", &conf, &m), -1);
	conf_mistakes_done(&m);
}

/* FIFOs block an open() that is not careful. */
static void
fifo(void **state)
{
	char path[256];
	struct conf_world w;
	(void)state;

	world_init(&w);
	world_path(&w, "areas.conf", path);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	world_load(&w);
	assert_non_null(world_find(&w, "not a regular file"));
	world_done(&w);
}

static void
nul_byte(void **state)
{
	struct conf_world w;
	(void)state;

	world_init(&w);
	world_write_bytes(&w, "areas.conf", "areas = (\n\0);\n", 14);
	world_load(&w);
	assert_non_null(world_find(&w, "areas.conf:2: holds a NUL byte"));
	world_done(&w);
}

static void
deep_nesting(void **state)
{
	char *text = malloc(200001);
	struct conf_world w;
	(void)state;

	assert_non_null(text);
	memset(text, '(', 200000);
	text[200000] = '\0';
	memcpy(text, "areas = ", 8);
	world_init(&w);
	world_write(&w, "areas.conf", text);
	world_load(&w);
	assert_non_null(world_find(&w, "brackets nested too deep"));
	world_done(&w);
	free(text);
}

static void
warnings_come_last(void **state)
{
	struct conf_world w;
	(void)state;

	world_init(&w);
	world_edit(&w, "calendar/2026.conf", "2026-01-04", "2026-01-05");
	world_load(&w);
	assert_int_equal(w.rc, 0);
	assert_int_equal(w.mistakes.n, 1);
	assert_int_equal(w.mistakes.n_warnings, 1);
	assert_non_null(world_find(&w, "warning: workday 2026-01-05"));
	world_edit(&w, "templates/notice.txt", "{number}", "{nubmer}");
	world_edit(&w, "clued.conf", "host =", "port = 143; host =");
	world_edit(&w, "roster.conf", "domain = \"*\"; area = \"*\"",
	    "domain = \"violent-resistance\"; area = \"north\"");
	world_edit(&w, "roster.conf", "haulage@example.org",
	    "Sun@example.org");
	world_load(&w);
	assert_int_equal(w.rc, -1);
	assert_int_equal(w.mistakes.n, 6);
	assert_int_equal(w.mistakes.n_warnings, 5);
	assert_non_null(world_find(&w, "is also a person's"));
	assert_non_null(strstr(w.mistakes.list[0].text, "nubmer"));
	assert_non_null(world_find(&w, "port 143 is usually"));
	assert_non_null(world_find(&w, "\"muck-transport\" has no officer"));
	world_done(&w);
}

static void
shadowed_duty(void **state)
{
	struct conf_world w;
	(void)state;

	world_init(&w);
	world_edit(&w, "roster.conf", "duties = (",
	    "duties = ( { domain = \"muck-transport\"; officer = \"sun\"; },");
	world_load(&w);
	assert_int_equal(w.rc, 0);
	assert_int_equal(w.mistakes.n, 1);
	assert_non_null(world_find(&w, "roster.conf:31: warning: this duty is "
	    "never reached"));
	world_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_slip),
	    cmocka_unit_test(no_echo),
	    cmocka_unit_test(all_at_once),
	    cmocka_unit_test(many_mistakes),
	    cmocka_unit_test(bad_folders),
	    cmocka_unit_test(no_file),
	    cmocka_unit_test(fifo),
	    cmocka_unit_test(nul_byte),
	    cmocka_unit_test(deep_nesting),
	    cmocka_unit_test(warnings_come_last),
	    cmocka_unit_test(shadowed_duty),
	};

	return cmocka_run_group_tests_name(
	    "conf_mistakes", tests, NULL, NULL);
}
