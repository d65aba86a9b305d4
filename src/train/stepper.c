#include "train/stepper.h"

#include <string.h>

static void mark_from(struct stepper *s, int first)
{
    for (int i = first; i <= s->now.length; i++)
        task_answer(s->task, s->now.sequence, i, &s->marks[i]);
}

static void forget_guesses(struct stepper *s, int first)
{
    for (int i = 0; i < MAX_CONTESTANTS; i++)
        memset(s->guess[i] + first, -1, (size_t)(PROBE_HISTORY - first) * sizeof *s->guess[i]);
}

/* Symbols first..last changed: whoever was asked at the places after them saw others. */
static void make_stale(struct stepper *s, int first, int last)
{
    int to = last + 1 + s->context < s->now.length ? last + 1 + s->context : s->now.length;
    if (s->stale_to <= s->stale_from)
        s->stale_from = first + 1, s->stale_to = to;
    s->stale_from = first + 1 < s->stale_from ? first + 1 : s->stale_from;
    s->stale_to = to > s->stale_to ? to : s->stale_to;
}

/* The numbers that occur among the last T symbols. */
static int variety(const struct stepper *s)
{
    bool seen[MAX_SYMBOLS] = {false};
    int count = 0;
    for (int i = s->now.length - s->context; i < s->now.length; i++) {
        int symbol = s->now.sequence[i];
        if (s->task->alphabet.control[symbol] < 0 && !seen[symbol]) {
            seen[symbol] = true;
            count++;
        }
    }
    return count;
}

void stepper_keep(struct stepper *s)
{
    s->undo[s->undo_next] = s->now;
    s->undo_next = (s->undo_next + 1) % STEPPER_UNDO;
    if (s->undo_count < STEPPER_UNDO)
        s->undo_count++;
}

int stepper_restart(struct stepper *s, const struct task *task, int which, struct failure *why)
{
    bool first = s->task == NULL;
    if (!first)
        stepper_keep(s);
    s->task = task;
    s->context = task->config.task.context;
    struct task_reader reader;
    if (task_reader_init(&reader, task, RNG_STEP) < 0)
        return fail(why, ERR_MEMORY, "no memory for a sequence to step through");
    /* The reader starts the stream of the seed; a sequence's own generator makes it another one. */
    rng_seed(&reader.rng, (uint64_t)task->config.train.seed, RNG_STEP, (uint64_t)which);
    task->ops->begin(task, reader.stream, &reader.rng);
    s->now.length = s->now.cursor = 2 * s->context;
    for (int i = 0; i < s->now.length; i++) {
        struct task_mark mark;
        s->now.sequence[i] = (int16_t)task->ops->next(task, reader.stream, &reader.rng, &mark);
    }
    s->rng = reader.rng;
    task_reader_release(&reader);
    mark_from(s, 0);
    forget_guesses(s, 0);
    return 0;
}

int stepper_begin(struct stepper *s, const struct task *task, struct failure *why)
{
    int numbers = task->alphabet.numbers, T = task->config.task.context;
    int wanted = (numbers < T ? numbers : T) / 2;
    for (int attempt = 0; attempt < 32; attempt++) {
        s->task = NULL;
        s->begun = attempt;
        if (stepper_restart(s, task, attempt, why) < 0)
            return ERR_MEMORY;
        if (variety(s) >= wanted)
            return 0;
    }
    s->task = NULL;
    s->begun = 0;
    return stepper_restart(s, task, 0, why);
}

/* Make room by forgetting the oldest symbols, all but a window and a little. */
static void shift(struct stepper *s)
{
    int keep = s->context + PROBE_HISTORY / 4;
    if (keep > s->now.cursor)
        keep = s->now.cursor;
    int drop = s->now.cursor - keep;
    memmove(s->now.sequence, s->now.sequence + drop, (size_t)keep * sizeof *s->now.sequence);
    for (int i = 0; i < MAX_CONTESTANTS; i++)
        memmove(s->guess[i], s->guess[i] + drop, (size_t)keep * sizeof *s->guess[i]);
    s->now.length = s->now.cursor = keep;
    forget_guesses(s, keep);
    mark_from(s, 0);
    s->undo_count = 0; /* earlier states count from another beginning */
}

void stepper_append(struct stepper *s, int symbol, int i, int predicted)
{
    if (s->now.cursor >= PROBE_HISTORY - 1)
        shift(s);
    stepper_keep(s);
    int at = s->now.cursor;
    forget_guesses(s, at);
    stepper_guess(s, at, i, predicted);
    s->now.sequence[at] = (int16_t)symbol;
    s->now.length = s->now.cursor = at + 1;
    mark_from(s, at + 1);
}

void stepper_guess(struct stepper *s, int at, int i, int symbol)
{
    s->guess[i][at] = (int16_t)symbol;
}

bool stepper_replace(struct stepper *s, int at, int symbol)
{
    if (at < 0 || at >= s->now.length)
        return false;
    stepper_keep(s);
    s->now.sequence[at] = (int16_t)symbol;
    mark_from(s, at + 1);
    make_stale(s, at, at);
    return true;
}

int stepper_load(struct stepper *s, const int16_t *symbols, int count, struct failure *why)
{
    if (count < s->context || count >= PROBE_HISTORY)
        return fail(why, ERR_USAGE, "a sequence of %d symbols: it must have %d to %d", count,
                    s->context, PROBE_HISTORY - 1);
    stepper_keep(s);
    memcpy(s->now.sequence, symbols, (size_t)count * sizeof *symbols);
    s->now.length = s->now.cursor = count;
    mark_from(s, 0);
    forget_guesses(s, 0);
    return 0;
}

void stepper_move(struct stepper *s, int by)
{
    int64_t to = (int64_t)s->now.cursor + by;
    if (to > s->now.length)
        to = s->now.length;
    if (to < s->context)
        to = s->context;
    s->now.cursor = (int)to;
}

bool stepper_undo(struct stepper *s)
{
    if (s->undo_count == 0)
        return false;
    s->undo_count--;
    s->undo_next = (s->undo_next + STEPPER_UNDO - 1) % STEPPER_UNDO;
    const struct stepper_state *old = &s->undo[s->undo_next];
    int same = 0, shorter = old->length < s->now.length ? old->length : s->now.length;
    while (same < shorter && old->sequence[same] == s->now.sequence[same])
        same++;
    int last = shorter - 1; /* the last symbol that differs */
    while (last > same && old->sequence[last] == s->now.sequence[last])
        last--;
    bool replaced = old->length == s->now.length && same < shorter;
    s->now = *old;
    mark_from(s, same);
    if (replaced)
        make_stale(s, same, last);
    else
        forget_guesses(s, same);
    return true;
}

const struct task_mark *stepper_next(const struct stepper *s)
{
    return &s->marks[s->now.cursor];
}

void stepper_show(const struct stepper *s, int i, struct probe_snapshot *out)
{
    out->length = s->now.length;
    out->cursor = s->now.cursor;
    out->start = s->now.cursor - s->context;
    out->score = (struct score){0};
    memset(out->score_since, 0, sizeof out->score_since);
    for (int at = 0; at < s->now.length; at++) {
        out->sequence[at] = s->now.sequence[at];
        out->answer[at] = (int16_t)s->marks[at].answer;
        out->subtask[at] = s->marks[at].subtask;
        out->since[at] = s->marks[at].since;
        bool asked = s->task->alphabet.control[s->now.sequence[at]] < 0 && s->guess[i][at] >= 0 &&
                     s->marks[at].answer >= 0;
        int8_t hit = asked ? s->guess[i][at] == s->marks[at].answer : -1;
        out->hit[at] = hit;
        if (hit < 0)
            continue;
        int since = s->marks[at].since < MAX_SINCE ? s->marks[at].since : MAX_SINCE - 1;
        out->score.count++;
        out->score.right += hit;
        out->score_since[since].count++;
        out->score_since[since].right += hit;
    }
    const struct task_mark *next = stepper_next(s);
    out->next_answer = next->answer;
    out->next_subtask = next->subtask;
    out->next_since = next->since;
    out->copied_from = next->copied_from;
}
