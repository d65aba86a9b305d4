/* The marks of an axis: round numbers, written short. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include "view/plot.h"
#include <cmocka.h>

static void ticks_are(double low, double high, bool log, int most, const char *want)
{
    struct tick ticks[MAX_TICKS];
    char got[512] = "";
    int count = ticks_make(ticks, low, high, log, most);
    assert_true(count <= most);
    for (int i = 0; i < count; i++) {
        strcat(got, i ? " " : "");
        strcat(got, ticks[i].text);
        assert_true(ticks[i].value >= low - 1e-9 * fabs(low) &&
                    ticks[i].value <= high * (1 + 1e-9));
    }
    assert_string_equal(got, want);
}

static void test_ticks(void **state)
{
    (void)state;
    ticks_are(0, 1, false, 6, "0 0.2 0.4 0.6 0.8 1.0");
    ticks_are(0, 1, false, 3, "0 0.5 1.0");
    ticks_are(0, 1, false, 11, "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1.0");
    ticks_are(0, 12340, false, 8, "0 2k 4k 6k 8k 10k 12k");
    ticks_are(0, 12340, false, 4, "0 5k 10k");
    ticks_are(0, 900, false, 5, "0 200 400 600 800");
    ticks_are(-1.3, 0.9, false, 5, "-1.0 -0.5 0 0.5");
    ticks_are(2.31, 2.34, false, 4, "2.31 2.32 2.33 2.34");
    ticks_are(0, 4e6, false, 5, "0 1M 2M 3M 4M");
    ticks_are(0, 3e-5, false, 4, "0 1e-5 2e-5 3e-5");
    ticks_are(0.001, 10, true, 6, "0.001 0.01 0.1 1 10");
    ticks_are(0.1, 10, true, 12, "0.1 0.2 0.5 1 2 5 10");
    ticks_are(1e-8, 1e8, true, 5, "1e-8 1e-4 1 10k 100M");
    ticks_are(2, 4, true, 4, "2 3 4"); /* no decade inside: even steps */
    ticks_are(1, 1, false, 4, "");
    ticks_are(-1, 1, true, 4, "");
    ticks_are(0, NAN, false, 4, "");
    for (int most = 1; most < 20; most++) /* spacing is 1, 2 or 5 times a power of ten */
        for (double high = 0.013; high < 1e7; high *= 1.37) {
            struct tick t[MAX_TICKS];
            int count = ticks_make(t, 0, high, false, most);
            assert_true(count <= most);
            if (count < 2)
                continue;
            double step = t[1].value - t[0].value;
            double m = step / pow(10, floor(log10(step) + 1e-9));
            assert_true(fabs(m - 1) < 1e-6 || fabs(m - 2) < 1e-6 || fabs(m - 5) < 1e-6);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ticks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
