/* SPDX-License-Identifier: ISC */
/*
 * Composes letters for test_letters.py.  Standard input is a list of requests,
 * each a list of key NUL value NUL, ended by an empty key; for each one a line
 * "LENGTH\n" (or "-KIND\n" where it was refused) and the letter come out.
 * Keys are the names below; field:NAME, photo:NAME add to lists.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "letter/letter.h"

#define MAX_ITEMS 32

struct job {
	struct conf conf;
	struct template_conf template;
	struct letter_request request;
	struct notice_facts facts;
	struct letter_field fields[MAX_ITEMS];
	struct letter_attachment photos[MAX_ITEMS];
	bool notice;
};

static void
job_init(struct job *j)
{
	memset(j, 0, sizeof(*j));
	if (zone_new("Asia/Shanghai", &j->conf.zone, NULL) != 0)
		exit(2);
	j->template = (struct template_conf){
	    .id = "notice", .text = "", .file = "notice.txt"};
	j->conf.templates = &j->template;
	j->conf.n_templates = 1;
	j->conf.smtp.mail_from = "tips@example.com";
	j->conf.smtp.from_name = "";
	j->conf.office.name = "";
	j->conf.office.message_id_domain = "clued.example.com";
	j->request = (struct letter_request){
	    .template_id = "notice", .to_addr = "li@example.com",
	    .to_name = "", .message_id = "m1@clued.example.com",
	    .in_reply_to = "", .references = "",
	    .auto_submitted = "auto-generated", .date_s = 1795512600,
	    .fields = j->fields, .attachments = j->photos};
	j->facts = (struct notice_facts){"", "", "", "", "", false,
	    {1795512600, 1796031000, 1796895000}, "", "", "", 1795400000, 0,
	    ""};
}

/* Where the value of a key goes; NULL for the special ones. */
static const char **
place(struct job *j, const char *key)
{
	const struct { const char *key; const char **to; } places[] = {
	    {"template", &j->template.text},
	    {"related", &j->facts.related},
	    {"from_name", &j->conf.smtp.from_name},
	    {"mail_from", &j->conf.smtp.mail_from},
	    {"office", &j->conf.office.name},
	    {"to_addr", &j->request.to_addr},
	    {"to_name", &j->request.to_name},
	    {"message_id", &j->request.message_id},
	    {"in_reply_to", &j->request.in_reply_to},
	    {"references", &j->request.references},
	    {"auto_submitted", &j->request.auto_submitted},
	    {"number", &j->facts.number},
	    {"domain", &j->facts.domain_title},
	    {"area", &j->facts.area_name},
	    {"why", &j->facts.why},
	    {"people_why", &j->facts.people_why},
	    {"subject", &j->facts.subject},
	    {"text", &j->facts.text},
	    {"held", &j->facts.held},
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (strcmp(places[i].key, key) == 0)
			return places[i].to;
	return NULL;
}

static void
set(struct job *j, const char *key, const char *value)
{
	const char **to = place(j, key);

	if (to != NULL) {
		*to = value;
	} else if (strcmp(key, "notice") == 0) {
		j->notice = true;
	} else if (strcmp(key, "priority") == 0) {
		j->request.priority = true;
	} else if (strncmp(key, "field:", 6) == 0 &&
	    j->request.n_fields < MAX_ITEMS) {
		j->fields[j->request.n_fields++] =
		    (struct letter_field){key + 6, value};
	} else if (strncmp(key, "photo:", 6) == 0 &&
	    j->request.n_attachments < MAX_ITEMS) {
		j->photos[j->request.n_attachments++] =
		    (struct letter_attachment){
		        key + 6, "image/jpeg", value, strlen(value)};
		j->facts.n_photos++;
	} else {
		fprintf(stderr, "unknown key %s\n", key);
		exit(2);
	}
}

static void
run(struct job *j)
{
	BUF_AUTO struct buf out = BUF_INIT;
	struct err err;
	int rc;

	rc = j->notice
	    ? letter_notice(&j->conf, &j->facts, &j->request, &out, &err)
	    : letter_compose(&j->conf, &j->request, &out, &err);
	if (rc != 0) {
		printf("-%s\n", err_kind_name(err.kind));
	} else {
		printf("%zu\n", out.len);
		(void)fwrite(out.data, 1, out.len, stdout);
	}
	zone_free(&j->conf.zone);
}

int
main(void)
{
	BUF_AUTO struct buf in = BUF_INIT;
	char block[65536];
	struct job j;
	const char *key, *value, *end;
	size_t n;

	while ((n = fread(block, 1, sizeof(block), stdin)) > 0)
		buf_add(&in, block, n);
	job_init(&j);
	end = buf_str(&in) + in.len;
	for (key = buf_str(&in); key < end; key = value + strlen(value) + 1) {
		if (*key == '\0') {
			run(&j);
			job_init(&j);
			value = key;
			continue;
		}
		value = key + strlen(key) + 1;
		if (value >= end)
			return 2;
		set(&j, key, value);
	}
	zone_free(&j.conf.zone);
	return 0;
}
