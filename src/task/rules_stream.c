/* Streams of rule tasks, and the same rules on any history. */
#include "task/rules.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

enum { NO_SEGMENT = 255, FOREVER = 1 << 30 };

struct stream {
    uint32_t count;    /* numbers so far; number i stands in ring[i % RULES_RING] */
    uint32_t start;    /* numbers before the control token in force */
    uint32_t end;      /* the segment ends when count is there */
    uint32_t opening;  /* numbers before the first token of the chain */
    uint32_t previous; /* numbers of the segment before */
    int low, high;     /* distances of pairs; 0: as the rules say */
    int distance;
    uint8_t at;                  /* segment in force, NO_SEGMENT */
    uint8_t rule;                /* the segment whose rule it has */
    uint8_t rules[RULES_REPEAT]; /* [k]: the rule of the segment k + 1 before */
    bool silent;                 /* its control token is still to come */
    uint8_t ring[RULES_RING];
};

static_assert((int)RULES_SEGMENTS < (int)NO_SEGMENT, "segments are bytes");

size_t rules_stream_size(void)
{
    return sizeof(struct stream);
}

static struct sight look(const struct stream *s)
{
    return (struct sight){.numbers = s->ring,
                          .count = s->count,
                          .start = s->start,
                          .opening = s->opening,
                          .previous = s->previous,
                          .length = -1};
}

/* --- rules -------------------------------------------------------------------------------------
 */

/* The number that the rule asks for; -1 if the history does not determine it. */
static int determined(const struct rules *r, const struct program *next, struct sight *sight)
{
    if (next->length == 0)
        return -1;
    int32_t value = rules_run(r->code + next->first, next->length, sight);
    if (sight->unknown)
        return -1;
    value %= r->base;
    return value < 0 ? value + r->base : value;
}

/* The same for the sums that most rules are, `count` numbers being there. */
static inline int fast_number(int base, const struct fast_rule *f, const uint8_t *ring,
                              uint32_t start, uint32_t count)
{
    uint32_t at =
        count * (uint32_t)f->read[0].a + start * (uint32_t)f->read[0].b - (uint32_t)f->read[0].c;
    uint32_t also =
        count * (uint32_t)f->read[1].a + start * (uint32_t)f->read[1].b - (uint32_t)f->read[1].c;
    /* Unsigned: what lies before the first number is far above the last. */
    if (at >= count || count - at > RULES_RING ||
        (f->read[1].mask && (also >= count || count - also > RULES_RING)))
        return -1;
    int sum = ring[at % RULES_RING] + (ring[also % RULES_RING] & f->read[1].mask) + f->plus;
    return sum - (base & -(sum >= base)); /* a jump would go either way */
}

static int number_by(const struct rules *r, const struct stream *s, const struct segment *rule)
{
    if (rule->fast.usable)
        return fast_number(r->base, &rule->fast, s->ring, s->start, s->count);
    struct sight sight = look(s);
    return determined(r, &rule->next, &sight);
}

static int number_of(const struct rules *r, const struct stream *s)
{
    return s->rule == NO_SEGMENT ? -1 : number_by(r, s, &r->segment[s->rule]);
}

/* Where the rule is random, or reads what is not there. */
static int random_number(const struct rules *r, const struct stream *s, struct rng *rng)
{
    struct sight sight = look(s);
    sight.rng = rng;
    sight.length = (int)(s->end - s->start);
    int number = -1;
    if (s->rule != NO_SEGMENT)
        number = determined(r, &r->segment[s->rule].next, &sight);
    return number >= 0 ? number : (int)rng_below(rng, (uint32_t)r->base);
}

static bool is_scored(const struct rules *r, const struct stream *s, const struct segment *rule)
{
    const struct program *scored = &rule->scored;
    if (scored->length == 0)
        return true;
    struct sight sight = look(s);
    int32_t value = rules_run(r->code + scored->first, scored->length, &sight);
    return value != 0 && !sight.unknown;
}

int rules_asked(const struct task *task, const void *stream, int i, bool *scored)
{
    const struct rules *r = task->state;
    const struct segment *rule = &r->segment[r->starter[i]];
    int number = number_by(r, stream, rule);
    *scored = number >= 0 && is_scored(r, stream, rule);
    return number;
}

/* --- segments ----------------------------------------------------------------------------------
 */

static uint32_t draw_length(const struct rules *r, const struct stream *s, struct rng *rng)
{
    const struct length *l = &r->segment[s->at].length;
    if (l->kind == LENGTH_BINOMIAL) {
        /* All of them: a search would end where no processor can guess. */
        double u = rng_uniform(rng);
        uint32_t n = 1;
        for (int k = 1; k < l->high; k++)
            n += u >= l->cdf[k];
        return n;
    }
    if (l->kind == LENGTH_FOREVER)
        return FOREVER;
    if (l->kind == LENGTH_UNIFORM) {
        bool other = r->segment[s->at].distance && s->low > 0;
        int low = other ? s->low : l->low, high = other ? s->high : l->high;
        return (uint32_t)low + (high > low ? rng_below(rng, (uint32_t)(high - low + 1)) : 0);
    }
    struct sight sight = look(s);
    sight.rng = rng;
    int32_t n = rules_run(r->code + l->value.first, l->value.length, &sight);
    return sight.unknown || n < 0 ? 0 : n > RULES_LONG ? RULES_LONG : (uint32_t)n;
}

/* The control token of `segment` comes. */
static void enter(const struct rules *r, struct stream *s, int segment)
{
    const struct segment *new = &r->segment[segment];
    if (r->repeats) {
        memmove(s->rules + 1, s->rules, RULES_REPEAT - 1);
        s->rules[0] = s->rule;
    }
    s->previous = s->count - s->start;
    if (new->starts) {
        s->opening = s->count;
        s->distance = 0;
    } else if (s->at != NO_SEGMENT && r->segment[s->at].distance) {
        s->distance = (int)s->previous;
    }
    s->at = (uint8_t)segment;
    s->rule = new->repeat ? s->rules[new->repeat - 1] : (uint8_t)segment;
    s->start = s->count;
}

static int draw_starter(const struct rules *r, struct rng *rng)
{
    return r->starter[rng_below(rng, (uint32_t)r->starters)];
}

static void start_segment(const struct rules *r, struct stream *s, struct rng *rng)
{
    int then = s->at == NO_SEGMENT ? -1 : r->segment[s->at].then;
    enter(r, s, then >= 0 ? then : draw_starter(r, rng));
    s->end = s->count + draw_length(r, s, rng);
}

static int control_of(const struct rules *r, const struct stream *s)
{
    return r->base + r->segment[s->at].subtask;
}

static uint8_t subtask_of(const struct task *task, const struct stream *s)
{
    const struct rules *r = task->state;
    bool known = s->at != NO_SEGMENT && task->alphabet.subtasks > 0;
    return known ? (uint8_t)r->segment[s->at].subtask : 255;
}

int rules_next(const struct task *task, void *stream, struct rng *rng, struct task_mark *mark)
{
    const struct rules *r = task->state;
    struct stream *s = stream;
    if (s->silent) {
        s->silent = false;
        *mark = (struct task_mark){.answer = -1,
                                   .scored = r->score_controls,
                                   .subtask = subtask_of(task, s),
                                   .copied_from = -1};
        return control_of(r, s);
    }
    int number = number_of(r, s);
    bool goes_on = s->count != s->end;
    uint32_t since = s->count - s->start;
    *mark = (struct task_mark){.answer = number,
                               .subtask = subtask_of(task, s),
                               .since = (uint8_t)(since < 255 ? since : 255),
                               .copied_from = -1,
                               .distance = s->distance};
    if (!goes_on) {
        mark->scored = r->score_controls;
        start_segment(r, s, rng);
        return control_of(r, s);
    }
    mark->number = mark->scored = number >= 0 && is_scored(r, s, &r->segment[s->at]);
    if (number < 0)
        number = random_number(r, s, rng);
    s->ring[s->count++ % RULES_RING] = (uint8_t)number;
    return number;
}

/* --- beginnings --------------------------------------------------------------------------------
 */

/* A rule that a stream may begin after: any but the late and repeating ones, all alike. */
static uint8_t any_rule(const struct rules *r, struct rng *rng)
{
    int early[RULES_SEGMENTS], count = 0;
    for (int i = 0; i < r->starters; i++)
        if (!r->segment[r->starter[i]].late && !r->segment[r->starter[i]].repeat)
            early[count++] = r->starter[i];
    return (uint8_t)(count > 0 ? early[rng_below(rng, (uint32_t)count)] : NO_SEGMENT);
}

/* The next n numbers of the segment in force. Its sum and the count are copies: a store of bytes
   may change whatever is in memory. */
static void add_numbers(const struct rules *r, struct stream *s, struct rng *rng, uint32_t n)
{
    const int base = r->base;
    const bool fast = s->rule != NO_SEGMENT && r->segment[s->rule].fast.usable;
    const struct fast_rule f = fast ? r->segment[s->rule].fast : (struct fast_rule){0};
    const uint32_t start = s->start;
    for (uint32_t count = s->count, end = count + n; count < end;) {
        int number = fast ? fast_number(base, &f, s->ring, start, count) : number_of(r, s);
        if (number < 0)
            number = random_number(r, s, rng);
        s->ring[count % RULES_RING] = (uint8_t)number;
        s->count = ++count;
    }
}

/* As n times rules_next, without marks. */
static void pass_over(const struct rules *r, struct stream *s, struct rng *rng, uint32_t n)
{
    for (;;) {
        uint32_t rest = s->end - s->count, numbers = rest < n ? rest : n;
        add_numbers(r, s, rng, numbers);
        n -= numbers;
        if (n-- == 0)
            return;
        start_segment(r, s, rng);
    }
}

/* Anywhere in a segment of random numbers; then a fixed number of symbols leads into the stationary
   stream. It takes a dozen segments: the rules do not favour all numbers alike (in IARC, C after 0
   repeats the last number, A and C turn 0 0 into 0), and windows for training must be like those of
   the long held-out stream. */
static void begin_stream(const struct task *task, struct stream *s, struct rng *rng)
{
    const struct rules *r = task->state;
    uint32_t longest = (uint32_t)r->longest;
    for (s->count = 0; s->count < 2 * (longest + 1); s->count++)
        s->ring[s->count % RULES_RING] = (uint8_t)rng_below(rng, (uint32_t)r->base);
    s->rule = any_rule(r, rng);
    s->rules[0] = any_rule(r, rng);
    memset(s->rules + 1, s->rules[0], RULES_REPEAT - 1);
    s->start = s->count;
    start_segment(r, s, rng);
    uint32_t done = rng_below(rng, s->end - s->start + 1);
    if (!r->segment[s->at].late ||
        r->segment[s->at].repeat) { /* a late one looks before its token */
        s->start -= done;
        s->opening -= done;
    }
    s->end -= done;
    pass_over(r, s, rng, (uint32_t)r->warm_up);
}

static void clear(struct stream *s)
{
    memset(s, 0, offsetof(struct stream, ring));
    s->at = s->rule = NO_SEGMENT;
    memset(s->rules, NO_SEGMENT, RULES_REPEAT);
}

void rules_begin_distance(const struct task *task, void *stream, struct rng *rng, int low, int high)
{
    const struct rules *r = task->state;
    struct stream *s = stream;
    clear(s);
    s->low = low;
    s->high = high;
    if (!r->fresh) {
        begin_stream(task, s, rng);
        return;
    }
    s->silent = !r->hidden;
    if (r->lead < 0) {
        start_segment(r, s, rng);
        return;
    }
    enter(r, s, r->lead);
    s->end = (uint32_t)r->lead_length;
}

void rules_begin(const struct task *task, void *stream, struct rng *rng)
{
    rules_begin_distance(task, stream, rng, 0, 0);
}

/* --- any history -------------------------------------------------------------------------------
 */

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
    clear(s);
    if (r->hidden && r->starters == 1)
        enter(r, s, r->starter[0]);
    for (int i = 0; i < n; i++) {
        int symbol = symbols[i];
        if (symbol >= 0 && symbol < r->base) {
            where[s->count % RULES_RING] = i;
            s->ring[s->count++ % RULES_RING] = (uint8_t)symbol;
        } else if (symbol >= r->base && symbol < task->alphabet.count) {
            enter(r, s, segment_of(r, s, symbol - r->base));
        }
    }
}

/* Hidden rules: how many of the last numbers follow from `rule`. */
static int run_of(const struct rules *r, const struct stream *s, int rule)
{
    enum { ENOUGH = 64 };
    struct sight sight = look(s);
    int run = 0;
    while (run < ENOUGH && sight.count > s->start) {
        sight.count--;
        sight.unknown = false;
        int number = determined(r, &r->segment[rule].next, &sight);
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
                               .subtask = subtask_of(task, s),
                               .since = (uint8_t)(since < 255 ? since : 255),
                               .copied_from = -1,
                               .distance = s->distance};
    if (s->rule == NO_SEGMENT)
        return;
    struct sight sight = look(s);
    mark->answer = determined(r, &r->segment[s->rule].next, &sight);
    if (mark->answer < 0)
        return;
    mark->number = mark->scored = is_scored(r, s, &r->segment[s->at]);
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
        return since >= (int64_t)draw_length(r, &begun, rng);
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
    double number = (1 - end) * (number_of(r, s) >= 0 ? 1 : guess[s->at]);
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
        return r->base + r->segment[then >= 0 ? then : draw_starter(r, rng)].subtask;
    }
    if (mark.answer >= 0)
        return mark.answer;
    s.end = s.count + 1;
    if (s.rule != NO_SEGMENT && r->segment[s.rule].next.random) {
        /* A random rule may ask how long its segment is: as long as it might have been drawn. */
        uint32_t length = draw_length(r, &s, rng);
        s.end = s.start + length > s.count ? s.start + length : s.end;
    }
    return random_number(r, &s, rng);
}
