#include "train/ledger.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"

int ledger_init(struct ledger *l, const struct race *race, const char *folder, struct failure *why)
{
    *l = (struct ledger){.began = clock_now()};
    struct race_snapshot *now = l->now = calloc(1, sizeof *l->now);
    if (!now)
        return fail(why, ERR_MEMORY, "no memory for the picture of the race");
    l->rate_clock = l->began;
    now->state = RACE_STARTING;
    text_copy(now->preset, sizeof now->preset, race->config.preset);
    text_copy(now->folder, sizeof now->folder, folder);
    now->config = race->config.contestants[0];
    now->alphabet = race->task->alphabet;
    now->chance = race->task->chance;
    now->steps = now->config.train.steps;
    now->seconds_left = -1;
    now->count = race->count;
    text_copy(now->kernels, sizeof now->kernels, race->kern->name);
    now->settings.bytes = now->metrics.bytes = -1;
    for (int i = 0; i < race->count; i++) {
        struct contestant_view *v = &now->contestants[i];
        const struct model *m = race->contestants[i].model;
        text_copy(v->name, sizeof v->name, race->config.names[i]);
        text_copy(v->model, sizeof v->model, m->ops->name);
        if (m->ops->has_attention)
            text_copy(v->attention, sizeof v->attention, m->config.attn.kind);
        v->config = m->config;
        v->own_rate = race->config.contestants[i].train.learning_rate;
        v->parameters = model_parameters(m);
        v->step_at_90 = -1;
        v->reach = (struct reach){.low = race->task->distance_low,
                                  .high = race->task->distance_high,
                                  .windows = REACH_WINDOWS};
        v->reach.count = reach_distances(race->task, v->reach.at);
        v->rows.count = collapse_lengths(race->task, &m->config, v->rows.at);
        v->learning_rate = v->grad_norm = v->loss = NAN;
        for (int k = 0; k < METRIC_COUNT; k++)
            series_reset(&v->metric[k]);
    }
    return 0;
}

void ledger_release(struct ledger *l)
{
    free(l->now);
    *l = (struct ledger){0};
}

double ledger_seconds(const struct ledger *l)
{
    bool runs = l->now->state == RACE_RUNNING || l->now->state == RACE_WATCHING;
    return l->before + (runs ? clock_now() - l->began : 0);
}

void ledger_step(struct ledger *l, int i, const struct contestant *c, double step_seconds)
{
    struct contestant_view *v = &l->now->contestants[i];
    double tokens = (double)l->now->config.task.context * l->now->config.train.batch;
    int64_t step = c->step - 1; /* the step that was just taken */
    series_add(&v->metric[METRIC_LOSS], step, c->seconds, c->loss);
    series_add(&v->metric[METRIC_GRAD_NORM], step, c->seconds, c->grad_norm);
    series_add(&v->metric[METRIC_LEARNING_RATE], step, c->seconds, c->learning_rate);
    series_add(&v->metric[METRIC_TOKENS_PER_SECOND], step, c->seconds, tokens / step_seconds);
    v->step = c->step;
    v->loss = c->loss;
    v->grad_norm = c->grad_norm;
    v->learning_rate = c->learning_rate;
    v->train_seconds = c->seconds;
    double rate = 1 / step_seconds;
    v->steps_per_second = v->steps_per_second > 0 ? 0.95 * v->steps_per_second + 0.05 * rate : rate;
}

void ledger_evaluation(struct ledger *l, int i, const struct evaluation *e, double train_seconds)
{
    struct contestant_view *v = &l->now->contestants[i];
    double acc = score_value(e->acc);
    v->eval = *e;
    if (e->acc.count)
        series_add(&v->metric[METRIC_ACC], e->step, train_seconds, acc);
    series_add(&v->metric[METRIC_EVAL_LOSS], e->step, train_seconds, e->loss);
    if (l->now->alphabet.kind != ALPHABET_WORDS)
        series_add(&v->metric[METRIC_BITS], e->step, train_seconds, loss_bits(e->loss));
    for (int k = 0; k < l->now->alphabet.subtasks; k++) {
        if (e->subtask[k].count)
            series_add(&v->metric[METRIC_SUBTASK_0 + k], e->step, train_seconds,
                       score_value(e->subtask[k]));
    }
    if (v->step_at_90 < 0 && acc >= 0.9) {
        v->step_at_90 = e->step;
        v->seconds_at_90 = train_seconds;
    }
}

static void rewind_to(struct contestant_view *v, int64_t step)
{
    for (int k = 0; k < METRIC_COUNT; k++)
        series_rewind(&v->metric[k], step);
    if (v->step_at_90 > step)
        v->step_at_90 = -1;
    if (v->eval.valid && v->eval.step > step)
        v->eval.valid = false;
}

/* A file from elsewhere may tell of the past: that is known. After a resume the newest evaluation may be gone, and its curve still ends at a later
   step. */
static bool is_old(const struct contestant_view *v, const struct record *r)
{
    const struct series *curve = &v->metric[METRIC_EVAL_LOSS];
    return (r->kind == RECORD_STEP && r->step <= v->step) ||
           (r->kind == RECORD_EVAL && ((v->eval.valid && r->eval.step <= v->eval.step) ||
                                       (curve->samples > 0 && r->eval.step < curve->last_step)));
}

void ledger_record(struct ledger *l, int i, const struct record *r)
{
    struct contestant_view *v = &l->now->contestants[i];
    if (is_old(v, r))
        return;
    switch (r->kind) {
    case RECORD_STEP:
        series_merge(&v->metric[METRIC_LOSS], r->step - 1, r->seconds, &r->loss);
        series_merge(&v->metric[METRIC_GRAD_NORM], r->step - 1, r->seconds, &r->grad_norm);
        series_add(&v->metric[METRIC_LEARNING_RATE], r->step - 1, r->seconds, r->learning_rate);
        series_add(&v->metric[METRIC_TOKENS_PER_SECOND], r->step - 1, r->seconds,
                   r->tokens_per_second);
        v->step = r->step;
        v->train_seconds = r->seconds;
        v->loss = r->loss.mean;
        v->grad_norm = r->grad_norm.mean;
        v->learning_rate = r->learning_rate;
        v->steps_per_second =
            r->tokens_per_second / v->config.task.context / v->config.train.batch;
        break;
    case RECORD_EVAL:
        ledger_evaluation(l, i, &r->eval, r->seconds);
        break;
    case RECORD_RESUME:
        rewind_to(v, r->step);
        v->step = r->step;
        v->failed = false;
        break;
    case RECORD_FAILURE:
        ledger_failure(l, i, r->message);
        break;
    }
    l->before = r->race_seconds;
    l->began = clock_now();
}

void ledger_failure(struct ledger *l, int i, const char *message)
{
    struct contestant_view *v = &l->now->contestants[i];
    v->failed = true;
    text_copy(v->failure, sizeof v->failure, message);
    ledger_log(l, "%s", message);
}

void ledger_rate(struct ledger *l, int i, double rate)
{
    l->now->contestants[i].config.train.learning_rate = rate;
}

void ledger_state(struct ledger *l, enum race_state state)
{
    l->before = ledger_seconds(l); /* paused time does not count */
    l->began = l->rate_clock = clock_now();
    l->rate_step = -1; /* measure afresh */
    l->now->state = state;
}

void ledger_log(struct ledger *l, const char *format, ...)
{
    char line[LOG_TEXT], clock[24];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    text_escape(l->now->message, sizeof l->now->message, line);
    text_duration(clock, sizeof clock, ledger_seconds(l));
    char *slot = l->now->log[l->now->log_total++ % LOG_LINES];
    text_copy(slot, LOG_TEXT, clock);
    size_t used = strlen(slot);
    snprintf(slot + used, LOG_TEXT - used, "  %.*s", (int)(LOG_TEXT - used - 3), l->now->message);
}

void ledger_unsaved(struct ledger *l, const char *what, const struct failure *why)
{
    char line[FAILURE_TEXT];
    snprintf(line, sizeof line, "%s: %.*s", what, (int)(sizeof line - 32), why->text);
    ledger_log(l, "%s", line);
    text_escape(l->now->unsaved, sizeof l->now->unsaved, line);
}

void ledger_saved(struct ledger *l)
{
    l->now->unsaved[0] = '\0';
}

/* Steps per second over about two seconds, and what is left at that rate. */
static void measure_rate(struct ledger *l, int64_t step, int64_t target, double now)
{
    struct race_snapshot *s = l->now;
    bool moving = s->state == RACE_RUNNING || s->state == RACE_WATCHING;
    if (!moving) {
        s->steps_per_second = 0;
        s->seconds_left = -1;
        return;
    }
    double passed = now - l->rate_clock;
    if (l->rate_step < 0) {
        l->rate_step = (double)step;
        l->rate_clock = now;
    } else if (passed > 2 || (s->steps_per_second <= 0 && passed > 0.2)) {
        s->steps_per_second = ((double)step - l->rate_step) / passed;
        l->rate_step = (double)step;
        l->rate_clock = now;
    }
    s->seconds_left = s->steps_per_second > 0 ? (double)(target - step) / s->steps_per_second : -1;
}

void ledger_publish(struct ledger *l, struct feed *feed, int64_t step, int64_t target, double every)
{
    double now = clock_now();
    if (now - l->published < every)
        return;
    l->published = now;
    struct race_snapshot *s = l->now;
    s->serial++;
    s->step = step;
    s->steps = target;
    s->next_evaluation = race_next_evaluation(&s->config, step);
    s->next_evaluation = s->next_evaluation < target ? s->next_evaluation : target;
    s->seconds = ledger_seconds(l);
    measure_rate(l, step, target, now);
    struct race_snapshot *out = exchange_back(&feed->race);
    /* The contestants are the bulk of it: copy those that exist. */
    memcpy(out, s, offsetof(struct race_snapshot, contestants));
    memcpy(out->contestants, s->contestants, (size_t)s->count * sizeof *s->contestants);
    out->log_total = s->log_total;
    memcpy(out->log, s->log, sizeof s->log);
    exchange_publish(&feed->race);
}
