/* The reader of rule files: words, expressions, statements. */
#ifndef HEED_TASK_RULES_PARSE_H
#define HEED_TASK_RULES_PARSE_H

#include "task/rules.h"

enum { PARSER_NODES = 256, PARSER_LOOPS = 16, WORD_TEXT = 64 };

enum word_kind { WORD_END, WORD_LINE, WORD_NAME, WORD_INT, WORD_REAL, WORD_STRING, WORD_SIGN };

struct word {
    enum word_kind kind;
    int line, column;
    char text[WORD_TEXT]; /* without the quotes of a string */
    int32_t value;
    double real; /* of both kinds of number */
};

/* A tree of an expression; constants are folded while it grows. */
struct node {
    uint8_t op, accessor;
    int32_t value;
    int16_t child[4]; /* -1: none; of a loop: k, from, to, body */
};

struct parser {
    const char *name; /* of the file, for messages */
    const char *at, *line_start;
    int line;
    int nesting; /* of parentheses: a line may end inside them */
    struct word now;
    const struct config *config;
    struct rules *rules;
    struct alphabet *alphabet;
    int tokens;               /* control tokens in use, as the first pass found */
    char variable[WORD_TEXT]; /* of `token ... for`, "" none */
    int32_t variable_value;
    char only[WORD_TEXT]; /* letters in use, "" all */
    char only_key[WORD_TEXT];
    bool every;           /* take all tokens, whatever letters are in use */
    struct length length; /* of segments that say nothing else */
    int has_next;         /* the segment at hand has a rule */
    char lead[SYMBOL_TEXT];
    char row[2][SYMBOL_TEXT]; /* tokens before and after a row that is asked about */
    struct node nodes[PARSER_NODES];
    int node_count, depth, loops;
    bool in_loop;
    struct failure *why;
};

/* Words: step to the next one. 0 or ERR_INPUT. */
int word_next(struct parser *p);
bool word_is(const struct parser *p, const char *text); /* a name or a sign, not a string */
/* "expected <what>, not <the word>" with its place. ERR_INPUT. */
int word_fail(struct parser *p, const char *expected);
/* Any complaint about the word at hand. */
int word_complain(struct parser *p, const char *complaint);
/* Step over `text` or fail. */
int word_skip(struct parser *p, const char *text);

/* The integer, or the number of the choice, that the setting `key` of the task has. False if there
   is no such one. */
bool rule_setting(const struct config *config, const char *key, int32_t *value);

/* An expression. `parse_constant` wants one whose value is known. */
int parse_program(struct parser *p, struct program *out);
/* As a rule: repeat(k) alone is allowed too, which leaves no program and *repeat = k. */
int parse_rule(struct parser *p, struct program *out, int *repeat, struct fast_rule *fast);
int parse_constant(struct parser *p, int32_t low, int32_t high, int32_t *out);

/* `length ...`, `distance ...`, from that word on; and what holds where nothing is said. */
int parse_length(struct parser *p, struct length *l);
void default_length(struct length *l);

/* Symbols. The index of a control token or -1; `numbers ...`; a new control token's index or a
   negative enum err; a token's help, {tau} replaced by the variable's value and what a terminal
   would obey escaped; the name of a control token. */
int control_named(const struct alphabet *a, const char *name);
int add_numbers(struct parser *p);
int add_control(struct parser *p, const char *name);
void write_help(const struct parser *p, const char *text, char *out, size_t size);
int take_symbol(struct parser *p, char name[SYMBOL_TEXT]);

#endif
