#include "view/theme.h"

#include <math.h>

/* Ottosson 2020, "A perceptual color space for image processing": equal distances look equal. */
struct oklab {
    double l, a, b;
};

static double to_linear(uint8_t v)
{
    double s = v / 255.0;
    return s <= 0.04045 ? s / 12.92 : pow((s + 0.055) / 1.055, 2.4);
}

static uint8_t from_linear(double v)
{
    v = v < 0 ? 0 : v > 1 ? 1 : v;
    double s = v <= 0.0031308 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - 0.055;
    return (uint8_t)(s * 255 + 0.5);
}

static struct oklab to_oklab(struct color c)
{
    double r = to_linear(c.r), g = to_linear(c.g), b = to_linear(c.b);
    double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return (struct oklab){0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
                          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
                          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

static struct color from_oklab(struct oklab k)
{
    double l = k.l + 0.3963377774 * k.a + 0.2158037573 * k.b;
    double m = k.l - 0.1055613458 * k.a - 0.0638541728 * k.b;
    double s = k.l - 0.0894841775 * k.a - 1.2914855480 * k.b;
    l = l * l * l, m = m * m * m, s = s * s * s;
    return (struct color){from_linear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
                          from_linear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
                          from_linear(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s), -1};
}

struct color theme_mix(struct color a, struct color b, double share)
{
    struct oklab p = to_oklab(a), q = to_oklab(b);
    struct color out = from_oklab((struct oklab){
        p.l + share * (q.l - p.l), p.a + share * (q.a - p.a), p.b + share * (q.b - p.b)});
    out.ansi = share < 0.5 ? a.ansi : b.ansi;
    return out;
}

static struct color xterm(int index)
{
    static const uint8_t step[6] = {0, 95, 135, 175, 215, 255};
    /* xterm's own first sixteen. */
    static const uint8_t basic[16][3] = {
        {0, 0, 0},     {205, 0, 0},     {0, 205, 0},     {205, 205, 0},  {0, 0, 238}, {205, 0, 205},
        {0, 205, 205}, {229, 229, 229}, {127, 127, 127}, {255, 0, 0},    {0, 255, 0}, {255, 255, 0},
        {92, 92, 255}, {255, 0, 255},   {0, 255, 255},   {255, 255, 255}};
    if (index < 16)
        return (struct color){basic[index][0], basic[index][1], basic[index][2], -1};
    if (index < 232) {
        int k = index - 16;
        return (struct color){step[k / 36], step[k / 6 % 6], step[k % 6], -1};
    }
    uint8_t grey = (uint8_t)(8 + 10 * (index - 232));
    return (struct color){grey, grey, grey, -1};
}

static int nearest(struct color c, int first, int last)
{
    struct oklab want = to_oklab(c);
    int best = first;
    double least = INFINITY;
    for (int i = first; i <= last; i++) {
        struct oklab k = to_oklab(xterm(i));
        double d = (k.l - want.l) * (k.l - want.l) + (k.a - want.a) * (k.a - want.a) +
                   (k.b - want.b) * (k.b - want.b);
        if (d < least)
            least = d, best = i;
    }
    return best;
}

int theme_to_256(struct color c)
{
    return nearest(c, 16, 255);
}

int theme_to_16(struct color c)
{
    return nearest(c, 0, 15);
}

static int stand_in(struct color c)
{
    return c.ansi >= 0 ? c.ansi : theme_to_16(c);
}

int theme_coarse(struct color c, int colors, bool ground, bool *bold)
{
    *bold = false;
    if (c.ansi < 0 || colors >= 16)
        return c.ansi;
    if (ground)
        return c.ansi & 7;
    *bold = c.ansi > 8;
    /* Bright black in bold is black on many terminals: grey text becomes white. */
    return c.ansi == 8 ? 7 : c.ansi & 7;
}

int theme_coarse_contrast(struct color ground)
{
    int ansi = stand_in(ground);
    return ansi > 8 || ansi == 2 || ansi == 3 || ansi == 6 || ansi == 7 ? 0 : 7;
}
