#include "train/session.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/thread.h"
#include "train/session_state.h"

/* Weights, optimiser and position of contestant i from its checkpoint. None yet: it begins anew. */
static int resume_contestant(struct session *s, int i, struct failure *why)
{
    struct contestant *c = &s->race->contestants[i];
    char path[FSIO_PATH];
    int code = run_checkpoint_path(s->folder, c->name, path, why);
    if (code < 0)
        return code;
    if (!fsio_is_file(path)) {
        ledger_log(&s->ledger, "%s has no checkpoint: it begins at step 0", c->name);
        return 0;
    }
    struct checkpoint checkpoint;
    code = checkpoint_read(&checkpoint, path, why);
    if (code < 0)
        return code;
    code = checkpoint_apply(&checkpoint, c->model, &c->optim, why);
    if (code == 0) {
        c->step = checkpoint.step;
        c->seconds = checkpoint.train_seconds;
        /* A rate that was changed during the run stays changed. */
        c->model->config.train.learning_rate = checkpoint.config.train.learning_rate;
        ledger_rate(&s->ledger, i, checkpoint.config.train.learning_rate);
        if (strcmp(checkpoint.isa, s->race->kern->name) != 0)
            ledger_log(&s->ledger, "%s was trained with %s and goes on with %s: other bits", c->name,
                       checkpoint.isa, s->race->kern->name);
    }
    checkpoint_release(&checkpoint);
    return code;
}

/* Whoever stopped for good before stays so: with the same settings the same would come of it. */
static void stay_stopped(struct session *s, int i)
{
    const struct contestant_view *v = &s->ledger.now->contestants[i];
    struct contestant *c = &s->race->contestants[i];
    c->failed = v->failed;
    text_copy(c->failure, sizeof c->failure, v->failure);
}

static int note_resume(struct session *s, int i, struct failure *why)
{
    const struct contestant *c = &s->race->contestants[i];
    struct record r = {.kind = RECORD_RESUME,
                       .step = c->step,
                       .seconds = c->seconds,
                       .race_seconds = s->ledger.before};
    text_copy(r.contestant, sizeof r.contestant, c->name);
    ledger_record(&s->ledger, i, &r);
    return run_append(&s->run, &r, &s->race->task->alphabet, why);
}

static int open_for_training(struct session *s, struct failure *why)
{
    if (s->options.no_files)
        return 0;
    int code = s->options.resume ? run_open(&s->run, s->options.folder, why)
                                 : run_create(&s->run, s->options.folder, &s->config, why);
    if (code < 0)
        return code;
    s->has_run = true;
    text_copy(s->folder, sizeof s->folder, s->run.folder);
    return s->options.resume ? 0 : task_keep_file(s->race->task, s->run.folder, why);
}

static int resume(struct session *s, struct failure *why)
{
    int code = 0;
    for (int i = 0; i < s->race->count && code == 0; i++)
        code = resume_contestant(s, i, why);
    if (code == 0)
        code = record_reader_init(&s->sources[0].reader, s->folder, why);
    if (code == 0)
        follow_records(s, 0);
    for (int i = 0; i < s->race->count && code == 0; i++) {
        stay_stopped(s, i);
        code = s->race->contestants[i].failed ? 0 : note_resume(s, i, why);
    }
    s->saved_step = race_step(s->race);
    if (s->target < s->saved_step)
        s->target = s->saved_step;
    return code;
}

/* A finished, interrupted or running race that another process trains or trained. A checkpoint that
   cannot be read is told of and keeps nobody from the others. */
static int open_for_reading(struct session *s, struct failure *why)
{
    int loaded = 0, bad = 0, code;
    for (int i = 0; i < s->race->count; i++)
        s->race->contestants[i].step = -1; /* no weights yet */
    for (int run = 0; run < s->gathering.runs; run++) {
        code = record_reader_init(&s->sources[run].reader, s->gathering.folder[run], why);
        if (code < 0)
            return code;
        follow_records(s, run);
    }
    for (int i = 0; i < s->race->count; i++) {
        struct failure torn;
        code = follow_checkpoint(s, i, &torn);
        loaded += code > 0;
        if (code >= 0)
            continue;
        ledger_failure(&s->ledger, i, torn.text);
        s->checkpoint_stamp[i] = -1; /* said once */
        if (bad++ == 0)
            *why = torn;
    }
    if (loaded == 0 && bad > 0)
        return why->code;
    if (loaded == 0 && s->options.mode == SESSION_STEP)
        return fail(why, ERR_INPUT, "%s: holds no checkpoint yet: train it with `heed train %s --resume`",
                    s->folder, s->folder);
    return 0;
}

/* What is read: the runs that were given, or the one in s->folder. */
static void gather(struct session *s)
{
    struct gathering *g = &s->gathering;
    if (s->options.gathering) {
        struct text folders = {0};
        *g = *s->options.gathering;
        for (int run = 0; run < g->runs; run++)
            text_addf(&folders, "%s%s", run ? ", " : "", g->folder[run]);
        text_copy(s->folder, sizeof s->folder, text_string(&folders));
        text_release(&folders);
        for (int run = 0; run < g->runs; run++)
            s->target = g->steps[run] > s->target ? g->steps[run] : s->target;
        return;
    }
    *g = (struct gathering){.runs = 1, .folder = {s->folder}, .steps = {s->target}};
    for (int i = 0; i < s->config.count; i++)
        text_copy(g->name[i], NAME_TEXT, s->config.names[i]);
}

static int build(struct session *s, struct failure *why)
{
    bool training = s->options.mode == SESSION_TRAIN;
    int code = race_new(&s->race, &s->config, s->options.kern, training, why);
    if (code == 0)
        s->config = s->race->config; /* with the digest of the task's file */
    if (code == 0 && training)
        code = open_for_training(s, why);
    if (code == 0 && !training)
        text_copy(s->folder, sizeof s->folder, s->options.folder ? s->options.folder : "");
    if (code == 0)
        gather(s);
    if (code == 0)
        code = ledger_init(&s->ledger, s->race, s->folder, why);
    if (code == 0)
        s->ledger.now->number = s->options.number;
    if (code == 0 && training)
        s->ledger.now->threads = team_size(s->race->team);
    if (code == 0 && weight_box_init(&s->box, s->race) < 0)
        code = fail(why, ERR_MEMORY, "no memory for the weights that are looked at");
    if (code == 0 && s->options.resume && s->has_run)
        code = resume(s, why);
    if (code == 0 && !training)
        code = open_for_reading(s, why);
    if (code == 0 && !s->options.unwatched && s->race->task->pixels)
        code = artist_new(&s->artist, s->race, s->options.number, &s->box, s->feed, why);
    else if (code == 0 && !s->options.unwatched)
        code = prober_new(&s->prober, s->race, s->options.number, &s->box, &s->gathering,
                          s->feed, why);
    return code;
}

int session_new(struct session **out, const struct session_options *options, struct feed *feed,
                struct failure *why)
{
    struct session *s = calloc(1, sizeof *s);
    if (!s)
        return fail(why, ERR_MEMORY, "no memory for a session");
    s->options = *options;
    s->config = *options->race;
    s->options.race = &s->config;
    s->feed = feed;
    s->saved_step = -1;
    int64_t steps = s->config.contestants[0].train.steps;
    s->target = options->until >= 0 && options->until < steps ? options->until : steps;
    atomic_init(&s->done, false);
    atomic_init(&s->kept, 0);
    int code = build(s, why);
    if (code < 0) {
        session_discard(s);
        return code;
    }
    ledger_log(&s->ledger, "%s kernels, %d thread%s", s->race->kern->name, team_size(s->race->team),
               team_size(s->race->team) == 1 ? "" : "s");
    *out = s;
    return 0;
}

int session_start(struct session *s, struct failure *why)
{
    int code = s->prober ? prober_start(s->prober, why) : 0;
    if (code == 0 && s->artist)
        code = artist_start(s->artist, why);
    if (code < 0)
        return code;
    sigset_t old;
    thread_block_signals(&old);
    bool trains = s->options.mode == SESSION_TRAIN;
    int failed = pthread_create(&s->worker, NULL, trains ? trainer_main : follower_main, s);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (failed)
        return fail(why, ERR_IO, "the system gives no thread for training");
    s->started = true;
    return 0;
}

int session_keep(struct session *s, struct failure *why)
{
    if (!s->started || s->options.mode != SESSION_TRAIN || !s->has_run)
        return 0;
    atomic_store(&s->kept, 0);
    while (!command_send(&s->feed->to_trainer, (struct command){.kind = COMMAND_KEEP}))
        clock_sleep(0.001);
    while (atomic_load(&s->kept) == 0)
        clock_sleep(0.002);
    if (atomic_load(&s->kept) > 0)
        return 0;
    return fail(why, s->keep_failure.code, "%s", s->keep_failure.text);
}

int session_stop(struct session *s, struct failure *why)
{
    if (s->started) {
        while (!command_send(&s->feed->to_trainer, (struct command){.kind = COMMAND_QUIT}))
            clock_sleep(0.001);
        pthread_join(s->worker, NULL);
        s->started = false;
    }
    prober_free(s->prober);
    artist_free(s->artist);
    s->prober = NULL;
    s->artist = NULL;
    if (s->save_failure.code)
        return fail(why, s->save_failure.code, "%s", s->save_failure.text);
    return 0;
}

void session_free(struct session *s)
{
    if (!s)
        return;
    session_stop(s, NULL);
    if (s->has_run)
        run_close(&s->run);
    for (int run = 0; run < MAX_CONTESTANTS; run++)
        record_reader_release(&s->sources[run].reader);
    weight_box_release(&s->box);
    ledger_release(&s->ledger);
    race_free(s->race);
    free(s);
}

void session_discard(struct session *s)
{
    bool made = s->has_run && !s->options.resume;
    if (made) {
        const struct task_ops *task = s->race->task->ops;
        const char *const copies[] = {task->copy, task->labels_copy, NULL};
        run_remove_empty(&s->run, &s->config, copies);
    }
    session_free(s);
}

bool session_done(const struct session *s)
{
    return atomic_load(&s->done);
}

const char *session_folder(const struct session *s)
{
    return s->folder;
}
