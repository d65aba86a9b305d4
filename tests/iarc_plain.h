/* Task switching written out in C, as the rule file iarc.rules must behave: numbers 0..N-1 in an
   ongoing stream, ruled by control tokens I, A, R, C. */
#ifndef HEED_TESTS_IARC_PLAIN_H
#define HEED_TESTS_IARC_PLAIN_H

#include "task/task.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 128, RECENT = 4 * LONGEST, LETTERS = 4 };

static const char letters[LETTERS + 1] = "IARC";

/* How the next number follows. The first three have letters of their own, in the same order. */
enum rule { RULE_INCREMENT, RULE_ADDITION, RULE_REVERSE, RULE_STEP, RULE_UNKNOWN };
enum { CONTEXT_LETTER = 3 };

struct iarc {
    int base, longest, subtasks;
    int context_rule;
    int warm_up;                    /* symbols */
    int letter[LETTERS];            /* of each subtask, as an index of `letters` */
    double length_cdf[LONGEST + 1]; /* P(n <= k), n >= 1 */
    double hazard[LONGEST + 1];     /* P(n = k) / P(n >= k): the segment ends after k numbers */
};

struct stream {
    uint32_t count;         /* numbers so far; number i stands in recent[i % RECENT] */
    uint32_t start;         /* numbers before the control in force */
    uint32_t end;           /* a control comes when count is there */
    uint8_t subtask;        /* in force */
    uint8_t rule;           /* what it amounts to */
    uint8_t previous;       /* the rule of the segment before */
    uint8_t step;           /* the last number before the control in force */
    uint8_t recent[RECENT]; /* R looks back twice its segment, and a little */
};

/* --- set-up ---------------------------------------------------------------------------------- */

static int read_subtasks(struct iarc *t, const char *text, struct failure *why)
{
    bool used[LETTERS] = {false};
    for (const char *c = text; *c; c++) {
        const char *letter = strchr(letters, *c);
        if (!letter || used[letter - letters])
            return fail(why, ERR_USAGE, "task.subtasks: %s: %c %s: use letters of IARC, each once",
                        text, *c, letter ? "stands twice" : "is no subtask");
        used[letter - letters] = true;
    }
    for (int i = 0; i < LETTERS; i++)
        if (used[i])
            t->letter[t->subtasks++] = i;
    if (t->subtasks == 0)
        return fail(why, ERR_USAGE, "task.subtasks: empty: use letters of IARC, each once");
    return 0;
}

/* n = max(1, Binomial(longest, mean / longest)), arXiv 2609.11913. */
static void set_lengths(struct iarc *t, double mean)
{
    double p = mean / t->longest, mass[LONGEST + 1] = {1};
    for (int trial = 1; trial <= t->longest; trial++)
        for (int k = trial; k >= 0; k--)
            mass[k] = mass[k] * (1 - p) + (k > 0 ? mass[k - 1] * p : 0);
    mass[1] += mass[0];
    mass[0] = 0;
    double below = 0;
    for (int k = 1; k <= t->longest; k++) {
        /* In the far tail rounding leaves nothing to divide by; there the end is as good as sure.
         */
        double left = 1 - below;
        t->hazard[k] = mass[k] < left ? mass[k] / left : 1;
        below += mass[k];
        t->length_cdf[k] = below;
    }
    t->hazard[t->longest] = 1;
    t->length_cdf[t->longest] = 1;
}

/* Symbols of a segment on average, its control included. */
static double mean_symbols(const struct iarc *t)
{
    double symbols = 1;
    for (int k = 1; k <= t->longest; k++)
        symbols += 1 - t->length_cdf[k - 1];
    return symbols;
}

/* After the control a number comes surely. After k numbers the best guess is the rule's number,
   right with 1 - h, or one of the controls, right with h / subtasks. */
static double best_possible(const struct iarc *t)
{
    double right = 1;
    for (int k = 1; k <= t->longest; k++) {
        double reached = 1 - t->length_cdf[k - 1], h = t->hazard[k];
        right += reached * (1 - h > h / t->subtasks ? 1 - h : h / t->subtasks);
    }
    return right / mean_symbols(t);
}

static const char *help_of(int letter, int context_rule)
{
    static const char *const plain[] = {
        "increment: m + 1 mod N", "addition: m_last + m_before_last mod N",
        "reverse copy: the k-th number is the k-th number before the R"};
    static const char *const context[] = {
        [CONTEXT_STEP] = "context: m_last + c mod N, c the last number before the C",
        [CONTEXT_PARITY] = "context: as I if the number before the C is even, else as A",
        [CONTEXT_REPEAT] = "context: the rule of the segment before the previous one"};
    return letter == CONTEXT_LETTER ? context[context_rule] : plain[letter];
}

static void name_symbols(const struct iarc *t, struct alphabet *a)
{
    a->numbers = t->base;
    a->count = t->base + t->subtasks;
    a->subtasks = t->subtasks;
    for (int i = 0; i < t->base; i++) {
        snprintf(a->name[i], SYMBOL_TEXT, "%d", i);
        a->control[i] = -1;
    }
    for (int i = 0; i < t->subtasks; i++) {
        int id = t->base + i, letter = t->letter[i];
        snprintf(a->name[id], SYMBOL_TEXT, "%c", letters[letter]);
        a->control[id] = (signed char)i;
        a->control_id[i] = id;
        snprintf(a->subtask_help[i], sizeof a->subtask_help[i], "%s",
                 help_of(letter, t->context_rule));
        a->subtask_reconstructed[i] = letter != RULE_INCREMENT;
    }
}

static int init(struct task *task, const struct config *config, struct failure *why)
{
    struct iarc *t = calloc(1, sizeof *t);
    if (!t)
        return fail(why, ERR_MEMORY, "task: no memory: end other programs");
    task->state = t;
    t->base = config->task.base;
    t->longest = config->task.segment_max;
    t->context_rule = config->task.context_rule;
    assert(t->base <= 64 && t->longest >= 1 && t->longest <= LONGEST);
    if (config->task.segment_mean > t->longest)
        return fail(
            why, ERR_USAGE,
            "task.segment_mean: %g is more than task.segment_max, %d: choose a smaller mean",
            config->task.segment_mean, t->longest);
    int code = read_subtasks(t, config->task.subtasks, why);
    if (code)
        return code;
    set_lengths(t, config->task.segment_mean);
    t->warm_up = (int)(12 * mean_symbols(t)) + t->longest + 1;
    name_symbols(t, &task->alphabet);
    task->chance = 1.0 / t->base;
    task->all_ceiling = best_possible(t);
    task->stream_size = sizeof(struct stream);
    return 0;
}

static void release(struct task *task)
{
    free(task->state);
    task->state = NULL;
}

/* --- the stream ------------------------------------------------------------------------------ */

static uint32_t draw_length(const struct iarc *t, struct rng *rng)
{
    double u = rng_uniform(rng);
    uint32_t n = 1;
    while (u >= t->length_cdf[n])
        n++;
    return n;
}

/* The rule of a new control, given the rule of the segment before the previous one. */
static enum rule rule_of(const struct iarc *t, int letter, int number_before, enum rule repeated)
{
    if (letter != CONTEXT_LETTER)
        return (enum rule)letter;
    if (t->context_rule == CONTEXT_STEP)
        return RULE_STEP;
    if (t->context_rule == CONTEXT_PARITY)
        return number_before % 2 == 0 ? RULE_INCREMENT : RULE_ADDITION;
    return repeated;
}

static void start_segment(const struct iarc *t, struct stream *s, struct rng *rng)
{
    s->subtask = (uint8_t)rng_below(rng, (uint32_t)t->subtasks);
    s->step = s->recent[(s->count - 1) % RECENT];
    enum rule rule = rule_of(t, t->letter[s->subtask], s->step, s->previous);
    s->previous = s->rule;
    s->rule = (uint8_t)rule;
    s->start = s->count;
    s->end = s->count + draw_length(t, rng);
}

static int add_below(int a, int b, int base)
{
    int sum = a + b;
    return sum < base ? sum : sum - base;
}

static int ruled_number(const struct iarc *t, const struct stream *s)
{
    int last = s->recent[(s->count - 1) % RECENT];
    switch ((enum rule)s->rule) {
    case RULE_INCREMENT:
        return add_below(last, 1, t->base);
    case RULE_ADDITION:
        return add_below(last, s->recent[(s->count - 2) % RECENT], t->base);
    case RULE_REVERSE:
        return s->recent[(2 * s->start - s->count - 1) % RECENT];
    case RULE_STEP:
        return add_below(last, s->step, t->base);
    case RULE_UNKNOWN:
        break;
    }
    assert(!"a stream always has a rule");
    return 0;
}

static int next(const struct task *task, void *stream, struct rng *rng, struct task_mark *mark)
{
    const struct iarc *t = task->state;
    struct stream *s = stream;
    int number = ruled_number(t, s);
    bool goes_on = s->count != s->end;
    *mark = (struct task_mark){.answer = number,
                               .number = goes_on,
                               .scored = 1,
                               .subtask = s->subtask,
                               .since = (uint8_t)(s->count - s->start),
                               .copied_from = -1};
    if (!goes_on) {
        start_segment(t, s, rng);
        return t->base + s->subtask;
    }
    s->recent[s->count++ % RECENT] = (uint8_t)number;
    return number;
}

/* A rule as `repeat` leaves them in the long run: any letter but C, all alike; with C alone there
   is nothing to repeat, and it increments. */
static enum rule any_rule(const struct iarc *t, struct rng *rng)
{
    int plain = t->subtasks - (t->letter[t->subtasks - 1] == CONTEXT_LETTER);
    return plain > 0 ? (enum rule)t->letter[rng_below(rng, (uint32_t)plain)] : RULE_INCREMENT;
}

/* Anywhere in a segment of random numbers; then a fixed number of symbols leads into the stationary
   stream. It takes a dozen segments: the rules do not favour all numbers alike (C after 0 repeats
   the last number, A and C turn 0 0 into 0), and windows for training must be like those of the
   long held-out stream. */
static void begin(const struct task *task, void *stream, struct rng *rng)
{
    const struct iarc *t = task->state;
    struct stream *s = stream;
    uint32_t longest = (uint32_t)t->longest;
    for (s->count = 0; s->count < 2 * (longest + 1); s->count++)
        s->recent[s->count] = (uint8_t)rng_below(rng, (uint32_t)t->base);
    s->rule = (uint8_t)any_rule(t, rng);
    s->previous = (uint8_t)any_rule(t, rng);
    start_segment(t, s, rng);
    uint32_t done = rng_below(rng, s->end - s->start + 1);
    s->start -= done;
    s->end -= done;
    for (int i = 0; i < t->warm_up; i++) {
        struct task_mark mark;
        next(task, s, rng, &mark);
    }
}

/* --- any history ------------------------------------------------------------------------------ */

static bool is_number(const struct iarc *t, int symbol)
{
    return symbol >= 0 && symbol < t->base;
}

static bool is_control(const struct iarc *t, int symbol)
{
    return symbol >= t->base && symbol < t->base + t->subtasks;
}

/* Index of the last control before `end`, -1 if there is none. */
static int control_before(const struct iarc *t, const int16_t *symbols, int end)
{
    while (--end >= 0 && !is_control(t, symbols[end]))
        ;
    return end;
}

/* Index of the k-th number before `end`, going back over controls; -1 if there are fewer. */
static int number_before(const struct iarc *t, const int16_t *symbols, int end, int k)
{
    while (--end >= 0)
        if (is_number(t, symbols[end]) && --k == 0)
            break;
    return end;
}

static int letter_at(const struct iarc *t, const int16_t *symbols, int control)
{
    return t->letter[symbols[control] - t->base];
}

/* What `repeat` asks of the C at `control`: the rule of the second control before it, and if that
   is a C too, what that one repeats. A control starts a segment even if no number follows. */
static enum rule repeated_rule(const struct iarc *t, const int16_t *symbols, int control)
{
    if (t->subtasks == 1)
        return RULE_INCREMENT;
    while (control >= 0) {
        control = control_before(t, symbols, control);
        if (control >= 0)
            control = control_before(t, symbols, control);
        if (control >= 0 && letter_at(t, symbols, control) != CONTEXT_LETTER)
            return (enum rule)letter_at(t, symbols, control);
    }
    return RULE_UNKNOWN;
}

/* The rule of the control at `control`, *step the index of the number before it or -1. */
static enum rule rule_at(const struct iarc *t, const int16_t *symbols, int control, int *step)
{
    int letter = letter_at(t, symbols, control);
    enum rule repeated = RULE_UNKNOWN;
    *step = number_before(t, symbols, control, 1);
    if (letter == CONTEXT_LETTER && t->context_rule == CONTEXT_REPEAT)
        repeated = repeated_rule(t, symbols, control);
    else if (letter == CONTEXT_LETTER && *step < 0)
        return RULE_UNKNOWN;
    return rule_of(t, letter, *step < 0 ? 0 : symbols[*step], repeated);
}

static void answer(const struct task *task, const int16_t *symbols, int n, struct task_mark *mark)
{
    const struct iarc *t = task->state;
    int control = control_before(t, symbols, n), since = 0, step = -1;
    for (int i = control + 1; i < n; i++)
        since += is_number(t, symbols[i]);
    *mark = (struct task_mark){.answer = -1,
                               .scored = 1,
                               .subtask = 255,
                               .since = (uint8_t)(since < 255 ? since : 255),
                               .copied_from = -1};
    if (control < 0)
        return;
    mark->subtask = (uint8_t)(symbols[control] - t->base);
    int last = number_before(t, symbols, n, 1);
    int other = -1; /* the number that counts beside the last, or instead of it */
    enum rule rule = rule_at(t, symbols, control, &step);
    if (rule == RULE_INCREMENT)
        other = last;
    else if (rule == RULE_ADDITION)
        other = number_before(t, symbols, n, 2);
    else if (rule == RULE_REVERSE)
        other = number_before(t, symbols, control, since + 1);
    else if (rule == RULE_STEP)
        other = step;
    if (other < 0)
        return;
    mark->number = 1;
    mark->copied_from = other;
    if (rule == RULE_REVERSE)
        mark->answer = symbols[other];
    else
        mark->answer =
            add_below(symbols[last], rule == RULE_INCREMENT ? 1 : symbols[other], t->base);
}

static int go_on(const struct task *task, const int16_t *symbols, int n, struct rng *rng)
{
    const struct iarc *t = task->state;
    struct task_mark mark;
    answer(task, symbols, n, &mark);
    bool ends = mark.subtask == 255 || mark.since >= t->longest;
    if (!ends && mark.since > 0)
        ends = rng_uniform(rng) < t->hazard[mark.since];
    if (ends)
        return t->base + (int)rng_below(rng, (uint32_t)t->subtasks);
    return mark.answer >= 0 ? mark.answer : (int)rng_below(rng, (uint32_t)t->base);
}

static const struct task_ops plain_iarc = {
    .name = "iarc",
    .init = init,
    .release = release,
    .begin = begin,
    .next = next,
    .answer = answer,
    .go_on = go_on,
};

#endif
