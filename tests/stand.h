/* A session with its feed, for tests that look at it from outside. Include heed_test.h and scratch.h
   before. */
#ifndef HEED_TESTS_STAND_H
#define HEED_TESTS_STAND_H

#include "base/clock.h"
#include "train/session.h"

static inline void must(int code, const struct failure *why)
{
    if (code < 0)
        fail_msg("%s", why->text);
}

/* A small race; `extra` are assignments, ending with NULL. */
static inline void make_race(struct race_config *race, const char *const *extra)
{
    struct plan plan = {0};
    struct failure why;
    static const char *const common[] = {
        "task.context=16", "train.batch=4",  "train.eval_windows=8", "model.dim=8",
        "model.hidden=8",  "train.steps=40", "train.threads=1",      NULL};
    for (int i = 0; common[i]; i++)
        must(plan_add_flag(&plan, common[i], &why), &why);
    for (int i = 0; extra[i]; i++)
        must(plan_add_flag(&plan, extra[i], &why), &why);
    must(plan_build(&plan, race, &why), &why);
    must(race_resolve(race, &why), &why);
    plan_release(&plan);
}

/* A session with its feed. */
struct stand {
    struct feed feed;
    struct session *session;
};

static inline void stand_open(struct stand *t, const struct race_config *race,
                       const struct session_options *options)
{
    struct failure why;
    struct session_options o = *options;
    *t = (struct stand){0};
    o.race = race;
    o.kern = kern_best();
    must(feed_init(&t->feed, race, &why), &why);
    must(session_new(&t->session, &o, &t->feed, &why), &why);
    must(session_start(t->session, &why), &why);
}

static inline void stand_close(struct stand *t)
{
    struct failure why;
    must(session_stop(t->session, &why), &why);
    session_free(t->session);
    feed_release(&t->feed);
}

static inline const struct race_snapshot *newest(struct stand *t)
{
    bool fresh;
    return exchange_front(&t->feed.race, &fresh);
}

/* Until the session ends by itself; the picture it leaves. */
static inline const struct race_snapshot *wait_done(struct stand *t)
{
    for (int i = 0; i < 5000 && !session_done(t->session); i++)
        clock_sleep(0.002);
    assert_true(session_done(t->session));
    return newest(t);
}

static inline void train(const struct race_config *race, const char *folder, bool resume, int64_t until)
{
    static struct stand t; /* the threads of a test that fails go on with it */
    struct session_options o = {
        .mode = SESSION_TRAIN, .folder = folder, .resume = resume, .until = until};
    stand_open(&t, race, &o);
    wait_done(&t);
    stand_close(&t);
}

static inline int64_t saved_step(const char *folder, const char *contestant)
{
    char path[FSIO_PATH];
    struct checkpoint c;
    struct failure why;
    must(run_checkpoint_path(folder, contestant, path, &why), &why);
    must(checkpoint_read(&c, path, &why), &why);
    int64_t step = c.step;
    checkpoint_release(&c);
    return step;
}

/* Weight decay that multiplies the LSTM's weights by -99 at every step, until they overflow. */
static const char *const overflowing[] = {"race=lstm,mlp",
                                          "lstm.train.learning_rate=10",
                                          "lstm.train.decay=10",
                                          "lstm.train.clip=0",
                                          "lstm.train.warmup=0",
                                          "lstm.train.schedule=constant",
                                          NULL};

#endif
