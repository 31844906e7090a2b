/* SPDX-License-Identifier: ISC */
#include "core/alarm_letter.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/conf.h"
#include "core/direct.h"

void
alarm_letter_init(struct alarm_letter *l, const struct conf *conf,
    const char *subject, const char *cause, int64_t since_s, bool over,
    int64_t now_s)
{
	l->over = over;
	l->now_s = now_s;
	letter_time(conf->zone, over ? now_s : since_s, l->received);
	l->fields[0] = (struct letter_field){"subject", subject};
	l->fields[1] = (struct letter_field){"received", l->received};
	l->fields[2] = (struct letter_field){"office", conf->office.name};
	l->fields[3] = (struct letter_field){"cause", cause};
}

const char *
alarm_letter_kind(const struct alarm_letter *l)
{
	return l->over ? "alarm-over" : "alarm";
}

int
alarm_letter_post(const struct alarm_letter *l, struct direct *direct,
    const struct conf *conf, const struct smtp_conf *account,
    struct arena *a, struct err *err)
{
	const struct person_conf *office =
	    &conf->roster.persons[conf->roster.office];
	BUF_AUTO struct buf bytes = BUF_INIT;
	struct letter_request r = {
	    .account = account,
	    .template_id = alarm_letter_kind(l),
	    .to_addr = office->address,
	    .to_name = office->name,
	    .message_id = letter_message_id(conf, a),
	    .in_reply_to = "",
	    .references = "",
	    .auto_submitted = "auto-generated",
	    .date_s = l->now_s,
	    .priority = !l->over,
	    .fields = l->fields,
	    .n_fields = ALARM_FIELDS,
	};

	if (r.message_id == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (letter_compose(conf, &r, &bytes, err) < 0)
		return -1;
	return direct_post(direct, conf, account, office->address, bytes.data,
	    bytes.len, err);
}
