/* SPDX-License-Identifier: ISC */
/*
 * The loader on any bytes.  The first byte says which file of a small good
 * configuration the rest takes the place of.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "conf/conf.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libconfig 1.5 forgets the text it had read when a file has a syntax error. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfig";
}

#define N(a) (sizeof(a) / sizeof((a)[0]))

static const struct { const char *name, *text; } files[] = {
    {"clued.conf",
	"office={name=\"A\";message_id_domain=\"a.example\";};"
	"mailboxes=({id=\"tips\";address=\"t@a.example\";host=\"a.example\";"
	"secret={command=\"x\";};});"
	"smtp={host=\"a.example\";secret={command=\"x\";};};"},
    {"rules.conf",
	"synonyms=({name=\"a\";words=[\"b\",\"c\"];});"
	"domains=({id=\"x\";title=\"X\";terms=({t=\"@a\";},"
	"{all=[\"d\",\"e\"];within=3;w=-1.5;},{re=\"f\";},{t=\"g\";not=true;}"
	");},{id=\"other\";title=\"O\";});"
	"additions=({domain=\"x\";terms=({t=\"h\";});});"},
    {"areas.conf", "areas=({id=\"n\";name=\"N\";aliases=[\"m\"];});"},
    {"roster.conf",
	"units=({id=\"u\";name=\"U\";leader=\"p\";});"
	"persons=({id=\"p\";name=\"P\";address=\"p@b.example\";unit=\"u\";"
	"phones=[\"+86 138-0000-0001\"];absent_from=\"2026-01-02\";},"
	"{id=\"o\";name=\"O\";address=\"o@b.example\";kind=\"office\";},"
	"{id=\"d\";name=\"D\";address=\"d@b.example\";kind=\"discipline\";});"
	"duties=({domain=\"x\";area=\"n\";officer=\"p\";});"
	"office=\"o\";discipline=\"d\";"},
    {"calendar/2026.conf",
	"year=2026;holidays=({name=\"H\";from=\"2026-01-01\";"
	"to=\"2026-01-03\";});workdays=({name=\"H\";date=\"2026-01-04\";});"},
    {"templates/notice.txt", "Subject: {number}\n\n{text}\n"},
};
static const char *const letters[] = {"reminder", "expired", "triage",
    "letter-failed", "accused-to-discipline", "alarm", "release",
    "urging", "criticism", "deadlines-moved", "transcript", "ruling",
    "request", "concluded", "not-obeyed"};

/* Where the configuration lies; made once, the process owns it. */
static char dir[64];

static void
path_of(const char *name, char out[128])
{
	(void)snprintf(out, 128, "%s/%s", dir, name);
}

static void
put(const char *name, const void *data, size_t len)
{
	char path[128];
	int fd;

	path_of(name, path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, data, len) != (ssize_t)len || close(fd) != 0)
		abort();
}

static void
clean_up(void)
{
	char path[128], name[64];

	for (size_t i = 0; i < N(files); i++) {
		path_of(files[i].name, path);
		(void)unlink(path);
	}
	for (size_t i = 0; i < N(letters); i++) {
		(void)snprintf(
		    name, sizeof(name), "templates/%s.txt", letters[i]);
		path_of(name, path);
		(void)unlink(path);
	}
	path_of("templates", path);
	(void)rmdir(path);
	path_of("calendar", path);
	(void)rmdir(path);
	(void)rmdir(dir);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	char path[128], name[64];
	(void)argc;
	(void)argv;

	(void)snprintf(dir, sizeof(dir), "/dev/shm/clued-fuzz-XXXXXX");
	if (mkdtemp(dir) == NULL || atexit(clean_up) != 0)
		abort();
	path_of("calendar", path);
	(void)mkdir(path, 0700);
	path_of("templates", path);
	(void)mkdir(path, 0700);
	for (size_t i = 0; i < N(files); i++)
		put(files[i].name, files[i].text, strlen(files[i].text));
	for (size_t i = 0; i < N(letters); i++) {
		(void)snprintf(
		    name, sizeof(name), "templates/%s.txt", letters[i]);
		put(name, files[5].text, strlen(files[5].text));
	}
	return 0;
}

static void
must(bool truth)
{
	if (!truth)
		abort();
}

static void
must_be_text(const char *s)
{
	must(s != NULL && utf8_valid(s, strlen(s)));
}

static void
check_terms(const struct term_conf *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		must((t[i].n_words > 0) != (*t[i].pattern != '\0'));
		must(t[i].cancels == (t[i].weight == 0));
		for (size_t k = 0; k < t[i].n_words; k++)
			must_be_text(t[i].words[k]);
		must_be_text(t[i].pattern);
	}
}

static void
check_duty(const struct conf *c, const struct duty_conf *d)
{
	must(d->domain >= -1 && d->domain < (int)c->rules.n_domains);
	must(d->area >= -1 && d->area < (int)c->n_areas);
	must(d->officer >= 0 && d->officer < (int)c->roster.n_persons);
	must(d->deputy >= -1 && d->deputy < (int)c->roster.n_persons);
	must(d->leader >= -1 && d->leader < (int)c->roster.n_persons);
}

/* What every room takes for granted. */
static void
check_conf(const struct conf *c)
{
	const struct roster_conf *r = &c->roster;

	must(c->zone != NULL && c->n_mailboxes > 0 && c->n_classes == 2);
	must(conf_domain(c, DOMAIN_OTHER) >= 0);
	must(c->rules.n_domains <= MAX_DOMAINS);
	for (size_t i = 0; i < c->n_mailboxes; i++) {
		must(c->mailboxes[i].imap.n_folders > 0);
		must(c->mailboxes[i].imap.port > 0);
		must_be_text(c->mailboxes[i].imap.user);
	}
	for (size_t i = 0; i < c->rules.n_domains; i++)
		check_terms(
		    c->rules.domains[i].terms, c->rules.domains[i].n_terms);
	for (size_t i = 0; i < r->n_duties; i++)
		check_duty(c, &r->duties[i]);
	for (size_t i = 0; i < r->n_persons; i++) {
		must_be_text(r->persons[i].name);
		must(conf_person(c, r->persons[i].id) == (int)i);
	}
	must(r->office >= 0 && r->persons[r->office].kind == PERSON_OFFICE);
	must(r->discipline >= 0 &&
	    r->persons[r->discipline].kind == PERSON_DISCIPLINE);
	for (size_t i = 1; i < c->calendar.n_days; i++)
		must(c->calendar.days[i - 1].day_number <
		    c->calendar.days[i].day_number);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf_mistakes mistakes;
	struct conf *conf = NULL;
	char path[128];
	size_t which;
	int rc;

	if (size == 0)
		return 0;
	which = data[0] % N(files);
	put(files[which].name, data + 1, size - 1);
	path_of("clued.conf", path);
	rc = conf_load(path, &conf, &mistakes);
	must((rc == 0) == (conf != NULL));
	must((rc == 0) == (mistakes.n == mistakes.n_warnings));
	for (size_t i = 0; i < mistakes.n; i++)
		must_be_text(mistakes.list[i].text);
	if (conf != NULL) {
		check_conf(conf);
		conf_check_calendar(conf, 1793462400, &mistakes);
	}
	conf_mistakes_done(&mistakes);
	conf_free(&conf);
	put(files[which].name, files[which].text, strlen(files[which].text));
	return 0;
}
