/* SPDX-License-Identifier: ISC */
#include "base/rest.h"

#include <link.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE 4096UL

/* Whole pages only: what shares one with something else stays. */
static void
drop(uintptr_t begin, uintptr_t end)
{
	begin = (begin + PAGE - 1) / PAGE * PAGE;
	end = end / PAGE * PAGE;
	if (begin < end)
		(void)madvise((void *)begin, end - begin, MADV_DONTNEED);
}

/* Relocated code is not what the file has. */
static bool
has_relocated_text(const struct dl_phdr_info *info)
{
	const ElfW(Dyn) *d = NULL;

	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
			d = (const void *)(info->dlpi_addr +
			    info->dlpi_phdr[i].p_vaddr);
	if (d == NULL)
		return true; /* the vdso, or nothing that we know */
	for (; d->d_tag != DT_NULL; d++)
		if (d->d_tag == DT_TEXTREL ||
		    (d->d_tag == DT_FLAGS &&
			(d->d_un.d_val & DF_TEXTREL) != 0))
			return true;
	return false;
}

/* Segments that were never writable; what is made read-only after relocation
 * (RELRO) belongs to one that was. */
static int
drop_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	const ElfW(Phdr) *h = info->dlpi_phdr;
	uintptr_t at;

	(void)size;
	(void)arg;
	if (has_relocated_text(info) ||
	    strstr(info->dlpi_name, "vdso") != NULL)
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		at = info->dlpi_addr + h[i].p_vaddr;
		if (h[i].p_type == PT_LOAD && (h[i].p_flags & PF_W) == 0)
			drop(at, at + h[i].p_filesz);
	}
	return 0;
}

void
rest_pages(void)
{
	(void)dl_iterate_phdr(drop_object, NULL);
}

void
rest_memory(void)
{
	(void)malloc_trim(0);
	rest_pages();
}

/* "7f0c…-7f0c… rw-p 00000000 08:01 1234   /usr/lib/file/magic.mgc", then
 * lines "Name:  n kB". */
void
rest_files(void)
{
	unsigned long long begin = 0, end = 0, b, e, kib;
	char line[512], path[8];
	bool clean = false;
	FILE *f = fopen("/proc/self/smaps", "re");

	if (f == NULL)
		return;
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%llx-%llx %*s %*s %*s %*s %7s", &b, &e,
			path) == 3) {
			begin = b;
			end = e;
			clean = path[0] == '/';
		} else if (sscanf(line, "%llx-%llx ", &b, &e) == 2) {
			clean = false; /* nothing's, or the stack's */
		} else if (sscanf(line, "Private_Dirty: %llu", &kib) == 1 ||
		    sscanf(line, "Anonymous: %llu", &kib) == 1 ||
		    sscanf(line, "Shared_Dirty: %llu", &kib) == 1) {
			clean &= kib == 0;
		} else if (strncmp(line, "VmFlags:", 8) == 0 && clean) {
			/* What is shared may be written to by others. */
			if (strstr(line, " sh ") == NULL)
				drop((uintptr_t)begin, (uintptr_t)end);
			clean = false;
		}
	}
	(void)fclose(f);
}
