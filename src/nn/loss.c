#include "nn/loss.h"

#include <stdbool.h>
#include <string.h>

struct loss_job {
    const struct kern *kern;
    int rows, symbols;
    real *row_loss, *dlogits, weight;
    const real *logits;
    const int32_t *targets;
    const uint8_t *scored;
};

static void loss_rows(void *arg, int part, int parts)
{
    const struct loss_job *j = arg;
    int last = team_first(part + 1, parts, j->rows, 8);
    for (int r = team_first(part, parts, j->rows, 8); r < last; r++) {
        size_t at = (size_t)r * j->symbols;
        bool counts = j->dlogits && j->scored[r];
        if (j->dlogits && !counts)
            memset(j->dlogits + at, 0, (size_t)j->symbols * sizeof(real));
        j->row_loss[r] = j->kern->cross_entropy(j->symbols, counts ? j->dlogits + at : NULL,
                                                j->logits + at, j->targets[r], j->weight);
    }
}

double loss_cross_entropy(const struct kern *k, struct team *team, int rows, int symbols,
                          real *row_loss, real *dlogits, const real *logits, const int32_t *targets,
                          const uint8_t *scored_rows, int *scored)
{
    int count = 0;
    for (int r = 0; r < rows; r++)
        count += scored_rows[r] != 0;
    struct loss_job job = {k,        rows,    symbols,
                           row_loss, dlogits, count ? (real)1 / (real)count : 0,
                           logits,   targets, scored_rows};
    team_run(team, loss_rows, &job);
    double sum = 0;
    for (int r = 0; r < rows; r++)
        if (scored_rows[r])
            sum += row_loss[r];
    *scored = count;
    return count ? sum / count : 0;
}

struct squares {
    int rows, width;
    real *row_loss, *dy, weight;
    const real *y;
    const float *target;
};

/* Four sums side by side: a single one would wait for every addition. */
static void square_rows(void *arg, int part, int parts)
{
    const struct squares *j = arg;
    int last = team_first(part + 1, parts, j->rows, 8);
    for (int r = team_first(part, parts, j->rows, 8); r < last; r++) {
        size_t at = (size_t)r * j->width;
        real sum[4] = {0};
        for (int i = 0; i < j->width; i++) {
            real error = j->y[at + i] - (real)j->target[at + i];
            sum[i % 4] += error * error;
            if (j->dy)
                j->dy[at + i] = j->weight * error;
        }
        j->row_loss[r] = (sum[0] + sum[1] + (sum[2] + sum[3])) / (real)j->width;
    }
}

double loss_squared_error(struct team *team, int rows, int width, real *row_loss, real *dy,
                          const real *y, const float *target)
{
    struct squares job = {rows, width, row_loss, dy, 2 / ((real)rows * (real)width), y, target};
    team_run(team, square_rows, &job);
    double sum = 0;
    for (int r = 0; r < rows; r++)
        sum += row_loss[r];
    return sum / rows;
}
