#include "view/plot.h"

#include <math.h>
#include <stdio.h>

/* The smallest of 1, 2, 5 times a power of ten that is at least `rough`. */
static double round_step(double rough)
{
    double decade = pow(10, floor(log10(rough) + 1e-9));
    double m = rough / decade;
    return decade * (m <= 1 + 1e-9 ? 1 : m <= 2 + 1e-9 ? 2 : m <= 5 + 1e-9 ? 5 : 10);
}

/* A multiple of `step`, in the unit that suits `largest`: "0.25", "12", "7.5k", "2M", "3e-5". */
static void write_tick(char out[TICK_TEXT], double v, double step, double largest)
{
    static const char *const units[] = {"", "k", "M", "G", "T"};
    int unit = 0;
    if (v == 0) {
        snprintf(out, TICK_TEXT, "0");
        return;
    }
    if (step < 1e-4 * 0.999 && largest < 1) {
        format_short(out, TICK_TEXT, v);
        return;
    }
    while (largest >= (unit ? 1000 : 10000) && unit < 4)
        largest /= 1000, v /= 1000, step /= 1000, unit++;
    int decimals = (int)ceil(-log10(step) - 1e-9);
    snprintf(out, TICK_TEXT, "%.*f%s", decimals < 0 ? 0 : decimals, v, units[unit]);
}

static int linear_ticks(struct tick out[MAX_TICKS], double low, double high, int most)
{
    double step = round_step((high - low) / (most > 1 ? most : 1));
    if (most >= 2)
        while (floor(high / step + 1e-9) - ceil(low / step - 1e-9) + 1 > most)
            step = round_step(step * 1.5);
    int count = 0;
    double largest = fmax(fabs(low), fabs(high));
    for (double k = ceil(low / step - 1e-9); k * step <= high + step * 1e-9 && count < most; k++) {
        out[count].value = k * step;
        write_tick(out[count].text, k * step, step, largest);
        count++;
    }
    return count;
}

static int log_ticks(struct tick out[MAX_TICKS], double low, double high, int most)
{
    int first = (int)ceil(log10(low) - 1e-9), last = (int)floor(log10(high) + 1e-9);
    int decades = last - first + 1, count = 0;
    if (decades < 1 || (decades == 1 && high / low < 10 && most > 2))
        return linear_ticks(out, low, high, most);
    bool between = decades * 3 <= most;
    int stride = (decades + most - 1) / most;
    for (int e = first - 1; e <= last; e++) {
        static const double part[3] = {1, 2, 5};
        for (int k = 0; k < (between ? 3 : 1); k++) {
            double v = part[k] * pow(10, e);
            if (v < low * (1 - 1e-9) || v > high * (1 + 1e-9) || count == most ||
                (e - first) % stride != 0)
                continue;
            out[count].value = v;
            if (v >= 0.001 && v < 10000)
                snprintf(out[count].text, TICK_TEXT, "%g", v);
            else if (v < 1)
                snprintf(out[count].text, TICK_TEXT, "%.0fe%d", part[k], e);
            else
                write_tick(out[count].text, v, v, v);
            count++;
        }
    }
    return count;
}

int ticks_make(struct tick out[MAX_TICKS], double low, double high, bool log, int most)
{
    if (most > MAX_TICKS)
        most = MAX_TICKS;
    if (most < 1 || !(high > low) || (log && !(low > 0)))
        return 0;
    return log ? log_ticks(out, low, high, most) : linear_ticks(out, low, high, most);
}
