/* SPDX-License-Identifier: ISC */
#include "conf/conf.h"

#include <string.h>

#include "base/str.h"

int
conf_domain(const struct conf *conf, const char *id)
{
	for (size_t i = 0; i < conf->rules.n_domains; i++)
		if (strcmp(conf->rules.domains[i].id, id) == 0)
			return (int)i;
	return -1;
}

int
conf_area(const struct conf *conf, const char *id)
{
	for (size_t i = 0; i < conf->n_areas; i++)
		if (strcmp(conf->areas[i].id, id) == 0)
			return (int)i;
	return -1;
}

int
conf_person(const struct conf *conf, const char *id)
{
	for (size_t i = 0; i < conf->roster.n_persons; i++)
		if (strcmp(conf->roster.persons[i].id, id) == 0)
			return (int)i;
	return -1;
}

bool
conf_is_absent(const struct person_conf *p, int32_t day)
{
	return p->absent_from != 0 && day >= p->absent_from &&
	       (p->absent_to == 0 || day <= p->absent_to);
}

int
conf_person_by_address(const struct conf *conf, const char *address)
{
	/* Units may have no address; "" finds nobody. */
	for (size_t i = 0; *address != '\0' && i < conf->roster.n_persons; i++)
		if (str_ieq(conf->roster.persons[i].address, address))
			return (int)i;
	return -1;
}

int
conf_unit_by_address(const struct conf *conf, const char *address)
{
	for (size_t i = 0; *address != '\0' && i < conf->roster.n_units; i++)
		if (str_ieq(conf->roster.units[i].address, address))
			return (int)i;
	return -1;
}

const struct template_conf *
conf_template(const struct conf *conf, const char *id)
{
	for (size_t i = 0; i < conf->n_templates; i++)
		if (strcmp(conf->templates[i].id, id) == 0)
			return &conf->templates[i];
	return NULL;
}
