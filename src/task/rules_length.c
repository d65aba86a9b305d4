/* How long the segments of a rule file last. */
#include "task/rules_parse.h"

#include <string.h>

bool rule_setting(const struct config *config, const char *key, int32_t *value)
{
    const struct setting *s = config_find(key);
    if (!s || strncmp(key, "task.", 5) != 0 || s->wide ||
        (s->type != SETTING_INT && s->type != SETTING_CHOICE))
        return false;
    *value = *(const int *)((const char *)config + s->offset);
    return true;
}

/* n = max(1, Binomial(high, mean / high)), arXiv 2609.11913. */
static void set_binomial(struct length *l)
{
    double p = l->mean / l->high, mass[RULES_LONGEST + 1] = {1};
    for (int trial = 1; trial <= l->high; trial++)
        for (int k = trial; k >= 0; k--)
            mass[k] = mass[k] * (1 - p) + (k > 0 ? mass[k - 1] * p : 0);
    mass[1] += mass[0];
    mass[0] = 0;
    double below = 0;
    for (int k = 1; k <= l->high; k++) {
        /* In the far tail rounding leaves nothing to divide by; there the end is as good as sure.
         */
        double left = 1 - below;
        l->hazard[k] = mass[k] < left ? mass[k] / left : 1;
        below += mass[k];
        l->cdf[k] = below;
    }
    l->hazard[l->high] = 1;
    l->cdf[l->high] = 1;
}

/* A mean: a number or a setting that is one. */
static int real_constant(struct parser *p, double *out)
{
    const struct setting *s = config_find(p->now.text);
    int32_t whole;
    if (p->now.kind == WORD_INT || p->now.kind == WORD_REAL)
        *out = p->now.real;
    else if (p->now.kind == WORD_NAME && s && s->type == SETTING_REAL &&
             strncmp(s->key, "task.", 5) == 0)
        *out = *(const double *)((const char *)p->config + s->offset);
    else if (p->now.kind == WORD_NAME && rule_setting(p->config, p->now.text, &whole))
        *out = whole;
    else
        return word_fail(p, "a number or a setting such as task.segment_mean");
    return word_next(p);
}

static int binomial(struct parser *p, struct length *l)
{
    struct word first, second;
    int32_t high;
    int code = word_next(p);
    if (code || (code = word_skip(p, "(")) != 0)
        return code;
    first = p->now;
    if ((code = parse_constant(p, 1, RULES_LONGEST, &high)) != 0 || (code = word_skip(p, ",")) != 0)
        return code;
    second = p->now;
    if ((code = real_constant(p, &l->mean)) != 0)
        return code;
    l->kind = LENGTH_BINOMIAL;
    l->low = 1;
    l->high = high;
    if (l->mean > high && second.kind == WORD_NAME && first.kind == WORD_NAME)
        return fail(p->why, ERR_USAGE, "%s: %g is more than %s, %d: choose a smaller mean",
                    second.text, l->mean, first.text, high);
    if (l->mean <= 0 || l->mean > high) {
        p->now = second;
        return word_complain(p, "expected a mean above 0 and at most the longest");
    }
    set_binomial(l);
    return word_skip(p, ")");
}

static int uniform(struct parser *p, struct length *l)
{
    int32_t low, high;
    struct word first = {0};
    int code = word_next(p);
    if (code || (code = word_skip(p, "(")) != 0)
        return code;
    first = p->now;
    if ((code = parse_constant(p, 1, RULES_LONG, &low)) != 0 || (code = word_skip(p, ",")) != 0)
        return code;
    struct word second = p->now;
    if ((code = parse_constant(p, 1, RULES_LONG, &high)) != 0)
        return code;
    if (low > high && first.kind == WORD_NAME && second.kind == WORD_NAME)
        return fail(p->why, ERR_USAGE, "%s: %d is more than %s, %d: choose a smaller one",
                    first.text, low, second.text, high);
    if (low > high) {
        p->now = second;
        return word_complain(p, "expected a longest that is not under the shortest");
    }
    *l = (struct length){.kind = LENGTH_UNIFORM, .low = low, .high = high};
    return word_skip(p, ")");
}

int parse_length(struct parser *p, struct length *l)
{
    int code = word_next(p);
    if (code)
        return code;
    if (word_is(p, "binomial"))
        return binomial(p, l);
    if (word_is(p, "uniform"))
        return uniform(p, l);
    *l = (struct length){.kind = LENGTH_FOREVER};
    if (word_is(p, "forever"))
        return word_next(p);
    l->kind = LENGTH_VALUE;
    l->high = RULES_LONG;
    struct word begin = p->now;
    code = parse_program(p, &l->value);
    const struct instruction *i = &p->rules->code[l->value.first];
    if (code || l->value.length != 1 || i->op != OP_CONST)
        return code;
    if (i->value < 1 || i->value > RULES_LONG) {
        p->now = begin;
        return word_complain(p, "expected a length from 1 to 4096");
    }
    *l = (struct length){.kind = LENGTH_UNIFORM, .low = i->value, .high = i->value};
    return 0;
}

void default_length(struct length *l)
{
    *l = (struct length){.kind = LENGTH_BINOMIAL, .low = 1, .high = 9, .mean = 6};
    set_binomial(l);
}
