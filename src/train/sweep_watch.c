#include "train/sweep_watch.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/thread.h"

static const double LOOK_SECONDS = 1, QUIET_SECONDS = 30, NAP_SECONDS = 0.05;

static void fill(struct sweep_watch *w, struct sweep_picture *p, const struct failure *why)
{
    const struct board *b = &w->board;
    int64_t steps = 0;
    p->serial = ++w->serial;
    text_copy(p->folder, sizeof p->folder, b->folder);
    p->sweep = b->sweep;
    p->sweep.base = (struct plan){0};
    p->ended = board_ended(b);
    p->running = 0;
    for (int run = 0; run < b->sweep.runs; run++)
        p->running += b->results[b->first[run]].state == SWEEP_RUNNING;
    for (int i = 0; i < b->count; i++)
        steps += b->results[i].step;
    if (steps != w->steps)
        w->heard = clock_now();
    w->steps = steps;
    p->quiet = clock_now() - w->heard > QUIET_SECONDS;
    text_copy(p->message, sizeof p->message, why->code ? why->text : "");
    int count = sweep_groups(&b->sweep, b->results, b->count, p->groups);
    p->group_count = count > 0 ? count : 0;
}

void sweep_watch_look(struct sweep_watch *w)
{
    struct failure why = {0};
    if (board_refresh(&w->board, &why) == 0)
        why.code = 0;
    fill(w, exchange_back(&w->pictures), &why);
    exchange_publish(&w->pictures);
}

int sweep_watch_open(struct sweep_watch *w, const char *folder, struct failure *why)
{
    *w = (struct sweep_watch){0};
    int code = board_read(&w->board, folder, why);
    if (code < 0)
        return code;
    for (int i = 0; i < 3 && code == 0; i++) {
        w->slots[i] = calloc(1, sizeof **w->slots);
        if (w->slots[i])
            w->slots[i]->groups = calloc((size_t)w->board.count + 1, sizeof(struct sweep_group));
        if (!w->slots[i] || !w->slots[i]->groups)
            code = fail(why, ERR_MEMORY, "%s: no memory for pictures of a sweep", folder);
    }
    if (code < 0) {
        sweep_watch_close(w);
        return code;
    }
    w->heard = clock_now();
    atomic_init(&w->ending, false);
    exchange_init(&w->pictures, w->slots[0], w->slots[1], w->slots[2], -1);
    sweep_watch_look(w);
    return 0;
}

static void *body(void *arg)
{
    struct sweep_watch *w = arg;
    double looked = clock_now();
    while (!atomic_load(&w->ending)) {
        clock_sleep(NAP_SECONDS);
        if (clock_now() - looked < LOOK_SECONDS)
            continue;
        sweep_watch_look(w);
        looked = clock_now();
    }
    return NULL;
}

int sweep_watch_start(struct sweep_watch *w, struct failure *why)
{
    sigset_t old;
    thread_block_signals(&old);
    int failed = pthread_create(&w->thread, NULL, body, w);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (failed)
        return fail(why, ERR_IO, "the system gives no thread to follow the sweep");
    w->started = true;
    return 0;
}

void sweep_watch_close(struct sweep_watch *w)
{
    if (w->started) {
        atomic_store(&w->ending, true);
        pthread_join(w->thread, NULL);
    }
    for (int i = 0; i < 3; i++) {
        if (w->slots[i])
            free(w->slots[i]->groups);
        free(w->slots[i]);
    }
    board_release(&w->board);
    *w = (struct sweep_watch){0};
}
