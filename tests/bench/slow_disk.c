/* SPDX-License-Identifier: ISC */
#include <sys/syscall.h>

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/*
 * A disk on which bytes are safe later than on this one: preloaded, each
 * fsync(2) and fdatasync(2) takes SLOW_DISK_US microseconds more.  A disk in a
 * virtual machine often says "safe" within 0.1 ms; one that writes before it
 * says so takes 1 to 5 ms, a turning one 8 and more.
 */
static void
wait_for_disk(void)
{
	const char *text = getenv("SLOW_DISK_US");
	long us = text != NULL ? atol(text) : 0;
	struct timespec left = {us / 1000000, us % 1000000 * 1000};

	while (us > 0 && clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) != 0)
		;
}

int
fsync(int fd)
{
	wait_for_disk();
	return (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	wait_for_disk();
	return (int)syscall(SYS_fdatasync, fd);
}
