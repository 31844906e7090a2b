/* SPDX-License-Identifier: ISC */
#ifndef HIDE_RULES_H
#define HIDE_RULES_H

#include <stdbool.h>
#include <stddef.h>

struct hide_known;
struct hide_text;

/*
 * The rules of hiding, each in a file of its own.  They mark what they find in
 * the text (hide_add) and remember it, so that it is also hidden where
 * nothing around it would tell.
 */

/* hide_text.by: which of them it was. */
enum hide_rule {
	RULE_OWN = 1,
	RULE_FORM,
	RULE_SELF,
	RULE_LAST_LINES,
	RULE_NUMBER,
	RULE_NEAR,
	RULE_CLAUSE,
	RULE_END,
	RULE_OPENING,
	RULE_SURE,  /* what headers and signature say */
	RULE_KNOWN, /* what the other rules found elsewhere */
	RULE_PART,  /* a part of a known name */
};

/* hide.c: all of them on a text, but for the judge (judge.h). */
void hide_by_rules(struct hide_text *t, struct hide_known *k);
/* What the headers of a message tell of its sender. */
struct message;
void hide_learn_sender(struct hide_known *k, const struct message *m);

/* Names and numbers of the citizen. */
#define HIDE_KNOWN 64
#define HIDE_KIN 8
#define HIDE_KIN_BYTES 25
struct hide_known {
	struct hide_secret {
		char *text; /* in the form of text.h; digits alone when
			     * it is a number */
		bool digits;
		bool name; /* of a person, in Han */
		bool sure; /* the headers and the signature say so */
		unsigned number; /* of all that were ever learnt */
	} list[HIDE_KNOWN];
	size_t n;
	unsigned learnt;
	/* Words for those of his own: 外婆, 大哥. */
	char kin[HIDE_KIN][HIDE_KIN_BYTES];
	size_t n_kin;
	bool elder, young; /* … 老人 and 孩子 are such */
	char business[7];  /* what he keeps, its last two characters: 驿站 */
	bool bad; /* memory ran out */
};
void hide_known_done(struct hide_known *k);
/* What is known by now is beyond doubt. */
void hide_known_settle(struct hide_known *k);
/* Forgets entry i. */
void hide_forget(struct hide_known *k, size_t i);
/* Remembers len bytes; too many are dropped, twice the same is once. */
void hide_learn(
    struct hide_known *k, const char *text, size_t len, bool digits);
/* Remembers [b, e) when it is a name. */
void hide_learn_name(
    struct hide_known *k, const struct hide_text *t, size_t b, size_t e);
/* known.c: hides everything remembered, wherever it stands; once, for
 * what was hidden may have been judged to be somebody else's. */
void hide_all_known(struct hide_text *t, struct hide_known *k);

/* Whose is the number or address in [b, e)?  By the words next to it and by
 * the form that it stands in (owner.c). */
enum hide_owner { OWNER_UNKNOWN, OWNER_SELF, OWNER_OTHER };
/* Whether 联系人 at i is of a firm that the sentence speaks of. */
bool hide_is_others_contact(const struct hide_text *t, size_t i);
/* Titles that nobody gives himself in a row of what he is. */
extern const char *const hide_bosses[];
enum hide_owner hide_owner_of(const struct hide_text *t, size_t b, size_t e);

/* form.c: "举报人：…", "姓名：…", and which of the two a place in a form
 * belongs to. */
void hide_forms(struct hide_text *t, struct hide_known *k);
enum hide_owner hide_section_at(const struct hide_text *t, size_t i);

/* principal.c: learns who is the writer's kin, for whom he writes and
 * whether he keeps a shop, before anything else is looked at. */
void hide_find_own(struct hide_text *t, struct hide_known *k);
/* 举报我表哥, 举报的人是我表哥: whether self is spoken of so. */
bool hide_accuses_before(const struct hide_text *t, size_t self);
/* 我前夫沙大勇在西河沿收保护费: whether [b, e) accuses who stands in front. */
bool hide_does_wrong(const struct hide_text *t, size_t b, size_t e);
/* Bytes of such a word at i; 0 = none. */
size_t hide_own_kin_at(
    const struct hide_text *t, const struct hide_known *k, size_t i);

/* number.c: telephones, identity cards, accounts, addresses. */
void hide_numbers(struct hide_text *t, struct hide_known *k);

/* self.c: 我是…, 本人…, 我叫…, 我家住… */
void hide_selves_said(struct hide_text *t, struct hide_known *k);
/* role.c: the end of what 我是 … in [b, e) says about the writer; b when
 * it says nothing (我是昨天看到的). */
size_t hide_complement_end(const struct hide_text *t, size_t b, size_t e);
/* Bytes of a name at b that the letter also speaks of elsewhere: 我是厉海手下的
 * … tells of the writer but for the name. */
size_t hide_other_prefix(const struct hide_text *t, size_t b, size_t e);
/* Ends like what one calls a kind of person: 做渣土的, 本地人. */
bool hide_is_kind(const struct hide_text *t, size_t b, size_t e);
/* 沈圩村一农妇, 业主委员会老成员: ends like a word for a person, and nothing
 * happens in it. */
bool hide_is_person_noun(const struct hide_text *t, size_t b, size_t e);
/* 老马说：“我是龙哥的人…”: whether the self word at `at` is another's. */
bool hide_is_others_speech(const struct hide_text *t, size_t at);
/* frame.c: bytes of 恒大混凝土的 in 我是恒大混凝土的罐车司机，老板戚长海逼…,
 * behind 是 at b: the letter accuses it; 0 = none. */
size_t hide_employer(const struct hide_text *t, size_t b, size_t e);
/* 被, 昨天, 亲眼 …: behind 我是 these say how, not who. */
extern const char *const hide_manners[];
/* bio.c: what follows a clause about oneself, from its end: 女，52岁，住…
 */
void hide_bio(struct hide_text *t, struct hide_known *k, size_t end);
/* Whether a clause says something about a person and nothing else. */
bool hide_is_bio(const struct hide_text *t, size_t b, size_t e);
/* 今年68了, 52岁, 年届八旬. */
bool hide_is_age(const struct hide_text *t, size_t b, size_t e);
/* 3号楼1单元, 7栋, 12-2-301: whether somebody's door is in [b, e). */
bool hide_has_door(const struct hide_text *t, size_t b, size_t e);
/* Behind the last part of it. */
size_t hide_door_end(const struct hide_text *t, size_t b, size_t e);

/* Behind the door that [b, e) begins with, street and all: 河沿街73号, 桃源小区
 * 3-2-601; b when there is none. */
size_t hide_door_behind(const struct hide_text *t, size_t b, size_t e);

/* english.c: my name is …, I am …, my husband … at i. */
bool hide_english_at(struct hide_text *t, struct hide_known *k, size_t i);
/* near.c: labelled numbers of one's own, “…”就是我, 本店…, and who stands
 * beside a number that is hidden. */
void hide_near(struct hide_text *t, struct hide_known *k);

/* sign.c: the lines under a letter. */
void hide_last_lines(struct hide_text *t, struct hide_known *k);
/* frame.c: 聂广财，七十三，退休前是…: the sentences near the end that a
 * name begins. */
void hide_signed_sentences(struct hide_text *t, struct hide_known *k);
/* end.c: whether [b, e) is where somebody is from: 板浦镇东辛农场六分场. */
bool hide_is_home(const struct hide_text *t, size_t b, size_t e);
/* “明心”按摩, 老四川火锅店, 柳庄村三组: a shop or a home and nothing else. */
bool hide_is_sign_over(const struct hide_text *t, size_t b, size_t e);
/* tail.c: the last words that are no sentence. */
void hide_tail(struct hide_text *t, struct hide_known *k);
/* Who signs within the last sentence. */
void hide_end(struct hide_text *t, struct hide_known *k);

#endif
