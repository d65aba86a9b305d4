/* Streams of rule tasks. */
#include "task/rules_stream.h"

#include <stddef.h>
#include <string.h>

#include "task/window.h"

size_t rules_stream_size(void)
{
    return sizeof(struct stream);
}

struct sight stream_look(const struct stream *s)
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
int stream_determined(const struct rules *r, const struct program *next, struct sight *sight)
{
    if (next->length == 0)
        return -1;
    int32_t value = rules_run(r->code + next->first, next->length, sight);
    if (sight->unknown)
        return -1;
    value %= r->base;
    return value < 0 ? value + r->base : value;
}

static inline uint32_t place_of(const struct fast_read *f, uint32_t start, uint32_t count)
{
    return count * (uint32_t)f->a + start * (uint32_t)f->b - (uint32_t)f->c;
}

/* Unsigned: what lies before the first number is far above the last. */
static inline bool is_there(uint32_t at, uint32_t count)
{
    return at < count && count - at <= RULES_RING;
}

/* The same for the sums that most rules are, `count` numbers being there, of which `read` is the one
   that the rule reads first. */
static inline int fast_sum(int base, const struct fast_rule *f, const uint8_t *ring, uint32_t start,
                           uint32_t count, int read)
{
    uint32_t also = place_of(&f->read[1], start, count);
    if (f->read[1].mask && !is_there(also, count))
        return -1;
    int sum = read + (ring[also % RULES_RING] & f->read[1].mask) + f->plus;
    return sum - (base & -(sum >= base)); /* a jump would go either way */
}

static inline int fast_number(int base, const struct fast_rule *f, const uint8_t *ring,
                              uint32_t start, uint32_t count)
{
    uint32_t at = place_of(&f->read[0], start, count);
    return is_there(at, count) ? fast_sum(base, f, ring, start, count, ring[at % RULES_RING]) : -1;
}

static int number_by(const struct rules *r, const struct stream *s, const struct segment *rule)
{
    if (rule->fast.usable)
        return fast_number(r->base, &rule->fast, s->ring, s->start, s->count);
    struct sight sight = stream_look(s);
    return stream_determined(r, &rule->next, &sight);
}

int stream_number(const struct rules *r, const struct stream *s)
{
    return s->rule == NO_SEGMENT ? -1 : number_by(r, s, &r->segment[s->rule]);
}

/* Where the rule is random, or reads what is not there. */
int stream_random_number(const struct rules *r, const struct stream *s, struct rng *rng)
{
    struct sight sight = stream_look(s);
    sight.rng = rng;
    sight.length = (int)(s->end - s->start);
    int number = -1;
    if (s->rule != NO_SEGMENT)
        number = stream_determined(r, &r->segment[s->rule].next, &sight);
    return number >= 0 ? number : (int)rng_below(rng, (uint32_t)r->base);
}

bool stream_is_scored(const struct rules *r, const struct stream *s, const struct segment *rule)
{
    const struct program *scored = &rule->scored;
    if (scored->length == 0)
        return true;
    struct sight sight = stream_look(s);
    int32_t value = rules_run(r->code + scored->first, scored->length, &sight);
    return value != 0 && !sight.unknown;
}

int rules_asked(const struct task *task, const void *stream, int i, bool *scored)
{
    const struct rules *r = task->state;
    const struct segment *rule = &r->segment[r->starter[i]];
    int number = number_by(r, stream, rule);
    *scored = number >= 0 && stream_is_scored(r, stream, rule);
    return number;
}

/* --- segments ----------------------------------------------------------------------------------
 */

uint32_t stream_draw_length(const struct rules *r, const struct stream *s, struct rng *rng)
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
    struct sight sight = stream_look(s);
    sight.rng = rng;
    int32_t n = rules_run(r->code + l->value.first, l->value.length, &sight);
    return sight.unknown || n < 0 ? 0 : n > RULES_LONG ? RULES_LONG : (uint32_t)n;
}

/* The control token of `segment` comes. */
void stream_enter(const struct rules *r, struct stream *s, int segment)
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

int stream_draw_starter(const struct rules *r, struct rng *rng)
{
    return r->starter[rng_below(rng, (uint32_t)r->starters)];
}

static void start_segment(const struct rules *r, struct stream *s, struct rng *rng)
{
    int then = s->at == NO_SEGMENT ? -1 : r->segment[s->at].then;
    stream_enter(r, s, then >= 0 ? then : stream_draw_starter(r, rng));
    s->end = s->count + stream_draw_length(r, s, rng);
}

static int control_of(const struct rules *r, const struct stream *s)
{
    return r->base + r->segment[s->at].subtask;
}

uint8_t stream_subtask(const struct task *task, const struct stream *s)
{
    const struct rules *r = task->state;
    bool known = s->at != NO_SEGMENT && task->alphabet.subtasks > 0;
    return known ? (uint8_t)r->segment[s->at].subtask : 255;
}

static inline int next_symbol(const struct task *task, void *stream, struct rng *rng,
                              struct task_mark *mark)
{
    const struct rules *r = task->state;
    struct stream *s = stream;
    if (s->silent) {
        s->silent = false;
        *mark = (struct task_mark){.answer = -1,
                                   .scored = r->score_controls,
                                   .subtask = stream_subtask(task, s),
                                   .copied_from = -1};
        return control_of(r, s);
    }
    int number = stream_number(r, s);
    bool goes_on = s->count != s->end;
    uint32_t since = s->count - s->start;
    *mark = (struct task_mark){.answer = number,
                               .subtask = stream_subtask(task, s),
                               .since = (uint8_t)(since < 255 ? since : 255),
                               .copied_from = -1,
                               .distance = s->distance};
    if (!goes_on) {
        mark->scored = r->score_controls;
        start_segment(r, s, rng);
        return control_of(r, s);
    }
    mark->number = mark->scored = number >= 0 && stream_is_scored(r, s, &r->segment[s->at]);
    if (number < 0)
        number = stream_random_number(r, s, rng);
    s->ring[s->count++ % RULES_RING] = (uint8_t)number;
    return number;
}

int rules_next(const struct task *task, void *stream, struct rng *rng, struct task_mark *mark)
{
    return next_symbol(task, stream, rng, mark);
}

int rules_window(const struct task *task, void *stream, struct rng *rng, int first,
                 struct batch *batch, int b)
{
    return window_fill(task, stream, rng, first, batch, b, next_symbol);
}

/* --- beginnings --------------------------------------------------------------------------------
 */

/* A rule that a stream may begin after: any but the late and repeating ones, all alike. */
static uint8_t any_rule(const struct rules *r, struct rng *rng)
{
    return r->early_count > 0 ? r->early[rng_below(rng, (uint32_t)r->early_count)] : NO_SEGMENT;
}

/* The next n numbers by a sum that reads the last number first, which is kept: one that was just
   stored takes longer to come back. */
static void add_chained(const struct rules *r, struct stream *s, const struct fast_rule *f,
                        struct rng *rng, uint32_t n)
{
    const int base = r->base;
    const uint32_t start = s->start;
    int last = s->ring[(s->count - 1) % RULES_RING];
    for (uint32_t count = s->count, end = count + n; count < end;) {
        int number = fast_sum(base, f, s->ring, start, count, last);
        if (number < 0)
            number = stream_random_number(r, s, rng);
        s->ring[count % RULES_RING] = (uint8_t)(last = number);
        s->count = ++count;
    }
}

/* The next n numbers of the segment in force. Its sum and the count are copies: a store of bytes
   may change whatever is in memory. */
static void add_numbers(const struct rules *r, struct stream *s, struct rng *rng, uint32_t n)
{
    const int base = r->base;
    const bool fast = s->rule != NO_SEGMENT && r->segment[s->rule].fast.usable;
    const struct fast_rule f = fast ? r->segment[s->rule].fast : (struct fast_rule){0};
    const uint32_t start = s->start;
    if (fast && s->count > 0 && f.read[0].a == 1 && f.read[0].b == 0 && f.read[0].c == 1) {
        add_chained(r, s, &f, rng, n);
        return;
    }
    for (uint32_t count = s->count, end = count + n; count < end;) {
        int number = fast ? fast_number(base, &f, s->ring, start, count) : stream_number(r, s);
        if (number < 0)
            number = stream_random_number(r, s, rng);
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

void stream_clear(struct stream *s)
{
    memset(s, 0, offsetof(struct stream, ring));
    s->at = s->rule = NO_SEGMENT;
    memset(s->rules, NO_SEGMENT, RULES_REPEAT);
}

void rules_begin_distance(const struct task *task, void *stream, struct rng *rng, int low, int high)
{
    const struct rules *r = task->state;
    struct stream *s = stream;
    stream_clear(s);
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
    stream_enter(r, s, r->lead);
    s->end = (uint32_t)r->lead_length;
}

void rules_begin(const struct task *task, void *stream, struct rng *rng)
{
    rules_begin_distance(task, stream, rng, 0, 0);
}
