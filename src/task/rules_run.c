/* The interpreter of rule programs. */
#include "task/rules.h"

#include <assert.h>

enum { LOOP_LIMIT = RULES_RING };

static int32_t clamp(int64_t v)
{
    return v > INT32_MAX ? INT32_MAX : v < INT32_MIN ? INT32_MIN : (int32_t)v;
}

static int32_t read_number(struct sight *s, int accessor, int32_t k)
{
    uint32_t end = accessor == OP_BACK ? s->count : accessor == OP_BEFORE ? s->start : s->opening;
    int64_t at = (int64_t)end - k;
    if (at < (int64_t)s->known || at >= (int64_t)s->count || (int64_t)s->count - at > RULES_RING) {
        s->unknown = true;
        return 0;
    }
    s->last_read = (uint32_t)at;
    s->has_read = true;
    return s->numbers[at % RULES_RING];
}

static int32_t draw(struct sight *s, int32_t bound)
{
    if (!s->rng) {
        s->unknown = true;
        return 0;
    }
    return bound > 1 ? (int32_t)rng_below(s->rng, (uint32_t)bound) : 0;
}

static int32_t modulo(int32_t a, int32_t b)
{
    int64_t rest = b ? (int64_t)a % b : 0;
    if (rest != 0 && (rest < 0) != (b < 0))
        rest += b;
    return (int32_t)rest;
}

static int32_t binary(int op, int32_t a, int32_t b)
{
    switch (op) {
    case OP_ADD:
        return clamp((int64_t)a + b);
    case OP_SUBTRACT:
        return clamp((int64_t)a - b);
    case OP_MULTIPLY:
        return clamp((int64_t)a * b);
    case OP_DIVIDE: /* rounded down, so that a = a / b * b + a mod b */
        return b ? clamp(((int64_t)a - modulo(a, b)) / b) : 0;
    case OP_MODULO:
        return modulo(a, b);
    case OP_LESS:
        return a < b;
    case OP_LESS_EQUAL:
        return a <= b;
    case OP_GREATER:
        return a > b;
    case OP_GREATER_EQUAL:
        return a >= b;
    case OP_EQUAL:
        return a == b;
    case OP_UNEQUAL:
        return a != b;
    case OP_AND:
        return a && b;
    default:
        assert(op == OP_OR);
        return a || b;
    }
}

/* Look at the numbers from..to, in this order, through the body. A list with an end under 1 is
   empty: before(previous..1) after a segment without numbers. */
static int32_t loop(const struct instruction *op, int32_t k, int32_t from, int32_t to,
                    struct sight *s)
{
    int32_t result = 0;
    int64_t step = from <= to ? 1 : -1, i = from;
    int64_t count = from < 1 || to < 1 ? 0 : ((int64_t)to - from) * step + 1;
    if (count > LOOP_LIMIT) {
        s->unknown = true;
        return 0;
    }
    for (; count > 0 && !s->unknown; count--, i += step) {
        s->x = read_number(s, op->accessor, (int32_t)i);
        uint32_t place = s->last_read;
        int32_t value = rules_run(op + 1, op->value, s);
        if (op->op == OP_SUM)
            result = clamp((int64_t)result + value);
        else if (value)
            result++;
        if (op->op == OP_PICK && value && result == k) {
            s->last_read = place;
            return s->x;
        }
    }
    if (op->op == OP_PICK)
        s->unknown = true;
    return result;
}

static int32_t unary(int op, int32_t a, struct sight *s)
{
    switch (op) {
    case OP_RANDOM:
        return draw(s, a);
    case OP_NEGATE:
        return clamp(-(int64_t)a);
    case OP_NOT:
        return !a;
    default:
        return read_number(s, op, a);
    }
}

static int32_t leaf(const struct instruction *i, struct sight *s)
{
    switch (i->op) {
    case OP_CONST:
        return i->value;
    case OP_POSITION:
        return clamp((int64_t)s->count - s->start);
    case OP_PREVIOUS:
        return clamp(s->previous);
    case OP_X:
        return s->x;
    default:
        assert(i->op == OP_LENGTH);
        s->unknown |= s->length < 0;
        return s->length;
    }
}

int32_t rules_run(const struct instruction *code, int length, struct sight *s)
{
    int32_t stack[RULES_STACK];
    int top = 0; /* values on the stack; the compiler bounds it */
    for (int at = 0; at < length; at++) {
        const struct instruction *i = &code[at];
        assert(top < RULES_STACK - 1);
        switch (i->op) {
        case OP_CONST:
        case OP_POSITION:
        case OP_LENGTH:
        case OP_PREVIOUS:
        case OP_X:
            stack[top++] = leaf(i, s);
            break;
        case OP_BACK:
        case OP_BEFORE:
        case OP_OPENING:
        case OP_RANDOM:
        case OP_NEGATE:
        case OP_NOT:
            stack[top - 1] = unary(i->op, stack[top - 1], s);
            break;
        case OP_UNLESS:
            at += stack[--top] ? 0 : i->value;
            break;
        case OP_SKIP:
            at += i->value;
            break;
        case OP_COUNT:
        case OP_SUM:
        case OP_PICK:
            top -= i->op == OP_PICK ? 2 : 1;
            stack[top - 1] = i->op == OP_PICK
                                 ? loop(i, stack[top - 1], stack[top], stack[top + 1], s)
                                 : loop(i, 0, stack[top - 1], stack[top], s);
            at += i->value;
            break;
        default:
            top--;
            stack[top - 1] = binary(i->op, stack[top - 1], stack[top]);
        }
    }
    assert(top == 1);
    return stack[0];
}
