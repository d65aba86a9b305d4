#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/embed.h"
#include "view/theme.h"
#include <cmocka.h>

static double channel(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* WCAG 2.1: relative luminance and contrast ratio. */
static double luminance(struct color c)
{
    return 0.2126 * channel(c.r / 255.0) + 0.7152 * channel(c.g / 255.0) +
           0.0722 * channel(c.b / 255.0);
}

static double contrast(struct color a, struct color b)
{
    double x = luminance(a), y = luminance(b);
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

static struct theme load(const char *name)
{
    struct theme t;
    struct failure why = {0};
    if (theme_load_shipped(&t, name, &why) != 0)
        fail_msg("%s", why.text);
    return t;
}

static void test_every_theme_is_shipped(void **state)
{
    (void)state;
    int listed = 0, built_in = 0;
    for (const char *const *name = theme_names(); *name; name++, listed++) {
        struct theme t = load(*name);
        assert_string_equal(t.name, *name);
        assert_true(strlen(t.help) > 10);
    }
    while (embedded_themes[built_in].name)
        built_in++;
    assert_int_equal(listed, built_in);
    assert_int_equal(listed, 8);
    assert_string_equal(theme_names()[0], "dark");
}

static void least(const struct theme *t, int fg, int bg, double ratio)
{
    double is = contrast(t->roles[fg], t->roles[bg]);
    if (is < ratio)
        fail_msg("theme %s: role %d on role %d has contrast %.2f, needs %.1f", t->name, fg, bg, is,
                 ratio);
}

static void test_contrast(void **state)
{
    (void)state;
    struct color black = {0, 0, 0, 0}, white = {255, 255, 255, 15};
    assert_float_equal(contrast(black, white), 21, 1e-6);
    for (const char *const *name = theme_names(); *name; name++) {
        struct theme t = load(*name);
        least(&t, ROLE_TEXT, ROLE_BACKGROUND, 4.5);
        least(&t, ROLE_DIM, ROLE_BACKGROUND, 3);
        least(&t, ROLE_TITLE, ROLE_TITLE_BACKGROUND, 4.5);
        least(&t, ROLE_DIM, ROLE_TITLE_BACKGROUND, 1);
        least(&t, ROLE_CURSOR, ROLE_CURSOR_BACKGROUND, 4.5);
        least(&t, ROLE_ACCENT, ROLE_BACKGROUND, 4.5);
        least(&t, ROLE_GOOD, ROLE_BACKGROUND, 4.5);
        least(&t, ROLE_BAD, ROLE_BACKGROUND, 4.5);
        least(&t, ROLE_WARN, ROLE_BACKGROUND, 4.5);
        least(&t, ROLE_BORDER, ROLE_BACKGROUND, 1.4);
        for (int i = 0; i < 8; i++) {
            least(&t, ROLE_CONTROL_0 + i, ROLE_BACKGROUND, 3);
            least(&t, ROLE_SERIES_0 + i, ROLE_BACKGROUND, 3);
        }
        /* what lies in a map is seen: the ends strongly, zero as a shape on the ground */
        least(&t, ROLE_DIVERGING_0 + 16, ROLE_BACKGROUND, 4.5);
        least(&t, ROLE_DIVERGING_0, ROLE_BACKGROUND, strcmp(*name, "mono") ? 4.5 : 2);
        least(&t, ROLE_SEQUENTIAL_0 + 16, ROLE_BACKGROUND, 4.5);
        least(&t, ROLE_DIVERGING_0 + 8, ROLE_BACKGROUND, 1.05);
        least(&t, ROLE_SEQUENTIAL_0, ROLE_BACKGROUND, 1.05);
    }
}

/* What the sixteen look like on xterm and on the console (VGA). */
static const uint8_t sixteen[2][16][3] = {
    {{0, 0, 0}, {205, 0, 0}, {0, 205, 0}, {205, 205, 0}, {0, 0, 238}, {205, 0, 205},
     {0, 205, 205}, {229, 229, 229}, {127, 127, 127}, {255, 0, 0}, {0, 255, 0}, {255, 255, 0},
     {92, 92, 255}, {255, 0, 255}, {0, 255, 255}, {255, 255, 255}},
    {{0, 0, 0}, {170, 0, 0}, {0, 170, 0}, {170, 85, 0}, {0, 0, 170}, {170, 0, 170},
     {0, 170, 170}, {170, 170, 170}, {85, 85, 85}, {255, 85, 85}, {85, 255, 85}, {255, 255, 85},
     {85, 85, 255}, {255, 85, 255}, {85, 255, 255}, {255, 255, 255}}};

/* Text of 16 or 8 colours on its ground. */
static void least_coarse(const struct theme *t, int fg, int bg, double ratio)
{
    for (int k = 0; k < 5; k++) { /* of both: sixteen, eight with a bright bold; xterm's plain bold */
        const uint8_t(*table)[3] = sixteen[k & 1];
        int colors = k < 2 ? 16 : 8;
        bool bold, unused;
        int ground = theme_coarse(t->roles[bg], colors, true, &unused);
        int number = theme_coarse(t->roles[fg], colors, false, &bold);
        if (ground < 0 || number < 0)
            fail_msg("theme %s: role %d or %d is the terminal's own colour, whatever that is",
                     t->name, fg, bg);
        if (number == ground)
            number = theme_coarse_contrast(t->roles[bg]);
        else if (bold && k < 4)
            number += 8;
        struct color f = {table[number][0], table[number][1], table[number][2], 0};
        struct color b = {table[ground][0], table[ground][1], table[ground][2], 0};
        if (contrast(f, b) < ratio)
            fail_msg("theme %s: %d colours%s: role %d (%d) on role %d (%d): contrast %.2f, needs %.1f",
                     t->name, colors, k & 1 ? " of the console" : "", fg, number, bg, ground,
                     contrast(f, b), ratio);
    }
}

/* A theme brings its own ground to terminals of few colours too: dark stays dark on a white one. */
static void test_contrast_of_few_colours(void **state)
{
    (void)state;
    for (const char *const *name = theme_names(); *name; name++) {
        struct theme t = load(*name);
        least_coarse(&t, ROLE_TEXT, ROLE_BACKGROUND, 4.5);
        least_coarse(&t, ROLE_DIM, ROLE_BACKGROUND, 2.8);
        least_coarse(&t, ROLE_TITLE, ROLE_TITLE_BACKGROUND, 4.5);
        least_coarse(&t, ROLE_CURSOR, ROLE_CURSOR_BACKGROUND, 3.9);
        static const int said[] = {ROLE_ACCENT, ROLE_GOOD, ROLE_BAD, ROLE_WARN};
        for (int i = 0; i < 4; i++)
            least_coarse(&t, said[i], ROLE_BACKGROUND, 2.7);
        for (int i = 0; i < 8; i++) {
            least_coarse(&t, ROLE_CONTROL_0 + i, ROLE_BACKGROUND, 2);
            least_coarse(&t, ROLE_SERIES_0 + i, ROLE_BACKGROUND, 2);
        }
        least_coarse(&t, ROLE_BORDER, ROLE_BACKGROUND, 1.4);
    }
}

/* Along a ramp the luminance moves one way, away from zero. */
static void test_ramps(void **state)
{
    (void)state;
    for (const char *const *name = theme_names(); *name; name++) {
        struct theme t = load(*name);
        const struct color *d = &t.roles[ROLE_DIVERGING_0], *s = &t.roles[ROLE_SEQUENTIAL_0];
        double up = luminance(s[16]) > luminance(s[0]) ? 1 : -1;
        for (int i = 0; i < RAMP_LEVELS - 1; i++)
            assert_true(up * (luminance(s[i + 1]) - luminance(s[i])) > 0);
        bool grey = !strcmp(*name, "mono"); /* has one way only */
        double out = luminance(d[16]) > luminance(d[8]) ? 1 : -1;
        for (int i = 8; i < RAMP_LEVELS - 1; i++) {
            assert_true(out * (luminance(d[i + 1]) - luminance(d[i])) > 0);
            assert_true((grey ? -out : out) * (luminance(d[15 - i]) - luminance(d[16 - i])) > 0);
        }
        int distinct = 0;
        for (int i = 0; i < RAMP_LEVELS - 1; i++)
            distinct += theme_to_256(d[i]) != theme_to_256(d[i + 1]);
        assert_true(distinct >= 10); /* of 16 steps on 256 colours */
    }
}

static void test_mix(void **state)
{
    (void)state;
    struct color black = {0, 0, 0, 3}, white = {255, 255, 255, 5};
    struct color half = theme_mix(black, white, 0.5);
    /* Oklab lightness 0.5 is linear 0.125, sRGB 99 */
    assert_int_equal(half.r, 99);
    assert_int_equal(half.g, 99);
    assert_int_equal(half.b, 99);
    for (int i = 0; i < 500; i++) {
        struct color c = {(uint8_t)(i * 37), (uint8_t)(i * 101), (uint8_t)(i * 7), 1};
        struct color back = theme_mix(c, white, 0);
        assert_int_equal(back.r, c.r);
        assert_int_equal(back.g, c.g);
        assert_int_equal(back.b, c.b);
    }
    assert_int_equal(theme_mix(black, white, 0.49).ansi, 3);
    assert_int_equal(theme_mix(black, white, 0.51).ansi, 5);
}

static void test_palettes(void **state)
{
    (void)state;
    static const struct {
        struct color c;
        int in256, in16;
    } table[] = {
        {{255, 0, 0, 0}, 196, 9},    {{0, 0, 0, 0}, 16, 0},      {{255, 255, 255, 0}, 231, 15},
        {{95, 175, 95, 0}, 71, -1},  {{8, 8, 8, 0}, 232, 0},     {{238, 238, 238, 0}, 255, -1},
        {{205, 0, 0, 0}, -1, 1},     {{0, 255, 255, 0}, 51, 14}, {{0, 0, 255, 0}, 21, -1},
        {{127, 127, 127, 0}, -1, 8}, {{0, 0, 95, 0}, 17, -1}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (table[i].in256 >= 0)
            assert_int_equal(theme_to_256(table[i].c), table[i].in256);
        if (table[i].in16 >= 0)
            assert_int_equal(theme_to_16(table[i].c), table[i].in16);
    }
}

/* Vienot, Brettel, Mollon 1999: what a dichromat sees, in linear RGB. */
static void dichromat(struct color c, bool protan, double out[3])
{
    double r = channel(c.r / 255.0), g = channel(c.g / 255.0), b = channel(c.b / 255.0);
    double mixed = protan ? 0.11238 * r + 0.88762 * g : 0.29275 * r + 0.70725 * g;
    out[0] = mixed;
    out[1] = mixed;
    out[2] = protan ? 0.00401 * r - 0.00401 * g + b : -0.02234 * r + 0.02234 * g + b;
}

/* Distance of lightness and blue-yellow, the two things such an eye keeps apart (0..about 2). */
static double seen_distance(struct color a, struct color b, bool protan)
{
    double x[3], y[3];
    dichromat(a, protan, x);
    dichromat(b, protan, y);
    double grey = cbrt(x[0]) - cbrt(y[0]);
    double blue = (cbrt(fmax(x[2], 0)) - cbrt(x[0])) - (cbrt(fmax(y[2], 0)) - cbrt(y[0]));
    return sqrt(grey * grey + blue * blue);
}

static void test_colour_blind(void **state)
{
    (void)state;
    struct theme t = load("colour-blind");
    for (int protan = 0; protan < 2; protan++) {
        assert_true(seen_distance(t.roles[ROLE_GOOD], t.roles[ROLE_BAD], protan) > 0.4);
        for (int i = 1; i <= 8; i++) /* the same strength on both sides */
            assert_true(seen_distance(t.roles[ROLE_DIVERGING_0 + 8 - i],
                                      t.roles[ROLE_DIVERGING_0 + 8 + i], protan) > 0.05 * i);
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < i; j++) {
                assert_true(seen_distance(t.roles[ROLE_SERIES_0 + i], t.roles[ROLE_SERIES_0 + j],
                                          protan) > 0.15);
                assert_true(seen_distance(t.roles[ROLE_CONTROL_0 + i], t.roles[ROLE_CONTROL_0 + j],
                                          protan) > 0.15);
            }
    }
    /* the measure does see what it is for: red and green of equal lightness */
    struct color red = {200, 80, 60, 1}, green = {110, 130, 40, 2};
    assert_true(seen_distance(red, green, false) < 0.15);
}

/* Linear RGB to Oklab (Ottosson 2020). */
static void oklab(const double in[3], double out[3])
{
    static const double cones[3][3] = {{0.4122214708, 0.5363325363, 0.0514459929},
                                       {0.2119034982, 0.6806995451, 0.1073969566},
                                       {0.0883024619, 0.2817188376, 0.6299787005}};
    static const double axes[3][3] = {{0.2104542553, 0.7936177850, -0.0040720468},
                                      {1.9779984951, -2.4285922050, 0.4505937099},
                                      {0.0259040371, 0.7827717662, -0.8086757660}};
    double root[3];
    for (int i = 0; i < 3; i++)
        root[i] = cbrt(cones[i][0] * in[0] + cones[i][1] * in[1] + cones[i][2] * in[2]);
    for (int i = 0; i < 3; i++)
        out[i] = axes[i][0] * root[0] + axes[i][1] * root[1] + axes[i][2] * root[2];
}

/* Oklab distance of two colours as an eye without red (protan) or green cones sees them. Black and
   white are 1 apart; 0.02 is about what can just be told side by side. */
static double apart(struct color a, struct color b, bool protan)
{
    double x[3], y[3], p[3], q[3], sum = 0;
    dichromat(a, protan, x);
    dichromat(b, protan, y);
    x[2] = fmin(fmax(x[2], 0), 1);
    y[2] = fmin(fmax(y[2], 0), 1);
    oklab(x, p);
    oklab(y, q);
    for (int i = 0; i < 3; i++)
        sum += (p[i] - q[i]) * (p[i] - q[i]);
    return sqrt(sum);
}

/* In every theme: series that follow each other, and any two of the first four (the default race). */
static void test_series_stay_apart(void **state)
{
    (void)state;
    static const double LEAST = 0.1;
    struct color black = {0, 0, 0, 0}, white = {255, 255, 255, 15};
    assert_float_equal(apart(black, white, true), 1, 1e-3);
    assert_float_equal(apart(black, white, false), 1, 1e-3);
    /* Pink and green, neighbours in a theme once, are nearly one colour to such an eye. */
    struct color pink = {0xc2, 0x18, 0x5b, 1}, green = {0x1a, 0x7f, 0x37, 2};
    assert_true(apart(pink, green, false) < LEAST);
    for (const char *const *name = theme_names(); *name; name++) {
        struct theme t = load(*name);
        const struct color *s = &t.roles[ROLE_SERIES_0];
        for (int k = 0; k < 2 * 8 * 8; k++) {
            bool protan = k & 1;
            int i = k / 2 / 8, j = k / 2 % 8;
            bool close = i < j && (j == i + 1 || j < 4);
            if (close && apart(s[i], s[j], protan) < LEAST)
                fail_msg("theme %s: series %d and %d are %.3f apart for %s", *name, i + 1, j + 1,
                         apart(s[i], s[j], protan), protan ? "protanopia" : "deuteranopia");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_theme_is_shipped),
        cmocka_unit_test(test_contrast),
        cmocka_unit_test(test_contrast_of_few_colours),
        cmocka_unit_test(test_ramps),
        cmocka_unit_test(test_mix),
        cmocka_unit_test(test_palettes),
        cmocka_unit_test(test_colour_blind),
        cmocka_unit_test(test_series_stay_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
