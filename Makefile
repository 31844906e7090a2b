# clued: build, test, install.  Targets are explained by `make help`.
#
# Everything is built under build/; nothing is written into the tree.
#   make                 build/clued, build/cluectl and what they run
#   make SAN=1 …         the same under AddressSanitizer and UBSan (build/san)
#   make HOOKS=1 …       with the test hooks of clock.h and step.h (build/test)
#   make CC=clang …      with clang

PREFIX ?= /usr/local
# Where the programs look for clued.conf unless told: /etc for a package.
ETC ?= $(if $(filter /usr,$(PREFIX)),/etc,$(PREFIX)/etc)/clued
# Folder under PREFIX for the programs that the daemon runs: libexec, or lib.
LIBEXEC ?= libexec
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
FUZZ ?=
ifneq ($(FUZZ),)
B := build/fuzz
CC := clang
endif

# libetpan's .pc adds a no-PIE specs file and libraries that we do not use.
PKGS := libcurl libconfig glib-2.0 uchardet libseccomp sqlite3 libsodium \
	libzstd libxml-2.0 libsystemd libpcre2-8 libutf8proc opencc nettle jansson \
	libzip
ETPAN_LIBS := -letpan
MORE_LIBS := -lmagic -lytnef -lxlsxwriter -lm

CSTD := -std=gnu17
WARN := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wformat=2 -Wundef -Wno-format-zero-length -Werror
OPT ?= -O2 -g
HARDEN := -fstack-protector-strong -fPIE -D_GLIBCXX_ASSERTIONS
LDHARDEN := -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed
DEFS := -D_GNU_SOURCE -DCLUED_VERSION='"$(VERSION)"' \
	-DCLUED_ETC='"$(ETC)"' -DCLUED_ROLES='"../$(LIBEXEC)/clued"'
ifneq ($(SAN),)
OPT := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined
else ifneq ($(FUZZ),)
OPT := -O1 -g -fno-omit-frame-pointer \
	-fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined
else
HARDEN += -D_FORTIFY_SOURCE=2
endif
ifneq ($(HOOKS),)
DEFS += -DCLUED_TEST_HOOKS
endif

PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) | sed 's/-I/-isystem /g')
PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS))
# A second opinion on our letters, for tests only.
TEST_CFLAGS = $(shell $(PKG_CONFIG) --cflags gmime-3.0 | sed 's/-I/-isystem /g')
TEST_LIBS = $(shell $(PKG_CONFIG) --libs gmime-3.0) -lcmocka
ALL_CFLAGS = $(CSTD) $(OPT) $(WARN) $(HARDEN) $(DEFS) -Isrc $(PKG_CFLAGS) \
	$(CFLAGS)
ALL_LIBS = $(ETPAN_LIBS) $(PKG_LIBS) $(MORE_LIBS)

# Short lines unless V=1.
V ?=
Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1) $@')

ROOMS := base conf core fetch parse hide intake route follow letter send store \
	report ctl role
ROLE_MAINS := $(wildcard src/role/*.c)
MAINS := src/core/main.c src/ctl/main.c $(ROLE_MAINS)
SRCS := $(filter-out $(MAINS),$(wildcard $(ROOMS:%=src/%/*.c)))
OBJS := $(SRCS:src/%.c=$(B)/obj/%.o)
GEN := $(B)/gen

UNIT_SRCS := $(wildcard tests/unit/test_*.c)
UNIT_BINS := $(UNIT_SRCS:tests/unit/%.c=$(B)/unit/%)

# Laid out as they are installed, for they look for each other there.
LIBEXEC_BINS := $(ROLE_MAINS:src/role/%.c=$(B)/$(LIBEXEC)/clued/%)
PROGRAMS := $(B)/sbin/clued $(B)/bin/cluectl $(LIBEXEC_BINS)

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

# What tells the programs of one build from those of another (base/programs.h).
$(GEN)/build_id.h: $(B)/flags $(sort $(SRCS) $(MAINS) \
    $(wildcard $(foreach s,*.h *.inc *.sql */*.sql,$(ROOMS:%=src/%/$s))))
	@mkdir -p $(@D)
	$(Q)printf '#define BUILD_ID "%.16s"\n' \
	    "$$(cat $^ | sha256sum)" > $@.new
	$(Q)mv $@.new $@
$(B)/obj/base/programs.o: $(GEN)/build_id.h

# Everything but the mains; unit tests, fuzzers and benches link it.
$(B)/libclued.a: $(OBJS)
	$(call say,AR)
	$(Q)rm -f $@
	$(Q)ar rcs $@ $^

# Of the libraries each keeps those that it calls (--as-needed).
$(B)/sbin/clued: $(B)/obj/core/main.o
$(B)/bin/cluectl: $(B)/obj/ctl/main.o
$(LIBEXEC_BINS): $(B)/$(LIBEXEC)/clued/%: $(B)/obj/role/%.o
$(PROGRAMS): $(B)/libclued.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDHARDEN) $(LDFLAGS) -o $@ \
	    $(filter %.o,$^) $(B)/libclued.a $(ALL_LIBS)

# The names to call them by; one is never there without what it runs.
$(B)/clued: $(B)/sbin/clued | $(PROGRAMS)
	$(Q)ln -sfn sbin/clued $@
$(B)/cluectl: $(B)/bin/cluectl | $(PROGRAMS)
	$(Q)ln -sfn bin/cluectl $@

# SQL files become C strings: schema.sql → schema_sql[].
$(GEN)/%.sql.h: src/store/%.sql
	@mkdir -p $(@D)
	$(Q)(printf 'static const char %s_sql[] =\n' '$(notdir $*)'; \
	    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/\t"/' \
	    -e 's/$$/\\n"/' $<; echo ';') > $@.new
	$(Q)mv $@.new $@
SQL := $(wildcard src/store/*.sql src/store/migrations/*.sql)
$(filter $(B)/obj/store/%,$(OBJS)): $(SQL:src/store/%.sql=$(GEN)/%.sql.h)

-include $(OBJS:.o=.d) $(MAINS:src/%.c=$(B)/obj/%.d)

# ---- packages --------------------------------------------------------------
# What a bare Debian 12 needs; sudo is used when we are not root.
BUILD_DEPS := gcc make pkg-config libc6-dev libetpan-dev \
	libcurl4-gnutls-dev libconfig-dev libglib2.0-dev libuchardet-dev \
	libseccomp-dev libsqlite3-dev libsodium-dev libzstd-dev libmagic-dev \
	libytnef0-dev libxml2-dev libzip-dev libxlsxwriter-dev libsystemd-dev \
	libpcre2-dev libutf8proc-dev libopencc-dev nettle-dev libjansson-dev \
	ca-certificates tzdata
DEMO_DEPS := dovecot-imapd dovecot-lmtpd exim4-daemon-light openssl python3 \
	sqlite3
TEST_DEPS := $(DEMO_DEPS) libcmocka-dev libgmime-3.0-dev python3-pytest valgrind \
	systemd man-db
BENCH_DEPS := $(DEMO_DEPS) isync libhyperscan-dev time
.PHONY: deps demo-deps test-deps bench-deps
deps:
	@tests/deps.sh $(BUILD_DEPS)
demo-deps:
	@tests/deps.sh $(BUILD_DEPS) $(DEMO_DEPS)
test-deps:
	@tests/deps.sh $(BUILD_DEPS) $(TEST_DEPS)
bench-deps:
	@tests/deps.sh $(BUILD_DEPS) $(BENCH_DEPS)

# ---- tests -----------------------------------------------------------------
PYTHON := /usr/bin/python3

$(B)/unit/%: tests/unit/%.c $(B)/libclued.a
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) $(TEST_CFLAGS) -MMD -MP -Itests/unit -I$(GEN) $(LDFLAGS) \
	    -o $@ $< $(B)/libclued.a $(ALL_LIBS) $(TEST_LIBS)
-include $(UNIT_BINS:=.d)

# One test: make unit-words runs tests/unit/test_words.c.
.PHONY: unit unit-%
unit-%: $(B)/unit/test_%
	$<
unit: $(UNIT_BINS)
	@$(PYTHON) tests/run.py --build $(B) --only unit

# Programs that drive one role each for the system tests.
DRIVERS := $(patsubst tests/system/%.c,$(B)/%,$(wildcard tests/system/*.c))
$(DRIVERS): $(B)/%: tests/system/%.c $(B)/libclued.a
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -I$(GEN) $(LDFLAGS) -o $@ $< \
	    $(B)/libclued.a $(ALL_LIBS)
-include $(DRIVERS:=.d)

# Those that learn from labelled letters.
LEARNERS := $(B)/hide_learn $(B)/wording_learn
$(LEARNERS): $(B)/%: tests/learn/%.c $(B)/libclued.a
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $< $(B)/libclued.a \
	    $(ALL_LIBS)
-include $(LEARNERS:=.d)

# What the judge of hiding knows (src/hide/judge.h), from its letters.
# The rules were mended for the first eight batches and by those of their author:
# how they fare with them teaches nothing.  His are read twice: what the rules
# know must stay known.
HIDE_OWN := tests/data/hide/author.own
HIDE_MENDED := $(patsubst %,tests/data/hide/%.case,first second third fourth \
    fifth sixth seventh eighth) $(HIDE_OWN) $(HIDE_OWN)
HIDE_LETTERS := $(sort $(filter-out $(HIDE_MENDED),$(wildcard \
    tests/data/hide/*.case tests/data/hide/*.letters)))
.PHONY: hide-weights
hide-weights: $(B)/hide_learn
	$(Q)$< $(HIDE_MENDED) -- $(HIDE_LETTERS) > $(B)/hide_weights.inc
	$(Q)cp $(B)/hide_weights.inc src/hide/weights.inc

# How tips about protective umbrellas are worded (src/route/wording.h).
WORDING_LETTERS := $(sort $(wildcard tests/data/rules/*.case \
    tests/data/rules/*.letters))
.PHONY: wording-weights
wording-weights: $(B)/wording_learn
	$(Q)$< 充当“保护伞” $(WORDING_LETTERS) > $(B)/wording_weights.inc
	$(Q)cp $(B)/wording_weights.inc src/route/wording_weights.inc

# A library that makes calls of libc and of SQLite fail; see its head.
$(B)/fail.so: $(wildcard tests/faults/*.[ch])
	$(call say,CC)
	$(Q)$(CC) $(CSTD) -O2 -g $(WARN) -D_GNU_SOURCE -fno-builtin -shared \
	    -fPIC -ftls-model=initial-exec -o $@ $(filter %.c,$^)

# The one test command.  Packages first, then a second make that sees them
# (pkg-config is asked when the Makefile is read).
.PHONY: check check-built
check: test-deps
	@$(MAKE) --no-print-directory all
	@$(MAKE) --no-print-directory HOOKS=1 SAN=$(SAN) check-built
check-built: all $(UNIT_BINS) $(DRIVERS) $(B)/fail.so $(LEARNERS)
	@$(PYTHON) tests/run.py --build $(B) $(if $(ONLY),--only $(ONLY)) $(T)

.PHONY: lint
lint:
	@$(PYTHON) tests/run.py --build $(B) --only lint

# ---- a day of everybody answering everything ---------------------------------
# tests/system/test_storm.py over 24 simulated hours; `make check` runs one.
.PHONY: storm storm-built
storm: test-deps
	@$(MAKE) --no-print-directory HOOKS=1 storm-built
storm-built: all
	@CLUED_BUILD=$(abspath $(B)) CLUED_STORM_HOURS=$(or $(T),24) $(PYTHON) \
	    -m pytest -q -s -p no:cacheprovider tests/system/test_storm.py

# ---- demonstration ---------------------------------------------------------
# KEEP=1 leaves everything running and says how to talk to it.
KEEP ?=
.PHONY: demo
demo: demo-deps
	@$(MAKE) --no-print-directory all
	@$(PYTHON) tests/demo/demo.py --build build $(if $(KEEP),--keep)

# ---- a simulated year ------------------------------------------------------
# 5,000 clues with everything that goes wrong in a year, and a checker that
# knows the rules and nothing of the program: make year [T=clues] [SEED=1].
SEED ?= 1
.PHONY: year year-built
year: test-deps
	@$(MAKE) --no-print-directory HOOKS=1 year-built
year-built: $(B)/year_driver
	@$(PYTHON) tests/system/year.py --build $(B) --clues $(or $(T),5000) \
	    --seed $(SEED)

# ---- forms to look at ------------------------------------------------------
FORMS_DEPS := libreoffice-calc-nogui fonts-noto-cjk fonts-crosextra-carlito \
	poppler-utils python3 python3-pytest
.PHONY: forms forms-built
forms:
	@tests/deps.sh $(BUILD_DEPS) $(FORMS_DEPS)
	@$(MAKE) --no-print-directory HOOKS=1 forms-built
forms-built: $(B)/cluectl $(B)/report_fill
	@$(PYTHON) tests/demo/forms.py --build $(B)

# ---- measurements ----------------------------------------------------------
BENCH_BINS := $(patsubst tests/bench/%.c,$(B)/bench/%, \
	$(filter-out tests/bench/slow_disk.c,$(wildcard tests/bench/*.c)))
$(BENCH_BINS): $(B)/bench/%: tests/bench/%.c $(B)/libclued.a
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -I$(GEN) $(LDFLAGS) -o $@ $< \
	    $(B)/libclued.a $(ALL_LIBS) $(BENCH_LIBS)
$(B)/bench/slow_disk.so: tests/bench/slow_disk.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -fPIC -shared -o $@ $<
$(B)/bench/bench_match: BENCH_LIBS := -lhs -lstdc++ -lm
$(B)/bench/bench_parse: | $(PROGRAMS)
-include $(BENCH_BINS:=.d)

.PHONY: bench bench-built
bench: bench-deps
	@$(MAKE) --no-print-directory all bench-built
bench-built: $(BENCH_BINS) $(B)/bench/slow_disk.so
	@$(PYTHON) tests/bench/bench.py --build $(B) $(ONLY)

# Every fuzz target for T seconds with its seeds: make fuzz T=60 [ONLY=words].
FUZZ_SECONDS = $(or $(T),60)
FUZZ_BINS := $(patsubst tests/fuzz/%.c,$(B)/fuzzers/%, \
	$(wildcard tests/fuzz/fuzz_*.c))
$(FUZZ_BINS): $(B)/fuzzers/%: tests/fuzz/%.c $(B)/libclued.a
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $< \
	    $(B)/libclued.a $(ALL_LIBS)
.PHONY: fuzz fuzz-built
fuzz:
	@tests/deps.sh $(BUILD_DEPS) clang libclang-rt-14-dev
	@$(MAKE) --no-print-directory FUZZ=1 fuzz-built T=$(T) ONLY="$(ONLY)"
fuzz-built: $(FUZZ_BINS)
	@$(PYTHON) tests/fuzz/run.py --build $(B) --seconds $(FUZZ_SECONDS) \
	    $(ONLY)

# ---- faults ----------------------------------------------------------------
# The network broken all through a session (EVERY=1: at each byte of it, hours),
# each call of each process made to fail by where it comes from, each process
# killed before each; ends with a table.  ONLY="imap- and cut" takes a part.
# make soak: everything at once under load, T seconds at R
# messages a second.
.PHONY: faults faults-built soak soak-built
faults: test-deps
	@$(MAKE) --no-print-directory HOOKS=1 faults-built EVERY=$(EVERY)
faults-built: all $(B)/fail.so
	@CLUED_EVERY_BYTE=$(EVERY) $(PYTHON) tests/faults/sweep.py \
	    --build $(B) $(if $(ONLY),"$(ONLY)")
soak: test-deps
	@$(MAKE) --no-print-directory HOOKS=1 soak-built T=$(T) R=$(R)
soak-built: all
	@$(PYTHON) tests/soak/soak.py --build $(B) --seconds $(or $(T),3600) \
	    --rate $(or $(R),20) $(if $(SEED),--seed $(SEED))

# The rules beside a second engine over N letters, mutated letters and noise.
.PHONY: rules rules-built
rules: test-deps
	@$(MAKE) --no-print-directory HOOKS=1 rules-built N=$(N) SEED=$(SEED)
rules-built: all
	@CLUED_ENGINE_TEXTS=$(or $(N),5000) CLUED_ENGINE_SEED=$(or $(SEED),1) \
	    $(PYTHON) tests/run.py --build $(B) --only system rules_engine

# Everybody of a roster of 200 accused in every way by real mail, an hour:
# make accused [N=tips].
.PHONY: accused accused-built
accused: test-deps
	@$(MAKE) --no-print-directory HOOKS=1 accused-built N=$(N)
accused-built: all
	@CLUED_BUILD=$(abspath $(B)) CLUED_ACCUSED=$(or $(N),7000) $(PYTHON) \
	    -m pytest -q -s -p no:cacheprovider tests/system/test_accused.py

-include systemd/install.mk

.PHONY: help
help:
	@sed -n 's/^#   make/make/p' Makefile
	@echo 'make deps            install what building needs'
	@echo 'make check           install what the tests need, run them all'
	@echo 'make demo [KEEP=1]   the whole way on sample mail, shown and checked'
	@echo 'make storm           a simulated day of loops and storms'
	@echo 'make forms           every form and book as a picture'
	@echo 'make year            a simulated year of 5,000 clues, checked apart'
	@echo 'make bench           measured beside mbsync, as ratios'
	@echo 'make faults          every fault in turn, an hour; EVERY=1: hours'
	@echo 'make accused         who is accused hears of nothing: 200 people, real mail'
	@echo 'make soak T=3600     load, kills, cuts and clock steps, accounted for'
	@echo 'make rules           the rules beside a second engine [N=5000]'
	@echo 'make fuzz T=60       every fuzz target for T seconds'
	@echo 'make install         DESTDIR= PREFIX='

.PHONY: clean
clean:
	rm -rf build

.PHONY: format
format:
	clang-format -i $$(git ls-files '*.c' '*.h')
