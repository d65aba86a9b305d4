/* The rules of a stream on any history. */
#include "task/rules_stream.h"

/* The segment that a control symbol starts there: what must follow if it is that one, else the
   segment that begins with it, else (the second of a pair without a first) the one that has it. */
static int segment_of(const struct rules *r, const struct stream *s, int subtask)
{
    int then = s->at == NO_SEGMENT ? -1 : r->segment[s->at].then, found = -1;
    if (then >= 0 && r->segment[then].subtask == subtask)
        return then;
    for (int i = r->segments - 1; i >= 0; i--)
        if (r->segment[i].subtask == subtask && (found < 0 || r->segment[i].starts))
            found = i;
    return found;
}

/* Read the history into a stream; where[] gets the index of each number of the ring. A symbol of no
   alphabet counts as nothing. */
static void replay(const struct task *task, const int16_t *symbols, int n, struct stream *s,
                   int32_t *where)
{
    const struct rules *r = task->state;
    stream_clear(s);
    if (r->hidden && r->starters == 1)
        stream_enter(r, s, r->starter[0]);
    for (int i = 0; i < n; i++) {
        int symbol = symbols[i];
        if (symbol >= 0 && symbol < r->base) {
            where[s->count % RULES_RING] = i;
            s->ring[s->count++ % RULES_RING] = (uint8_t)symbol;
        } else if (symbol >= r->base && symbol < task->alphabet.count) {
            stream_enter(r, s, segment_of(r, s, symbol - r->base));
        }
    }
}

/* Hidden rules: how many of the last numbers follow from `rule`. */
static int run_of(const struct rules *r, const struct stream *s, int rule)
{
    enum { ENOUGH = 64 };
    struct sight sight = stream_look(s);
    int run = 0;
    while (run < ENOUGH && sight.count > s->start) {
        sight.count--;
        sight.unknown = false;
        int number = stream_determined(r, &r->segment[rule].next, &sight);
        if (number != s->ring[sight.count % RULES_RING])
            break;
        run++;
    }
    return run;
}

/* The hidden rule that explains the most of the last numbers; NO_SEGMENT if none does or two do. */
static int infer(const struct rules *r, const struct stream *s)
{
    int best = 0, found = NO_SEGMENT;
    for (int i = 0; i < r->starters; i++) {
        int run = run_of(r, s, r->starter[i]);
        if (run > best)
            found = r->starter[i];
        else if (run == best)
            found = NO_SEGMENT;
        best = run > best ? run : best;
    }
    return found;
}

static void read_history(const struct task *task, const int16_t *symbols, int n, struct stream *s,
                         int32_t *where)
{
    const struct rules *r = task->state;
    replay(task, symbols, n, s, where);
    if (r->hidden && s->at == NO_SEGMENT)
        s->at = s->rule = (uint8_t)infer(r, s);
}

static void answer_of(const struct task *task, const struct stream *s, const int32_t *where,
                      struct task_mark *mark)
{
    const struct rules *r = task->state;
    uint32_t since = s->count - s->start;
    *mark = (struct task_mark){.answer = -1,
                               .scored = r->score_controls,
                               .subtask = stream_subtask(task, s),
                               .since = (uint8_t)(since < 255 ? since : 255),
                               .copied_from = -1,
                               .distance = s->distance};
    if (s->rule == NO_SEGMENT)
        return;
    struct sight sight = stream_look(s);
    mark->answer = stream_determined(r, &r->segment[s->rule].next, &sight);
    if (mark->answer < 0)
        return;
    mark->number = mark->scored = stream_is_scored(r, s, &r->segment[s->at]);
    if (sight.has_read)
        mark->copied_from = where[sight.last_read % RULES_RING];
}

void rules_answer(const struct task *task, const int16_t *symbols, int n, struct task_mark *mark)
{
    struct stream s;
    int32_t where[RULES_RING];
    read_history(task, symbols, n, &s, where);
    answer_of(task, &s, where, mark);
}

/* The chance that the segment in force has ended, as streams do it. */
static double chance_of_end(const struct rules *r, const struct stream *s, struct rng *rng)
{
    if (s->at == NO_SEGMENT)
        return !r->hidden;
    const struct length *l = &r->segment[s->at].length;
    int64_t since = (int64_t)s->count - s->start;
    if (l->kind == LENGTH_FOREVER)
        return 0;
    if (l->kind == LENGTH_VALUE) {
        struct stream begun = *s;
        begun.count = s->start;
        return since >= (int64_t)stream_draw_length(r, &begun, rng);
    }
    if (since >= l->high || since < l->low)
        return since >= l->high;
    return l->kind == LENGTH_BINOMIAL ? l->hazard[since] : 1.0 / (double)(l->high - since + 1);
}

/* Whether no drawing decides on the end: before the first number, or after the last. */
static bool is_sure(const struct rules *r, const struct stream *s)
{
    const struct length *l = s->at == NO_SEGMENT ? NULL : &r->segment[s->at].length;
    int64_t since = (int64_t)s->count - s->start;
    return !l || l->kind == LENGTH_FOREVER || l->kind == LENGTH_VALUE || since < l->low ||
           since >= l->high;
}

double rules_best_guess(const struct task *task, const void *stream, const double *guess,
                        struct rng *rng)
{
    const struct rules *r = task->state;
    const struct stream *s = stream;
    if (s->silent)
        return r->lead >= 0 ? 1 : 1.0 / r->starters;
    double end = chance_of_end(r, s, rng);
    double number = (1 - end) * (stream_number(r, s) >= 0 ? 1 : guess[s->at]);
    double control = end * (r->segment[s->at].then >= 0 ? 1 : 1.0 / r->starters);
    return number > control ? number : control;
}

int rules_segment(const void *stream)
{
    const struct stream *s = stream;
    return s->at;
}

int rules_go_on(const struct task *task, const int16_t *symbols, int n, struct rng *rng)
{
    const struct rules *r = task->state;
    struct stream s;
    struct task_mark mark;
    int32_t where[RULES_RING];
    read_history(task, symbols, n, &s, where);
    answer_of(task, &s, where, &mark);
    double end = chance_of_end(r, &s, rng);
    if (is_sure(r, &s) ? end > 0 : rng_uniform(rng) < end) {
        int then = s.at == NO_SEGMENT ? -1 : r->segment[s.at].then;
        if (s.at == NO_SEGMENT && r->lead >= 0)
            then = r->lead;
        return r->base + r->segment[then >= 0 ? then : stream_draw_starter(r, rng)].subtask;
    }
    if (mark.answer >= 0)
        return mark.answer;
    s.end = s.count + 1;
    if (s.rule != NO_SEGMENT && r->segment[s.rule].next.random) {
        /* A random rule may ask how long its segment is: as long as it might have been drawn. */
        uint32_t length = stream_draw_length(r, &s, rng);
        s.end = s.start + length > s.count ? s.start + length : s.end;
    }
    return stream_random_number(r, &s, rng);
}
