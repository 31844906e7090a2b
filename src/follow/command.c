/* SPDX-License-Identifier: ISC */
#include "follow/command.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fold.h"
#include "base/str.h"
#include "follow/command_line.h"
#include "follow/command_words.h"

/* Lines of greeting that may stand above the command. */
#define MOST_GREETINGS 4
/* Characters of a line that are repeated to who wrote it. */
#define LINE_SHOWN 60

const char *
command_name(enum command_verb v)
{
	return (unsigned)v < VERB_COUNT ? command_words[v].name : "unknown";
}

const char *
command_title(enum command_verb v)
{
	return (unsigned)v < VERB_COUNT ? command_words[v].title : "未知";
}

int
command_by_name(const char *name)
{
	for (int v = 0; v < VERB_COUNT; v++)
		if (strcmp(command_words[v].name, name) == 0)
			return v;
	return -1;
}

const char *
command_example(enum command_verb v)
{
	return (unsigned)v < VERB_COUNT ? command_words[v].example : "签收";
}

/* ---- one line ---- */

/* What may stand in front of a command: marks, counts, polite words. */
static size_t
skip_front(struct reading *r, size_t i, size_t e, const char **number)
{
	static const char marks[] =
	    " ,.:;!*#·•-—>【[(〔《“”\"'「『、。/|>→0123456789";
	size_t n;

	while (i < e) {
		if ((n = line_take_number(r, i, number)) == 0 &&
		    (n = line_one_of(r, i, marks)) == 0 &&
		    (n = line_picture_at(r, i, e)) == 0) {
			size_t len;

			/* A prefix never eats the command's own beginning. */
			if (line_verb_at(r, i, &len) >= 0)
				break;
			n = line_match(r, i, command_prefixes);
		}
		if (n == 0)
			break;
		i += n;
	}
	return i;
}

/* 申请移送 asks for it; 申请延期 is how one says 延期. */
static bool
may_be_asked_for(enum command_verb v)
{
	return v == VERB_EXTEND || v == VERB_SUSPEND || v == VERB_RECUSE ||
	       v == VERB_RETURN || v == VERB_REASSIGN || v == VERB_HELP;
}

/* Whether what follows the verb leaves no doubt that it is one. */
static bool
is_plain(const struct reading *r, enum command_verb v, size_t i, size_t e)
{
	const struct verb_words *w = &command_words[v];

	if (i >= e)
		return true;
	if (r->f->s[i] == '?' && v != VERB_HELP)
		return false;
	if (line_one_of(r, i, SEPARATORS "([{“【") > 0 ||
	    line_picture_at(r, i, e) > 0)
		return true;
	if (w->glue != NULL)
		return line_match(r, i, w->glue) > 0;
	return line_match(r, i, command_denials) == 0;
}

/* 签收吗？ and 回避？: a question is no command; 签收。几时反馈？ is both. */
static bool
is_question(const struct reading *r, size_t b, size_t e)
{
	for (size_t i = b; i < e; i++)
		if (line_one_of(r, i, "。.!;") > 0)
			e = i;
	while (e > b && r->f->s[e - 1] == ' ')
		e--;
	return e > b && (r->f->s[e - 1] == '?' ||
			    (e - b >= 3 && line_at(r, e - 3, "吗")));
}

/* ---- the whole text ---- */

/* Ends the text of the command read last. */
static void
close_command(struct reading *r)
{
	struct command *c;

	if (r->n == 0)
		return;
	c = &r->list[r->n - 1];
	c->text = arena_strdup(r->arena, buf_str(&r->text));
	if (c->text == NULL || buf_bad(&r->text)) {
		r->no_memory = true;
		c->text = "";
	} else {
		c->text = str_trim((char *)(uintptr_t)c->text);
	}
	buf_clear(&r->text);
	if (c->flaw == COMMAND_OK)
		c->flaw = command_missing(c);
}

static struct command *
open_command(struct reading *r, size_t b, size_t e)
{
	struct command *c = &r->list[r->n++];
	char *line = line_copy(r, b, e);

	*c = (struct command){
	    .line = line, .number = "", .target = "", .text = ""};
	if (line != NULL && utf8_count(line, strlen(line)) > LINE_SHOWN) {
		size_t cut = utf8_cut(line, strlen(line), LINE_SHOWN * 3);

		line[cut] = '\0';
	}
	return c;
}

/* The verb is [v, v_end) of the line [b, e). */
static bool
is_doubtful(const struct reading *r, enum command_verb verb, size_t b, size_t v,
    size_t v_end, size_t e)
{
	static const char *const asked[] = {"请", NULL};
	static const char *const choice[] = {"还是", "或者", NULL};
	enum command_wants wants = command_words[verb].wants;

	if (!is_plain(r, verb, v_end, e) ||
	    (line_has(r, b, v, asked) && !may_be_asked_for(verb)))
		return true;
	if (wants == WANTS_PERSON || wants == WANTS_BODY)
		return is_question(r, v, e) || line_has(r, v_end, e, choice);
	return wants == WANTS_NOTHING && verb != VERB_HELP &&
	       is_question(r, v, e);
}

/* A command on the line [b, e)?  Its flaw tells how well it was said. */
static bool
read_command(struct reading *r, size_t b, size_t e)
{
	const char *number = "";
	size_t v_at = skip_front(r, b, e, &number), n;
	int v = line_verb_at(r, v_at, &n);
	struct command *c;

	if (v < 0 || v_at + n > e)
		return false;
	close_command(r);
	c = open_command(r, b, e);
	c->verb = (enum command_verb)v;
	c->number = number;
	if ((command_words[v].by & r->by) == 0)
		c->flaw = COMMAND_NOT_YOURS;
	else if (is_doubtful(r, c->verb, b, v_at, v_at + n, e))
		c->flaw = COMMAND_DOUBTFUL;
	line_read_rest(r, c, v_at + n, e);
	return true;
}

/* 因连日暴雨无法勘查，特申请延期五个工作日: in formal letters the command comes
 * last, and what is in front of it is the reason. */
static bool
read_asked(struct reading *r, size_t b, size_t e)
{
	static const char *const asking[] = {"特申请", "申请", "现申请",
	    "我申请", "本人申请", "故申请", "特此申请", "现特申请", "因此申请",
	    "所以申请", "请求", "特请求", NULL};
	static const char *const doubts[] = {"如果", "要是", "假如", "若",
	    "能不能", "能否", "可否", "是否", "是不是", "要不要", "打算",
	    "准备", "考虑", "他", "她", "?", NULL};
	struct command *c;
	size_t i, n, asked;
	int v;

	for (i = b; i < e; i++) {
		if (line_one_of(r, i, ",;。") == 0)
			continue;
		i = line_skip(r, i, e, SEPARATORS);
		asked = line_match(r, i, asking);
		if (asked > 0 && (v = line_verb_at(r, i + asked, &n)) >= 0 &&
		    may_be_asked_for((enum command_verb)v))
			break;
	}
	if (i >= e || line_has(r, b, e, doubts))
		return false;
	c = open_command(r, b, e);
	c->verb = (enum command_verb)v;
	if (!is_plain(r, c->verb, i + asked + n, e))
		c->flaw = COMMAND_DOUBTFUL;
	line_read_rest(r, c, i + asked + n, e);
	buf_clear(&r->text);
	buf_adds(&r->text, line_copy(r, b, e));
	return true;
}

/* History that was not cut off: from here on nothing is the writer's. */
static bool
is_history(const struct reading *r, size_t b, size_t e)
{
	static const char *const starts[] = {">", "发件人:", "from:", "-----",
	    "原始邮件", "寄件者:", "寄件人:", "________", NULL};

	if (line_match(r, b, starts) > 0)
		return true;
	return e - b >= 7 &&
	       (line_at(r, e - 7, "写道:") || line_at(r, e - 6, "wrote:"));
}

static size_t
line_end(const struct reading *r, size_t i)
{
	while (i < r->f->len && r->f->s[i] != '\n')
		i++;
	return i;
}

/* A command without the text that it wants may have it on the next lines. */
static void
add_line(struct reading *r, size_t b, size_t e)
{
	char *line = line_copy(r, b, e);
	struct command *c = &r->list[r->n - 1];
	enum command_wants wants = command_words[c->verb].wants;

	if (line == NULL)
		return;
	if (c->target[0] == '\0' &&
	    (wants == WANTS_PERSON || wants == WANTS_BODY ||
		wants == WANTS_DOMAIN)) {
		c->target = line;
		return;
	}
	if (r->text.len > 0)
		buf_addc(&r->text, '\n');
	buf_adds(&r->text, line);
}

static void
read_lines(struct reading *r)
{
	int greetings = 0;

	for (size_t b = 0, e; b < r->f->len; b = e + 1) {
		e = line_end(r, b);
		size_t look = line_skip(r, b, e, " ");

		if (look >= e)
			continue;
		if (is_history(r, look, e))
			return;
		if (r->n == 0 && greetings++ < MOST_GREETINGS &&
		    line_is_greeting(r, look, e))
			continue;
		if ((r->n == 0 || (r->by & COMMAND_BY_OFFICE) != 0) &&
		    r->n < MAX_COMMANDS && read_command(r, look, e))
			continue;
		if (r->n == 0 && read_asked(r, look, e))
			continue;
		if (r->n == 0) {
			open_command(r, look, e)->flaw = COMMAND_UNKNOWN;
			return;
		}
		add_line(r, look, e);
	}
}

int
command_read(const char *text, enum command_by by, struct arena *a,
    struct command **out, size_t *n_out)
{
	struct fold f;
	struct reading r = {
	    .f = &f, .original = text, .by = by, .arena = a, .text = BUF_INIT};

	if (fold_init(&f, text) < 0)
		return -1;
	read_lines(&r);
	close_command(&r);
	if (r.n == 0)
		r.list[r.n++] = (struct command){.flaw = COMMAND_UNKNOWN,
		    .line = "",
		    .number = "",
		    .target = "",
		    .text = ""};
	*n_out = r.n;
	*out = arena_array(a, r.n, sizeof(**out));
	if (*out != NULL)
		memcpy(*out, r.list, r.n * sizeof(**out));
	fold_done(&f);
	buf_done(&r.text);
	return *out == NULL || r.no_memory ? -1 : 0;
}
