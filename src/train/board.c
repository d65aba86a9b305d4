#include "train/board.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "train/race.h"

int board_run_folder(const struct board *b, int run, char out[FSIO_PATH], struct failure *why)
{
    char name[SWEEP_NAME];
    sweep_run_name(&b->sweep, run, name);
    return fsio_join(out, b->folder, name, why);
}

int board_race(const struct board *b, int run, struct race_config *race, struct failure *why)
{
    char name[SWEEP_NAME];
    struct failure cause;
    int code = sweep_race(&b->sweep, run, race, &cause);
    if (code == 0)
        code = race_resolve(race, &cause);
    sweep_run_name(&b->sweep, run, name);
    return code < 0 ? fail(why, code, "%s: %s", name, cause.text) : 0;
}

static int add_results(struct board *b, int run, const struct race_config *race, struct failure *why)
{
    struct sweep_result *more =
        realloc(b->results, (size_t)(b->count + race->count) * sizeof *more);
    if (!more)
        return fail(why, ERR_MEMORY, "%s: no memory for the sweep's results", b->folder);
    b->results = more;
    b->first[run] = b->count;
    for (int i = 0; i < race->count; i++) {
        const struct config *c = &race->contestants[i];
        struct sweep_result *r = &b->results[b->count++];
        *r = (struct sweep_result){.run = run,
                                   .steps = c->train.steps,
                                   .seed = c->train.seed,
                                   .learning_rate = c->train.learning_rate,
                                   .loss = NAN,
                                   .seconds = NAN};
        text_copy(r->contestant, sizeof r->contestant, race->names[i]);
        text_copy(r->model, sizeof r->model, c->model.kind);
        if (cast_has_attention(c->model.kind))
            text_copy(r->attention, sizeof r->attention, c->attn.kind);
    }
    b->first[run + 1] = b->count;
    return 0;
}

/* Whether the task can be built: its rules, its window. */
static int check_task(const struct race_config *race, const char *name, struct failure *why)
{
    struct failure cause;
    struct task *task = NULL;
    int code = task_new(&task, &race->contestants[0], &cause);
    task_free(task);
    return code < 0 ? fail(why, code, "%s: %s", name, cause.text) : 0;
}

int board_open(struct board *b, struct sweep *sweep, const char *folder, struct failure *why)
{
    *b = (struct board){.sweep = *sweep};
    *sweep = (struct sweep){0};
    struct race_config *race = calloc(1, sizeof *race);
    b->first = calloc((size_t)b->sweep.runs + 1, sizeof *b->first);
    int code = race && b->first ? 0 : fail(why, ERR_MEMORY, "%s: no memory for a sweep", folder);
    if (code == 0 && !text_copy(b->folder, sizeof b->folder, folder))
        code = fail(why, ERR_USAGE, "%s: the folder's name is too long", folder);
    for (int run = 0; run < b->sweep.runs && code == 0; run++) {
        char name[SWEEP_NAME];
        sweep_run_name(&b->sweep, run, name);
        code = board_race(b, run, race, why);
        if (code == 0)
            code = check_task(race, name, why);
        if (code == 0)
            code = add_results(b, run, race, why);
    }
    free(race);
    if (code < 0)
        board_release(b);
    return code;
}

int board_read(struct board *b, const char *folder, struct failure *why)
{
    struct sweep *sweep = calloc(1, sizeof *sweep);
    if (!sweep)
        return fail(why, ERR_MEMORY, "%s: no memory for a sweep", folder);
    int code = sweep_read(folder, sweep, why);
    if (code == 0)
        code = board_open(b, sweep, folder, why);
    free(sweep);
    return code;
}

void board_release(struct board *b)
{
    sweep_release(&b->sweep);
    free(b->results);
    free(b->first);
    *b = (struct board){0};
}

bool board_run_ended(const struct board *b, int run)
{
    for (int i = b->first[run]; i < b->first[run + 1]; i++)
        if (b->results[i].state != SWEEP_DONE && b->results[i].state != SWEEP_FAILED)
            return false;
    return true;
}

int board_ended(const struct board *b)
{
    int ended = 0;
    for (int run = 0; run < b->sweep.runs; run++)
        ended += board_run_ended(b, run);
    return ended;
}

int board_damaged(const struct board *b)
{
    int damaged = 0;
    for (int run = 0; run < b->sweep.runs; run++)
        damaged += b->results[b->first[run]].state == SWEEP_DAMAGED;
    return damaged;
}

static int refresh_run(struct board *b, int run, struct failure *why)
{
    struct sweep_result *results = &b->results[b->first[run]];
    int count = b->first[run + 1] - b->first[run];
    char folder[FSIO_PATH];
    int code = board_run_folder(b, run, folder, why);
    if (code == 0)
        code = sweep_read_result(folder, results, count, why);
    if (code == 0)
        code = sweep_peek(folder, results, count, why);
    for (int i = 0; i < count && code < 0; i++) {
        results[i].state = SWEEP_DAMAGED;
        results[i].acc = (struct score){0};
    }
    return code < 0 ? code : 0;
}

int board_refresh(struct board *b, struct failure *why)
{
    struct failure first = {0}, one;
    for (int run = 0; run < b->sweep.runs; run++)
        if (!board_run_ended(b, run) && refresh_run(b, run, &one) < 0 && !first.code)
            first = one;
    if (first.code && why)
        *why = first;
    return first.code;
}
