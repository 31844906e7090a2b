# clued: build, test, install.  Targets are explained by `make help`.
#
# Everything is built under build/; nothing is written into the tree.
#   make                 build/clued and build/cluectl
#   make SAN=1 …         the same under AddressSanitizer and UBSan (build/san)
#   make HOOKS=1 …       with the test hooks of clock.h and step.h (build/test)
#   make CC=clang …      with clang

PREFIX ?= /usr/local
DESTDIR ?=
CC ?= cc
PKG_CONFIG ?= pkg-config
VERSION := 0.1.0

SAN ?=
HOOKS ?=
B := build
ifneq ($(HOOKS),)
B := build/test
endif
ifneq ($(SAN),)
B := build/san
HOOKS := 1
endif

# libetpan's .pc adds a no-PIE specs file and libraries that we do not use.
PKGS := libcurl libconfig gmime-3.0 uchardet libseccomp sqlite3 libsodium \
	libzstd libxml-2.0 libsystemd libpcre2-8 libutf8proc opencc nettle
ETPAN_LIBS := -letpan
MORE_LIBS := -lmagic -lytnef -lxlsxwriter

CSTD := -std=gnu17
WARN := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wformat=2 -Wundef -Werror
OPT ?= -O2 -g
HARDEN := -fstack-protector-strong -fPIE -D_GLIBCXX_ASSERTIONS
LDHARDEN := -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed
DEFS := -D_GNU_SOURCE -DCLUED_VERSION='"$(VERSION)"' \
	-DCLUED_ETC='"$(PREFIX)/etc/clued"'
ifneq ($(SAN),)
OPT := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined
else
HARDEN += -D_FORTIFY_SOURCE=2
endif
ifneq ($(HOOKS),)
DEFS += -DCLUED_TEST_HOOKS
endif

PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) | sed 's/-I/-isystem /g')
PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS))
ALL_CFLAGS = $(CSTD) $(OPT) $(WARN) $(HARDEN) $(DEFS) -Isrc $(PKG_CFLAGS) \
	$(CFLAGS)
ALL_LIBS = $(ETPAN_LIBS) $(PKG_LIBS) $(MORE_LIBS)

# Short lines unless V=1.
V ?=
Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1) $@')

ROOMS := base conf core fetch parse intake route follow letter send store \
	report ctl
MAINS := src/core/main.c src/ctl/main.c
SRCS := $(filter-out $(MAINS),$(wildcard $(ROOMS:%=src/%/*.c)))
OBJS := $(SRCS:src/%.c=$(B)/obj/%.o)
GEN := $(B)/gen

UNIT_SRCS := $(wildcard tests/unit/test_*.c)
UNIT_BINS := $(UNIT_SRCS:tests/unit/%.c=$(B)/unit/%)

.PHONY: all
all: $(B)/clued $(B)/cluectl

# Flags are part of what an object depends on.
$(B)/flags: FORCE
	@mkdir -p $(B)
	@echo '$(CC) $(OPT) $(DEFS) $(CFLAGS)' | cmp -s - $@ || \
	    echo '$(CC) $(OPT) $(DEFS) $(CFLAGS)' > $@
FORCE:

$(B)/obj/%.o: src/%.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -I$(GEN) -c -o $@ $<

# Everything but the two mains; unit tests, fuzzers and benches link it.
$(B)/libclued.a: $(OBJS)
	$(call say,AR)
	$(Q)rm -f $@
	$(Q)ar rcs $@ $^

$(B)/clued: $(B)/obj/core/main.o $(B)/libclued.a
	$(call say,LD)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDHARDEN) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(B)/cluectl: $(B)/obj/ctl/main.o $(B)/libclued.a
	$(call say,LD)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDHARDEN) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

# SQL files become C strings: schema.sql → schema_sql[].
$(GEN)/%.sql.h: src/store/%.sql
	@mkdir -p $(@D)
	(printf 'static const char %s_sql[] =\n' '$(notdir $*)'; \
	    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/\t"/' \
	    -e 's/$$/\\n"/' $<; echo ';') > $@.new
	mv $@.new $@
SQL := $(wildcard src/store/*.sql src/store/migrations/*.sql)
$(filter $(B)/obj/store/%,$(OBJS)): $(SQL:src/store/%.sql=$(GEN)/%.sql.h)

-include $(OBJS:.o=.d) $(B)/obj/core/main.d $(B)/obj/ctl/main.d

# ---- tests -----------------------------------------------------------------
$(B)/unit/%: tests/unit/%.c $(B)/libclued.a
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -Itests/unit -I$(GEN) $(LDFLAGS) -o $@ $< \
	    $(B)/libclued.a $(ALL_LIBS) -lcmocka
-include $(UNIT_BINS:=.d)

# One test: make unit-words runs tests/unit/test_words.c.
.PHONY: unit unit-%
unit-%: $(B)/unit/test_%
	$<
unit: $(UNIT_BINS)
	@set -e; for t in $(UNIT_BINS); do $$t; done

.PHONY: clean
clean:
	rm -rf build

.PHONY: format
format:
	clang-format -i $$(git ls-files '*.c' '*.h')
