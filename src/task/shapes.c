#include "task/shapes.h"

#include <math.h>

static const char *const names[SHAPES] = {"disc", "ring", "square", "triangle", "cross", "bar"};

/* Distance from the edge of a shape of size 1, below 0 inside. */
static double distance(enum shape kind, double x, double y)
{
    double across = fabs(x), along = fabs(y), third = acos(-1) / 3;
    double flat = fmax(across - 1, along - 0.3), upright = fmax(along - 1, across - 0.3);
    switch (kind) {
    case SHAPE_DISC:
        return hypot(x, y) - 1;
    case SHAPE_RING:
        return fabs(hypot(x, y) - 0.8) - 0.25;
    case SHAPE_SQUARE:
        return fmax(across, along) - 0.85;
    case SHAPE_TRIANGLE:
        return fmax(x, cos(2 * third) * x + sin(2 * third) * along) - 0.5;
    case SHAPE_CROSS:
        return fmin(flat, upright);
    default:
        return flat;
    }
}

/* Uniform in low..high. */
static double between(struct rng *rng, double low, double high)
{
    return low + rng_uniform(rng) * (high - low);
}

enum shape shape_draw(struct rng *rng, int side, float *pixels)
{
    enum shape kind = (enum shape)rng_below(rng, SHAPES);
    double left = between(rng, 0.36, 0.64) * side, top = between(rng, 0.36, 0.64) * side;
    double size = between(rng, 0.2, 0.34) * side, turn = between(rng, 0, 2 * acos(-1));
    double bright = between(rng, 0.6, 1), c = cos(turn), s = sin(turn);
    for (int i = 0; i < side * side; i++) {
        double x = (i % side + 0.5 - left) / size, y = (i / side + 0.5 - top) / size;
        double cover = 0.5 - distance(kind, c * x + s * y, c * y - s * x) * size;
        cover = cover < 0 ? 0 : cover > 1 ? 1 : cover;
        pixels[i] = (float)(2 * bright * cover - 1);
    }
    return kind;
}

const char *shape_name(enum shape kind)
{
    return names[kind];
}
