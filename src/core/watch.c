/* SPDX-License-Identifier: ISC */
#include "core/watch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/breaker.h"
#include "core/probe.h"
#include "follow/calendar.h"
#include "store/health.h"
#include "store/store.h"

#define DAY_S 86400
#define NOTE_SIZE 160
#define BOOKS_NOTE "books"
#define CERTIFICATE "certificate"
/* A mailbox each, the certificates of those and of SMTP, and the rest. */
#define MAX_ITEMS (2 * MAX_MAILBOXES + 9)

struct look {
	const struct conf *conf;
	struct store *store;
	int64_t now_s;
	struct arena *a;
	struct watch_item *items;
	size_t n;
	bool no_memory;
};

/* -- notes ---------------------------------------------------------------- */

int
watch_note_s(struct store *store, const char *prefix, const char *name,
    struct arena *a, int64_t *at_s_out, struct err *err)
{
	const char *value = "";
	char key[NOTE_SIZE];

	*at_s_out = 0;
	(void)snprintf(key, sizeof(key), "%s.%s", prefix, name);
	if (store_note_get(store, key, a, &value, err) < 0)
		return -1;
	if (str_int64(value, 0, INT64_MAX, at_s_out) < 0)
		*at_s_out = 0;
	return 0;
}

int
watch_note_set_s(struct store *store, const char *prefix, const char *name,
    int64_t at_s, struct err *err)
{
	char key[NOTE_SIZE], value[24];

	(void)snprintf(key, sizeof(key), "%s.%s", prefix, name);
	(void)snprintf(value, sizeof(value), "%lld", (long long)at_s);
	return store_note_set(store, key, value, err);
}

int
watch_mailbox_known(
    struct store *store, const char *mailbox, int64_t now_s, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	int64_t at_s;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (watch_note_s(store, "known", mailbox, a, &at_s, err) < 0)
		return -1;
	return at_s != 0
		   ? 0
		   : watch_note_set_s(store, "known", mailbox, now_s, err);
}

int
watch_certificate(struct store *store, const char *server, int64_t until_s,
    struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	int64_t noted_s;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (until_s == 0)
		return 0;
	if (watch_note_s(store, CERTIFICATE, server, a, &noted_s, err) < 0)
		return -1;
	return noted_s == until_s ? 0
				  : watch_note_set_s(store, CERTIFICATE,
					server, until_s, err);
}

/* "time finding": the time of the check, and what was off. */
int
watch_books(struct store *store, int64_t now_s, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	const char *note = "", *finding;
	long long at_s = 0;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (store_note_get(store, BOOKS_NOTE, a, &note, err) < 0)
		return -1;
	if (sscanf(note, "%lld", &at_s) == 1 && at_s <= now_s &&
	    now_s - at_s < DAY_S)
		return 0;
	if (store_books_check(store, now_s, a, &finding, err) < 0)
		return -1;
	note = arena_printf(a, "%lld %s", (long long)now_s, finding);
	if (note == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	return store_note_set(store, BOOKS_NOTE, note, err);
}

/* -- rules ---------------------------------------------------------------- */

bool
watch_is_silent(const struct calendar *cal, int64_t last_s, int64_t now_s,
    uint32_t limit_min)
{
	return limit_min != 0 && now_s > last_s &&
	    calendar_minutes_between(cal, last_s, now_s) >
	    (int64_t)limit_min;
}

bool
watch_calendar_ends(const struct calendar *cal, int64_t now_s, uint32_t days)
{
	struct civil now, then;

	if (days == 0)
		return false;
	zone_civil(cal->zone, now_s, &now);
	zone_civil(cal->zone, now_s + (int64_t)days * DAY_S, &then);
	return !calendar_has_year(cal, now.year) ||
	    !calendar_has_year(cal, then.year);
}

/* -- what is watched ------------------------------------------------------- */

static void
add(struct look *l, const char *key, bool stands, const char *subject,
    const char *cause)
{
	if (key == NULL || subject == NULL || cause == NULL ||
	    l->n == MAX_ITEMS) {
		l->no_memory = true;
		return;
	}
	l->items[l->n++] = (struct watch_item){key, subject, cause, stands};
}

static const char *
when(struct look *l, int64_t at_s)
{
	char text[20];

	zone_format(l->conf->zone, at_s, text);
	return arena_strdup(l->a, text);
}

static int
look_at_mailbox(struct look *l, const struct mailbox_conf *m, struct err *err)
{
	const struct calendar cal = {&l->conf->calendar, l->conf->zone};
	const uint32_t limit_min = l->conf->watch.silence_min;
	int64_t polled_s, known_s;
	const char *last;

	if (watch_note_s(l->store, "polled", m->id, l->a, &polled_s, err) <
		0 ||
	    watch_note_s(l->store, "known", m->id, l->a, &known_s, err) < 0)
		return -1;
	last = polled_s != 0 ? when(l, polled_s) : "从未";
	add(l, arena_printf(l->a, "silence.%s", m->id),
	    watch_is_silent(&cal, polled_s != 0 ? polled_s : known_s,
		l->now_s, limit_min),
	    arena_printf(l->a, "邮箱 %s 收不到邮件", m->address),
	    arena_printf(l->a,
		"上次成功收取：%s；已超过 %u 分钟（上班时间）。\n"
		"请运行 cluectl doctor，按其提示核对网络、授权码和服务器。",
		last != NULL ? last : "", limit_min));
	return 0;
}

static int
look_at_certificate(struct look *l, const char *name, const char *host,
    struct err *err)
{
	const int64_t ahead_s =
	    (int64_t)l->conf->watch.certificate_days * DAY_S;
	int64_t until_s;

	if (watch_note_s(l->store, CERTIFICATE, name, l->a, &until_s, err) <
	    0)
		return -1;
	add(l, arena_printf(l->a, "certificate.%s", name),
	    ahead_s != 0 && until_s != 0 && until_s - l->now_s < ahead_s,
	    arena_printf(l->a, "服务器 %s 的证书即将到期", host),
	    arena_printf(l->a,
		"证书有效期至 %s。到期后将无法安全连接，收发都会停止。\n"
		"请联系邮件服务商或服务器管理员更换证书。",
		until_s != 0 ? when(l, until_s) : ""));
	return 0;
}

static int
look_at_letters(struct look *l, struct err *err)
{
	const int64_t limit_s = (int64_t)l->conf->watch.letters_min * 60;
	int64_t n = 0, oldest_s = 0;

	if (limit_s != 0 && store_letters_stuck(l->store, l->now_s - limit_s,
				&n, &oldest_s, err) < 0)
		return -1;
	add(l, "letters", n > 0, "有信件迟迟发不出去",
	    arena_printf(l->a,
		"待发 %lld 封，最早一封写于 %s。\n"
		"请运行 cluectl doctor，核对发信服务器和授权码。",
		(long long)n, n > 0 ? when(l, oldest_s) : ""));
	return 0;
}

/* A day long, so that one storm is one alarm. */
static int
look_at_posting(struct look *l, struct err *err)
{
	struct breaker_state st;
	bool stands;

	if (breaker_read(l->store, l->a, &st, err) < 0)
		return -1;
	stands = breaker_stops(&st, l->now_s) ||
	    (st.since_s != 0 && l->now_s - st.since_s < DAY_S);
	add(l, "posting", stands, "发信过多，已按上限停发",
	    arena_printf(l->a,
		"%s 达到上限（%lld 封），%s。\n"
		"其余信件留在发件箱，没有丢失。可能是自动回复互相应答，也可能是"
		"积压的来信；\n请用 cluectl status 和 cluectl list 查看近期情况。",
		st.since_s != 0 ? when(l, st.since_s) : "",
		(long long)st.n,
		st.until_s != 0 ? "一小时内的信件发满，过后自动续发"
				: "一天的信件发满，须运行 cluectl resume 才会"
				  "续发"));
	return 0;
}

static int
look_at_parser(struct look *l, struct err *err)
{
	const uint32_t limit = l->conf->watch.unreadable;
	int64_t n = 0;

	if (limit != 0 && store_unreadable_since(
			      l->store, l->now_s - DAY_S, &n, err) < 0)
		return -1;
	add(l, "parser", limit != 0 && n >= limit, "多封邮件无法解析",
	    arena_printf(l->a,
		"一天之内有 %lld 封邮件无法解析，已原样隔离保存。\n"
		"可能是有人故意发送畸形邮件，也可能是程序的问题；请联系"
		"技术人员。",
		(long long)n));
	return 0;
}

/* The folder's room as the daemon's user has it. */
static int
look_at_disk(struct look *l, struct err *err)
{
	const uint64_t least = l->conf->watch.disk_bytes;
	const char *path = l->conf->store.path;
	const char *slash = strrchr(path, '/');
	struct statvfs vfs;
	uint64_t room;
	char *folder = slash == NULL ? arena_strdup(l->a, ".")
				     : arena_printf(l->a, "%.*s",
					   (int)(slash - path + 1), path);

	if (folder == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (statvfs(folder, &vfs) < 0)
		return err_errno(err, errno, "look at the disk of %s", folder);
	room = (uint64_t)vfs.f_bavail * vfs.f_frsize;
	add(l, "disk", room < least, "磁盘空间不足",
	    arena_printf(l->a,
		"数据库所在的 %s 只剩 %.0f MB。写满后新来信将无法入库"
		"（仍留在邮箱里）。\n请清理磁盘或扩容。",
		folder, (double)room / 1048576));
	return 0;
}

static void
look_at_calendar(struct look *l)
{
	const struct calendar cal = {&l->conf->calendar, l->conf->zone};
	const uint32_t days = l->conf->watch.calendar_days;

	add(l, "calendar", watch_calendar_ends(&cal, l->now_s, days),
	    "缺少年度日历文件",
	    "没有日历文件的年份按普通周计算期限，节假日和调休都不算。\n"
	    "请按国务院办公厅的放假通知新建 calendar/年份.conf，再重新加载。");
}

static int
look_at_books(struct look *l, struct err *err)
{
	const char *note = "", *finding;

	if (store_note_get(l->store, BOOKS_NOTE, l->a, &note, err) < 0)
		return -1;
	finding = strchr(note, ' ');
	finding = finding != NULL ? finding + 1 : "";
	add(l, "books", finding[0] != '\0', "台账核对不符",
	    arena_printf(l->a,
		"%s。\n请运行 cluectl fsck 全面检查，并与备份比对。",
		finding));
	return 0;
}

static int
look_at_probe(struct look *l, struct err *err)
{
	struct probe_state st;

	if (l->conf->probe.every_h == 0)
		return 0;
	if (probe_read(l->store, l->a, &st, err) < 0)
		return -1;
	add(l, "probe",
	    probe_is_lost(&st, l->conf->probe.within_min, l->now_s),
	    st.back_s == 0 ? "自检邮件没有收回" : "自检邮件没有分到领域",
	    arena_printf(l->a,
		"自检邮件发出于 %s，%s。\n请从外面向 %s 发一封邮件，看能否"
		"收到；并运行 cluectl doctor。",
		st.sent_s != 0 ? when(l, st.sent_s) : "",
		st.back_s == 0 ? "至今没有从邮箱取回"
			       : "已取回，但规则没有把它分到应有的领域",
		l->conf->mailboxes[0].address));
	return 0;
}

int
watch_look(const struct conf *conf, struct store *store, int64_t now_s,
    struct arena *a, struct watch_item **items_out, size_t *n_out,
    struct err *err)
{
	struct look l = {.conf = conf, .store = store, .now_s = now_s, .a = a};

	l.items = arena_alloc(a, MAX_ITEMS * sizeof(*l.items));
	if (l.items == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	for (size_t i = 0; i < conf->n_mailboxes; i++) {
		const struct mailbox_conf *m = &conf->mailboxes[i];

		if (look_at_mailbox(&l, m, err) < 0 ||
		    look_at_certificate(&l, m->id, m->imap.host, err) < 0)
			return -1;
	}
	if (look_at_certificate(&l, WATCH_SMTP, conf->smtp.smtp.host, err) <
		0 ||
	    look_at_letters(&l, err) < 0 || look_at_posting(&l, err) < 0 ||
	    look_at_parser(&l, err) < 0 || look_at_disk(&l, err) < 0 ||
	    look_at_books(&l, err) < 0 || look_at_probe(&l, err) < 0)
		return -1;
	look_at_calendar(&l);
	if (l.no_memory)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	*items_out = l.items;
	*n_out = l.n;
	return 0;
}
