/* SPDX-License-Identifier: ISC */
#ifndef TESTS_UNIT_LETTER_WORLD_H
#define TESTS_UNIT_LETTER_WORLD_H

/* A configuration for letters, built by hand, and one request to start from. */

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "letter/letter.h"

#define WORLD_NOTICE \
	"Subject: {priority}【线索交办】{number} {domain} {area}\n" \
	"\n" \
	"{officer}：\n" \
	"\n" \
	"{?priority}【本线索为优先线索，请立即办理】\n{/priority}" \
	"线索编号：{number}\n" \
	"斗争领域：{domain}\n" \
	"所属区域：{area}\n" \
	"判定依据：{why}\n" \
	"派发依据：{people_why}\n" \
	"来信时间：{received}\n" \
	"签收期限：{due_accept}\n" \
	"反馈期限：{due_feedback}\n" \
	"办结期限：{due_conclude}\n" \
	"照片：{photos}\n" \
	"\n" \
	"来信主题：{subject}\n" \
	"来信内容：\n" \
	"{text}\n" \
	"\n" \
	"{?held}\n" \
	"未随附的附件：\n" \
	"{held}\n" \
	"{/held}\n" \
	"\n" \
	"怎样回复：\n" \
	"{reply_help}\n" \
	"\n" \
	"{office}\n" \
	"本邮件由系统自动发出，请勿转发给无关人员。\n"

struct world {
	struct conf conf;
	struct template_conf template;
	struct letter_request request;
};

static inline void
world_make(struct world *w, const char *template_text)
{
	memset(w, 0, sizeof(*w));
	if (zone_new("Asia/Shanghai", &w->conf.zone, NULL) != 0)
		abort();
	w->template = (struct template_conf){
	    .id = "notice",
	    .text = template_text,
	    .file = "templates/notice.txt"};
	w->conf.templates = &w->template;
	w->conf.n_templates = 1;
	w->conf.smtp.mail_from = "tips@example.com";
	w->conf.smtp.from_name = "某区城管局线索平台";
	w->conf.office.name = "某区城市管理局";
	w->conf.office.number_prefix = "LY";
	w->conf.office.message_id_domain = "clued.example.com";
	w->request = (struct letter_request){
	    .template_id = "notice",
	    .to_addr = "li@example.com",
	    .to_name = "李四",
	    .message_id = "0123456789abcdef@clued.example.com",
	    .in_reply_to = "",
	    .references = "",
	    .auto_submitted = "auto-generated",
	    .date_s = 1795512600, /* 2026-11-24 17:30 in Shanghai */
	};
}

static inline void
world_done(struct world *w)
{
	zone_free(&w->conf.zone);
}

static const struct notice_facts world_facts = {
    .number = "LY-2026-000123",
    .domain_title = "渣土运输",
    .area_name = "墟沟街道",
    .why = "渣土车（+2.0） 强揽（+3.0）",
    .people_why = "渣土运输×墟沟街道：李四",
    .priority = false,
    /* 2026-11-24, 2026-11-30, 2026-12-10, 17:30 */
    .due_s = {1795512600, 1796031000, 1796895000},
    .subject = "举报渣土车强揽工程",
    .text = "你好，\n\n有人强揽土方，还打人。\n请查。",
    .received_s = 1795400000,
    .n_photos = 0,
    .held = "",
};

#endif
