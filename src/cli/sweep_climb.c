#include "cli/sweep_climb.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/report.h"
#include "cli/stage.h"
#include "cli/sweep_report.h"
#include "cli/target.h"
#include "cli/wait.h"

/* A run that is being trained. */
struct job {
    struct stage stage;
    int run; /* -1: none */
};

struct climber {
    struct board *board;
    const struct climb_options *options;
    struct job *jobs;
    int job_count;
    int next;         /* the first run that was not looked at yet */
    int of;           /* runs of this shard */
    bool bar;         /* standard error is a terminal */
};

static bool is_ours(const struct climber *c, int run)
{
    return run % c->options->shards == c->options->shard;
}

static bool has_run(const char *folder)
{
    char path[FSIO_PATH];
    return fsio_join(path, folder, "config.ini", NULL) == 0 && fsio_is_file(path);
}

/* --- before the start ------------------------------------------------------------------------ */

/* Runs that are there must be the ones of this sweep. */
static int check_folders(const struct board *b, struct failure *why)
{
    struct race_config *race = calloc(1, sizeof *race);
    char folder[FSIO_PATH];
    struct failure cause;
    int rc = race ? 0 : fail(why, ERR_MEMORY, "out of memory");

    for (int run = 0; run < b->sweep.runs && rc == 0; run++) {
        if ((rc = board_run_folder(b, run, folder, why)) < 0 || !has_run(folder))
            continue;
        rc = board_race(b, run, race, why);
        if (rc == 0 && target_check_resume(race, folder, &cause) < 0)
            rc = fail(why, cause.code,
                      "%s: is of another sweep: %.300s, or sweep into another folder", folder,
                      cause.text);
    }
    free(race);
    return rc;
}

static bool holds_text(const char *path, const char *text)
{
    char *data;
    size_t size;
    bool same;

    if (!fsio_is_file(path) || fsio_read(path, SWEEP_FILE_LIMIT, &data, &size, NULL) < 0)
        return false;
    same = size == strlen(text) && memcmp(data, text, size) == 0;
    free(data);
    return same;
}

/* Shards begin together: each in its turn, and what stands there already is left alone. */
static int write_sweep(const struct board *b, const char *text, struct failure *why)
{
    char path[FSIO_PATH];
    int lock, rc = fsio_make_folder(b->folder, why);

    if (rc == 0)
        rc = fsio_join(path, b->folder, SWEEP_FILE, why);
    if (rc < 0)
        return rc;
    if ((lock = sweep_lock(b->folder, why)) < 0)
        return lock;
    if (!holds_text(path, text))
        rc = fsio_replace(path, text, strlen(text), why);
    sweep_unlock(lock);
    return rc;
}

/* Another process may have ended other runs meanwhile: the table tells of all. */
static int write_table(struct climber *c, struct failure *why)
{
    struct board *b = c->board;
    int lock = sweep_lock(b->folder, why), rc;

    if (lock < 0)
        return lock;
    rc = board_refresh(b, why);
    if (rc == 0)
        rc = sweep_write_table(b->folder, &b->sweep, b->results, b->count, why);
    sweep_unlock(lock);
    return rc;
}

/* --- one run --------------------------------------------------------------------------------- */

static int begin(struct climber *c, struct job *job, int run, struct failure *why)
{
    char folder[FSIO_PATH];
    struct session_options o = {.mode = SESSION_TRAIN, .unwatched = true, .until = -1};
    int rc = board_run_folder(c->board, run, folder, why);

    job->stage = (struct stage){0};
    if (rc == 0)
        rc = board_race(c->board, run, &job->stage.race, why);
    if (rc < 0)
        return rc;
    for (int i = 0; i < job->stage.race.count; i++)
        job->stage.race.contestants[i].train.threads = (int)c->options->args->threads;
    o.folder = folder;
    o.resume = has_run(folder);
    job->run = run;
    if ((rc = stage_open(&job->stage, c->options->args, &o, why)) == 0)
        rc = stage_start(&job->stage, why);
    return rc;
}

/* What a run has reached, from the last picture of its race. */
static void collect(const struct race_snapshot *race, struct sweep_result *results, int count)
{
    for (int i = 0; i < count && i < race->count; i++) {
        const struct contestant_view *v = &race->contestants[i];
        struct sweep_result *r = &results[i];
        r->state = v->failed ? SWEEP_FAILED : SWEEP_DONE;
        r->step = v->step;
        r->parameters = v->parameters;
        r->windows = v->eval.valid ? v->eval.windows : 0;
        r->loss = v->eval.valid ? v->eval.loss : NAN;
        r->acc = v->eval.valid ? v->eval.acc : (struct score){0};
        r->seconds = v->train_seconds;
        r->subtasks = v->eval.valid ? race->alphabet.subtasks : 0;
        for (int k = 0; k < r->subtasks; k++) {
            text_copy(r->subtask[k], SYMBOL_TEXT, race->alphabet.name[race->alphabet.control_id[k]]);
            r->subtask_acc[k] = v->eval.subtask[k];
        }
    }
}

static int end(struct climber *c, struct job *job, struct failure *why)
{
    struct board *b = c->board;
    int first = b->first[job->run], count = b->first[job->run + 1] - first;
    char folder[FSIO_PATH];
    int rc = stage_stop(&job->stage, why);

    if (rc == 0)
        rc = board_run_folder(b, job->run, folder, why);
    if (rc == 0) {
        collect(stage_race(&job->stage, NULL), &b->results[first], count);
        rc = sweep_write_result(folder, &b->results[first], count, why);
    }
    if (rc == 0)
        rc = write_table(c, why);
    if (rc == 0) {
        struct text line = {0};
        sweep_report_run(b, job->run, &line);
        fprintf(stderr, "%s%s", c->bar ? "\r\033[K" : "", text_string(&line));
        text_release(&line);
    }
    stage_close(&job->stage);
    job->run = -1;
    return rc;
}

/* --- all of them ----------------------------------------------------------------------------- */

/* Give idle places the next runs; returns how many are at work, or a failure. */
static int keep_busy(struct climber *c, struct failure *why)
{
    int working = 0, rc = 0;

    for (int i = 0; i < c->job_count; i++) {
        struct job *job = &c->jobs[i];
        if (job->run >= 0 && session_done(job->stage.session) && (rc = end(c, job, why)) < 0)
            return rc;
        while (job->run < 0 && c->next < c->board->sweep.runs) {
            int run = c->next++;
            if (!is_ours(c, run) || board_run_ended(c->board, run))
                continue;
            if ((rc = begin(c, job, run, why)) < 0)
                return rc;
        }
        working += job->run >= 0;
    }
    return working;
}

static int ended_of_ours(const struct climber *c)
{
    int ended = 0;

    for (int run = 0; run < c->board->sweep.runs; run++)
        ended += is_ours(c, run) && board_run_ended(c->board, run);
    return ended;
}

static void show_bar(const struct climber *c)
{
    struct text t = {0};

    text_addf(&t, "%d of %d runs ended", ended_of_ours(c), c->of);
    for (int i = 0; i < c->job_count; i++) {
        const struct race_snapshot *race =
            c->jobs[i].run >= 0 ? stage_race(&c->jobs[i].stage, NULL) : NULL;
        if (race && race->steps > 0)
            text_addf(&t, "  %d %%", (int)(100 * race->step / race->steps));
    }
    fprintf(stderr, "\r%.79s\033[K", text_string(&t));
    fflush(stderr);
    text_release(&t);
}

/* Until every run has ended (0), a signal comes (its number), or something fails. */
static int work(struct climber *c, const struct ending *ending, struct failure *why)
{
    int working, signal = 0;

    while (!signal && (working = keep_busy(c, why)) != 0) {
        if (working < 0)
            return working;
        signal = ending_wait(ending, 0.05);
        if (c->bar)
            show_bar(c);
    }
    if (c->bar)
        fprintf(stderr, "\r\033[K");
    return signal;
}

/* After a signal or a failure: checkpoints of what is being trained. */
static int stop_all(struct climber *c, struct failure *why)
{
    int rc = 0;

    for (int i = 0; i < c->job_count; i++) {
        struct failure unsaved;
        if (c->jobs[i].run < 0)
            continue;
        if (stage_stop(&c->jobs[i].stage, &unsaved) < 0 && rc == 0) {
            *why = unsaved;
            rc = unsaved.code;
        }
        stage_close(&c->jobs[i].stage);
        c->jobs[i].run = -1;
    }
    return rc;
}

static int finish(struct climber *c, struct failure *why)
{
    struct text out = {0};
    int ended = ended_of_ours(c), rc = write_table(c, why);

    if (rc == 0) {
        rc = sweep_report(c->board, c->options->args->json, &out, why);
        if (rc == 0)
            rc = out_text(&out, why);
        text_release(&out);
    }
    if (rc == 0 && ended < c->of)
        fprintf(stderr, "%d of %d runs ended: the same command goes on\n", ended, c->of);
    return rc;
}

int climb(struct board *board, const char *text, const struct climb_options *o, struct failure *why)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    struct climber c = {.board = board, .options = o, .bar = isatty(STDERR_FILENO)};
    struct ending ending;
    int rc, signal = 0, unsaved;

    for (int run = 0; run < board->sweep.runs; run++)
        c.of += is_ours(&c, run);
    c.job_count = o->jobs ? o->jobs : cores < 1 ? 1 : cores > 64 ? 64 : (int)cores;
    c.job_count = c.job_count > c.of && c.of > 0 ? c.of : c.job_count;
    if ((rc = check_folders(board, why)) < 0 || (rc = write_sweep(board, text, why)) < 0 ||
        (rc = board_refresh(board, why)) < 0)
        return rc;
    if (!(c.jobs = calloc((size_t)c.job_count, sizeof *c.jobs)))
        return fail(why, ERR_MEMORY, "out of memory");
    for (int i = 0; i < c.job_count; i++)
        c.jobs[i].run = -1;
    ending_block(&ending);
    rc = work(&c, &ending, why);
    signal = rc > 0 ? rc : 0;
    unsaved = stop_all(&c, rc < 0 ? NULL : why);
    ending_restore(&ending);
    rc = rc < 0 ? rc : unsaved;
    if (rc == 0)
        rc = finish(&c, why);
    free(c.jobs);
    return rc < 0 ? rc : signal ? EXIT_BY_SIGNAL + signal : 0;
}
