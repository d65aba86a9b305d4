#include "core/sweep_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/rng.h"

enum { RESAMPLES = 2000, MOST_SEEDS = SWEEP_VALUES };

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void sweep_bootstrap(const double *values, int n, double *low, double *high)
{
    double mean[RESAMPLES];
    struct rng rng;
    rng_seed(&rng, 0, RNG_RESAMPLE, (uint64_t)n);
    for (int i = 0; i < RESAMPLES; i++) {
        mean[i] = 0;
        for (int k = 0; k < n; k++)
            mean[i] += values[rng_below(&rng, (uint32_t)n)] / n;
    }
    qsort(mean, RESAMPLES, sizeof *mean, by_value);
    *low = mean[RESAMPLES / 40];
    *high = mean[RESAMPLES - 1 - RESAMPLES / 40];
}

static bool has_value(const struct sweep_result *r)
{
    return r->state == SWEEP_FAILED || r->acc.count > 0;
}

static double value_of(const struct sweep_result *r)
{
    return r->state == SWEEP_FAILED ? 0 : score_value(r->acc);
}

/* The place of a result's run on every axis that is compared. */
static void places(const struct sweep *s, const struct sweep_result *r, int place[SWEEP_AXES])
{
    for (int i = 0; i < SWEEP_AXES; i++)
        place[i] = i < s->axis_count && s->axis[i].role == SWEEP_VARIED ? sweep_place(s, r->run, i)
                                                                        : -1;
}

static int group_of(const struct sweep *s, const struct sweep_result *r,
                    const struct sweep_group *groups, int count)
{
    int place[SWEEP_AXES], i = 0;
    places(s, r, place);
    while (i < count && (strcmp(groups[i].contestant, r->contestant) != 0 ||
                         memcmp(groups[i].place, place, sizeof place) != 0))
        i++;
    return i;
}

/* The results of one group: which they are, and the values at one rate. */
struct members {
    const struct sweep_result **of;
    int count;
};

/* Accuracies at a rate, each seed once: a contestant whose own settings do not differ between two runs
   has the same result in both. */
static int at_rate(const struct members *m, double rate, double *values,
                   const struct sweep_result **who)
{
    int n = 0;
    for (int i = 0; i < m->count && n < MOST_SEEDS; i++) {
        const struct sweep_result *r = m->of[i];
        bool again = false;
        if (!has_value(r) || r->learning_rate != rate)
            continue;
        for (int k = 0; k < n; k++)
            again = again || who[k]->seed == r->seed;
        if (again)
            continue;
        who[n] = r;
        values[n++] = value_of(r);
    }
    return n;
}

static bool first_of_its_rate(const struct members *m, int at)
{
    for (int i = 0; i < at; i++)
        if (has_value(m->of[i]) && m->of[i]->learning_rate == m->of[at]->learning_rate)
            return false;
    return has_value(m->of[at]);
}

static double mean_of(const double *values, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += values[i];
    return sum / n;
}

static void choose_rate(const struct members *m, struct sweep_group *g)
{
    double values[MOST_SEEDS];
    const struct sweep_result *who[MOST_SEEDS];
    for (int i = 0; i < m->count; i++) {
        if (!first_of_its_rate(m, i))
            continue;
        double rate = m->of[i]->learning_rate;
        double mean = mean_of(values, at_rate(m, rate, values, who));
        g->rates++;
        if (isnan(g->mean) || mean > g->mean || (mean == g->mean && rate < g->rate)) {
            g->mean = mean;
            g->rate = rate;
        }
    }
}

static void measure_seeds(const struct members *m, struct sweep_group *g)
{
    double values[MOST_SEEDS];
    const struct sweep_result *who[MOST_SEEDS];
    g->seeds = at_rate(m, g->rate, values, who);
    for (int i = 0; i < g->seeds; i++) {
        g->seconds += who[i]->seconds / g->seeds;
        g->count = who[i]->acc.count > g->count ? who[i]->acc.count : g->count;
        if (i == 0 || values[i] > g->best) {
            g->best = values[i];
            g->best_seed = who[i]->seed;
            g->best_run = who[i]->run;
        }
    }
    if (g->seeds == 1)
        score_wilson(who[0]->acc, &g->low, &g->high);
    else
        sweep_bootstrap(values, g->seeds, &g->low, &g->high);
}

static void measure(struct members *m, struct sweep_group *g)
{
    for (int i = 0; i < m->count; i++) {
        enum sweep_state state = m->of[i]->state;
        g->results++;
        g->done += state == SWEEP_DONE;
        g->running += state == SWEEP_RUNNING;
        g->failed += state == SWEEP_FAILED;
        g->damaged += state == SWEEP_DAMAGED;
    }
    g->provisional = g->done + g->failed + g->damaged < g->results;
    g->rate = g->mean = g->low = g->high = g->best = NAN;
    g->best_run = -1;
    choose_rate(m, g);
    if (g->rates > 0)
        measure_seeds(m, g);
}

int sweep_groups(const struct sweep *s, const struct sweep_result *results, int count,
                 struct sweep_group *groups)
{
    int found = 0;
    int *group = calloc((size_t)count + 1, sizeof *group);
    struct members m = {.of = calloc((size_t)count + 1, sizeof *m.of)};
    if (!group || !m.of)
        found = ERR_MEMORY;
    for (int i = 0; i < count && found >= 0; i++) {
        group[i] = group_of(s, &results[i], groups, found);
        if (group[i] < found)
            continue;
        groups[found] = (struct sweep_group){0};
        memcpy(groups[found].contestant, results[i].contestant, NAME_TEXT);
        places(s, &results[i], groups[found++].place);
    }
    for (int g = 0; g < found; g++) {
        m.count = 0;
        for (int i = 0; i < count; i++)
            if (group[i] == g)
                m.of[m.count++] = &results[i];
        measure(&m, &groups[g]);
    }
    free(m.of);
    free(group);
    return found;
}
