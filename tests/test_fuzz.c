/* The corpus of tests/fuzz, and a fixed sequence of mutations of it, through every reader of
   foreign files. Longer searches: tests/fuzz/run.sh. */
#include "heed_test.h"
#include <dirent.h>
#include "base/rng.h"
#include "fuzz/targets.h"
#include "scratch.h"

enum { SEEDS = 64, SEED_LIMIT = 1 << 16, MUTATIONS = 4000, EDITS = 4 };

struct seed {
    uint8_t *data;
    size_t size;
};

struct seeds {
    struct seed list[SEEDS];
    int count;
};

static void add_folder(struct seeds *s, const char *folder)
{
    DIR *d = opendir(folder);
    if (!d)
        print_error("%s is missing: run the tests from the root of the sources\n", folder);
    assert_non_null(d);
    for (struct dirent *e = readdir(d); e; e = readdir(d)) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (e->d_name[0] == '.')
            continue;
        assert_true(s->count < SEEDS);
        struct seed *seed = &s->list[s->count++];
        seed->data = (uint8_t *)get_file(path, &seed->size);
        assert_true(seed->size < SEED_LIMIT);
    }
    closedir(d);
}

static void drop(struct seeds *s)
{
    for (int i = 0; i < s->count; i++)
        free(s->list[i].data);
}

/* Cut, repeat, flip, overwrite or put in a telling number, at one place. */
static size_t edit(uint8_t *data, size_t size, struct rng *rng)
{
    static const char *const words[] = {"-1", "0", "9223372036854775807", "1e400", "null", "\"",
                                        "{",  "[", "\\u001b[2J",          "\xff",  "\n",   "="};
    size_t at = rng_below(rng, (uint32_t)size + 1), room = SEED_LIMIT * 2 - size;
    size_t span = 1 + rng_below(rng, 40);
    const char *word = words[rng_below(rng, sizeof words / sizeof words[0])];
    switch (rng_below(rng, 6)) {
    case 0: /* cut */
        span = span < size - at ? span : size - at;
        memmove(data + at, data + at + span, size - at - span);
        return size - span;
    case 1: /* repeat */
        span = span < size - at ? span : size - at;
        if (span > room)
            return size;
        memmove(data + at + span, data + at, size - at);
        return size + span;
    case 2: /* put in */
        span = strlen(word);
        if (span > room)
            return size;
        memmove(data + at + span, data + at, size - at);
        memcpy(data + at, word, span);
        return size + span;
    case 3: /* a bit */
        if (at < size)
            data[at] ^= (uint8_t)(1u << rng_below(rng, 8));
        return size;
    case 4: /* a byte */
        if (at < size)
            data[at] = (uint8_t)rng_below(rng, 256);
        return size;
    default: /* torn */
        return rng_below(rng, 4) ? size : at;
    }
}

/* The checkpoint's length bytes are mended half of the time, or few edits would reach the JSON. */
static void mend_length(uint8_t *data, size_t size, size_t before, struct rng *rng)
{
    uint64_t length;
    if (size < 8 || rng_below(rng, 2))
        return;
    memcpy(&length, data, 8);
    length += size - before;
    memcpy(data, &length, 8);
}

static void mutate_all(struct seeds *s, int (*target)(const uint8_t *, size_t), bool has_length)
{
    uint8_t *data = malloc(2 * SEED_LIMIT + 64);
    int accepted = 0, refused = 0;
    for (int i = 0; i < s->count; i++)
        assert_int_equal(target(s->list[i].data, s->list[i].size), 1);
    for (uint64_t i = 0; i < MUTATIONS; i++) {
        struct rng rng;
        rng_seed(&rng, 1, RNG_TEST, i);
        const struct seed *seed = &s->list[rng_below(&rng, (uint32_t)s->count)];
        size_t size = seed->size;
        memcpy(data, seed->data, size);
        for (uint32_t k = rng_below(&rng, EDITS) + 1; k > 0; k--)
            size = edit(data, size, &rng);
        if (has_length)
            mend_length(data, size, seed->size, &rng);
        if (target(data, size))
            accepted++;
        else
            refused++;
    }
    print_message("# %d accepted, %d refused\n", accepted, refused);
    /* Else the mutations hit one side only and say little. */
    assert_true(accepted > MUTATIONS / 100);
    assert_true(refused > MUTATIONS / 10);
    free(data);
    drop(s);
}

static void checkpoints(void **state)
{
    (void)state;
    struct seeds s = {0};
    add_folder(&s, "tests/fuzz/corpus/checkpoint");
    mutate_all(&s, fuzz_checkpoint, true);
}

static void records(void **state)
{
    (void)state;
    struct seeds s = {0};
    add_folder(&s, "tests/fuzz/corpus/record");
    mutate_all(&s, fuzz_record, false);
}

static void sweeps(void **state)
{
    (void)state;
    struct seeds s = {0};
    add_folder(&s, "sweeps");
    mutate_all(&s, fuzz_sweep, false);
}

static void settings(void **state)
{
    (void)state;
    struct seeds s = {0};
    add_folder(&s, "tests/fuzz/corpus/config");
    add_folder(&s, "presets");
    mutate_all(&s, fuzz_config, false);
}

static void themes(void **state)
{
    (void)state;
    struct seeds s = {0};
    add_folder(&s, "themes");
    mutate_all(&s, fuzz_theme, false);
}

static void lessons(void **state)
{
    (void)state;
    struct seeds s = {0};
    add_folder(&s, "lessons");
    mutate_all(&s, fuzz_lesson, false);
}

static void texts(void **state)
{
    (void)state;
    struct seeds s = {0};
    add_folder(&s, "tests/fuzz/corpus/text");
    mutate_all(&s, fuzz_text, false);
}

static void rules(void **state)
{
    (void)state;
    struct seeds s = {0};
    add_folder(&s, "rules");
    add_folder(&s, "tests/fuzz/corpus/rules");
    mutate_all(&s, fuzz_rules, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checkpoints),
        cmocka_unit_test(records),
        cmocka_unit_test(settings),
        cmocka_unit_test(sweeps),
        cmocka_unit_test(themes),
        cmocka_unit_test(lessons),
        cmocka_unit_test(rules),
        cmocka_unit_test(texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
