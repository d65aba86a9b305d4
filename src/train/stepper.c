#include "train/stepper.h"

#include <string.h>

int stepper_window(const struct stepper *s, int place)
{
    return place < s->context ? place : s->context;
}

int stepper_longest(const struct stepper *s)
{
    return s->fresh ? s->context : PROBE_HISTORY - 1;
}

bool stepper_is_full(const struct stepper *s)
{
    return s->fresh && s->now.cursor >= s->context;
}

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

/* 1 or 0: contestant i expected the rule's number at this place, or another one; -1: it was not asked,
   or no number is determined there. */
static int hit_at(const struct stepper *s, int i, int at)
{
    bool asked = s->task->alphabet.control[s->now.sequence[at]] < 0 && s->guess[i][at] >= 0 &&
                 s->marks[at].answer >= 0;
    return asked ? s->guess[i][at] == s->marks[at].answer : -1;
}

static void tally(const struct stepper *s, int i, int at, struct stepper_tally *t)
{
    int hit = hit_at(s, i, at), since = s->marks[at].since;
    if (hit < 0)
        return;
    since = since < MAX_SINCE ? since : MAX_SINCE - 1;
    t->all.count++;
    t->all.right += hit;
    t->since[since].count++;
    t->since[since].right += hit;
}

/* The first places are about to be forgotten. */
static void remember(struct stepper *s, int places)
{
    for (int i = 0; i < MAX_CONTESTANTS; i++)
        for (int at = 0; at < places; at++)
            tally(s, i, at, &s->past[i]);
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
    for (int i = s->now.length - stepper_window(s, s->now.length); i < s->now.length; i++) {
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

/* The last place where answers begin; where they run on, a later one that leaves a quarter of the
   window; the end if there are no answers. */
static int last_question(const struct stepper *s)
{
    int at = s->now.length - 1;
    while (at > 0 && (s->marks[at].answer < 0 || s->marks[at - 1].answer >= 0))
        at--;
    if (at == 0)
        return s->now.length;
    int late = at, most = 3 * s->context / 4;
    while (late < most && s->marks[late].answer >= 0)
        late++;
    return late == most && s->marks[late].answer >= 0 ? late : at;
}

static int begin(struct stepper *s, const struct task *task, int which, struct failure *why)
{
    bool first = s->task == NULL;
    if (!first)
        stepper_keep(s);
    s->task = task;
    s->context = task->config.task.context;
    s->fresh = task->fresh;
    s->which = which;
    struct task_reader reader;
    if (task_reader_init(&reader, task, RNG_STEP) < 0)
        return fail(why, ERR_MEMORY, "no memory for a sequence to step through");
    /* The reader starts the stream of the seed; a sequence's own generator makes it another one. */
    rng_seed(&reader.rng, (uint64_t)task->config.train.seed, RNG_STEP, (uint64_t)which);
    task_begin_test(task, reader.stream, &reader.rng, true);
    s->now.length = s->now.cursor = (s->fresh ? 1 : 2) * s->context;
    for (int i = 0; i < s->now.length; i++) {
        struct task_mark mark;
        s->now.sequence[i] = (int16_t)task->ops->next(task, reader.stream, &reader.rng, &mark);
    }
    s->rng = reader.rng;
    task_reader_release(&reader);
    mark_from(s, 0);
    forget_guesses(s, 0);
    if (s->fresh)
        s->now.cursor = last_question(s);
    return 0;
}

int stepper_restart(struct stepper *s, const struct task *task, int which, struct failure *why)
{
    memset(s->past, 0, sizeof s->past);
    return begin(s, task, which, why);
}

int stepper_follow(struct stepper *s, struct failure *why)
{
    remember(s, s->now.length);
    return begin(s, s->task, s->which + 1, why);
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

/* The kept states after `drop` of their first symbols were forgotten: those that began otherwise, or
   have no more than that, cannot be taken back to, nor can older ones. */
static void shift_undo(struct stepper *s, int drop)
{
    int kept = 0;
    for (; kept < s->undo_count; kept++) {
        int slot = (s->undo_next - 1 - kept + 2 * STEPPER_UNDO) % STEPPER_UNDO;
        struct stepper_state *old = &s->undo[slot];
        size_t bytes = (size_t)drop * sizeof *old->sequence;
        if (old->cursor <= drop || memcmp(old->sequence, s->now.sequence, bytes) != 0)
            break;
        old->length -= drop;
        old->cursor -= drop;
        memmove(old->sequence, old->sequence + drop,
                (size_t)old->length * sizeof *old->sequence);
    }
    s->undo_count = kept;
}

/* Make room by forgetting the oldest symbols, all but a window and a little. What the rule said of the
   others stays as it was said, though it was read from what is forgotten. */
static void shift(struct stepper *s)
{
    int keep = s->context + PROBE_HISTORY / 4;
    if (keep > s->now.cursor)
        keep = s->now.cursor;
    int drop = s->now.cursor - keep;
    remember(s, drop);
    shift_undo(s, drop);
    memmove(s->now.sequence, s->now.sequence + drop, (size_t)keep * sizeof *s->now.sequence);
    memmove(s->marks, s->marks + drop, (size_t)(keep + 1) * sizeof *s->marks);
    for (int i = 0; i < MAX_CONTESTANTS; i++)
        memmove(s->guess[i], s->guess[i] + drop, (size_t)keep * sizeof *s->guess[i]);
    for (int i = 0; i <= keep; i++)
        s->marks[i].copied_from =
            s->marks[i].copied_from >= drop ? s->marks[i].copied_from - drop : -1;
    s->now.length = s->now.cursor = keep;
    forget_guesses(s, keep);
}

bool stepper_append(struct stepper *s, int symbol, int i, int predicted)
{
    if (stepper_is_full(s))
        return false;
    if (s->now.cursor >= PROBE_HISTORY - 1)
        shift(s);
    stepper_keep(s);
    int at = s->now.cursor;
    forget_guesses(s, at);
    stepper_guess(s, at, i, predicted);
    s->now.sequence[at] = (int16_t)symbol;
    s->now.length = s->now.cursor = at + 1;
    mark_from(s, at + 1);
    return true;
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
    if (count < 1 || count > stepper_longest(s))
        return fail(why, ERR_USAGE, "a sequence of %d symbols: it must have 1 to %d", count,
                    stepper_longest(s));
    stepper_keep(s);
    memset(s->past, 0, sizeof s->past);
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
    if (to < 1)
        to = 1;
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

/* Whether the answer is the number that stands at `from`, whichever that is: others are put there. */
static bool is_copy(const struct stepper *s, int from, int answer)
{
    int base = s->task->alphabet.numbers;
    int16_t history[PROBE_HISTORY];
    if (from < 0 || answer < 0 || s->now.sequence[from] != answer)
        return false;
    memcpy(history, s->now.sequence, (size_t)s->now.cursor * sizeof *history);
    for (int k = 1; k <= 3 && k < base; k++) {
        struct task_mark mark;
        history[from] = (int16_t)((answer + k) % base);
        task_answer(s->task, history, s->now.cursor, &mark);
        if (mark.answer != history[from])
            return false;
    }
    return true;
}

void stepper_show(const struct stepper *s, int i, struct probe_snapshot *out)
{
    struct stepper_tally score = s->past[i];
    out->length = s->now.length;
    out->cursor = s->now.cursor;
    out->positions = stepper_window(s, s->now.cursor);
    out->start = s->now.cursor - out->positions;
    out->context = s->context;
    out->longest = stepper_longest(s);
    out->fresh = s->fresh;
    out->which = s->which - s->begun;
    for (int at = 0; at < s->now.length; at++) {
        out->sequence[at] = s->now.sequence[at];
        out->answer[at] = (int16_t)s->marks[at].answer;
        out->subtask[at] = s->marks[at].subtask;
        out->since[at] = s->marks[at].since;
        out->hit[at] = (int8_t)hit_at(s, i, at);
        tally(s, i, at, &score);
    }
    out->score = score.all;
    memcpy(out->score_since, score.since, sizeof out->score_since);
    const struct task_mark *next = stepper_next(s);
    out->next_answer = next->answer;
    out->next_subtask = next->subtask;
    out->next_since = next->since;
    out->copied_from = next->copied_from;
    out->copies = is_copy(s, next->copied_from, next->answer);
}
