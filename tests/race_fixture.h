/* A small race for tests. */
#ifndef HEED_TESTS_RACE_FIXTURE_H
#define HEED_TESTS_RACE_FIXTURE_H

#include <stdio.h>
#include "train/race.h"

static inline void must(int code, const struct failure *why)
{
    if (code < 0)
        fail_msg("%s", why->text);
}

/* A small race; `extra` are assignments, ending with NULL. */
static inline void make_race_config(struct race_config *race, int threads, const char *const *extra)
{
    struct plan plan = {0};
    struct failure why;
    char flag[64];
    snprintf(flag, sizeof flag, "train.threads=%d", threads);
    const char *const common[] = {"task.context=16", "train.batch=8",    "train.eval_windows=64",
                                  "model.dim=16",    "model.hidden=32",  "train.warmup=5",
                                  "train.steps=300", flag,               NULL};
    for (int i = 0; common[i]; i++)
        must(plan_add_flag(&plan, common[i], &why), &why);
    for (int i = 0; extra && extra[i]; i++)
        must(plan_add_flag(&plan, extra[i], &why), &why);
    must(plan_build(&plan, race, &why), &why);
    must(race_resolve(race, &why), &why);
    plan_release(&plan);
}

static inline struct race *make_race(int threads, const char *const *extra)
{
    struct race_config config;
    struct race *race;
    struct failure why;
    make_race_config(&config, threads, extra);
    must(race_new(&race, &config, kern_best(), true, &why), &why);
    return race;
}

#endif
