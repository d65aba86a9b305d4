#include "task/images.h"

#include <math.h>

static double share(int t)
{
    double angle = ((double)t / IMAGE_TIMES + 0.008) / 1.008 * acos(-1) / 2;
    return cos(angle) * cos(angle);
}

/* Only the very last step would take away more than 0.999. */
double noise_signal(int t)
{
    return (t < IMAGE_TIMES ? share(t) : 0.001 * share(IMAGE_TIMES - 1)) / share(0);
}
