/* SPDX-License-Identifier: ISC */
#include "core/attach.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "parse/message.h"

/* What a letter may carry once base64 has made it a third longer. */
#define MAX_ATTACHED_BYTES (MAX_LETTER_BYTES / 4 * 3 - (1UL << 20))

/* Kinds of files for people, and the end of a neutral name. */
static const struct {
	const char *prefix, *title, *end;
} kinds[] = {
    {"image/jpeg", "图片", "jpg"},
    {"image/png", "图片", "png"},
    {"image/", "图片", "img"},
    {"video/mp4", "视频", "mp4"},
    {"video/", "视频", "video"},
    {"audio/", "录音", "audio"},
    {"application/pdf", "PDF 文档", "pdf"},
    {"application/msword", "Word 文档", "doc"},
    {"application/vnd.openxmlformats-officedocument.wordprocessing",
	"Word 文档", "docx"},
    {"application/vnd.ms-excel", "Excel 表格", "xls"},
    {"application/vnd.openxmlformats-officedocument.spreadsheet",
	"Excel 表格", "xlsx"},
    {"application/zip", "压缩包", "zip"},
    {"message/", "邮件", "eml"},
    {"text/plain", "文本", "txt"},
    {"text/", "文本", "text"},
    {"", "其他文件", "bin"},
};

static size_t
kind_of(const struct attachment *at)
{
	size_t i = 0;

	while (!str_starts(at->type, kinds[i].prefix))
		i++; /* the last one fits everything */
	return i;
}

static const char *
title_of(const struct attachment *at)
{
	if (at->flags & ATT_CLOUD)
		return "网盘链接";
	if (at->flags & ATT_EXECUTABLE)
		return "程序文件（勿打开）";
	if (at->flags & ATT_ARCHIVE)
		return "压缩包";
	return kinds[kind_of(at)].title;
}

void
attach_add_held(struct buf *b, size_t number, const struct attachment *at)
{
	uint64_t kb = (at->size_bytes + 1023) / 1024;

	buf_addf(b, "%s附件%zu：%s", b->len > 0 ? "\n" : "", number,
	    title_of(at));
	if (at->flags & ATT_CLOUD)
		return;
	if (kb < 1024)
		buf_addf(b, "，%llu KB", (unsigned long long)kb);
	else
		buf_addf(b, "，%llu.%llu MB", (unsigned long long)(kb / 1024),
		    (unsigned long long)(kb % 1024 * 10 / 1024));
}

/* The bytes that would go along; NULL when it is held. */
static const void *
bytes_of(
    const struct attachment *at, enum attach_what what, size_t *len_out)
{
	if (at->photo != NULL) {
		*len_out = at->photo_bytes;
		return what != ATTACH_HELD ? at->photo : NULL;
	}
	*len_out = at->data_bytes;
	return what != ATTACH_PHOTOS ? at->data : NULL;
}

static int
add_file(struct attach_list *out, const struct attachment *at, size_t index,
    const void *data, size_t len, struct arena *a)
{
	struct letter_attachment *f = &out->files[out->n];
	bool photo = data == at->photo;

	if (photo)
		f->name = arena_printf(a, "photo-%zu.%s", ++out->n_photos,
		    kinds[kind_of(at)].end);
	else
		f->name = arena_printf(a, "attachment-%zu.%s", index + 1,
		    kinds[kind_of(at)].end);
	/* A type of our own table: nothing of the citizen's in a header. */
	f->type = photo && strcmp(at->type, "image/png") == 0 ? "image/png"
	    : photo ? "image/jpeg"
		    : "application/octet-stream";
	f->data = data;
	f->len = len;
	out->bytes += len;
	out->index[out->n++] = index;
	return f->name == NULL ? -1 : 0;
}

int
attach_sort(const struct message *m, enum attach_what what, struct arena *a,
    struct attach_list *out, struct buf *held, struct err *err)
{
	out->n = out->bytes = out->n_photos = 0;
	for (size_t i = 0; i < m->n_attachments && i < MAX_ATTACHMENTS; i++) {
		const struct attachment *at = &m->attachments[i];
		size_t len;
		const void *data = bytes_of(at, what, &len);

		if (what == ATTACH_HELD && at->photo != NULL)
			continue; /* went along with the notice */
		if (data == NULL || len > MAX_ATTACHED_BYTES - out->bytes)
			attach_add_held(held, i + 1, at);
		else if (add_file(out, at, i, data, len, a) < 0)
			return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
			    "out of memory");
	}
	if (buf_bad(held))
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	return 0;
}
