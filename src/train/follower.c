/* The thread that follows a run through the files that another process writes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "base/clock.h"
#include "train/session_state.h"

static const double POLL_SECONDS = 0.2, QUIET_SECONDS = 10, LOOK_SECONDS = 1;

static double now_of(const struct session *s)
{
    return s->options.clock ? s->options.clock() : clock_now();
}

/* The file became shorter, as when a run is begun anew in its folder: it alone is the truth, and what
   its contestants were said to have done is forgotten. */
static void forget(struct session *s, int run)
{
    for (int i = 0; i < s->race->count; i++) {
        if (s->gathering.run[i] != run)
            continue;
        ledger_record(&s->ledger, i, &(struct record){.kind = RECORD_RESUME, .step = -1});
        s->ledger.now->contestants[i].step = 0;
    }
}

static void take_record(struct session *s, int run, const struct record *r)
{
    const struct gathering *g = &s->gathering;
    struct source *from = &s->sources[run];
    for (int i = 0; i < s->race->count; i++) {
        if (g->run[i] == run && strcmp(g->name[i], r->contestant) == 0)
            ledger_record(&s->ledger, i, r);
    }
    /* Runs side by side have lasted as long as the longest of them. */
    from->race_seconds = r->race_seconds;
    for (int other = 0; other < g->runs; other++) {
        if (s->sources[other].race_seconds > s->ledger.before)
            s->ledger.before = s->sources[other].race_seconds;
    }
}

int follow_records(struct session *s, int run)
{
    struct source *from = &s->sources[run];
    int count = 0;
    for (;;) {
        struct record r;
        struct failure why;
        int code = record_read(&from->reader, &s->race->task->alphabet, &r, &why);
        if (code < 0 && (code == ERR_INPUT || !from->unreadable))
            ledger_log(&s->ledger, "%s", why.text);
        if (code == ERR_INPUT && from->reader.line == 0)
            forget(s, run);
        from->unreadable = code < 0 && code != ERR_INPUT; /* said once */
        if (code == 0 || from->unreadable)
            return count;
        if (code > 0) {
            take_record(s, run, &r);
            count++;
        }
    }
}

/* Changes whenever the file is replaced. */
static int64_t file_stamp(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec + (int64_t)st->st_ino;
}

int follow_checkpoint(struct session *s, int i, struct failure *why)
{
    struct contestant *c = &s->race->contestants[i];
    char path[FSIO_PATH];
    struct stat st;
    int code = run_checkpoint_path(s->gathering.folder[s->gathering.run[i]],
                                   s->gathering.name[i], path, why);
    if (code < 0)
        return code;
    if (stat(path, &st) != 0)
        return errno == ENOENT ? 0 : fail_errno(why, "%s", path);
    if (file_stamp(&st) == s->checkpoint_stamp[i])
        return 0;
    struct checkpoint checkpoint;
    code = checkpoint_read(&checkpoint, path, why);
    if (code < 0)
        return code;
    weight_box_busy(&s->box);
    code = checkpoint_apply(&checkpoint, c->model, NULL, why);
    if (code == 0) {
        c->step = checkpoint.step;
        c->seconds = checkpoint.train_seconds;
        ledger_rate(&s->ledger, i, checkpoint.config.train.learning_rate);
        s->checkpoint_stamp[i] = file_stamp(&st);
    }
    weight_box_idle(&s->box);
    checkpoint_release(&checkpoint);
    return code < 0 ? code : 1;
}

/* Where a run stands, from what its file tells: as race_step. */
struct standing {
    int64_t step;
    bool finished, failed;
};

static struct standing standing_of(const struct session *s, int run)
{
    int64_t least = INT64_MAX, greatest = 0;
    for (int i = 0; i < s->race->count; i++) {
        const struct contestant_view *v = &s->ledger.now->contestants[i];
        if (s->gathering.run[i] != run)
            continue;
        if (!v->failed && v->step < least)
            least = v->step;
        if (v->step > greatest)
            greatest = v->step;
    }
    bool failed = least == INT64_MAX;
    int64_t step = failed ? greatest : least;
    return (struct standing){step, !failed && step >= s->gathering.steps[run], failed};
}

/* All runs together: the step of the one that has come least far and still goes on. */
static enum race_state told_state(const struct session *s, enum race_state going, int64_t *step)
{
    int over = 0, failed = 0, quiet = 0;
    int64_t least = INT64_MAX, greatest = 0;
    for (int run = 0; run < s->gathering.runs; run++) {
        struct standing now = standing_of(s, run);
        failed += now.failed;
        over += now.failed || now.finished;
        quiet += s->sources[run].quiet;
        if (!now.failed && !now.finished && now.step < least)
            least = now.step;
        if (now.step > greatest)
            greatest = now.step;
    }
    *step = least == INT64_MAX ? greatest : least;
    if (over == s->gathering.runs)
        return failed == over ? RACE_FAILED : RACE_FINISHED;
    return quiet > 0 && quiet == s->gathering.runs - over ? RACE_QUIET : going;
}

/* What a log line calls a run: of the only one its folder's own name is enough, and leaves a row of a
   small screen to the page. */
static const char *called(const struct session *s, int run)
{
    const char *folder = s->gathering.folder[run], *last = strrchr(folder, '/');
    return s->gathering.runs == 1 && last && last[1] ? last + 1 : folder;
}

/* Read what is new of one run, and tell once when it went quiet and when it speaks again. */
static void follow_run(struct session *s, int run)
{
    struct source *from = &s->sources[run];
    if (follow_records(s, run) > 0) {
        from->heard_at = now_of(s);
        if (from->quiet)
            ledger_log(&s->ledger, "%s: goes on", called(s, run));
        from->quiet = false;
    }
    struct standing now = standing_of(s, run);
    bool quiet =
        !now.failed && !now.finished && now_of(s) - from->heard_at > QUIET_SECONDS;
    if (quiet && !from->quiet)
        ledger_log(&s->ledger, "%s: no news for %.0f s: paused, stopped or killed",
                   called(s, run), QUIET_SECONDS);
    from->quiet = quiet;
    /* The speed of a run that may have stopped is not known. */
    for (int i = 0; quiet && i < s->race->count; i++) {
        if (s->gathering.run[i] == run)
            s->ledger.now->contestants[i].steps_per_second = 0;
    }
}

static void tell_silence(struct session *s)
{
    struct race_snapshot *now = s->ledger.now;
    now->quiet_runs = 0;
    now->quiet_seconds = 0;
    for (int run = 0; run < s->gathering.runs; run++) {
        double silent = now_of(s) - s->sources[run].heard_at;
        if (!s->sources[run].quiet)
            continue;
        now->quiet_runs++;
        if (silent > now->quiet_seconds)
            now->quiet_seconds = silent;
    }
}

static void follow(struct session *s)
{
    for (int run = 0; run < s->gathering.runs; run++)
        follow_run(s, run);
    tell_silence(s);
    for (int i = 0; i < s->race->count; i++) {
        struct failure why;
        if (follow_checkpoint(s, i, &why) < 0 && s->checkpoint_stamp[i] != -1) {
            ledger_log(&s->ledger, "%s", why.text);
            s->checkpoint_stamp[i] = -1; /* said once */
        }
    }
    int64_t step;
    enum race_state state = told_state(s, RACE_WATCHING, &step);
    if (state != s->ledger.now->state)
        ledger_state(&s->ledger, state);
    look_at_files(s, LOOK_SECONDS);
    ledger_publish(&s->ledger, s->feed, step, s->target, 0);
    /* Whoever sees that it is done finds the last picture. */
    atomic_store(&s->done, state == RACE_FINISHED || state == RACE_FAILED);
}

void *follower_main(void *session)
{
    struct session *s = session;
    bool watching = s->options.mode == SESSION_WATCH;
    for (int run = 0; run < s->gathering.runs; run++)
        s->sources[run].heard_at = now_of(s);
    if (!watching) {
        int64_t step;
        ledger_state(&s->ledger, told_state(s, RACE_STOPPED, &step));
        look_at_files(s, LOOK_SECONDS);
        ledger_publish(&s->ledger, s->feed, step, s->target, 0);
        atomic_store(&s->done, true);
    }
    for (;;) {
        struct command c;
        if (watching)
            follow(s);
        if (command_take(&s->feed->to_trainer, &c, watching ? POLL_SECONDS : 3600) &&
            c.kind == COMMAND_QUIT)
            return NULL;
    }
}
