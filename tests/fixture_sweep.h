/* A plausible sweep for tests of the view: a ladder of 4 by 5 levels, two contestants, half of it still
   to come. */
#ifndef HEED_TESTS_FIXTURE_SWEEP_H
#define HEED_TESTS_FIXTURE_SWEEP_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "core/sweep_table.h"

static const char fixture_sweep_text[] = "[race]\n"
                                         "cast = transformer-dpa,transformer-ea\n"
                                         "[task]\nkind = nt\n"
                                         "[sweep]\n"
                                         "task.base = 4 | 8 | 16 | 32\n"
                                         "task.tau = 2 | 5 | 9 | 15 | 2,5,9\n"
                                         "train.learning_rate = 0.003 | 0.01 | 0.03\n"
                                         "train.seed = 1..3\n";

/* Rows alone. */
static const char fixture_sweep_one[] = "[race]\n"
                                        "cast = transformer-dpa,transformer-ea\n"
                                        "[task]\nkind = nt\n"
                                        "[sweep]\n"
                                        "task.base = 4 | 8 | 16 | 32\n"
                                        "train.learning_rate = 0.003 | 0.01 | 0.03\n"
                                        "train.seed = 1..3\n";

/* A third setting is compared. */
static const char fixture_sweep_sets[] = "[race]\n"
                                         "cast = transformer-dpa,transformer-ea\n"
                                         "[task]\nkind = nt\n"
                                         "[sweep]\n"
                                         "task.base = 8 | 16\n"
                                         "task.tau = 2 | 2,5 | 2,5,9\n"
                                         "task.announce = yes | no\n"
                                         "train.learning_rate = 0.003 | 0.01 | 0.03\n"
                                         "train.seed = 1..3\n";

/* The result of contestant `who` of a run: worse with every level, waiting from the third row on; with
   a third setting .9 of its first value and .4 of the second, ea .1 less. */
static void fixture_result(const struct sweep *s, int run, int who, struct sweep_result *r)
{
    int last = s->axis_count - 1, rate = sweep_place(s, run, last - 1);
    int level = last == 4 ? 0 : 5 * sweep_place(s, run, 0) + (last == 3 ? sweep_place(s, run, 1) : 0);
    int seed = sweep_place(s, run, last);
    static const double rates[] = {0.003, 0.01, 0.03};
    double share = 1.25 - 0.05 * (level + 3 * who) - 0.1 * abs(rate - 1) - 0.02 * seed;
    if (last == 4)
        share = (sweep_place(s, run, 2) ? 0.4005 : 0.9005) - 0.1 * who;
    *r = (struct sweep_result){.run = run, .steps = 1500, .step = 1500, .seed = seed + 1,
                               .learning_rate = rates[rate], .seconds = 20};
    strcpy(r->contestant, who ? "transformer-ea" : "transformer-dpa");
    r->state = level < 11 ? SWEEP_DONE : level < 13 ? SWEEP_RUNNING : SWEEP_WAITING;
    if (level == 7 && who && rate == 2)
        r->state = SWEEP_FAILED;
    if (level < 12)
        r->acc = (struct score){(int64_t)(1024 * fmin(1, share)), 1024};
}

static struct sweep_picture *fixture_sweep(const char *text)
{
    struct sweep_picture *p = calloc(1, sizeof *p);
    struct failure why;
    if (!p || sweep_parse(&p->sweep, text, "fixture", &why) < 0)
        abort();
    plan_release(&p->sweep.base);
    int count = 2 * p->sweep.runs;
    struct sweep_result *results = calloc((size_t)count, sizeof *results);
    p->groups = calloc((size_t)count, sizeof *p->groups);
    if (!results || !p->groups)
        abort();
    for (int i = 0; i < count; i++)
        fixture_result(&p->sweep, i / 2, i % 2, &results[i]);
    p->serial = 1;
    p->ended = 99;
    p->running = 2;
    snprintf(p->folder, sizeof p->folder, "/home/ada/ladder");
    p->group_count = sweep_groups(&p->sweep, results, count, p->groups);
    free(results);
    return p;
}

static void fixture_sweep_free(struct sweep_picture *p)
{
    free(p->groups);
    free(p);
}

#endif
