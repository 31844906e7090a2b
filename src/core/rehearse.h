/* SPDX-License-Identifier: ISC */
#ifndef CORE_REHEARSE_H
#define CORE_REHEARSE_H

struct err;

/*
 * Reads the configuration in a process of its own, which is thrown away: what
 * reads it (libconfig, OpenCC) does not survive that memory is out, and the
 * daemon shall survive a reload.  0 = it is good, and there is room to read it
 * now; else it was said on stderr what is wrong, or *err says it.
 */
int rehearse_load(const char *conf_path, struct err *err);

#endif
