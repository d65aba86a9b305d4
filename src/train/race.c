#include "train/race.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"

/* A name says which model and attention it stands for: settings of its own must not say otherwise. */
static int check_name(const struct config *config, const char *name, struct failure *why)
{
    char word[NAME_TEXT], model[KIND_TEXT], attention[KIND_TEXT];
    const struct attn_ops *attn;
    cast_word(name, word);
    if (cast_split(word, model, attention, NULL) < 0)
        return 0; /* "<run>/<name>", of several runs side by side */
    if (strcmp(model, config->model.kind) != 0)
        return fail(why, ERR_USAGE,
                    "%s: model.kind: %s contradicts the name: name another contestant in race", name,
                    config->model.kind);
    if (attention[0] && attn_by_name(attention, &attn, NULL) == 0 &&
        strcmp(attn->name, config->attn.kind) != 0)
        return fail(why, ERR_USAGE,
                    "%s: attn.kind: %s contradicts the name: write %s-%s in race instead", name,
                    config->attn.kind, model, config->attn.kind);
    return 0;
}

static int resolve_one(struct config *config, const char *name, int cores, struct failure *why)
{
    struct failure cause;
    int code = task_resolve(config, why);
    if (code < 0)
        return code;
    if (model_resolve(config, &cause) < 0)
        return fail(why, cause.code, "%s: %s", name, cause.text);
    const struct model_ops *model;
    bool shows_images = strcmp(config->task.kind, "images") == 0;
    if (model_by_name(config->model.kind, &model, &cause) < 0)
        return fail(why, cause.code, "%s: %s", name, cause.text);
    if (model->reads_images && !shows_images)
        return fail(why, ERR_USAGE, "%s: model.kind: %s reads images, task %s has symbols: choose "
                    "task.kind = images, or another model", name, model->name, config->task.kind);
    if (shows_images && !model->reads_images)
        return fail(why, ERR_USAGE, "%s: model.kind: %s reads symbols, task images has none: choose "
                    "uvit, or race.cast = uvit-dpa,uvit-cog", name, model->name);
    if (config->train.threads == SETTING_AUTO)
        config->train.threads = cores;
    return check_name(config, name, why);
}

int race_resolve(struct race_config *race, struct failure *why)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    int cores = online < 1 ? 1 : online > 64 ? 64 : (int)online;
    for (int i = 0; i < race->count; i++) {
        int code = resolve_one(&race->contestants[i], race->names[i], cores, why);
        if (code < 0)
            return code;
    }
    return 0;
}

static int build_contestant(struct race *race, int i, bool training, struct failure *why)
{
    struct contestant *c = &race->contestants[i];
    const struct config *config = &race->config.contestants[i];
    text_copy(c->name, sizeof c->name, race->config.names[i]);
    int code = model_new_sharing(&c->model, config, race->task->alphabet.count, config->train.batch,
                                 training, race->kern, race->team, &race->work, why);
    if (code < 0)
        return code;
    model_init(c->model);
    c->loss = c->grad_norm = c->learning_rate = NAN;
    if (training && (code = collapse_open(&c->rows, race->task, config, race->kern, race->team,
                                          why)) < 0)
        return code;
    if (training && optim_init(&c->optim, c->model) < 0)
        return fail(why, ERR_MEMORY, "%s: no memory for the optimiser", c->name);
    return 0;
}

/* The workspace that the models have in common. */
static int open_work(struct race *race, bool training, struct failure *why)
{
    for (int i = 0; i < race->config.count; i++) {
        const struct config *config = &race->config.contestants[i];
        int code = model_note_need(config, race->task->alphabet.count, config->train.batch,
                                   training, race->kern, race->team, &race->work, why);
        if (code < 0)
            return code;
    }
    if (work_share_open(&race->work) < 0)
        return fail(why, ERR_MEMORY, "no memory for the models' workspace of %zu MB: choose a smaller train.batch, "
                    "task.context or model.dim",
                    race->work.need >> 20);
    return 0;
}

int race_new(struct race **out, const struct race_config *resolved, const struct kern *kern,
             bool training, struct failure *why)
{
    struct race *race = calloc(1, sizeof *race);
    if (!race)
        return fail(why, ERR_MEMORY, "no memory for a race");
    race->config = *resolved;
    race->kern = kern;
    race->batch_step = -1;
    const struct config *first = &resolved->contestants[0];
    int code = task_new_in(&race->task, first, resolved->folder, why);
    for (int i = 0; i < resolved->count && code == 0; i++) {
        text_copy(race->config.contestants[i].task.digest, DIGEST_TEXT,
                  race->task->config.task.digest);
        text_copy(race->config.contestants[i].task.labels_digest, DIGEST_TEXT,
                  race->task->config.task.labels_digest);
    }
    if (code == 0)
        code = team_new(&race->team, first->train.threads, why);
    if (code == 0 && (task_batch(race->task, &race->batch, first->task.context, first->train.batch) < 0 ||
                      task_batch(race->task, &race->eval_batch, first->task.context, first->train.batch) < 0))
        code = fail(why, ERR_MEMORY, "no memory for batches of train.batch %d x task.context %d",
                    first->train.batch, first->task.context);
    if (code == 0)
        code = open_work(race, training, why);
    for (int i = 0; i < resolved->count && code == 0; i++) {
        race->count = i + 1;
        code = build_contestant(race, i, training, why);
    }
    if (code < 0) {
        race_free(race);
        return code;
    }
    *out = race;
    return 0;
}

void race_free(struct race *race)
{
    if (!race)
        return;
    for (int i = 0; i < race->count; i++) {
        optim_release(&race->contestants[i].optim);
        collapse_close(race->contestants[i].rows);
        model_free(race->contestants[i].model);
    }
    work_share_release(&race->work);
    batch_release(&race->batch);
    batch_release(&race->eval_batch);
    team_free(race->team);
    task_free(race->task);
    free(race);
}

int64_t race_step(const struct race *race)
{
    int64_t least = INT64_MAX, greatest = 0;
    for (int i = 0; i < race->count; i++) {
        const struct contestant *c = &race->contestants[i];
        if (!c->failed && c->step < least)
            least = c->step;
        if (c->step > greatest)
            greatest = c->step;
    }
    return least == INT64_MAX ? greatest : least;
}

int contestant_stop(struct contestant *c, const char *what, struct failure *why)
{
    char line[LOG_TEXT];
    snprintf(line, sizeof line, "%s stopped at step %lld: %s is not finite", c->name,
             (long long)c->step, what);
    c->failed = true;
    text_copy(c->failure, sizeof c->failure, line);
    return fail(why, ERR_NUMBER, "%s: lower train.learning_rate or set train.clip", line);
}

static void sample_part(void *arg, int part, int parts)
{
    struct race *race = arg;
    task_sample_part(race->task, race->batch_step, &race->batch, part, parts);
}

int race_train_one(struct race *race, int i, struct failure *why)
{
    struct contestant *c = &race->contestants[i];
    struct batch *batch = &race->batch;
    if (race->batch_step != c->step) {
        race->batch_step = c->step;
        team_run(race->team, sample_part, race);
    }
    double begin = clock_now();
    model_zero_gradients(c->model);
    model_forward_batch(c->model, batch);
    int scored;
    c->loss = model_loss(c->model, batch, &scored);
    if (!isfinite(c->loss))
        return contestant_stop(c, "the loss", why);
    model_backward(c->model, batch);
    c->learning_rate = optim_rate(&c->model->config, c->step, 1.0);
    if (optim_step(&c->optim, c->model, c->learning_rate, &c->grad_norm) < 0)
        return contestant_stop(c, "the gradient", why);
    c->step++;
    c->seconds += clock_now() - begin;
    return 0;
}

int64_t race_next_evaluation(const struct config *config, int64_t step)
{
    /* Every 10 steps at first, then whenever the run has grown by a quarter, at most eval_every
       apart: a curve is there within the first second, and a long run spends little on it. */
    int64_t at = 0, every = config->train.eval_every;
    while (at <= step) {
        int64_t gap = at / 4 < 10 ? 10 : at / 4;
        if (gap >= every) {
            gap = every;
            at += (step - at) / gap * gap;
        }
        at += gap;
    }
    return at;
}
