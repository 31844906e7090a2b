/* SPDX-License-Identifier: ISC */
#ifndef HIDE_WALK_H
#define HIDE_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "hide/clause.h"

/* What the files of the clause model share; contracts stand over the
 * functions. */

/* Characters of a clause without subject that is taken for the writer's. */
#define MOST_BARE 14

enum topic { TOPIC_NONE, TOPIC_SELF, TOPIC_OTHER };

struct walk {
	struct hide_text *t;
	struct hide_known *k;
	size_t b, e; /* of the clause */
	enum topic topic;
	bool told;   /* the clause before told who the writer is */
	bool detail; /* … and says so: 我的身份：… */
	bool drives; /* … something that has a plate */
	bool starts; /* a sentence */
	bool joined; /* nothing but a blank stands in front of the clause */
	bool shop;   /* the writer said that he keeps one */
	bool kin;    /* 他 is one of the writer's own */
	bool had_kin; /* … was, before a sentence about others */
	bool own;    /* the sentence is about the writer or his own so far */
};

/* mark.c: hides [b, e) but for what belongs to the matter (sums, hours)
 * and notes that the writer is spoken of. */
void hide_tell(struct walk *w, size_t b, size_t e);
/* The same without the note. */
void hide_weakly(struct walk *w, size_t b, size_t e);
/* Whether [b, e) holds what belongs to others: a sum, a time, a name. */
bool hide_has_matter(const struct hide_text *t, size_t b, size_t e);
/* clause.c: whether somebody or something else begins the clause. */
bool hide_is_other_at(const struct hide_text *t, size_t b, size_t e);
/* Behind 因为, 但是, 您好 … at b. */
size_t hide_skip_lead(const struct hide_text *t, size_t b, size_t e);

/* say.c: what a clause says of the writer, from i on. */
extern const char *const hide_things[];
void hide_take_predicate(struct walk *w, size_t i);
/* The kinds of predicates: true when it is one, hidden or not. */
bool hide_take_copula(struct walk *w, size_t i);
bool hide_take_group(struct walk *w, size_t self, size_t i);
/* 有三台后八轮, 有两个孩子 at i. */
bool hide_take_possession(struct walk *w, size_t i);
/* Body and health: 腿脚不好. */
bool hide_is_build(const struct hide_text *t, size_t b, size_t e);

/* tie.c: 我给他开车, 我和他是同学. */
bool hide_take_tie(struct walk *w, size_t i);
/* 我是老史爱人, behind 是 at b, where 老史 was beaten: both are the writer's. */
bool hide_take_kin_of(struct walk *w, size_t b);
/* place.c: 在…, from i on. */
bool hide_take_place(struct walk *w, size_t i);

/* own.c: what is the writer's own, behind 我 at i. */
bool hide_take_kin(struct walk *w, size_t self, size_t i);
void hide_take_named_kin(struct walk *w, size_t self, size_t i);
size_t hide_kin_behind(const struct hide_text *t, size_t i, size_t e);
bool hide_take_thing(struct walk *w, size_t i);
bool hide_take_house(struct walk *w, size_t i);

/* object.c: the writer (n bytes at self) in what is said of others. */
bool hide_take_object(struct walk *w, size_t self, size_t n);
void hide_take_owned(struct walk *w, size_t self, size_t i);
/* 住在市三院骨科, 你家住哪我知道: where the writer and his own are, told by what
 * happens to them. */
void hide_take_ward(struct walk *w);
void hide_take_addressed(struct walk *w);
/* 到…找我: the way to the writer, up to e. */
bool hide_take_meeting(struct walk *w, size_t e);

/* label.c: 店名叫…, 户口在…, 骑手编号0417: what is labelled the writer's; told
 * as w->told says. */
bool hide_take_label(struct walk *w, size_t i);
/* 合同上的承租人是…: papers with the writer's name. */
bool hide_take_paper(struct walk *w, size_t i);
/* Whether a word for somebody else is in [b, e), not only a character. */
bool hide_has_others(const struct hide_text *t, size_t b, size_t e);

/* opening.c: 开小吃店的, 45岁下岗女工, 建材市场搞批发的老倪实名举报; 家长和志远
 * near the end. */
bool hide_take_opening(struct walk *w, size_t i);

/* called.c: 叫魏薇, 名字叫马成龙: the writer's name without 我, behind what
 * told who he is. */
bool hide_take_called(struct walk *w, size_t i);
/* 老人叫毕桂兰，是我外婆: the next clause says whose. */
bool hide_take_introduced(struct walk *w, size_t i);
/* 群里昵称“豆花小妹”, 微信名叫…: what one is called there. */
bool hide_take_nickname(struct walk *w, size_t i);
/* 地址柳荫街18号, 店名阿春面馆: a sentence that begins with what it is, of
 * nobody. */
bool hide_take_headless(struct walk *w, size_t i);
/* 备注“小符（不是亲戚）”: behind the quote at b; a mark inside ends nothing. */
size_t hide_end_of_quote(const struct hide_text *t, size_t b, size_t e);

/* reach.c: 有事找滕春花, 这封信是滕春花写的, 邮箱是滕春花的. */
bool hide_take_reached(struct walk *w, size_t i);
/* 书面答复至…, 托邻居小孙写的: the way to the writer. */
bool hide_take_way(struct walk *w, size_t i);

/* bare.c: a clause without a subject, from i on. */
void hide_take_bare(struct walk *w, size_t i);
/* frame.c: 组长令狐海代表四组38户, 邬晓丹和卞丽娟, a door behind 我门口: a
 * clause from i on that no 我 leads to. */
bool hide_take_speaker(struct walk *w, size_t i);
bool hide_take_constituents(struct walk *w, size_t i);
bool hide_take_pair(struct walk *w, size_t i);
bool hide_take_doorstep(struct walk *w, size_t i);
bool hide_take_principal(struct walk *w, size_t i);
bool hide_take_room(struct walk *w, size_t i);
/* Bytes of a firm at b whose boss the letter accuses: 捷安渣土公司 …。公司老板某…
 * 打; 0 = none. */
size_t hide_accused_firm(const struct hide_text *t, size_t b, size_t e);
/* 我们官庄村四组的路…, behind 我们 at i. */
bool hide_take_our_place(struct walk *w, size_t i);
/* 我们山下果园被污水淹了, behind 我 or 我们 at i. */
bool hide_take_land(struct walk *w, size_t i);
/* 来我修车铺门口骂, behind 我 at i. */
void hide_take_my_shop(struct walk *w, size_t i);
/* 是村小学谷老师帮俺写的, 我老板跟他合伙: somebody next to the writer; in the
 * whole clause. */
bool hide_take_next(struct walk *w, size_t self, size_t i);
/* 要核实情况就来…: the way to the writer, in the whole clause. */
bool hide_take_visit(struct walk *w);

#endif
