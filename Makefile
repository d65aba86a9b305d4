# heed: htop for attention.
#
#   make            the release program, ./heed
#   make run        install what is missing, build, open the live program
#   make check      install what is missing, build, run every test
#   make VARIANT=release|debug|asan|tsan [check]
#   make check-neon  the arithmetic's tests as aarch64, under qemu, where those tools are
#   make man        write the manual from the program's own tables
#   make bench-tools  build the programs that tests/bench/*.sh measure with
#   make pictures   draw the README's pictures
#   make deps | install | uninstall | clean          PREFIX=/usr/local DESTDIR=
#
# V=1 shows every command. To compile for another machine:
#   make CC=aarch64-linux-gnu-gcc BUILD=build/aarch64 CFLAGS='-idirafter /usr/include' objects

VARIANT ?= release
PREFIX  ?= /usr/local
CC      ?= cc
ARCH    := $(shell $(CC) -dumpmachine 2>/dev/null | cut -d- -f1)
VERSION := 0.1.0

BUILD  := build/$(VARIANT)
COMMON := -std=c17 -D_XOPEN_SOURCE=700 -DHEED_VERSION='"$(VERSION)"' -Iinclude -Isrc -pthread \
          -ffp-contract=off -fno-math-errno \
          -Wall -Wextra -Wshadow -Wvla -Wmissing-prototypes -Wno-missing-field-initializers
ifeq ($(WERROR),1)
COMMON += -Werror
endif

OPT_release := -O3 -g -DNDEBUG
OPT_debug   := -O0 -g3
OPT_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_tsan    := -O1 -g -fsanitize=thread
OPT         := $(OPT_$(VARIANT))
ifeq ($(OPT),)
$(error VARIANT=$(VARIANT) is unknown: use release, debug, asan or tsan)
endif

# Instruction sets: each kernel file has flags of its own; the program picks one when it starts.
ISA_x86_64  := avx2 avx512
ISA_aarch64 := neon
ISAS        := $(ISA_$(ARCH))
ISA_FLAGS_avx2   := -mavx2 -mfma
ISA_FLAGS_avx512 := -mavx512f -mavx512dq -mavx512bw -mavx512vl -mavx2 -mfma -mprefer-vector-width=512
ISA_FLAGS_neon   :=
ISA_FOR_avx2     := -DHEED_FOR_AVX2
ISA_FOR_avx512   := -DHEED_FOR_AVX512
ISA_FOR_neon     := -DHEED_FOR_NEON
ISA_DEFINES := $(if $(filter avx2,$(ISAS)),-DHEED_HAVE_AVX2) \
               $(if $(filter avx512,$(ISAS)),-DHEED_HAVE_AVX512) \
               $(if $(filter neon,$(ISAS)),-DHEED_HAVE_NEON)

PKG      := $(shell command -v pkg-config 2>/dev/null)
pkg       = $(if $(PKG),$(shell pkg-config $(1) $(2) 2>/dev/null))
LIB_CURSES := $(or $(call pkg,--libs,ncursesw),-lncursesw -ltinfo)
LIBS     := $(LIB_CURSES) -ljansson -linih -lpng -lm
CFLAGS_ALL = $(COMMON) $(ISA_DEFINES) $(OPT) $(CFLAGS)

KERN_ISA := $(patsubst %,src/kern/kern_%.c,avx2 avx512 neon)
SRC      := $(filter-out $(KERN_ISA) src/cli/main.c,$(wildcard src/*/*.c src/*/*/*.c)) \
            $(wildcard $(patsubst %,src/kern/kern_%.c,$(ISAS)))
# Attention variants are compiled again for every instruction set.
ATTN_ISA := $(foreach isa,$(ISAS),$(patsubst %.c,$(BUILD)/%.$(isa).o,$(wildcard src/nn/attn/*.c)))
OBJ      := $(SRC:%.c=$(BUILD)/%.o) $(ATTN_ISA) $(BUILD)/embed.o
LIB      := $(BUILD)/libheed.a

# The engine once more in double precision, for gradient checks.
SRC64    := $(filter-out $(KERN_ISA),$(wildcard src/base/*.c src/core/*.c src/kern/*.c src/nn/*.c \
            src/nn/attn/*.c src/model/*.c src/model/models/*.c src/task/*.c src/task/tasks/*.c))
OBJ64    := $(SRC64:%.c=$(BUILD)/f64/%.o) $(BUILD)/embed.o
LIB64    := $(BUILD)/libheed64.a

TESTS    := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/test_*.c))
TESTS64  := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/f64_*.c))
# Programs that measure, for tests/bench/*.sh.
BENCH    := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(wildcard tests/bench/*.c))

# One line a file, unless V=1.
Q   := $(if $(V),,@)
say  = $(if $(V),,@echo "$(1)")
# The two targets that a newcomer types use every core, unless -j was given.
cores = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2))

NEON_CC := aarch64-linux-gnu-gcc

.PHONY: all run check check-neon deps objects man pictures install uninstall clean tests bench-tools FORCE
.DELETE_ON_ERROR:

ifeq ($(VARIANT),release)
all: heed
heed: $(BUILD)/heed
	@cp $< $@.new && mv -f $@.new $@
else
all: $(BUILD)/heed
endif

run:
	@CC="$(CC)" sh tests/deps.sh run
	@$(MAKE) --no-print-directory $(cores) all
	@$(BUILD)/heed

check: deps
	@$(MAKE) --no-print-directory $(cores) tests all
	@BUILD=$(BUILD) VARIANT=$(VARIANT) CC="$(CC)" tests/run.sh

check-neon:
	@+CC="$(NEON_CC)" MAKE="$(MAKE)" tests/neon.sh

deps:
	@CC="$(CC)" sh tests/deps.sh

objects: $(OBJ) $(BUILD)/src/cli/main.o

MANUAL := heed.1 heed-config.5 heed-run.5 heed-theme.5
man: $(BUILD)/heed
	$(Q)for page in $(MANUAL); do \
	    sh man/make.sh $(BUILD)/heed $$page > man/$$page.new && mv man/$$page.new man/$$page || exit 1; \
	done

pictures: $(BUILD)/heed
	sh docs/pictures.sh $(BUILD)/heed

tests: $(TESTS) $(TESTS64)

bench-tools: $(BENCH) $(BUILD)/heed

$(BUILD)/heed: $(BUILD)/src/cli/main.o $(LIB)
	$(call say,link $@)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $^ $(LIBS)

$(LIB): $(OBJ)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(LIB64): $(OBJ64)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

# A change of flags or compiler rebuilds everything.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(subst ','\'',$(CFLAGS_ALL))' | cmp -s - $@ || echo '$(CC) $(subst ','\'',$(CFLAGS_ALL))' > $@

define compile_isa
$(BUILD)/src/kern/kern_$(1).o: CFLAGS_ISA := $(ISA_FLAGS_$(1))
$(BUILD)/src/nn/attn/%.$(1).o: src/nn/attn/%.c $(BUILD)/flags
	@mkdir -p $$(@D)
	$$(call say,cc $$< for $(1))
	$$(Q)$$(CC) $$(CFLAGS_ALL) $(ISA_FLAGS_$(1)) $(ISA_FOR_$(1)) -MMD -MP -c -o $$@ $$<
endef
$(foreach isa,$(ISAS),$(eval $(call compile_isa,$(isa))))

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,cc $<)
	$(Q)$(CC) $(CFLAGS_ALL) $(CFLAGS_ISA) -MMD -MP -c -o $@ $<

$(BUILD)/f64/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,cc $<)
	$(Q)$(CC) $(COMMON) $(OPT) $(CFLAGS) -DHEED_REAL_DOUBLE -MMD -MP -c -o $@ $<

$(BUILD)/tests/test_%: tests/test_%.c $(LIB) $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,cc $<)
	$(Q)$(CC) $(CFLAGS_ALL) -Itests -MMD -MP -o $@ $< $(LIB) -lcmocka $(LIBS)

$(BUILD)/tests/f64_%: tests/f64_%.c $(LIB64) $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,cc $<)
	$(Q)$(CC) $(COMMON) $(OPT) $(CFLAGS) -DHEED_REAL_DOUBLE -Itests -MMD -MP -o $@ $< $(LIB64) -lcmocka -linih -lm

$(BUILD)/bench/%: tests/bench/%.c $(LIB) $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,cc $<)
	$(Q)$(CC) $(CFLAGS_ALL) -Itests -MMD -MP -o $@ $< $(LIB) $(LIBS)

# Themes, presets, rule files, sweeps, lessons and the manual become strings of the program.
EMBEDDED := $(sort $(wildcard themes/*.theme)) $(sort $(wildcard presets/*.ini)) \
            $(sort $(wildcard rules/*.rules)) $(sort $(wildcard man/*.[15])) \
            $(sort $(wildcard sweeps/*.sweep)) $(sort $(wildcard lessons/*.lesson))
$(BUILD)/embed.c: $(EMBEDDED) src/base/embed.sh
	@mkdir -p $(@D)
	$(Q)sh src/base/embed.sh $(EMBEDDED) > $@
$(BUILD)/embed.o: $(BUILD)/embed.c $(BUILD)/flags
	$(Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<

SHARE := $(DESTDIR)$(PREFIX)/share
# Where bash, zsh and fish look for what completes a program's words.
COMPLETE_bash := $(SHARE)/bash-completion/completions/heed
COMPLETE_zsh  := $(SHARE)/zsh/site-functions/_heed
COMPLETE_fish := $(SHARE)/fish/vendor_completions.d/heed.fish

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/heed/themes $(SHARE)/man/man1 $(SHARE)/man/man5 \
	    $(dir $(COMPLETE_bash) $(COMPLETE_zsh) $(COMPLETE_fish))
	install -m 755 $(BUILD)/heed $(DESTDIR)$(PREFIX)/bin/heed
	install -m 644 themes/*.theme $(SHARE)/heed/themes/
	install -m 644 man/*.1 $(SHARE)/man/man1/
	install -m 644 man/*.5 $(SHARE)/man/man5/
	$(BUILD)/heed completions bash > $(COMPLETE_bash)
	$(BUILD)/heed completions zsh > $(COMPLETE_zsh)
	$(BUILD)/heed completions fish > $(COMPLETE_fish)

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/heed
	rm -f $(patsubst man/%,$(SHARE)/man/man1/%,$(wildcard man/*.1))
	rm -f $(patsubst man/%,$(SHARE)/man/man5/%,$(wildcard man/*.5))
	rm -f $(COMPLETE_bash) $(COMPLETE_zsh) $(COMPLETE_fish)
	rm -rf $(SHARE)/heed

clean:
	rm -rf build heed

-include $(OBJ:.o=.d) $(OBJ64:.o=.d) $(BUILD)/src/cli/main.d $(TESTS:=.d) $(TESTS64:=.d) $(BENCH:=.d)
