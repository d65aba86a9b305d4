/* What can be known of a rule task before anybody learns it: how long its parts are, the accuracy
   of guessing, and the best that any model can reach. */
#include "task/rules.h"

#include <stdalign.h>
#include <stddef.h>

enum { WINDOWS = 256, STREAM_BYTES = 8192 };

/* Symbols of a segment on average, its control token included. */
static double mean_symbols(const struct length *l)
{
    double symbols = 1;
    if (l->kind == LENGTH_UNIFORM)
        return symbols + (l->low + l->high) / 2.0;
    for (int k = 1; l->kind == LENGTH_BINOMIAL && k <= l->high; k++)
        symbols += 1 - l->cdf[k - 1];
    return symbols;
}

static void measure_parts(struct rules *r)
{
    double mean = 0;
    r->longest = 1;
    for (int i = 0; i < r->starters; i++) {
        const struct segment *s = &r->segment[r->starter[i]];
        if (!s->late && !s->repeat)
            r->early[r->early_count++] = (uint8_t)r->starter[i];
    }
    for (int i = 0; i < r->segments; i++) {
        const struct length *l = &r->segment[i].length;
        int high = l->high < RULES_RING / 4 ? l->high : RULES_RING / 4;
        r->longest = high > r->longest ? high : r->longest;
        mean += mean_symbols(l) / r->starters;
    }
    /* One length for all, as is common: no rounding of a sum. */
    if (r->segments == r->starters) {
        double first = mean_symbols(&r->segment[0].length);
        mean = mean - first < 1e-9 && first - mean < 1e-9 ? first : mean;
    }
    r->warm_up = (int)(12 * mean) + r->longest + 1;
}

/* Only single segments of binomial length, all determined: the sum can be written down. */
static bool is_plain(const struct rules *r)
{
    for (int i = 0; i < r->segments; i++) {
        const struct segment *s = &r->segment[i];
        if (!s->starts || s->then >= 0 || s->length.kind != LENGTH_BINOMIAL || s->next.random ||
            s->scored.length > 0)
            return false;
    }
    return !r->fresh;
}

/* After the control a number comes surely. After k numbers the best guess is the rule's number,
   right with 1 - h, or one of the controls, right with h / starters. */
static double plain_ceiling(const struct rules *r)
{
    double all = 0, symbols = 0;
    for (int i = 0; i < r->segments; i++) {
        const struct length *l = &r->segment[i].length;
        double right = 1;
        for (int k = 1; k <= l->high; k++) {
            double reached = 1 - l->cdf[k - 1], h = l->hazard[k];
            right += reached * (1 - h > h / r->starters ? 1 - h : h / r->starters);
        }
        all += right;
        symbols += mean_symbols(l);
    }
    return all / symbols;
}

struct census {
    int64_t ruled[RULES_MAX_BASE];                  /* how often each number was an answer */
    int64_t random[RULES_SEGMENTS][RULES_MAX_BASE]; /* and a number without one */
    double guess[RULES_SEGMENTS];
    double numbers[RULES_SEGMENTS]; /* of `random`, all together */
    double best; /* summed over `scored` symbols */
    int64_t scored;
};

static double sum_of(const int64_t *count, int n)
{
    int64_t all = 0;
    for (int i = 0; i < n; i++)
        all += count[i];
    return (double)all;
}

/* The share of the most frequent number; `otherwise` if there was none. */
static double most(const int64_t *count, int n, double otherwise)
{
    int64_t best = 0;
    double all = sum_of(count, n);
    for (int i = 0; i < n; i++)
        best = count[i] > best ? count[i] : best;
    return all > 0 ? (double)best / all : otherwise;
}

/* One sequence as long as a window, a longer one of a stream: count what comes. */
static void count_window(const struct task *task, void *stream, struct rng *rng, struct census *c)
{
    const struct rules *r = task->state;
    for (int t = 0; t <= task->config.task.context; t++) {
        struct task_mark mark;
        int segment = rules_segment(stream);
        int symbol = rules_next(task, stream, rng, &mark);
        if (symbol >= r->base)
            continue;
        if (mark.answer < 0)
            c->random[segment][symbol]++;
        else if (mark.number)
            c->ruled[symbol]++;
    }
}

/* Hidden rules: how likely each starter is after the numbers so far, and what it asks for. */
struct belief {
    double weight[RULES_SEGMENTS];
    int asked[RULES_SEGMENTS];
    bool scored[RULES_SEGMENTS];
};

static struct belief believe_all(const struct rules *r)
{
    struct belief b = {0};
    for (int i = 0; i < r->starters; i++)
        b.weight[i] = 1;
    return b;
}

/* How likely the likeliest number is, given that it counts. */
static double best_belief(const struct task *task, const void *stream, struct belief *b)
{
    const struct rules *r = task->state;
    double share[RULES_MAX_BASE] = {0}, all = 0, best = 0;
    for (int i = 0; i < r->starters; i++) {
        b->asked[i] = rules_asked(task, stream, i, &b->scored[i]);
        if (!b->scored[i])
            continue;
        double *of = &share[b->asked[i]];
        *of += b->weight[i];
        all += b->weight[i];
        best = *of > best ? *of : best;
    }
    return all > 0 ? best / all : 0;
}

/* Bayes's rule, after the number `came`. An undetermined one comes as often as the census found it,
   each having come once more. */
static void learn(const struct rules *r, const struct census *c, int came, struct belief *b)
{
    double all = 0;
    for (int i = 0; i < r->starters; i++) {
        int s = r->starter[i];
        double share = ((double)c->random[s][came] + 1) / (c->numbers[s] + r->base);
        b->weight[i] *= b->asked[i] < 0 ? share : b->asked[i] == came;
        all += b->weight[i];
    }
    for (int i = 0; i < r->starters && all > 0; i++)
        b->weight[i] /= all;
}

/* The best that can be known of what is scored in the second half of such windows. */
static void best_of_window(const struct task *task, void *stream, struct rng *rng, struct census *c)
{
    const struct rules *r = task->state;
    int T = task->config.task.context, from = T / 2;
    /* What a lead is, everybody knows, and the token behind it shows. */
    bool guessing = r->hidden && r->starters > 1 && r->lead < 0;
    struct belief belief = believe_all(r);
    for (int t = 0; t <= T; t++) {
        struct task_mark mark;
        double best = guessing   ? best_belief(task, stream, &belief)
                      : t > from ? rules_best_guess(task, stream, c->guess, rng)
                                 : 0;
        int symbol = rules_next(task, stream, rng, &mark);
        if (guessing)
            learn(r, c, symbol, &belief);
        if (t <= from || !mark.scored)
            continue;
        c->best += best;
        c->scored++;
    }
}

static bool nothing_ruled(const struct census *c)
{
    for (int i = 0; i < RULES_MAX_BASE; i++)
        if (c->ruled[i])
            return false;
    return true;
}

static void measure_streams(struct task *task, struct census *c)
{
    const struct rules *r = task->state;
    alignas(max_align_t) char stream[STREAM_BYTES];
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < WINDOWS; i++) {
            struct rng rng;
            rng_seed(&rng, 0, RNG_TEST, (uint64_t)i);
            rules_begin(task, stream, &rng);
            if (pass == 0)
                count_window(task, stream, &rng, c);
            else
                best_of_window(task, stream, &rng, c);
        }
        for (int i = 0; i < r->segments && pass == 0; i++) {
            c->guess[i] = most(c->random[i], r->base, 1.0 / r->base);
            c->numbers[i] = sum_of(c->random[i], r->base);
        }
    }
    task->all_ceiling = c->scored ? c->best / (double)c->scored : 1;
    if (r->measured)
        task->chance = most(c->ruled, r->base, task->chance);
}

int rules_measure(struct task *task, struct failure *why)
{
    struct rules *r = task->state;
    struct census census = {0};
    measure_parts(r);
    task->chance = 1.0 / r->base;
    if (is_plain(r))
        task->all_ceiling = plain_ceiling(r);
    if (is_plain(r) && !r->measured)
        return 0;
    measure_streams(task, &census);
    if (nothing_ruled(&census))
        return fail(why, ERR_USAGE,
                    "task.context: in %d symbols of %s no number follows from a rule: choose a "
                    "longer window, or a rule without random()",
                    task->config.task.context, task->ops->name);
    return 0;
}
