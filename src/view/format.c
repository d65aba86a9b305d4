/* Numbers in few columns. */
#include "view/widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void format_share(char *out, size_t size, double v)
{
    if (isnan(v)) {
        text_copy(out, size, "-");
        return;
    }
    char number[32];
    snprintf(number, sizeof number, "%.*f", fabs(v) < 0.9995 ? 3 : 2, v);
    /* ".973", "-.410": the leading zero says nothing */
    char *zero = strstr(number, "0.");
    if (zero && (zero == number || zero == number + 1) && fabs(v) < 0.9995)
        memmove(zero, zero + 1, strlen(zero));
    text_copy(out, size, strcmp(number, "-.000") ? number : ".000");
}

void format_short(char *out, size_t size, double v)
{
    static const char *const unit[] = {"", "k", "M", "G", "T", "P"};
    char number[64];
    double a = fabs(v);
    if (!isfinite(v)) {
        text_copy(out, size, isnan(v) ? "nan" : v > 0 ? "inf" : "-inf");
    } else if (v == rint(v) && a < 1000) {
        snprintf(out, size, "%g", v + 0.0);
    } else if (a < 0.001) {
        /* 3.25e-04 -> 3.25e-4, 3.00e-04 -> 3e-4 */
        snprintf(number, sizeof number, "%.2e", v);
        char *e = strchr(number, 'e');
        int exponent = 0;
        sscanf(e + 1, "%d", &exponent);
        while (e[-1] == '0' || e[-1] == '.') {
            e--;
            if (*e == '.')
                break;
        }
        *e = '\0';
        snprintf(out, size, "%se%d", number, exponent);
    } else {
        int k = 0;
        while (a >= 999.5 && k < 5)
            a /= 1000, k++;
        /* three significant digits, judged after rounding: 9.996 is 10.0 */
        int decimals = a < 0.00999  ? 5
                       : a < 0.0999 ? 4
                       : a < 0.9995 ? 3
                       : a < 9.995  ? 2
                       : a < 99.95  ? 1
                                    : 0;
        snprintf(out, size, "%s%.*f%s", v < 0 ? "-" : "", decimals, a, unit[k]);
    }
}
