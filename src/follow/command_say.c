/* SPDX-License-Identifier: ISC */
#include "follow/command.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "conf/conf.h"
#include "follow/command_words.h"

/* Bytes of name at the start of target; ASCII in any case. */
static size_t
begins_with(const char *target, const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || !str_istarts(target, name))
		return 0;
	/* li is not lin. */
	if ((unsigned char)name[n - 1] < 0x80 &&
	    ((target[n] >= 'a' && target[n] <= 'z') ||
		(target[n] >= 'A' && target[n] <= 'Z') ||
		(target[n] >= '0' && target[n] <= '9') || target[n] == '-'))
		return 0;
	return n;
}

struct finding {
	const char *target;
	size_t best;
	int found; /* -1 nobody, -2 several */
};

static void
try_name(struct finding *f, const char *name, int index)
{
	size_t n = begins_with(f->target, name);

	if (n == 0 || n < f->best)
		return;
	if (n == f->best && f->found != index)
		f->found = -2;
	else
		f->found = index;
	f->best = n;
}

static int
give(const struct finding *f, const char **rest_out)
{
	const char *rest = f->target + f->best;
	static const char *const between[] = {" ", "，", ",", "。", ".", "：",
	    ":", "、", "；", ";", "”", "\"", "）", ")", "\t", "　", "同志",
	    "领域", "办理", "处理", "承办", "接办", "】", "]", "-", "—"};
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < sizeof(between) / sizeof(*between); i++)
			if (str_starts(rest, between[i])) {
				rest += strlen(between[i]);
				again = true;
			}
	}
	*rest_out = rest;
	return f->found;
}

int
command_person(
    const struct conf *conf, const char *target, const char **rest_out)
{
	struct finding f = {.target = target, .found = -1};

	for (size_t i = 0; i < conf->roster.n_persons; i++) {
		const struct person_conf *p = &conf->roster.persons[i];

		try_name(&f, p->name, (int)i);
		try_name(&f, p->id, (int)i);
		try_name(&f, p->address, (int)i);
		for (size_t k = 0; k < p->n_aliases; k++)
			try_name(&f, p->aliases[k], (int)i);
	}
	return give(&f, rest_out);
}

/* 充当“保护伞”: the quotes are the first to get lost. */
static void
unquote(const char *s, struct buf *out)
{
	static const char *const quotes[] = {
	    "“", "”", "\"", "「", "」", "《", "》"};

	while (*s != '\0') {
		size_t n = 0;

		for (size_t i = 0; i < sizeof(quotes) / sizeof(*quotes); i++)
			if (str_starts(s, quotes[i]))
				n = strlen(quotes[i]);
		if (n == 0)
			buf_addc(out, *s++);
		s += n;
	}
}

int
command_domain(
    const struct conf *conf, const char *target, const char **rest_out)
{
	struct finding f = {.target = target, .found = -1};

	for (size_t i = 0; i < conf->rules.n_domains; i++) {
		const struct domain_conf *d = &conf->rules.domains[i];
		BUF_AUTO struct buf bare = BUF_INIT;

		unquote(d->title, &bare);
		try_name(&f, d->title, (int)i);
		try_name(&f, buf_str(&bare), (int)i);
		try_name(&f, d->id, (int)i);
		/* 保护伞 for 充当“保护伞” */
		if (str_starts(buf_str(&bare), "充当"))
			try_name(&f, buf_str(&bare) + strlen("充当"), (int)i);
	}
	return give(&f, rest_out);
}

static void
add_titles(enum command_by by, struct buf *out)
{
	bool first = true;

	for (int v = 0; v < VERB_COUNT; v++) {
		if ((command_words[v].by & by) == 0)
			continue;
		buf_addf(
		    out, "%s%s", first ? "" : "、", command_words[v].title);
		first = false;
	}
}

void
command_list(enum command_by by, struct buf *out)
{
	for (int v = 0; v < VERB_COUNT; v++)
		if ((command_words[v].by & by) != 0)
			buf_addf(out, "%s%s　%s", out->len > 0 ? "\n" : "",
			    command_words[v].title, command_words[v].help);
}

static void
add_unknown(const struct command *c, enum command_by by, struct buf *out)
{
	if (c->line[0] == '\0')
		buf_adds(out, "回复中没有指令。");
	else
		buf_addf(out, "第一行“%s”不是指令。", c->line);
	buf_adds(out, "请把指令写在第一行，可用的有：");
	add_titles(by, out);
	buf_addf(out, "。例如：%s",
	    command_example(
		by == COMMAND_BY_OFFICE ? VERB_ASSIGN : VERB_ACCEPT));
}

void
command_advise(const struct command *c, enum command_by by, struct buf *out)
{
	static const char *const lacks[COMMAND_FLAW_COUNT] = {
	    [COMMAND_NO_TEXT] = "缺少具体内容",
	    [COMMAND_NO_PERSON] = "缺少人员姓名",
	    [COMMAND_NO_DAYS] = "缺少天数（按工作日计）",
	    [COMMAND_NO_BODY] = "缺少接收单位",
	    [COMMAND_NO_DOMAIN] = "缺少领域名称",
	    [COMMAND_NO_NUMBER] = "缺少在先线索的编号",
	    [COMMAND_NO_VERDICT] = "缺少“通过”或“不通过”",
	};
	const char *title = command_title(c->verb);

	switch (c->flaw) {
	case COMMAND_OK:
		return;
	case COMMAND_UNKNOWN:
		add_unknown(c, by, out);
		return;
	case COMMAND_NOT_YOURS:
		buf_addf(out, "“%s”由专班执行，责任人不能使用。", title);
		return;
	case COMMAND_DOUBTFUL:
		buf_addf(out, "“%s”的意思不明确，没有执行。如要%s，", c->line,
		    title);
		break;
	default:
		buf_addf(out, "“%s”%s，没有执行。", title, lacks[c->flaw]);
		break;
	}
	if (c->flaw == COMMAND_DOUBTFUL && c->verb == VERB_NOT_APPLICABLE)
		buf_adds(out, "（如不归本人办理，请用“退回”）");
	buf_addf(out, "请写：%s", command_words[c->verb].example);
}
