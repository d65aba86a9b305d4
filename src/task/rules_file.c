/* The statements of rule files. */
#include "task/rules_parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

static struct segment *segment_at_hand(struct parser *p)
{
    return &p->rules->segment[p->rules->segments - 1];
}

/* --- tokens ------------------------------------------------------------------------------------
 */

static int add_segment(struct parser *p, int subtask, bool starts)
{
    struct rules *r = p->rules;
    if (r->segments == RULES_SEGMENTS)
        return word_complain(p, "more than 16 kinds of segment");
    struct segment *s = &r->segment[r->segments++];
    *s = (struct segment){.subtask = subtask, .starts = starts, .then = -1};
    s->length = p->length;
    p->has_next = 0;
    return 0;
}

/* What may follow a token's name: its help, reconstructed, late. */
static int token_words(struct parser *p, int subtask, struct segment *segment)
{
    int code = 0;
    while (code == 0 && p->now.kind != WORD_LINE && p->now.kind != WORD_END) {
        if (p->now.kind == WORD_STRING)
            write_help(p, p->now.text, p->alphabet->subtask_help[subtask],
                       sizeof p->alphabet->subtask_help[subtask]);
        else if (word_is(p, "reconstructed"))
            p->alphabet->subtask_reconstructed[subtask] = true;
        else if (word_is(p, "late"))
            segment->late = true;
        else
            return word_fail(p, "the token's help in quotes, reconstructed, late or a new line");
        code = word_next(p);
    }
    return code;
}

/* --- statements --------------------------------------------------------------------------------
 */

static int end_segment(struct parser *p)
{
    if (p->rules->segments == 0 || p->has_next)
        return 0;
    return word_fail(p, "`next` with the rule of the segment above");
}

static int parse_then(struct parser *p, int token)
{
    char name[SYMBOL_TEXT];
    int code = end_segment(p), subtask;
    if (code || (code = word_next(p)) != 0 || (code = take_symbol(p, name)) != 0)
        return code;
    subtask = control_named(p->alphabet, name);
    if (subtask >= 0 && subtask != token)
        return word_complain(p, "this control token has rules of its own already");
    if (subtask < 0 && (subtask = add_control(p, name)) < 0)
        return subtask;
    int before = p->rules->segments - 1;
    if ((code = add_segment(p, subtask, false)) != 0)
        return code;
    p->rules->segment[before].then = before + 1;
    return (code = word_next(p)) ? code : token_words(p, subtask, segment_at_hand(p));
}

static int segment_statement(struct parser *p, int token)
{
    struct segment *s = segment_at_hand(p);
    int code;
    if (word_is(p, "next")) {
        if (p->has_next)
            return word_complain(p, "this segment has a rule already");
        p->has_next = 1;
        return (code = word_next(p)) ? code : parse_rule(p, &s->next, &s->repeat, &s->fast);
    }
    if (word_is(p, "scored"))
        return (code = word_next(p)) ? code : parse_program(p, &s->scored);
    if (word_is(p, "then"))
        return parse_then(p, token);
    s->distance = word_is(p, "distance");
    return parse_length(p, &s->length);
}

static bool in_segment(const struct parser *p)
{
    return word_is(p, "next") || word_is(p, "scored") || word_is(p, "then") ||
           word_is(p, "length") || word_is(p, "distance");
}

static int end_line(struct parser *p)
{
    if (p->now.kind == WORD_END)
        return 0;
    if (p->now.kind != WORD_LINE)
        return word_fail(p, "the end of the line");
    return word_next(p);
}

static int skip_empty_lines(struct parser *p)
{
    int code = 0;
    while (code == 0 && p->now.kind == WORD_LINE)
        code = word_next(p);
    return code;
}

/* The lines of a token, from behind its name on. */
static int token_block(struct parser *p, const char *name)
{
    int token = add_control(p, name);
    int code = token < 0 ? token : add_segment(p, token, true);
    if (code || (code = token_words(p, token, segment_at_hand(p))) != 0)
        return code;
    while ((code = skip_empty_lines(p)) == 0 && in_segment(p))
        if ((code = segment_statement(p, token)) != 0 || (code = end_line(p)) != 0)
            return code;
    return code ? code : end_segment(p);
}

/* What a token adds may be taken back. */
struct mark {
    int segments, code_length, subtasks, count, loops;
};

static struct mark set_mark(const struct parser *p)
{
    return (struct mark){p->rules->segments, p->rules->code_length, p->alphabet->subtasks,
                         p->alphabet->count, p->loops};
}

static void take_back(struct parser *p, const struct mark *m)
{
    struct alphabet *a = p->alphabet;
    for (int id = m->count; id < a->count; id++) {
        memset(a->name[id], 0, SYMBOL_TEXT);
        a->control[id] = 0;
    }
    for (int i = m->subtasks; i < a->subtasks; i++) {
        memset(a->subtask_help[i], 0, sizeof a->subtask_help[i]);
        a->subtask_reconstructed[i] = false;
        a->control_id[i] = 0;
    }
    p->rules->segments = m->segments;
    p->rules->code_length = m->code_length;
    a->subtasks = m->subtasks;
    a->count = m->count;
    p->loops = m->loops;
}

/* token NAME for tau in task.tau: once for each number of the list. */
static int token_family(struct parser *p, const char *name, const char *list, const char *key)
{
    struct parser begin = *p;
    int values[MAX_SUBTASKS], count = 0, code = 0;
    for (const char *c = list; *c;) {
        char *end;
        long v = strtol(c, &end, 10);
        if (end == c || (*end != ',' && *end) || v < 1 || v > RULES_LONG || count == MAX_SUBTASKS)
            return fail(p->why, ERR_USAGE, "%s: %s: must be 1 to %d numbers such as 2,5,9", key,
                        list, MAX_SUBTASKS);
        for (int i = 0; i < count; i++)
            if (values[i] == v)
                return fail(p->why, ERR_USAGE, "%s: %s: %ld stands twice: leave one out", key, list,
                            v);
        values[count++] = (int)v;
        c = *end ? end + 1 : end;
    }
    for (int i = 0; i < count && code == 0; i++) {
        char full[WORD_TEXT];
        int loops = p->loops;
        *p = begin;
        p->loops = loops;
        p->variable_value = values[i];
        snprintf(full, sizeof full, count > 1 ? "%.8s%d" : "%.8s", name, values[i]);
        code = token_block(p, full);
    }
    p->variable[0] = '\0';
    return code;
}

static int parse_for(struct parser *p, const char *name)
{
    int code = word_next(p);
    if (code)
        return code;
    if (p->now.kind != WORD_NAME)
        return word_fail(p, "a name for the values of a list");
    text_copy(p->variable, sizeof p->variable, p->now.text);
    if ((code = word_next(p)) != 0 || (code = word_skip(p, "in")) != 0)
        return code;
    const struct setting *s = config_find(p->now.text);
    if (p->now.kind != WORD_NAME || !s || s->type != SETTING_NAME || !s->bytes)
        return word_fail(p, "a setting that holds a list, such as task.tau");
    if ((code = word_next(p)) != 0)
        return code;
    return token_family(p, name, (const char *)p->config + s->offset, s->key);
}

static int parse_token(struct parser *p, bool wanted)
{
    char name[SYMBOL_TEXT];
    int code = word_next(p);
    if (code || (code = take_symbol(p, name)) != 0)
        return code;
    if (!p->alphabet->count)
        return word_complain(p, "expected `numbers` before the first token");
    struct mark mark = set_mark(p);
    if (wanted && control_named(p->alphabet, name) >= 0)
        return word_complain(p, "this control token has rules of its own already");
    if ((code = word_next(p)) != 0)
        return code;
    code = word_is(p, "for") ? parse_for(p, name) : token_block(p, name);
    if (code)
        return code;
    bool used = p->every || !p->only[0] || (strlen(name) == 1 && strchr(p->only, name[0]));
    if (!wanted || !used)
        take_back(p, &mark);
    return 0;
}

/* only task.subtasks: the letters of the tokens in use. */
static int parse_only(struct parser *p)
{
    int code = word_next(p);
    const struct setting *s = config_find(p->now.text);
    if (code)
        return code;
    if (p->now.kind != WORD_NAME || !s || s->type != SETTING_NAME)
        return word_fail(p, "a setting that holds letters, such as task.subtasks");
    text_copy(p->only_key, sizeof p->only_key, s->key);
    text_copy(p->only, sizeof p->only, (const char *)p->config + s->offset);
    return word_next(p);
}

static int parse_lead(struct parser *p)
{
    int code = word_next(p);
    int32_t length;
    if (code || (code = take_symbol(p, p->lead)) != 0 || (code = word_next(p)) != 0 ||
        (code = parse_constant(p, 1, RULES_LONG, &length)) != 0)
        return code;
    p->rules->lead_length = length;
    return 0;
}

/* row B 1 0 Q: how a row of 1 is asked about, and what one of them is changed to. */
static int parse_row(struct parser *p)
{
    int code = word_next(p);
    int32_t number[2] = {0, 0};
    struct word at = {0};
    if (code || (code = take_symbol(p, p->row[0])) != 0 || (code = word_next(p)) != 0)
        return code;
    for (int i = 0; i < 2; i++) {
        at = p->now;
        if ((code = parse_constant(p, 0, p->rules->base - 1, &number[i])) != 0)
            return code;
    }
    if (number[0] == number[1]) {
        p->now = at;
        return word_complain(p, "expected another number than the row's own");
    }
    if ((code = take_symbol(p, p->row[1])) != 0)
        return code;
    p->rules->row[1] = number[0];
    p->rules->row[2] = number[1];
    return word_next(p);
}

static int parse_window(struct parser *p)
{
    int code = word_next(p);
    if (code)
        return code;
    if (!word_is(p, "stream") && !word_is(p, "fresh"))
        return word_fail(p, "stream or fresh");
    p->rules->fresh = word_is(p, "fresh");
    return word_next(p);
}

/* `controls unscored`, `chance measured`: two words that stand together. */
static int parse_pair(struct parser *p, const char *second, bool *out, bool value)
{
    int code = word_next(p);
    if (code || (code = word_skip(p, second)) != 0)
        return code;
    *out = value;
    return 0;
}

static int file_statement(struct parser *p)
{
    if (word_is(p, "numbers"))
        return add_numbers(p);
    if (word_is(p, "window"))
        return parse_window(p);
    if (word_is(p, "only"))
        return parse_only(p);
    if (word_is(p, "lead"))
        return parse_lead(p);
    if (word_is(p, "row"))
        return parse_row(p);
    if (word_is(p, "controls"))
        return parse_pair(p, "unscored", &p->rules->score_controls, false);
    if (word_is(p, "chance"))
        return parse_pair(p, "measured", &p->rules->measured, true);
    if (word_is(p, "length"))
        return parse_length(p, &p->length);
    if (word_is(p, "mask")) {
        int32_t mask;
        int code = word_next(p);
        if (code == 0 && (code = parse_constant(p, 0, MAX_CONTEXT, &mask)) == 0)
            p->rules->mask = mask;
        return code;
    }
    if (word_is(p, "hidden")) {
        p->rules->hidden = true;
        return word_next(p);
    }
    return word_fail(p, "numbers, window, mask, controls, chance, hidden, only, lead, row, length, "
                        "when or token");
}

/* when task.announce is no: */
static int parse_when(struct parser *p, bool *holds)
{
    char value[SETTING_TEXT];
    int code = word_next(p);
    const struct setting *s = config_find(p->now.text);
    if (code)
        return code;
    if (p->now.kind != WORD_NAME || !s || strncmp(s->key, "task.", 5) != 0)
        return word_fail(p, "a setting such as task.announce");
    config_value(p->config, s, value, sizeof value);
    if ((code = word_next(p)) != 0 || (code = word_skip(p, "is")) != 0)
        return code;
    if (p->now.kind != WORD_NAME && p->now.kind != WORD_INT)
        return word_fail(p, "a value of the setting");
    *holds = strcmp(value, p->now.text) == 0;
    return (code = word_next(p)) ? code : word_skip(p, ":");
}

static int statement(struct parser *p)
{
    bool wanted = true;
    int code = 0;
    if (word_is(p, "when") && (code = parse_when(p, &wanted)) != 0)
        return code;
    if (word_is(p, "token"))
        return parse_token(p, wanted);
    if (wanted)
        code = file_statement(p);
    else
        while (code == 0 && p->now.kind != WORD_LINE && p->now.kind != WORD_END)
            code = word_next(p);
    return code ? code : end_line(p);
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static int check_only(struct parser *p)
{
    char all[MAX_SUBTASKS + 1] = "";
    const struct alphabet *a = p->alphabet;
    for (int i = 0; i < a->subtasks; i++)
        all[i] = a->name[a->control_id[i]][0];
    for (const char *c = p->only; *c; c++) {
        if (strchr(c + 1, *c))
            return fail(p->why, ERR_USAGE, "%s: %s: %c stands twice: use letters of %s, each once",
                        p->only_key, p->only, *c, all);
        if (!strchr(all, *c))
            return fail(p->why, ERR_USAGE, "%s: %s: %c is no subtask: use letters of %s, each once",
                        p->only_key, p->only, *c, all);
    }
    return 0;
}

static int finish(struct parser *p)
{
    struct rules *r = p->rules;
    for (int i = 0; i < r->segments; i++) {
        if (r->segment[i].starts)
            r->starter[r->starters++] = i;
        r->repeats |= r->segment[i].repeat > 0;
        if (r->hidden && r->segment[i].length.kind != LENGTH_FOREVER)
            return word_complain(p, "hidden control tokens need segments with `length forever`");
        if (r->segment[i].length.kind == LENGTH_FOREVER && !r->fresh)
            return word_complain(p, "segments with `length forever` need `window fresh`");
    }
    if (r->starters == 0)
        return word_fail(p, "a token");
    for (int i = 0; i < 2 && p->row[0][0]; i++) {
        int subtask = control_named(p->alphabet, p->row[i]);
        if (subtask < 0 || r->hidden)
            return word_complain(p, "`row` needs two control tokens of those names, not hidden");
        r->row[3 * i] = r->base + subtask;
        r->has_row = true;
    }
    r->lead = -1;
    for (int i = 0; i < r->starters && p->lead[0]; i++)
        if (strcmp(p->alphabet->name[r->base + r->segment[r->starter[i]].subtask], p->lead) == 0)
            r->lead = r->starter[i];
    if (p->lead[0] && (r->lead < 0 || !r->fresh))
        return word_complain(p, "`lead` needs `window fresh` and a token of that name");
    return 0;
}

static int pass(struct parser *p, const char *text, int tokens)
{
    struct rules *r = p->rules;
    memset(r, 0, sizeof *r);
    memset(p->alphabet, 0, sizeof *p->alphabet);
    r->score_controls = true;
    p->at = p->line_start = text;
    p->line = 1;
    p->nesting = p->loops = 0;
    p->tokens = tokens;
    p->lead[0] = p->row[0][0] = p->variable[0] = '\0';
    default_length(&p->length);
    int code = word_next(p);
    while (code == 0 && (code = skip_empty_lines(p)) == 0 && p->now.kind != WORD_END)
        code = statement(p);
    return code;
}

/* Three passes: every token, to check the letters in use; those in use, to count them; the last. */
static int passes(struct parser *p, const char *text)
{
    int starters = 0;
    p->every = true;
    int code = pass(p, text, MAX_SUBTASKS);
    p->every = false;
    if (code || (code = check_only(p)) != 0 || (code = pass(p, text, MAX_SUBTASKS)) != 0)
        return code;
    for (int i = 0; i < p->rules->segments; i++)
        starters += p->rules->segment[i].starts;
    code = pass(p, text, starters);
    return code ? code : finish(p);
}

int rules_compile(struct rules *rules, struct alphabet *alphabet, const char *text,
                  const char *name, const struct config *config, struct failure *why)
{
    struct parser *p = calloc(1, sizeof *p);
    if (!p)
        return fail(why, ERR_MEMORY, "%s: no memory: end other programs", name);
    p->name = name;
    p->config = config;
    p->rules = rules;
    p->alphabet = alphabet;
    p->why = why;
    int code = passes(p, text);
    free(p);
    return code;
}
