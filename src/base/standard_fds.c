/* SPDX-License-Identifier: ISC */
#include "base/standard_fds.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int
standard_fds_open(void)
{
	int fd;

	do /* takes the lowest number that is free */
		fd = open("/dev/null", O_RDWR | O_NOCTTY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0) {
		perror("cannot open /dev/null");
		return -1;
	}
	(void)close(fd);
	return 0;
}
