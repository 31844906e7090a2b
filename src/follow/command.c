/* SPDX-License-Identifier: ISC */
#include "follow/command.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fold.h"
#include "base/str.h"
#include "follow/command_words.h"

/* Lines of greeting that may stand above the command. */
#define MOST_GREETINGS 4
/* Characters of a line that are repeated to who wrote it. */
#define LINE_SHOWN 60
/* What else than blanks separates a command from what follows. */
#define SEPARATORS " ,;:.!。、~-—|)]}”\"】〕》…\n"

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

/* ---- looking at a folded line
 * ------------------------------------------------ */

struct reading {
	const struct fold *f;
	const char *original;
	enum command_by by;
	struct arena *arena;
	struct command list[MAX_COMMANDS];
	size_t n;
	struct buf text; /* of the last command */
	bool no_memory;
};

static bool
at(const struct reading *r, size_t i, const char *word)
{
	return strncmp(r->f->s + i, word, strlen(word)) == 0;
}

static size_t
match(const struct reading *r, size_t i, const char *const *list)
{
	size_t longest = 0;

	for (; *list != NULL; list++)
		if (at(r, i, *list) && strlen(*list) > longest)
			longest = strlen(*list);
	return longest;
}

/* Bytes of the character at i when it is one of the set. */
static size_t
one_of(const struct reading *r, size_t i, const char *set)
{
	const char *end = set + strlen(set);
	uint32_t cp;
	size_t n;

	for (; set < end; set += n) {
		n = utf8_next(set, end, &cp);
		if (strncmp(r->f->s + i, set, n) == 0)
			return n;
	}
	return 0;
}

static size_t
skip_set(const struct reading *r, size_t i, size_t e, const char *set)
{
	size_t n;

	while (i < e && (n = one_of(r, i, set)) > 0)
		i += n;
	return i;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Bytes of `word` at i with single blanks between its characters ("签 收");
 * an English word ends where it ends. */
static size_t
word_at(const struct reading *r, size_t i, const char *word)
{
	size_t k = i, n;
	const char *w = word, *end = word + strlen(word);
	uint32_t cp;

	for (; w < end; w += n, k += n) {
		n = utf8_next(w, end, &cp);
		if (k > i && (unsigned char)*w >= 0x80 && r->f->s[k] == ' ')
			k++;
		if (strncmp(r->f->s + k, w, n) != 0)
			return 0;
	}
	return is_letter(end[-1]) && is_letter(r->f->s[k]) ? 0 : k - i;
}

/* The verb at i and its bytes; -1 = none. */
static int
verb_at(const struct reading *r, size_t i, size_t *len_out)
{
	int found = -1;
	size_t n;

	*len_out = 0;
	for (int v = 0; v < VERB_COUNT; v++)
		for (const char *const *w = command_words[v].aliases;
		     *w != NULL; w++) {
			n = word_at(r, i, *w);
			if (n > *len_out) {
				*len_out = n;
				found = v;
			}
		}
	return found;
}

size_t
command_number_at(const char *s)
{
	size_t n = 0, digits;

	while (n < 8 &&
	       ((s[n] >= 'a' && s[n] <= 'z') || (s[n] >= 'A' && s[n] <= 'Z')))
		n++;
	if (n == 0 || strncmp(s + n, "-20", 3) != 0 ||
	    strspn(s + n + 1, "0123456789") != 4 || s[n + 5] != '-')
		return 0;
	digits = strspn(s + n + 6, "0123456789");
	return digits >= 3 && digits <= 12 ? n + 6 + digits : 0;
}

/* ---- one line
 * ---------------------------------------------------------------- */

/* The original's bytes of [b, e), blanks off both ends. */
static char *
copy(struct reading *r, size_t b, size_t e)
{
	char *s = arena_memdup(
	    r->arena, r->original + r->f->at[b], r->f->at[e] - r->f->at[b]);

	if (s == NULL) {
		r->no_memory = true;
		return arena_strdup(r->arena, "");
	}
	return str_trim(s);
}

static const char *
copy_number(struct reading *r, size_t b, size_t n)
{
	char *s = arena_memdup(r->arena, r->f->s + b, n);

	if (s == NULL) {
		r->no_memory = true;
		return "";
	}
	for (char *p = s; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 32);
	return s;
}

/* A number that stands on its own at i. */
static size_t
take_number(struct reading *r, size_t i, const char **out)
{
	size_t n = command_number_at(r->f->s + i);

	if (n > 0)
		*out = copy_number(r, i, n);
	return n;
}

/* 👌, ✅: bytes of a picture at i. */
static size_t
picture_at(const struct reading *r, size_t i, size_t e)
{
	uint32_t cp;
	size_t n = utf8_next(r->f->s + i, r->f->s + e, &cp);

	return cp >= 0x1F000 || (cp >= 0x2300 && cp < 0x2C00) ||
		       cp == 0xFE0F || cp == 0x200D || cp == 0x20E3
		   ? n
		   : 0;
}

/* What may stand in front of a command: marks, counts, polite words. */
static size_t
skip_front(struct reading *r, size_t i, size_t e, const char **number)
{
	static const char marks[] =
	    " ,.:;!*#·•-—>【[(〔《“”\"'「『、。/|>→0123456789";
	size_t n;

	while (i < e) {
		if ((n = take_number(r, i, number)) == 0 &&
		    (n = one_of(r, i, marks)) == 0 &&
		    (n = picture_at(r, i, e)) == 0) {
			size_t len;

			/* A prefix never eats the command's own beginning. */
			if (verb_at(r, i, &len) >= 0)
				break;
			n = match(r, i, command_prefixes);
		}
		if (n == 0)
			break;
		i += n;
	}
	return i;
}

/* 重复 LY-…-13 LY-…-1: the first of two numbers is the clue itself. */
static bool
two_numbers(const struct reading *r, size_t i, size_t e)
{
	size_t n = command_number_at(r->f->s + i), k;

	if (n == 0 || i + n >= e)
		return false;
	k = skip_set(r, i + n, e, SEPARATORS "与和到入并");
	return k < e && command_number_at(r->f->s + k) > 0;
}

static bool
has_any(
    const struct reading *r, size_t b, size_t e, const char *const *words)
{
	for (size_t i = b; i < e; i++)
		if (match(r, i, words) > 0)
			return true;
	return false;
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
	if (one_of(r, i, SEPARATORS "([{“【") > 0 || picture_at(r, i, e) > 0)
		return true;
	if (w->glue != NULL)
		return match(r, i, w->glue) > 0;
	return match(r, i, command_denials) == 0;
}

/* 签收吗？ and 回避？: a question is no command; 签收。几时反馈？ is both. */
static bool
is_question(const struct reading *r, size_t b, size_t e)
{
	for (size_t i = b; i < e; i++)
		if (one_of(r, i, "。.!;") > 0)
			e = i;
	while (e > b && r->f->s[e - 1] == ' ')
		e--;
	return e > b &&
	       (r->f->s[e - 1] == '?' || (e - b >= 3 && at(r, e - 3, "吗")));
}

/* 5, 5个工作日, 十, 十五天 …: the days and the bytes; 0 = none. */
static size_t
days_at(const struct reading *r, size_t i, size_t e, uint32_t *out)
{
	static const char han[] = "零一二三四五六七八九";
	static const char *const units[] = {"个工作日", "个工作天", "工作日",
	    "个自然日", "天", "日", "个日", "days", "day", "d", "working days",
	    "working day", NULL};
	static const char *const other[] = {"月", "年", "周", "号", "点", "时",
	    "个月", "小时", ".", "-", "/", "个星期", "星期", "%", "week",
	    "month", NULL};
	size_t b = i, n;
	uint32_t days = 0, ten = 0;

	while (i < e && r->f->s[i] >= '0' && r->f->s[i] <= '9' && i - b < 4)
		days = days * 10 + (uint32_t)(r->f->s[i++] - '0');
	for (bool any = true; i < e && any &&
			      (i == b || days == 0 || ten > 0 ||
				  (unsigned char)r->f->s[b] >= 0x80);) {
		any = false;
		for (uint32_t d = 1; d < 10 && !any; d++)
			if (strncmp(r->f->s + i, han + 3 * d, 3) == 0) {
				days += d;
				any = true;
			}
		if (!any && at(r, i, "两")) {
			days += 2;
			any = true;
		} else if (!any && at(r, i, "十")) {
			days = (days == 0 ? 1 : days) * 10;
			ten = 1;
			any = true;
		}
		i += any ? 3 : 0;
	}
	if (i == b || days == 0 || days > 999)
		return 0;
	n = skip_set(r, i, e, " ");
	if (match(r, n, other) > 0)
		return 0;
	i = n + match(r, n, units);
	*out = days;
	return i - b;
}

static size_t
skip_reason(const struct reading *r, size_t i, size_t e)
{
	static const char *const words[] = {"理由是", "理由", "原因是", "原因",
	    "因为", "reason", "because", "由于", NULL};
	size_t n;

	i = skip_set(r, i, e, SEPARATORS "(");
	if ((n = match(r, i, words)) > 0)
		i = skip_set(r, i + n, e, SEPARATORS);
	return i;
}

static size_t
skip_linking(const struct reading *r, size_t i, size_t e)
{
	static const char *const words[] = {
	    "给", "由", "至", "到", "to ", "为", "请", "by ", "让", "交", NULL};
	size_t n;

	i = skip_set(r, i, e, SEPARATORS "(“\"[【");
	while ((n = match(r, i, words)) > 0)
		i = skip_set(r, i + n, e, SEPARATORS "(“\"[【");
	return i;
}

static void
read_verdict(struct reading *r, struct command *c, size_t i, size_t e)
{
	static const char *const no[] = {"不通过", "未通过", "不同意", "退回",
	    "不予通过", "不合格", "no", "reject", NULL};
	static const char *const yes[] = {
	    "通过", "同意", "合格", "无误", "yes", "pass", "ok", NULL};
	size_t n;

	i = skip_set(r, i, e, SEPARATORS);
	n = match(r, i, no);
	if (n == 0) {
		n = match(r, i, yes);
		c->passed = n > 0;
	}
	if (n == 0)
		c->flaw = COMMAND_NO_VERDICT;
	buf_adds(&r->text, copy(r, skip_reason(r, i + n, e), e));
}

/* What follows the verb on its line, by what the verb wants. */
static void
read_rest(struct reading *r, struct command *c, size_t i, size_t e)
{
	enum command_wants wants = command_words[c->verb].wants;
	size_t b = skip_set(r, i, e, SEPARATORS), n = 0;

	if ((wants != WANTS_FIRST || two_numbers(r, b, e)) &&
	    (n = take_number(r, b, &c->number)) > 0)
		b = skip_set(r, b + n, e,
		    wants == WANTS_FIRST ? SEPARATORS "与和到入并"
					 : SEPARATORS);
	switch (wants) {
	case WANTS_PERSON:
	case WANTS_BODY:
	case WANTS_DOMAIN:
	case WANTS_FIRST:
		c->target = copy(r, skip_linking(r, b, e), e);
		return;
	case WANTS_DAYS:
		b = skip_linking(r, b, e);
		n = days_at(r, b, e, &c->days);
		b = skip_reason(r, b + n, e);
		break;
	case WANTS_MAYBE_DAYS:
		n = days_at(r, b, e, &c->days);
		b = skip_reason(r, b + n, e);
		break;
	case WANTS_VERDICT:
		read_verdict(r, c, b, e);
		return;
	default:
		b = skip_reason(r, b, e);
		break;
	}
	buf_adds(&r->text, copy(r, b, e));
}

static bool
is_greeting(const struct reading *r, size_t i, size_t e)
{
	size_t n;

	while (i < e && ((n = match(r, i, command_greetings)) > 0 ||
			    (n = one_of(r, i, SEPARATORS)) > 0 ||
			    (n = picture_at(r, i, e)) > 0))
		i += n;
	return i >= e;
}

static bool
has_words(const char *s)
{
	const char *end = s + strlen(s);
	size_t n = 0;
	uint32_t cp;

	while (s < end) {
		s += utf8_next(s, end, &cp);
		n += cp > 0x2FFF && cp != 0x3001 && cp != 0x3002 && cp != 0x3000
			 ? 2
			 : cp >= '0' && cp < 0x80;
	}
	return n >= 2; /* one Han character, two of another script */
}

/* 谢谢！ and 辛苦了 are no reason. */
static bool
says_something(const char *text)
{
	struct reading r = {0};
	struct fold f;
	bool polite;

	if (!has_words(text) || fold_init(&f, text) < 0)
		return has_words(text);
	r.f = &f;
	polite = is_greeting(&r, 0, f.len);
	fold_done(&f);
	return !polite;
}

enum command_flaw
command_missing(const struct command *c)
{
	switch (command_words[c->verb].wants) {
	case WANTS_TEXT:
		return says_something(c->text) ? COMMAND_OK : COMMAND_NO_TEXT;
	case WANTS_PERSON:
		return c->target[0] != '\0' ? COMMAND_OK : COMMAND_NO_PERSON;
	case WANTS_BODY:
		return has_words(c->target) ? COMMAND_OK : COMMAND_NO_BODY;
	case WANTS_DOMAIN:
		return c->target[0] != '\0' ? COMMAND_OK : COMMAND_NO_DOMAIN;
	case WANTS_FIRST:
		return command_number_at(c->target) > 0 ? COMMAND_OK
							: COMMAND_NO_NUMBER;
	case WANTS_DAYS:
		if (c->days == 0)
			return COMMAND_NO_DAYS;
		return says_something(c->text) ? COMMAND_OK : COMMAND_NO_TEXT;
	case WANTS_VERDICT:
		return c->passed || says_something(c->text) ? COMMAND_OK
						       : COMMAND_NO_TEXT;
	default:
		return COMMAND_OK;
	}
}

/* ---- the whole text
 * ------------------------------------------------------------ */

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
	char *line = copy(r, b, e);

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
is_doubtful(const struct reading *r, enum command_verb verb, size_t b,
    size_t v, size_t v_end, size_t e)
{
	static const char *const asked[] = {"请", NULL};
	static const char *const choice[] = {"还是", "或者", NULL};
	enum command_wants wants = command_words[verb].wants;

	if (!is_plain(r, verb, v_end, e) ||
	    (has_any(r, b, v, asked) && !may_be_asked_for(verb)))
		return true;
	if (wants == WANTS_PERSON || wants == WANTS_BODY)
		return is_question(r, v, e) || has_any(r, v_end, e, choice);
	return wants == WANTS_NOTHING && verb != VERB_HELP &&
	       is_question(r, v, e);
}

/* A command on the line [b, e)?  Its flaw tells how well it was said. */
static bool
read_command(struct reading *r, size_t b, size_t e)
{
	const char *number = "";
	size_t v_at = skip_front(r, b, e, &number), n;
	int v = verb_at(r, v_at, &n);
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
	read_rest(r, c, v_at + n, e);
	return true;
}

/* History that was not cut off: from here on nothing is the writer's. */
static bool
is_history(const struct reading *r, size_t b, size_t e)
{
	static const char *const starts[] = {">", "发件人:", "from:", "-----",
	    "原始邮件", "寄件者:", "寄件人:", "________", NULL};

	if (match(r, b, starts) > 0)
		return true;
	return e - b >= 7 && (at(r, e - 7, "写道:") || at(r, e - 6, "wrote:"));
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
	char *line = copy(r, b, e);
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
		size_t look = skip_set(r, b, e, " ");

		if (look >= e)
			continue;
		if (is_history(r, look, e))
			return;
		if (r->n == 0 && greetings++ < MOST_GREETINGS &&
		    is_greeting(r, look, e))
			continue;
		if ((r->n == 0 || (r->by & COMMAND_BY_OFFICE) != 0) &&
		    r->n < MAX_COMMANDS && read_command(r, look, e))
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
