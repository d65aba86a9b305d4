/* The thread that follows a run through the files that another process writes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "base/clock.h"
#include "train/session_state.h"

static const double POLL_SECONDS = 0.2, QUIET_SECONDS = 10;

int follow_records(struct session *s)
{
    int count = 0;
    for (;;) {
        struct record r;
        struct failure why;
        int code = record_read(&s->reader, &s->race->task->alphabet, &r, &why);
        if (code < 0 && (code == ERR_INPUT || !s->unreadable))
            ledger_log(&s->ledger, "%s", why.text);
        s->unreadable = code < 0 && code != ERR_INPUT;
        if (code == 0 || s->unreadable)
            return count;
        if (code < 0)
            continue;
        for (int i = 0; i < s->race->count; i++) {
            if (strcmp(s->race->contestants[i].name, r.contestant) == 0)
                ledger_record(&s->ledger, i, &r);
        }
        count++;
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
    int code = run_checkpoint_path(s->folder, c->name, path, why);
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

/* As race_step, from what the file tells. */
static int64_t told_step(const struct ledger *l)
{
    int64_t least = INT64_MAX, greatest = 0;
    for (int i = 0; i < l->now->count; i++) {
        const struct contestant_view *v = &l->now->contestants[i];
        if (!v->failed && v->step < least)
            least = v->step;
        if (v->step > greatest)
            greatest = v->step;
    }
    return least == INT64_MAX ? greatest : least;
}

static bool told_all_failed(const struct ledger *l)
{
    int failed = 0;
    for (int i = 0; i < l->now->count; i++)
        failed += l->now->contestants[i].failed;
    return failed == l->now->count;
}

static void follow(struct session *s)
{
    if (follow_records(s) > 0)
        s->heard_at = clock_now();
    for (int i = 0; i < s->race->count; i++) {
        struct failure why;
        if (follow_checkpoint(s, i, &why) < 0 && s->checkpoint_stamp[i] != -1) {
            ledger_log(&s->ledger, "%s", why.text);
            s->checkpoint_stamp[i] = -1; /* said once */
        }
    }
    int64_t step = told_step(&s->ledger);
    enum race_state state = RACE_WATCHING;
    if (told_all_failed(&s->ledger))
        state = RACE_FAILED;
    else if (step >= s->target)
        state = RACE_FINISHED;
    else if (clock_now() - s->heard_at > QUIET_SECONDS)
        state = RACE_QUIET;
    if (state != s->ledger.now->state) {
        if (state == RACE_QUIET)
            ledger_log(&s->ledger, "no news for %.0f s: paused, stopped or killed", QUIET_SECONDS);
        ledger_state(&s->ledger, state);
    }
    atomic_store(&s->done, state == RACE_FINISHED || state == RACE_FAILED);
    ledger_publish(&s->ledger, s->feed, step, s->target, 0);
}

void *follower_main(void *session)
{
    struct session *s = session;
    bool watching = s->options.mode == SESSION_WATCH;
    s->heard_at = clock_now();
    if (!watching) {
        int64_t step = told_step(&s->ledger);
        ledger_state(&s->ledger, told_all_failed(&s->ledger) ? RACE_FAILED
                                 : step >= s->target         ? RACE_FINISHED
                                                             : RACE_STOPPED);
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
