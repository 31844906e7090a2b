# Installation, included by the Makefile.  Variables: DESTDIR, PREFIX, B and
#   ETC         configuration (also compiled into the programs; the Makefile)
#   UNITDIR     systemd's units
#   SYSUSERS    sysusers.d
#   TMPFILES    tmpfiles.d
# Files of the configuration that are already there are left alone; the shipped
# ones then lie beside the documentation for comparison.

# The first two find the third from where they lie (src/base/programs.h).
SBINDIR := $(PREFIX)/sbin
BINDIR := $(PREFIX)/bin
ROLESDIR := $(PREFIX)/$(LIBEXEC)/clued
MANDIR := $(PREFIX)/share/man
DOCDIR := $(PREFIX)/share/doc/clued
UNITDIR ?= $(if $(filter /usr,$(PREFIX)),/usr/lib,/etc)/systemd/system
SYSUSERS ?= /usr/lib/sysusers.d
TMPFILES ?= /usr/lib/tmpfiles.d

INSTALL ?= install
D = $(DESTDIR)

MAN1 := $(wildcard man/*.1)
MAN5 := $(wildcard man/*.5)
MAN8 := $(wildcard man/*.8)
DOCS := $(wildcard README.md CONTRIBUTING.md LICENSE)
CONF_FILES := $(patsubst etc/%,%,$(shell find etc -type f | LC_ALL=C sort))

.PHONY: install install-programs install-conf install-man install-systemd \
	install-doc uninstall
install: install-programs install-conf install-man install-systemd install-doc

# Each in one step, and those first that the others run: a daemon that runs goes
# on with the programs that it started with.
install-programs: $(PROGRAMS)
	@for f in $(LIBEXEC_BINS); do \
	    $(INSTALL) -D -m 755 "$$f" \
		"$(D)$(ROLESDIR)/$${f##*/}" || exit 1; \
	done
	$(INSTALL) -D -m 755 $(B)/sbin/clued $(D)$(SBINDIR)/clued
	$(INSTALL) -D -m 755 $(B)/bin/cluectl $(D)$(BINDIR)/cluectl

install-conf:
	@for f in $(CONF_FILES); do \
	    $(INSTALL) -D -m 644 "etc/$$f" \
		"$(D)$(DOCDIR)/etc/$$f" || exit 1; \
	    if [ -e "$(D)$(ETC)/$$f" ]; then \
		cmp -s "etc/$$f" "$(D)$(ETC)/$$f" || \
		    echo "left alone: $(D)$(ETC)/$$f"; \
	    else \
		$(INSTALL) -D -m 644 "etc/$$f" \
		    "$(D)$(ETC)/$$f" || exit 1; \
	    fi; \
	done

install-man:
	@for f in $(MAN1) $(MAN5) $(MAN8); do \
	    $(INSTALL) -D -m 644 "$$f" \
		"$(D)$(MANDIR)/man$${f##*.}/$${f##*/}" || exit 1; \
	done

# The unit's paths follow PREFIX.
install-systemd:
	$(INSTALL) -d -m 755 $(D)$(UNITDIR)
	sed 's|/usr/local/sbin|$(SBINDIR)|g; s|/usr/local/etc/clued|$(ETC)|g' \
	    systemd/clued.service > $(D)$(UNITDIR)/clued.service
	chmod 644 $(D)$(UNITDIR)/clued.service
	$(INSTALL) -D -m 644 systemd/clued.sysusers \
	    $(D)$(SYSUSERS)/clued.conf
	$(INSTALL) -D -m 644 systemd/clued.tmpfiles \
	    $(D)$(TMPFILES)/clued.conf
	@[ -n "$(D)" ] || [ ! -d /run/systemd/system ] || { \
	    systemd-sysusers clued.conf && \
	    systemd-tmpfiles --create clued.conf && \
	    systemctl daemon-reload; }

install-doc:
	@for f in $(DOCS); do \
	    $(INSTALL) -D -m 644 "$$f" "$(D)$(DOCDIR)/$$f" || exit 1; \
	done

# Configuration, store and secrets stay.
uninstall:
	rm -f $(D)$(SBINDIR)/clued $(D)$(BINDIR)/cluectl \
	    $(addprefix $(D)$(MANDIR)/,$(MAN1:man/%=man1/%) \
	    $(MAN5:man/%=man5/%) $(MAN8:man/%=man8/%)) \
	    $(D)$(UNITDIR)/clued.service $(D)$(SYSUSERS)/clued.conf \
	    $(D)$(TMPFILES)/clued.conf
	rm -rf $(D)$(ROLESDIR) $(D)$(DOCDIR)
