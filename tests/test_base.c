/* Base: failures, random numbers, text, arena, team. */
#include "heed_test.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "base/fail.h"
#include "base/rng.h"
#include "base/team.h"
#include "base/text.h"

static void failure_escapes_controls(void **state)
{
    (void)state;
    struct failure why;
    assert_int_equal(fail(&why, ERR_INPUT, "a\033[31m\nb\xff%s", "\xc2\x9b" "\xc3\xa9"), ERR_INPUT);
    assert_string_equal(why.text, "a\\x1b[31m\\x0ab\\xff\\xc2\\x9b\xc3\xa9");
    assert_int_equal(fail_exit_code(&why), 1);
    fail(&why, ERR_USAGE, "x");
    assert_int_equal(fail_exit_code(&why), 2);
}

/* What is not seen but turns or hides what follows is told as its bytes; what is seen stays. */
static void unseen_characters_are_escaped(void **state)
{
    (void)state;
    static const struct {
        uint32_t first, last;
    } unseen[] = {{0xad, 0xad},     {0x61c, 0x61c},   {0x115f, 0x1160},   {0x180e, 0x180e},
                  {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},   {0x3164, 0x3164},
                  {0xfe0f, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0},   {0xfff9, 0xfffb},
                  {0x110bd, 0x110bd}, {0x1d173, 0x1d17a}, {0xe0001, 0xe007f}};
    char raw[8], shown[64], want[64];

    for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
        for (uint32_t code = unseen[i].first; code <= unseen[i].last; code++) {
            int n = text_encode(code, raw);
            raw[n] = '\0';
            for (int k = 0; k < n; k++)
                snprintf(want + 4 * k, 5, "\\x%02x", (unsigned char)raw[k]);
            text_escape(shown, sizeof shown, raw);
            assert_string_equal(shown, want);
            assert_int_equal(text_width(code), 0);
        }
    static const uint32_t seen[] = {0xac, 0xae, 0xe9, 0x301, 0x200a, 0x2010, 0x2027, 0x202f, 0x205f, 0x2070,
                                    0x3042, 0xfff8 - 0x10, 0xfffc, 0xfffd, 0x1f600, 0xe1000};
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        raw[text_encode(seen[i], raw)] = '\0';
        text_escape(shown, sizeof shown, raw);
        assert_string_equal(shown, raw);
    }
    text_escape(shown, sizeof shown, "run\xe2\x80\xaegpj\xe2\x80\x8b.exe");
    assert_string_equal(shown, "run\\xe2\\x80\\xaegpj\\xe2\\x80\\x8b.exe");
    text_escape(shown, 13, "\xe2\x80\x8b"); /* whole or not at all */
    assert_string_equal(shown, "\\xe2\\x80\\x8b");
    text_escape(shown, 12, "\xe2\x80\x8b");
    assert_string_equal(shown, "");
}

static void rng_streams_differ_and_repeat(void **state)
{
    (void)state;
    struct rng a, b, c;
    rng_seed(&a, 1, RNG_TRAIN, 5);
    rng_seed(&b, 1, RNG_TRAIN, 5);
    rng_seed(&c, 1, RNG_EVAL, 5);
    int same = 0;
    for (int i = 0; i < 100; i++) {
        uint64_t x = rng_u64(&a);
        assert_true(x == rng_u64(&b));
        same += x == rng_u64(&c);
    }
    assert_int_equal(same, 0);
}

static void rng_is_fair(void **state)
{
    (void)state;
    enum { N = 70000, K = 7 };
    int hits[K] = {0};
    double sum = 0, squares = 0;
    for (uint64_t i = 0; i < N; i++) {
        struct rng r; /* neighbouring counters are independent too */
        rng_seed(&r, 3, RNG_TEST, i);
        hits[rng_below(&r, K)]++;
        double x = rng_normal(&r);
        sum += x;
        squares += x * x;
    }
    double chi = 0;
    for (int k = 0; k < K; k++)
        chi += (hits[k] - N / (double)K) * (hits[k] - N / (double)K) / (N / (double)K);
    assert_true(chi < 22.5); /* 6 degrees of freedom, p = 0.001 */
    assert_true(fabs(sum / N) < 4 / sqrt(N));
    assert_true(fabs(squares / N - 1) < 4 * sqrt(2.0 / N));
}

static void quantiles_invert_the_normal_distribution(void **state)
{
    (void)state;
    for (double p = 1e-300; p < 1e-16; p *= 7.3)
        assert_true(fabs(0.5 * erfc(-rng_quantile(p) / sqrt(2)) / p - 1) < 1e-11);
    double last = rng_quantile(1e-16);
    for (int i = 0; i <= 100000; i++) {
        double p = (i + 0.5) / 100001, x = rng_quantile(p);
        assert_true(fabs(0.5 * erfc(-x / sqrt(2)) - p) < 1e-15 + 1e-14 * p);
        assert_true(x > last);
        last = x;
    }
    assert_true(rng_quantile(0.5) == 0);
}

static void text_grows_and_formats(void **state)
{
    (void)state;
    struct text t = {0};
    assert_string_equal(text_string(&t), "");
    for (int i = 0; i < 1000; i++)
        text_addf(&t, "%03d,", i);
    assert_int_equal(t.length, 4000);
    assert_memory_equal(t.data + 3996, "999,", 5);
    text_release(&t);
    char out[32];
    text_thousands(out, sizeof out, -1234567);
    assert_string_equal(out, "-1,234,567");
    text_duration(out, sizeof out, 3661.2);
    assert_string_equal(out, "1:01:01");
    assert_false(text_copy(out, 4, "ab\xc3\xa9"));
    assert_string_equal(out, "ab");
}

static void utf8_round_trips_and_refuses(void **state)
{
    (void)state;
    static const uint32_t codes[] = {1, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000,
                                     0x10ffff};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char bytes[5] = {0};
        uint32_t back;
        int n = text_encode(codes[i], bytes);
        assert_int_equal(text_decode(bytes, &back), n);
        assert_int_equal(back, codes[i]);
    }
    static const char *const bad[] = {"\x80", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80",
                                      "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint32_t code;
        assert_int_equal(text_decode(bad[i], &code), 1);
        assert_int_equal(code, 0xfffd);
    }
}

static void nearest_word(void **state)
{
    (void)state;
    static const char *const words[] = {"model.dim", "model.heads", "train.steps"};
    assert_int_equal(text_nearest("model.dmi", words, 3), 0);
    assert_int_equal(text_nearest("train.setps", words, 3), 2);
    assert_int_equal(text_nearest("zebra", words, 3), -1);
    assert_int_equal(text_distance("abcd", "acbd"), 1);
    assert_int_equal(text_distance("", "abc"), 3);
}

static void strict_numbers(void **state)
{
    (void)state;
    int64_t i;
    double d;
    assert_true(text_to_i64("-12", &i) && i == -12);
    assert_false(text_to_i64("12x", &i));
    assert_false(text_to_i64(" 12", &i));
    assert_false(text_to_i64("99999999999999999999", &i));
    assert_true(text_to_double("3e-3", &d) && d == 3e-3);
    assert_false(text_to_double("nan", &d));
    assert_false(text_to_double("", &d));
}

static void arena_hands_out_aligned_pieces(void **state)
{
    (void)state;
    struct arena a;
    assert_int_equal(arena_init(&a, 256), 0);
    char *x = arena_take(&a, 1), *y = arena_take(&a, 100);
    assert_int_equal((uintptr_t)x % ARENA_ALIGN, 0);
    assert_ptr_equal(y, x + ARENA_ALIGN);
    assert_null(arena_take(&a, 65));
    assert_non_null(arena_take(&a, 64));
    assert_null(aligned_zeroed(SIZE_MAX / 2, 4));
    arena_release(&a);

    /* A large one is zeroed as well, to its last byte, and another begins at zero again. */
    for (int round = 0; round < 2; round++) {
        size_t size = ((size_t)9 << 20) + 64;
        assert_int_equal(arena_init(&a, size), 0);
        unsigned char *all = arena_take(&a, size);
        assert_non_null(all);
        assert_int_equal((uintptr_t)all % ARENA_ALIGN, 0);
        for (size_t i = 0; i < size; i++)
            if (all[i])
                fail_msg("byte %zu is %d", i, all[i]);
        memset(all, 7, size);
        assert_null(arena_take(&a, 1));
        arena_release(&a);
        assert_null(a.base);
    }
    assert_int_equal(arena_init(&a, SIZE_MAX - 100), ERR_MEMORY);
    assert_null(a.base);
}

struct sum_job {
    int n, *out;
};

static void square_part(void *arg, int part, int parts)
{
    struct sum_job *job = arg;
    int end = team_first(part + 1, parts, job->n, 16);
    for (int i = team_first(part, parts, job->n, 16); i < end; i++)
        job->out[i] += i * i;
}

static void team_runs_every_part_once(void **state)
{
    (void)state;
    enum { N = 1000, ROUNDS = 2000 };
    static int out[N];
    for (int threads = 1; threads <= 8; threads++) {
        struct team *team;
        struct failure why;
        assert_int_equal(team_new(&team, threads, &why), 0);
        memset(out, 0, sizeof out);
        struct sum_job job = {N, out};
        for (int round = 0; round < ROUNDS / threads; round++)
            team_run(team, square_part, &job);
        for (int i = 0; i < N; i++)
            assert_int_equal(out[i], ROUNDS / threads * i * i);
        team_free(team);
    }
    struct team *none;
    struct failure why;
    assert_int_equal(team_new(&none, 0, &why), ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failure_escapes_controls),
        cmocka_unit_test(unseen_characters_are_escaped),
        cmocka_unit_test(rng_streams_differ_and_repeat),
        cmocka_unit_test(rng_is_fair),
        cmocka_unit_test(quantiles_invert_the_normal_distribution),
        cmocka_unit_test(text_grows_and_formats),
        cmocka_unit_test(utf8_round_trips_and_refuses),
        cmocka_unit_test(nearest_word),
        cmocka_unit_test(strict_numbers),
        cmocka_unit_test(arena_hands_out_aligned_pieces),
        cmocka_unit_test(team_runs_every_part_once),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
