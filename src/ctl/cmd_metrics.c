/* SPDX-License-Identifier: ISC */
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "core/metrics.h"
#include "ctl/ctl.h"
#include "store/store.h"

static int
run(struct ctl *ctl, int argc, char **argv)
{
	BUF_AUTO struct buf b = BUF_INIT;
	struct err err;

	(void)argv;
	if (argc != 1)
		return ctl_usage(&cmd_metrics);
	if (metrics_text(ctl->conf, ctl->store, clock_now_s(), &b, &err) < 0)
		return ctl_fail(&err);
	ctl_out(&b);
	return CTL_OK;
}

const struct ctl_command cmd_metrics = {
    .name = "metrics",
    .summary = "figures for Prometheus",
    .help =
	"metrics\n\n"
	"Messages by kind, letters by state, clues, polls, seconds by stage, "
	"the age of the\nlast poll, alarms, the size of the store, in the "
	"text format of Prometheus.  Names\nand texts are not in it.  "
	"watch.metrics in clued.conf writes the same into a file\neach "
	"minute, for node_exporter's textfile collector.\n\n"
	"Example:\n"
	"  cluectl metrics | grep clued_poll_age_seconds\n",
    .needs_conf = true,
    .no_rules = true,
    .store_mode = STORE_READ,
    .run = run,
};
