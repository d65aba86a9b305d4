#include "heed_test.h"

#include "base/rng.h"
#include "screen.h"
#include "tui/sgr.h"

enum { WIDTH = 24, HEIGHT = 6, MOST = 1 << 14 };

static void thin_is(const char *in, const char *expected)
{
    struct sgr s;
    char out[SGR_MOST(512)];
    sgr_forget(&s);
    size_t n = sgr_thin(&s, in, strlen(in), out);
    out[n] = '\0';
    assert_string_equal(out, expected);
}

static void test_a_colour_that_is_there_is_not_sent_again(void **state)
{
    (void)state;
    thin_is("\033[38;5;1m\033[48;5;2mA\033[38;5;3m\033[48;5;2mB", "\033[0;38;5;1;48;5;2mA\033[38;5;3mB");
    thin_is("\033[31m\033[40mA\033[39;49m\033[31m\033[40mB", "\033[0;31;40mAB");
    thin_is("\033[38;2;1;2;3mA\033[38;2;1;2;4mB", "\033[0;38;2;1;2;3mA\033[38;2;1;2;4mB");
    /* Two colours with colons never share a sequence: xterm 379 reads 48 there without its red. */
    thin_is("\033[38:2::1:2:3mA\033[38:2::1:2:3mB", "\033[0m\033[38:2::1:2:3mAB");
    thin_is("\033[38:2::1:2:3m\033[48:2::4:5:6mA",
            "\033[0m\033[38:2::1:2:3m\033[48:2::4:5:6mA");
}

static void test_a_blank_shows_its_ground_alone(void **state)
{
    (void)state;
    thin_is("\033[31m\033[44mA\033[37m\033[44m \033[31m\033[44mC", "\033[0;31;44mA C");
    thin_is("\033[31m\033[44mA\033[37m\033[45m \033[31m\033[45mC", "\033[0;31;44mA\033[45m C");
    thin_is("\033[1;31;44mA\033[0;37;44m B", "\033[0;1;31;44mA \033[0;37;44mB");
    /* A line through it is seen. */
    thin_is("\033[31mA\033[4m \033[24mB", "\033[0;31mA\033[4m \033[0;31mB");
    thin_is("\033[31mA\033[7;32m B", "\033[0;31mA\033[7;32m B");
}

static void test_what_is_not_understood_goes_through(void **state)
{
    (void)state;
    thin_is("\033[31mA\033[11mB", "\033[0;31mA\033[11m\033[0;31mB");
    thin_is("\033[31mA\033[38;7mB", "\033[0;31mA\033[38;7m\033[0;7;31mB");
    thin_is("\033(B\033[m\017x", "\033(B\017\033[0mx");
    thin_is("\033[31mA\033[?25l\033[32m\033[5dB", "\033[0;31mA\033[?25l\033[5d\033[32mB");
}

static void test_what_erases_has_its_ground_first(void **state)
{
    (void)state;
    thin_is("\033[37m\033[41m\033[H\033[2J", "\033[H\033[0;37;41m\033[2J");
    thin_is("\033[31;41mA\033[32;42m\033[5X", "\033[0;31;41mA\033[42m\033[5X");
}

/* Something that a curses program might send. */
static size_t random_stream(struct rng *rng, char *out, size_t size)
{
    static const char *const words[] = {
        " ",          "   ",         "x",           "\xe2\xa0\x81",      "ab c",
        "\033[1m",    "\033[2m",     "\033[4m",     "\033[7m",           "\033[m",
        "\033[0;1m",  "\033[22m",    "\033[24m",    "\033[27m",          "\033[39;49m",
        "\033[31m",   "\033[42m",    "\033[97m",    "\033[104m",         "\033[38;5;200m",
        "\033[48;5;17m", "\033[48;2;1;2;3m", "\033[3X",  "\033[K",       "\033[1K",
        "\033[2J",    "\033[2;3H",   "\033[4d",     "\033[5G",           "\033[2C",
        "\r",         "\b",          "\033(B",      "\033[10m",          "\033[49m",
        "\033[39m",   "\033[38;5;200m\033[48;5;17m"};
    size_t used = 0;
    for (;;) {
        const char *word = words[rng_below(rng, sizeof words / sizeof *words)];
        size_t n = strlen(word);
        if (used + n >= size) {
            return used;
        }
        memcpy(out + used, word, n);
        used += n;
    }
}

static void assert_looks_the_same(const struct screen *a, const struct screen *b)
{
    assert_int_equal(a->x, b->x);
    assert_int_equal(a->y, b->y);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            const struct screen_cell *p = &a->cells[y][x], *q = &b->cells[y][x];
            assert_int_equal(p->code, q->code);
            assert_int_equal(p->underline, q->underline);
            assert_int_equal(p->reverse, q->reverse);
            bool seen = p->code != ' ' || p->reverse || p->underline;
            assert_int_equal(p->bg, q->bg);
            if (seen) {
                assert_int_equal(p->fg, q->fg);
                assert_int_equal(p->bold, q->bold);
                assert_int_equal(p->dim, q->dim);
            }
        }
    }
}

static void test_any_stream_looks_the_same_and_in_any_pieces(void **state)
{
    (void)state;
    static struct screen straight, thinned;
    static char in[512], out[MOST];
    struct rng rng;
    rng_seed(&rng, 3, RNG_INIT, 0);
    for (int round = 0; round < 2000; round++) {
        struct sgr s;
        sgr_forget(&s);
        screen_reset(&straight, WIDTH, HEIGHT);
        screen_reset(&thinned, WIDTH, HEIGHT);
        straight.bce = thinned.bce = true;
        size_t n = random_stream(&rng, in, sizeof in);
        for (size_t at = 0, piece; at < n; at += piece) {
            piece = 1 + rng_below(&rng, 200);
            piece = piece < n - at ? piece : n - at;
            size_t m = sgr_thin(&s, in + at, piece, out);
            assert_true(m <= SGR_MOST(piece));
            screen_feed(&straight, in + at, piece);
            screen_feed(&thinned, out, m);
            assert_looks_the_same(&straight, &thinned);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_colour_that_is_there_is_not_sent_again),
        cmocka_unit_test(test_a_blank_shows_its_ground_alone),
        cmocka_unit_test(test_what_is_not_understood_goes_through),
        cmocka_unit_test(test_what_erases_has_its_ground_first),
        cmocka_unit_test(test_any_stream_looks_the_same_and_in_any_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
