/* SPDX-License-Identifier: ISC */
#ifndef INTAKE_HIDE_H
#define INTAKE_HIDE_H

struct buf;
struct message;

/* What stands where the citizen named himself. */
#define HIDDEN_MARK "〔举报人信息已隐去〕"

/*
 * Appends `text` (the message's subject or own words) to out with what the
 * mail itself says about its sender replaced by HIDDEN_MARK: addresses of
 * From, Sender, Reply-To and Return-Path, their local parts (5 bytes or more)
 * and display names (two Han characters or four letters at least).  When in
 * doubt it is hidden: the office sees the whole.  Pure.
 */
void intake_hide(const struct message *m, const char *text, struct buf *out);

#endif
