/* The thread that trains. */
#include <math.h>
#include <string.h>
#include "base/clock.h"
#include "train/session_state.h"

static const double PUBLISH_SECONDS = 0.05, LOOK_SECONDS = 1;

static void append(struct session *s, const struct record *r)
{
    struct failure why;
    if (s->has_run && run_append(&s->run, r, &s->race->task->alphabet, &why) < 0)
        ledger_unsaved(&s->ledger, "not written", &why);
}

static struct record new_record(struct session *s, int i)
{
    const struct contestant *c = &s->race->contestants[i];
    struct record r = {.step = c->step,
                       .seconds = c->seconds,
                       .race_seconds = ledger_seconds(&s->ledger),
                       .learning_rate = c->learning_rate};
    text_copy(r.contestant, sizeof r.contestant, c->name);
    return r;
}

static void flush_tally(struct session *s, int i)
{
    struct tally *t = &s->tally[i];
    const struct batch *batch = &s->race->batch;
    int64_t steps = t->loss.samples + t->loss.lost;
    if (steps == 0)
        return;
    struct record r = new_record(s, i);
    r.kind = RECORD_STEP;
    r.loss = t->loss;
    r.grad_norm = t->grad_norm;
    r.tokens_per_second =
        (double)steps * batch->positions * batch->sequences / fmax(t->seconds, 1e-9);
    append(s, &r);
    *t = (struct tally){0};
}

static void give_up(struct session *s, int i)
{
    struct contestant *c = &s->race->contestants[i];
    flush_tally(s, i);
    ledger_failure(&s->ledger, i, c->failure);
    struct record r = new_record(s, i);
    r.kind = RECORD_FAILURE;
    text_copy(r.message, sizeof r.message, c->failure);
    append(s, &r);
}

static void write_timeline(struct session *s, int i)
{
    struct contestant *c = &s->race->contestants[i];
    struct failure why;
    if (s->has_run && run_timeline_due(c->step) &&
        run_write_timeline(&s->run, c->model, c->name, c->step, c->seconds, &why) < 0)
        ledger_unsaved(&s->ledger, "not written", &why);
}

static void train_one(struct session *s, int i)
{
    struct contestant *c = &s->race->contestants[i];
    double before = c->seconds;
    if (race_train_one(s->race, i, NULL) < 0) {
        give_up(s, i);
        return;
    }
    struct tally *t = &s->tally[i];
    spread_add(&t->loss, c->loss);
    spread_add(&t->grad_norm, c->grad_norm);
    t->seconds += c->seconds - before;
    ledger_step(&s->ledger, i, c, c->seconds - before);
    if (c->step % c->model->config.train.log_every == 0)
        flush_tally(s, i);
    write_timeline(s, i);
}

static void evaluate_all(struct session *s)
{
    const struct config *config = &s->config.contestants[0];
    int64_t step = race_step(s->race);
    for (int i = 0; i < s->race->count; i++) {
        struct contestant *c = &s->race->contestants[i];
        const struct evaluation *last = &s->ledger.now->contestants[i].eval;
        /* One that is ahead after a resume has its turn when the others are there; who was evaluated
           before the resume is not evaluated again. */
        if (c->failed || c->step != step || (last->valid && last->step == c->step))
            continue;
        struct record r = new_record(s, i);
        r.kind = RECORD_EVAL;
        int code = race_evaluate(s->race, i, config->train.eval_windows, &r.eval, NULL);
        if (code == EVALUATION_ENDED)
            return; /* begun again after a resume */
        if (code < 0) {
            contestant_stop(c, "the evaluation", NULL);
            give_up(s, i);
            continue;
        }
        flush_tally(s, i);
        append(s, &r);
        ledger_evaluation(&s->ledger, i, &r.eval, c->seconds);
        weight_box_serve(&s->box);
        ledger_publish(&s->ledger, s->feed, race_step(s->race), s->target, PUBLISH_SECONDS);
    }
}

static int save_one(struct session *s, int i, struct failure *why)
{
    const struct contestant *c = &s->race->contestants[i];
    char path[FSIO_PATH];
    flush_tally(s, i);
    int code = run_checkpoint_path(s->folder, c->name, path, why);
    if (code == 0)
        code = checkpoint_write(path, c->model, &c->optim, c->name, c->step, c->seconds, why);
    /* Whoever has failed may have lost its numbers too: that has been said, its last good file
       stands. */
    return code == ERR_NUMBER && c->failed ? 0 : code;
}

/* Every contestant's checkpoint; where one cannot be written its old file stands, the others are
   written all the same, training goes on, and the next try comes in due time. */
static void save(struct session *s)
{
    s->save_at = clock_now() + s->config.contestants[0].train.checkpoint_seconds;
    if (!s->has_run)
        return;
    struct failure why, first = {0};
    for (int i = 0; i < s->race->count; i++) {
        if (save_one(s, i, &why) < 0 && first.code == 0)
            first = why;
    }
    if (run_flush(&s->run, &why) < 0 && first.code == 0)
        first = why;
    s->save_failure = first;
    if (first.code) {
        ledger_unsaved(&s->ledger, "not saved", &first);
    } else {
        s->saved_step = race_step(s->race);
        ledger_saved(&s->ledger);
    }
    look_at_files(s, 0);
}

static bool all_failed(const struct race *race)
{
    for (int i = 0; i < race->count; i++) {
        if (!race->contestants[i].failed)
            return false;
    }
    return true;
}

static void finish(struct session *s, enum race_state state)
{
    save(s);
    ledger_state(&s->ledger, state);
    if (state == RACE_FINISHED)
        ledger_log(&s->ledger, "finished at step %lld", (long long)race_step(s->race));
    weight_box_idle(&s->box);
    ledger_publish(&s->ledger, s->feed, race_step(s->race), s->target, 0);
    atomic_store(&s->done, true);
}

/* One step of every contestant that stands at the race's step. */
static void advance(struct session *s)
{
    int64_t step = race_step(s->race);
    for (int i = 0; i < s->race->count; i++) {
        struct contestant *c = &s->race->contestants[i];
        if (!c->failed && c->step == step)
            train_one(s, i);
        weight_box_serve(&s->box);
    }
    step = race_step(s->race);
    if (step >= s->evaluate_at || step >= s->target) {
        evaluate_all(s);
        if (s->ends)
            return;
        s->evaluate_at = race_next_evaluation(&s->config.contestants[0], step);
    }
    if (all_failed(s->race))
        finish(s, RACE_FAILED);
    else if (step >= s->target)
        finish(s, RACE_FINISHED);
    else if (clock_now() >= s->save_at)
        save(s);
    look_at_files(s, LOOK_SECONDS);
    ledger_publish(&s->ledger, s->feed, step, s->target, PUBLISH_SECONDS);
}

static void pause_race(struct session *s)
{
    ledger_state(&s->ledger, RACE_PAUSED);
    weight_box_idle(&s->box);
}

static void set_rate(struct session *s, const struct command *command)
{
    double value = command->value;
    bool factor = command->kind == COMMAND_LEARNING_RATE;
    if (!(value >= 0) || !isfinite(value) || (factor && value == 0))
        return;
    for (int i = 0; i < s->race->count; i++) {
        if (command->index >= 0 && i != command->index)
            continue;
        struct contestant *c = &s->race->contestants[i];
        double *rate = &c->model->config.train.learning_rate;
        double own = s->config.contestants[i].train.learning_rate;
        double wanted = factor ? *rate * value : value > 0 ? value : own;
        if (wanted == *rate)
            continue;
        if (!config_rate_allowed(wanted)) {
            ledger_log(&s->ledger, "%s: learning rate stays %.4g: %.4g is out of its range",
                       c->name, *rate, wanted);
            continue;
        }
        s->saved_step = -1; /* it goes into the checkpoint, even if no step follows */
        *rate = wanted;
        ledger_rate(&s->ledger, i, wanted);
        ledger_log(&s->ledger, "%s: learning rate %.4g from step %lld on", c->name, *rate,
                   (long long)c->step);
    }
}

/* It decides when files are written and nothing of what is learned. */
static void set_checkpoint_seconds(struct session *s, double seconds)
{
    const struct setting *setting = config_find("train.checkpoint_seconds");
    if (!(seconds >= setting->low && seconds <= setting->high))
        return;
    s->save_at += seconds - s->config.contestants[0].train.checkpoint_seconds;
    for (int i = 0; i < s->config.count; i++) {
        s->config.contestants[i].train.checkpoint_seconds = seconds;
        s->ledger.now->contestants[i].config.train.checkpoint_seconds = seconds;
    }
    s->ledger.now->config.train.checkpoint_seconds = seconds;
    ledger_log(&s->ledger, "checkpoints every %.10g s, as long as this session lasts", seconds);
}

static void keep(struct session *s)
{
    save(s);
    s->keep_failure = s->save_failure;
    atomic_store(&s->kept, s->save_failure.code ? s->save_failure.code : 1);
}

static void single_step(struct session *s)
{
    if (s->ledger.now->state != RACE_PAUSED)
        return;
    s->stepping = true;
    weight_box_busy(&s->box);
    advance(s);
    if (s->ledger.now->state != RACE_RUNNING)
        weight_box_idle(&s->box);
    s->stepping = false;
    ledger_publish(&s->ledger, s->feed, race_step(s->race), s->target, 0);
}

static void obey(struct session *s, const struct command *c)
{
    enum race_state state = s->ledger.now->state;
    switch (c->kind) {
    case COMMAND_QUIT:
        s->ends = true;
        return;
    case COMMAND_PAUSE:
        if (state == RACE_RUNNING)
            pause_race(s);
        s->options.paused = true; /* counts at the beginning, while the first evaluation lasts */
        break;
    case COMMAND_RESUME:
        s->options.paused = false;
        if (state == RACE_PAUSED) {
            ledger_state(&s->ledger, RACE_RUNNING);
            weight_box_busy(&s->box);
        }
        break;
    case COMMAND_SINGLE_STEP:
        if (state == RACE_RUNNING)
            pause_race(s);
        single_step(s);
        break;
    case COMMAND_SAVE:
        save(s);
        if (s->has_run && s->save_failure.code == 0)
            ledger_log(&s->ledger, "saved at step %lld", (long long)race_step(s->race));
        else if (!s->has_run)
            ledger_log(&s->ledger, "nothing saved: this session leaves no files");
        break;
    case COMMAND_LEARNING_RATE:
    case COMMAND_PEAK_RATE:
        set_rate(s, c);
        break;
    case COMMAND_KEEP:
        keep(s);
        break;
    case COMMAND_CHECKPOINT_SECONDS:
        set_checkpoint_seconds(s, c->value);
        break;
    default:
        break;
    }
    ledger_publish(&s->ledger, s->feed, race_step(s->race), s->target, 0);
}

/* Between two batches of an evaluation: keys are answered there too, and a pause lasts. */
static bool between_batches(void *arg)
{
    struct session *s = arg;
    struct command c;
    weight_box_serve(&s->box);
    ledger_publish(&s->ledger, s->feed, race_step(s->race), s->target, PUBLISH_SECONDS);
    while (!s->ends) {
        bool waits = s->ledger.now->state == RACE_PAUSED && !s->stepping && s->owed == 0;
        if (!command_take(&s->feed->to_trainer, &c, waits ? 0.25 : 0)) {
            if (!waits)
                break;
        } else if (c.kind == COMMAND_SINGLE_STEP) {
            s->owed++; /* once this evaluation is done */
            c.kind = COMMAND_PAUSE;
            obey(s, &c);
        } else {
            obey(s, &c);
        }
    }
    return !s->ends;
}

/* An evaluation that was due at this step. Who has it already, from before a resume, is left out. */
static bool is_due(const struct session *s)
{
    int64_t step = race_step(s->race);
    return step == 0 || step >= s->target ||
           race_next_evaluation(&s->config.contestants[0], step - 1) == step;
}

static void begin(struct session *s)
{
    bool finished = race_step(s->race) >= s->target;
    s->race->interlude = (struct interlude){between_batches, s};
    s->save_at = clock_now() + s->config.contestants[0].train.checkpoint_seconds;
    s->evaluate_at = race_next_evaluation(&s->config.contestants[0], race_step(s->race));
    look_at_files(s, 0);
    ledger_publish(&s->ledger, s->feed, race_step(s->race), s->target, 0);
    if (race_step(s->race) == 0) {
        for (int i = 0; i < s->race->count; i++)
            write_timeline(s, i);
    }
    if (is_due(s))
        evaluate_all(s);
    if (race_step(s->race) == 0)
        save(s); /* from the first moment on there is something to come back to */
    if (s->ends)
        return;
    if (finished) {
        finish(s, RACE_FINISHED);
    } else {
        ledger_state(&s->ledger, s->options.paused ? RACE_PAUSED : RACE_RUNNING);
        if (!s->options.paused)
            weight_box_busy(&s->box);
    }
    ledger_publish(&s->ledger, s->feed, race_step(s->race), s->target, 0);
}

void *trainer_main(void *session)
{
    struct session *s = session;
    struct command c;
    begin(s);
    while (!s->ends) {
        bool running = s->ledger.now->state == RACE_RUNNING;
        bool more = command_take(&s->feed->to_trainer, &c, running ? 0 : 0.25);
        for (; more && !s->ends; more = command_take(&s->feed->to_trainer, &c, 0))
            obey(s, &c);
        if (!s->ends && s->ledger.now->state == RACE_RUNNING)
            advance(s);
        for (; s->owed > 0 && !s->ends; s->owed--)
            single_step(s);
    }
    if (race_step(s->race) != s->saved_step || s->save_failure.code)
        save(s);
    ledger_state(&s->ledger, RACE_STOPPED);
    ledger_publish(&s->ledger, s->feed, race_step(s->race), s->target, 0);
    return NULL;
}
