/* SPDX-License-Identifier: ISC */
#ifndef BASE_STANDARD_FDS_H
#define BASE_STANDARD_FDS_H

/* To be called before anything is opened: where standard input, output or
 * errors are closed, the next file would take their number, and a log line or
 * a table be written into it.  -1, and a word on standard error, when that
 * cannot be helped. */
int standard_fds_open(void);

#endif
