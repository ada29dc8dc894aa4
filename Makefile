# SPDX-License-Identifier: AGPL-3.0-or-later
# GNU make, one file, no configure. `make` leaves build/filon.
#   make            the program            make SAN=1 ...   ASan + UBSan, in build/san
#   make test       unit tests, run        make CC=clang B=build/clang   clang, in a folder of its own
#   make tidy       the checks of the floors     make bench  the figures     make fuzz  libFuzzer targets (clang)
#   make install    PREFIX=/usr/local

PREFIX ?= /usr/local
CC      = gcc
B      := build$(if $(SAN),/san)
GEN    := $(B)/gen

WARN := -std=c17 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wswitch-enum -Wvla -Wformat=2 -Wcast-qual -Werror
ifeq ($(SAN),)
OPT  := -O2 -g -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection \
        -ftrivial-auto-var-init=zero -fPIE
LINK := -pie -Wl,-z,relro,-z,now
# clang 14 wants a second flag before it zeroes what nobody wrote
ifneq ($(findstring clang,$(CC)),)
OPT  := $(filter-out -ftrivial-auto-var-init=zero -fstack-clash-protection,$(OPT))
endif
else
OPT  := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LINK := -fsanitize=address,undefined
endif
VERSION  := 0.1.0
CPPFLAGS := -DFILON_VERSION=\"$(VERSION)\" -Isrc -I$(GEN) -D_GNU_SOURCE -I/usr/include/libxml2
# no path of the machine it was built on
CFLAGS   := $(WARN) $(OPT) -ffile-prefix-map=$(CURDIR)=. $(EXTRA)
LIBS     := -lmicrohttpd -lsqlite3 -lsodium -lcrypto -ljansson -lutf8proc -lmd4c -lmd4c-html -lxml2 -lcurl -lqrencode \
            -lturbojpeg -lpng -lwebp -lseccomp -lz -lm -lpthread

# --- sources ---------------------------------------------------------------------------------------------------------
SRC   := $(filter-out src/main/main.c,$(sort $(wildcard src/*/*.c src/*/*/*.c)))
SQL   := $(sort $(wildcard src/store/sql/*.sql))
HTML  := $(sort $(wildcard src/pages/*.html))
PO    := src/pages/lang/en.po src/pages/lang/fr.po
ASSET := $(sort $(shell find assets src/store/migrate -type f 2>/dev/null))
SQL_C  := $(SQL:src/store/sql/%.sql=$(GEN)/store/sql_%.c)
PAGE_C := $(HTML:src/pages/%.html=$(GEN)/pages/page_%.c) $(GEN)/pages/lang.c
OBJ    := $(SRC:src/%.c=$(B)/obj/%.o) $(SQL_C:$(GEN)/%.c=$(B)/obj/gen/%.o) $(PAGE_C:$(GEN)/%.c=$(B)/obj/gen/%.o) \
          $(B)/obj/gen/store/rooms.o $(B)/obj/gen/assets.o
BASE_OBJ := $(addprefix $(B)/obj/base/,no.o str.o arena.o buf.o)

.PHONY: all gen tests test tools tidy format benches bench fuzz fuzz-seeds vendor vendor-check install clean
.SECONDARY:
all: $(B)/filon

$(B)/filon: $(B)/obj/main/main.o $(B)/libfilon.a
	$(CC) $(CFLAGS) $(LINK) -o $@ $^ $(LIBS)

$(B)/libfilon.a: $(OBJ)
	@rm -f $@
	ar rcs $@ $^

# What a floor may include is generated before its first compile; -MMD keeps track after that. base, rules and wire
# include nothing generated: the generators themselves are made of base.
gen: $(SQL_C) $(GEN)/store/rooms.c $(GEN)/pages/.stamp $(GEN)/assets.c
$(filter $(addprefix $(B)/obj/,store/% deeds/% doors/% main/% gen/store/%),$(OBJ)) $(B)/obj/main/main.o: | $(SQL_C)
$(filter $(addprefix $(B)/obj/,pages/% doors/% main/% gen/pages/%),$(OBJ)) $(B)/obj/main/main.o: | $(GEN)/pages/.stamp

$(B)/obj/base/%.o: src/base/%.c
	@mkdir -p $(@D)
	@echo "  cc $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(B)/obj/gen/%.o: $(GEN)/%.c
	@mkdir -p $(@D)
	@echo "  cc $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(B)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	@echo "  cc $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# --- generators (they use base/ only) ----------------------------------------------------------------------------------
.SECONDEXPANSION:
$(B)/tools/%: $$(sort $$(wildcard tools/$$*/*.c tools/$$*/*.h tools/$$*.c)) $(BASE_OBJ)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itools $(CFLAGS) $(LINK) -o $@ $(filter %.c %.o,$^) -lz -lcrypto

$(GEN)/store/sql_%.c $(GEN)/store/sql_%.h : src/store/sql/%.sql $(B)/tools/sqlgen
	@mkdir -p $(@D)
	$(B)/tools/sqlgen $< $(@D)
# The folder's own time changes when a room comes or goes.
$(GEN)/store/rooms.c: src/store/sql $(SQL) $(B)/tools/sqlgen
	@mkdir -p $(@D)
	$(B)/tools/sqlgen -r $@ $(SQL)
$(GEN)/pages/.stamp: $(HTML) $(PO) $(wildcard assets/icons/*.svg) $(B)/tools/tplgen
	@mkdir -p $(@D)
	$(B)/tools/tplgen -i assets/icons -a assets $(GEN)/pages $(PO) $(HTML)
	@touch $@
# The headers too: what includes them must wait for them, or it keeps the numbers of yesterday's words.
$(PAGE_C) $(PAGE_C:.c=.h): $(GEN)/pages/.stamp ;
$(GEN)/assets.c: $(ASSET) $(B)/tools/embed
	@mkdir -p $(@D)
	$(B)/tools/embed $@ $(ASSET)

# --- tests -------------------------------------------------------------------------------------------------------------
# One file = one program: tests/unit/ROOM_test.c, on cmocka. tests/unit/*.h are shared helpers.
TESTS := $(patsubst tests/unit/%.c,$(B)/tests/%,$(sort $(wildcard tests/unit/*_test.c)))
$(B)/tests/%: tests/unit/%.c $(B)/libfilon.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests/unit $(CFLAGS) -MMD -MP $(LINK) -o $@ $(filter %.c,$^) $(B)/libfilon.a -lcmocka $(LIBS)
# The generator's own parts, and what it writes for a room that exists only to be tested.
$(B)/tests/sqlgen_test: CPPFLAGS += -Itools
$(B)/tests/sqlgen_test: $(filter-out %/main.c,$(wildcard tools/sqlgen/*.c))
$(B)/tests/db_kinds_test: $(GEN)/store/sql_test_kinds.c
$(B)/tests/demo_test: $(GEN)/store/sql_test_demo.c
$(GEN)/store/sql_test_%.c: tests/unit/test_%.sql $(B)/tools/sqlgen
	@mkdir -p $(@D)
	$(B)/tools/sqlgen $< $(@D)
$(B)/tests/tidy_test: | $(B)/tools/tidy
# Errors of tplgen: its test runs the tool. What it writes: its test is compiled with pages and words of its own.
TPL := tests/unit/tpl
$(B)/tests/tplgen_test: private CPPFLAGS += -DTPLGEN='"$(B)/tools/tplgen"'
$(B)/tests/tplgen_test: $(B)/tools/tplgen
$(B)/tests/tpl_page_test: private CPPFLAGS := -I$(GEN)/tpl -I$(TPL) $(CPPFLAGS)
$(B)/tests/tpl_page_test: $(GEN)/tpl/pages/page_hello.c $(GEN)/tpl/pages/lang.c
$(GEN)/tpl/pages/page_hello.c: $(wildcard $(TPL)/*) $(B)/tools/tplgen
	@mkdir -p $(@D)
	$(B)/tools/tplgen -i $(TPL) $(@D) $(TPL)/en.po $(TPL)/fr.po $(TPL)/hello.html
	@touch $@
$(GEN)/tpl/pages/lang.c: $(GEN)/tpl/pages/page_hello.c ;
$(B)/tests/embed_test: private CPPFLAGS += -DEMBED='"$(B)/tools/embed"'
$(B)/tests/embed_test: $(B)/tools/embed
# Programs that stories and benches use: tests/tools/NAME.c.
TOOLS := $(patsubst tests/tools/%.c,$(B)/tests/tools/%,$(filter-out %io.c,$(sort $(wildcard tests/tools/*.c))))
$(B)/tests/tools/%: tests/tools/%.c $(B)/libfilon.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests/tools $(CFLAGS) -MMD -MP $(LINK) -o $@ $< $(B)/libfilon.a $(LIBS)
$(B)/tests/tools/%io.so: tests/tools/%io.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -fPIC -shared -o $@ $< -ldl
tools: $(TOOLS) $(B)/tests/tools/faultio.so $(B)/tests/tools/killio.so
tests: $(TESTS)
test: $(TESTS)
	tests/run-unit $(TESTS)
tidy: all $(B)/tools/tidy
	CC=$(CC) $(B)/tools/tidy $(B)/obj
format:
	clang-format -i $(wildcard src/*/*.[ch] src/*/*/*.[ch] tools/*/*.[ch] tests/unit/*.[ch] bench/*.[ch])

# --- figures -----------------------------------------------------------------------------------------------------------
BENCHES := $(patsubst bench/%.c,$(B)/bench/%,$(sort $(wildcard bench/*.c)))
$(B)/bench/%: bench/%.c $(B)/libfilon.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Ibench -Itests/tools $(CFLAGS) -MMD -MP $(LINK) -o $@ $< $(B)/libfilon.a $(LIBS)
benches: all tools $(BENCHES)
bench: benches
	bench/run

# --- fuzz (clang, libFuzzer) ---------------------------------------------------------------------------------------------
# One file = one target: tests/fuzz/NAME.c, seeds in tests/fuzz/seeds/NAME. What it finds new stays in build/fuzz/corpus.
FUZZ_SECONDS ?= 60
FUZZ_FLAGS   := $(WARN) -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZERS      := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(sort $(wildcard tests/fuzz/*_fuzz.c)))
FUZZ_OBJ     := $(patsubst src/%.c,build/fuzz/obj/%.o,$(sort $(wildcard src/base/*.c src/wire/*.c)))
build/fuzz/obj/%.o: src/%.c
	@mkdir -p $(@D)
	clang $(CPPFLAGS) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<
build/fuzz/libfuzz.a: $(FUZZ_OBJ)
	@rm -f $@
	ar rcs $@ $^
build/fuzz/%: tests/fuzz/%.c build/fuzz/libfuzz.a
	clang $(CPPFLAGS) $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ $< build/fuzz/libfuzz.a $(LIBS)
fuzz: $(FUZZERS)
	for fuzzer in $(FUZZERS); do tests/fuzz/run $$fuzzer $(FUZZ_SECONDS) || exit 1; done
# Only the seeds, for ./check: what once broke may not break again.
fuzz-seeds: $(FUZZERS)
	for fuzzer in $(FUZZERS); do tests/fuzz/run $$fuzzer 0 || exit 1; done

# --- what comes from other houses (needs npm and node; nothing else here does) --------------------------------------------
vendor:
	tools/vendor/run .
vendor-check:
	rm -rf build/vendor-out
	tools/vendor/run build/vendor-out
	diff -r build/vendor-out/assets/icons assets/icons
	diff build/vendor-out/assets/data/places.tsv assets/data/places.tsv

install: $(B)/filon
	install -D -m 755 $(B)/filon $(DESTDIR)$(PREFIX)/bin/filon
	install -D -m 644 docs/man/filon.1 $(DESTDIR)$(PREFIX)/share/man/man1/filon.1
	install -D -m 644 tools/completion/filon.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/filon
clean:
	rm -rf build

-include $(shell find $(B) -name '*.d' 2>/dev/null)
