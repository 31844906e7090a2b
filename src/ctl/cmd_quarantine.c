/* SPDX-License-Identifier: ISC */
#include <stddef.h>

#include "ctl/shelf.h"
#include "store/store.h"

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const char *const kinds[] = {"quarantine", NULL};
	const struct shelf_view view = {
	    .me = &cmd_quarantine, .kinds = kinds, .quarantine = true};

	return shelf_run(ctl, &view, argc, argv);
}

const struct ctl_command cmd_quarantine = {
    .name = "quarantine",
    .summary = "mail that could not be read: look, try again, take up",
    .help = "quarantine [--json] list [--all]\n"
	    "       cluectl quarantine [--json] show [--raw] ID\n"
	    "       cluectl quarantine [--json] retry ID|--all\n"
	    "       cluectl quarantine [--json] release [--subject TEXT "
	    "--text FILE] ID\n\n"
	    "A message that the parser refused is kept whole.  `show --raw` "
	    "prints its bytes,\nmade safe for a terminal, and is entered in "
	    "the ledger: the citizen's address\nis among them.  `retry` gives "
	    "it to the parser again, after an update say, and\ntakes it like "
	    "any other mail if that works.  `release` makes a clue of it: by "
	    "the\nparser if it reads it now, else with the words that you "
	    "write (FILE - is standard\ninput).  Exit status 1 when there is "
	    "nothing, or the parser still refuses.\n\n"
	    "Examples:\n"
	    "  cluectl quarantine list\n"
	    "  cluectl quarantine show --raw 17 | less\n"
	    "  cluectl quarantine retry --all\n"
	    "  echo '建设路工地夜间偷倒渣土' | cluectl quarantine release "
	    "--subject 群众来信 --text - 17\n",
    .needs_conf = true,
    .store_mode = STORE_WRITE,
    .run = run,
};
