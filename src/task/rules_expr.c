/* Expressions of rule files: trees with constants folded, then programs. */
#include "task/rules_parse.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* --- trees ----------------------------------------------------------------------------------- */

/* All of these return the index of a node, or a negative enum err. */
static int expression(struct parser *p);

static int new_node(struct parser *p, int op, int accessor, int32_t value, const int child[4])
{
    if (p->node_count == PARSER_NODES)
        return word_complain(p, "this expression is too long: use at most 256 parts");
    struct node *n = &p->nodes[p->node_count];
    *n = (struct node){.op = (uint8_t)op, .accessor = (uint8_t)accessor, .value = value};
    for (int i = 0; i < 4; i++)
        n->child[i] = (int16_t)(child ? child[i] : -1);
    return p->node_count++;
}

static bool is_const(const struct parser *p, int node)
{
    return p->nodes[node].op == OP_CONST;
}

/* A node whose children are constants becomes one itself. */
static int combine(struct parser *p, int op, int a, int b)
{
    if (b >= 0 && is_const(p, b) && p->nodes[b].value == 0 && (op == OP_DIVIDE || op == OP_MODULO))
        return word_complain(p, "this divides by zero");
    if (is_const(p, a) && (b < 0 || is_const(p, b)) && op > OP_RANDOM) {
        struct instruction code[3] = {{OP_CONST, 0, p->nodes[a].value}};
        int n = 1;
        if (b >= 0)
            code[n++] = (struct instruction){OP_CONST, 0, p->nodes[b].value};
        code[n++] = (struct instruction){(uint8_t)op, 0, 0};
        struct sight nothing = {0};
        return new_node(p, OP_CONST, 0, rules_run(code, n, &nothing), NULL);
    }
    return new_node(p, op, 0, 0, (const int[4]){a, b, -1, -1});
}

static int arguments(struct parser *p, int *out, int count)
{
    int code = 0;
    p->nesting++;
    code = word_skip(p, "(");
    for (int i = 0; i < count && code == 0; i++) {
        if (i > 0 && (code = word_skip(p, ",")) != 0)
            break;
        out[i] = expression(p);
        code = out[i] < 0 ? out[i] : 0;
    }
    if (code)
        return code;
    if (!word_is(p, ")"))
        return word_fail(p, ")");
    p->nesting--;
    return word_next(p);
}

static int accessor_named(const struct parser *p)
{
    return word_is(p, "back")      ? OP_BACK
           : word_is(p, "before")  ? OP_BEFORE
           : word_is(p, "opening") ? OP_OPENING
                                   : -1;
}

/* x in before(10..1): condition */
static int loop_list(struct parser *p, int child[4], int *accessor)
{
    int code = word_skip(p, "x");
    if (code || (code = word_skip(p, "in")) != 0)
        return code;
    *accessor = accessor_named(p);
    if (*accessor < 0)
        return word_fail(p, "back, before or opening");
    if ((code = word_next(p)) != 0 || (code = word_skip(p, "(")) != 0)
        return code;
    if ((child[1] = expression(p)) < 0)
        return child[1];
    if ((code = word_skip(p, "..")) != 0)
        return code;
    if ((child[2] = expression(p)) < 0)
        return child[2];
    if ((code = word_skip(p, ")")) != 0 || (code = word_skip(p, ":")) != 0)
        return code;
    p->in_loop = true;
    child[3] = expression(p);
    p->in_loop = false;
    return child[3] < 0 ? child[3] : 0;
}

/* count(x in ...), sum(x in ...), pick(k, x in ...) */
static int loop(struct parser *p, int op)
{
    int child[4] = {-1, -1, -1, -1}, accessor = OP_BACK;
    if (p->in_loop)
        return word_complain(p, "count, sum and pick do not stand inside one another");
    if (p->loops++ == PARSER_LOOPS)
        return word_complain(p, "more than 16 of count, sum and pick");
    p->nesting++;
    int code = word_next(p);
    if (code || (code = word_skip(p, "(")) != 0)
        return code;
    if (op == OP_PICK) {
        if ((child[0] = expression(p)) < 0)
            return child[0];
        if ((code = word_skip(p, ",")) != 0)
            return code;
    }
    if ((code = loop_list(p, child, &accessor)) != 0)
        return code;
    if (!word_is(p, ")"))
        return word_fail(p, ")");
    p->nesting--;
    code = word_next(p);
    return code ? code : new_node(p, op, accessor, 0, child);
}

static int call(struct parser *p, int op)
{
    int argument;
    int code = word_next(p);
    if (code || (code = arguments(p, &argument, 1)) != 0)
        return code;
    if (op == OP_REPEAT) {
        if (!is_const(p, argument) || p->nodes[argument].value < 1 ||
            p->nodes[argument].value > RULES_REPEAT)
            return word_complain(p, "expected a constant from 1 to 8 in repeat()");
        return new_node(p, OP_REPEAT, 0, p->nodes[argument].value, NULL);
    }
    if (op != OP_RANDOM && is_const(p, argument) && p->nodes[argument].value < 1)
        return word_complain(p, "back, before and opening count from 1 on");
    return new_node(p, op, 0, 0, (const int[4]){argument, -1, -1, -1});
}

static int leaf(struct parser *p, int op, int32_t value)
{
    int node = new_node(p, op, 0, value, NULL), code = word_next(p);
    return code ? code : node;
}

static const char names_text[] =
    "a whole number, back, before, opening, position, length, previous, count, sum, pick, random, "
    "repeat, N, tokens or a setting such as task.base";

static int named(struct parser *p)
{
    int32_t value;
    int op = accessor_named(p);
    if (op >= 0)
        return call(p, op);
    if (word_is(p, "random"))
        return call(p, OP_RANDOM);
    if (word_is(p, "repeat"))
        return call(p, OP_REPEAT);
    if (word_is(p, "count"))
        return loop(p, OP_COUNT);
    if (word_is(p, "sum"))
        return loop(p, OP_SUM);
    if (word_is(p, "pick"))
        return loop(p, OP_PICK);
    if (word_is(p, "position"))
        return leaf(p, OP_POSITION, 0);
    if (word_is(p, "length"))
        return leaf(p, OP_LENGTH, 0);
    if (word_is(p, "previous"))
        return leaf(p, OP_PREVIOUS, 0);
    if (word_is(p, "x") && p->in_loop)
        return leaf(p, OP_X, 0);
    if (word_is(p, "N"))
        return leaf(p, OP_CONST, p->rules->base);
    if (word_is(p, "tokens"))
        return leaf(p, OP_CONST, p->tokens);
    if (word_is(p, "yes") || word_is(p, "no"))
        return leaf(p, OP_CONST, word_is(p, "yes"));
    if (p->variable[0] && word_is(p, p->variable))
        return leaf(p, OP_CONST, p->variable_value);
    if (rule_setting(p->config, p->now.text, &value))
        return leaf(p, OP_CONST, value);
    return word_fail(p, names_text);
}

static int primary(struct parser *p)
{
    if (p->now.kind == WORD_INT)
        return leaf(p, OP_CONST, p->now.value);
    if (word_is(p, "(")) {
        int node;
        int code = arguments(p, &node, 1);
        return code ? code : node;
    }
    if (p->now.kind == WORD_NAME)
        return named(p);
    return word_fail(p, names_text);
}

static int prefixed(struct parser *p)
{
    int op = word_is(p, "-") ? OP_NEGATE : word_is(p, "not") ? OP_NOT : -1;
    if (op < 0)
        return primary(p);
    if (p->depth == RULES_DEPTH)
        return word_complain(p, "this expression is nested too deep: at most 32 levels");
    p->depth++;
    int code = word_next(p), a = code ? code : prefixed(p);
    p->depth--;
    return a < 0 ? a : combine(p, op, a, -1);
}

/* Operators from the strongest to the weakest level. */
static const struct {
    const char *sign;
    uint8_t op, level;
} operators[] = {
    {"*", OP_MULTIPLY, 0},    {"/", OP_DIVIDE, 0},   {"mod", OP_MODULO, 0},
    {"+", OP_ADD, 1},         {"-", OP_SUBTRACT, 1}, {"<", OP_LESS, 2},
    {"<=", OP_LESS_EQUAL, 2}, {">", OP_GREATER, 2},  {">=", OP_GREATER_EQUAL, 2},
    {"==", OP_EQUAL, 2},      {"!=", OP_UNEQUAL, 2}, {"and", OP_AND, 3},
    {"or", OP_OR, 4},
};
enum { OPERATORS = sizeof operators / sizeof operators[0], LEVELS = 5 };

static int operator_at(const struct parser *p, int level)
{
    for (int i = 0; i < OPERATORS; i++)
        if (operators[i].level == level && word_is(p, operators[i].sign))
            return operators[i].op;
    return -1;
}

static int chain(struct parser *p, int level)
{
    int a = level == 0 ? prefixed(p) : chain(p, level - 1);
    while (a >= 0) {
        int op = operator_at(p, level);
        if (op < 0)
            break;
        int code = word_next(p);
        if (code)
            return code;
        int b = level == 0 ? prefixed(p) : chain(p, level - 1);
        a = b < 0 ? b : combine(p, op, a, b);
    }
    return a;
}

static int expression(struct parser *p)
{
    if (p->depth == RULES_DEPTH)
        return word_complain(p, "this expression is nested too deep: at most 32 levels");
    p->depth++;
    int condition = chain(p, LEVELS - 1), code, yes, no;
    if (condition < 0 || !word_is(p, "?")) {
        p->depth--;
        return condition;
    }
    if ((code = word_next(p)) != 0)
        return code;
    if ((yes = expression(p)) < 0)
        return yes;
    if ((code = word_skip(p, ":")) != 0)
        return code;
    if ((no = expression(p)) < 0)
        return no;
    p->depth--;
    if (is_const(p, condition))
        return p->nodes[condition].value ? yes : no;
    return new_node(p, OP_CHOICE, 0, 0, (const int[4]){condition, yes, no, -1});
}

/* --- programs -------------------------------------------------------------------------------- */

static int emit(struct parser *p, int op, int accessor, int32_t value)
{
    struct rules *r = p->rules;
    if (r->code_length == RULES_CODE)
        return word_complain(p, "the rules of this file are too long together");
    r->code[r->code_length] = (struct instruction){(uint8_t)op, (uint8_t)accessor, value};
    return r->code_length++;
}

static int emit_tree(struct parser *p, int node, bool *random);

/* The jump at `from` goes to the end of the code. */
static void land(struct parser *p, int from)
{
    p->rules->code[from].value = p->rules->code_length - from - 1;
}

static int emit_choice(struct parser *p, const struct node *n, bool *random)
{
    int unless, skip, code = emit_tree(p, n->child[0], random);
    if (code < 0 || (unless = emit(p, OP_UNLESS, 0, 0)) < 0)
        return ERR_INPUT;
    if (emit_tree(p, n->child[1], random) < 0 || (skip = emit(p, OP_SKIP, 0, 0)) < 0)
        return ERR_INPUT;
    land(p, unless);
    if (emit_tree(p, n->child[2], random) < 0)
        return ERR_INPUT;
    land(p, skip);
    return 0;
}

static int emit_tree(struct parser *p, int node, bool *random)
{
    const struct node *n = &p->nodes[node];
    if (n->op == OP_CHOICE)
        return emit_choice(p, n, random);
    if (n->op == OP_REPEAT)
        return word_complain(p, "repeat() is the whole rule of a token or nothing");
    bool is_loop = n->op == OP_COUNT || n->op == OP_SUM || n->op == OP_PICK;
    *random |= n->op == OP_RANDOM || n->op == OP_LENGTH;
    for (int i = 0; i < (is_loop ? 3 : 4); i++)
        if (n->child[i] >= 0 && emit_tree(p, n->child[i], random) < 0)
            return ERR_INPUT;
    int at = emit(p, n->op, n->accessor, n->value);
    if (at < 0 || !is_loop)
        return at;
    if (emit_tree(p, n->child[3], random) < 0)
        return ERR_INPUT;
    land(p, at);
    return 0;
}

/* --- sums that need no interpreter -------------------------------------------------------------
 */

/* back(c), before(c), before(position + c) with constant c. */
static bool fast_read(const struct parser *p, const struct node *n, struct fast_read *out)
{
    if (n->op != OP_BACK && n->op != OP_BEFORE)
        return false;
    const struct node *k = &p->nodes[n->child[0]];
    *out = (struct fast_read){.a = n->op == OP_BACK, .b = n->op == OP_BEFORE, .mask = 255};
    if (n->op == OP_BEFORE && k->op == OP_ADD && p->nodes[k->child[0]].op == OP_POSITION) {
        *out = (struct fast_read){.a = -1, .b = 2, .mask = 255};
        k = &p->nodes[k->child[1]];
    }
    out->c = k->value;
    return k->op == OP_CONST && k->value >= 1 && k->value <= RULES_LONGEST;
}

/* (read + read) mod N, (read + constant) mod N, read. */
static void find_fast(const struct parser *p, int node, struct fast_rule *out)
{
    const struct node *n = &p->nodes[node];
    *out = (struct fast_rule){0};
    if (fast_read(p, n, &out->read[0])) {
        out->usable = true;
    } else if (n->op == OP_MODULO && p->nodes[n->child[0]].op == OP_ADD &&
               is_const(p, n->child[1]) && p->nodes[n->child[1]].value == p->rules->base) {
        const struct node *sum = &p->nodes[n->child[0]], *right = &p->nodes[sum->child[1]];
        out->usable = fast_read(p, &p->nodes[sum->child[0]], &out->read[0]);
        if (right->op == OP_CONST && right->value >= 0 && right->value < p->rules->base)
            out->plus = right->value;
        else
            out->usable &= fast_read(p, right, &out->read[1]);
    }
    for (int i = 0; i < 2; i++)
        if ((uint32_t)out->read[i].c > out->reach)
            out->reach = (uint32_t)out->read[i].c;
}

/* --- what the statements ask for -------------------------------------------------------------- */

static int parse_tree(struct parser *p)
{
    p->node_count = p->depth = p->nesting = 0;
    p->in_loop = false;
    return expression(p);
}

static int compile(struct parser *p, int node, struct program *out)
{
    int first = p->rules->code_length;
    bool random = false;
    if (emit_tree(p, node, &random) < 0)
        return ERR_INPUT;
    *out = (struct program){(uint16_t)first, (uint16_t)(p->rules->code_length - first), random};
    return 0;
}

int parse_program(struct parser *p, struct program *out)
{
    int node = parse_tree(p);
    return node < 0 ? node : compile(p, node, out);
}

int parse_rule(struct parser *p, struct program *out, int *repeat, struct fast_rule *fast)
{
    int node = parse_tree(p);
    if (node < 0)
        return node;
    *repeat = 0;
    *out = (struct program){0};
    if (p->nodes[node].op == OP_REPEAT) {
        *repeat = p->nodes[node].value;
        return 0;
    }
    find_fast(p, node, fast);
    return compile(p, node, out);
}

int parse_constant(struct parser *p, int32_t low, int32_t high, int32_t *out)
{
    struct word begin = p->now;
    char text[96];
    int node = parse_tree(p);
    if (node < 0)
        return node;
    if (is_const(p, node) && p->nodes[node].value >= low && p->nodes[node].value <= high) {
        *out = p->nodes[node].value;
        return 0;
    }
    p->now = begin;
    snprintf(text, sizeof text, "expected a constant from %d to %d", low, high);
    return word_complain(p, text);
}
