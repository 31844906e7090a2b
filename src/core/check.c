/* SPDX-License-Identifier: ISC */
#include "core/check.h"

#include "base/clock.h"
#include "base/err.h"
#include "conf/conf.h"
#include "route/route.h"

static void
print(const struct conf_mistakes *m, bool warnings, FILE *to)
{
	size_t n = warnings ? m->n : m->n - m->n_warnings; /* they come last */

	for (size_t i = 0; i < n; i++)
		(void)fprintf(to, "%s\n", m->list[i].text);
}

static int
refused(bool machine, FILE *to, struct err *err)
{
	if (!machine)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "the configuration is refused");
	(void)fputs("the configuration could not be read to its end; "
		    "try again\n", to);
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
	    "the configuration could not be read");
}

int
check_load(const char *path, const struct conf_options *options,
    struct conf **conf_out, struct route **route_out, FILE *to,
    struct err *err)
{
	struct conf_mistakes mistakes;
	struct conf *conf = NULL;
	struct err own;
	char text[512];
	int rc = conf_load_with(path, options, &conf, &mistakes);

	if (rc == 0)
		conf_check_calendar(conf, clock_now_s(), &mistakes);
	print(&mistakes, !options->no_warnings, to);
	if (rc < 0)
		(void)refused(mistakes.machine, to, err);
	conf_mistakes_done(&mistakes);
	if (rc < 0)
		return -1;
	if (route_out != NULL && route_new(conf, route_out, &own) < 0) {
		(void)fprintf(to, "%s\n", err_text(&own, text, sizeof(text)));
		(void)refused(own.kind != ERR_CONF, to, err);
		conf_free(&conf);
		return -1;
	}
	*conf_out = conf;
	return 0;
}
