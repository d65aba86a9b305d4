/* Rule files: token tasks as data, heed-rules(5). Text is compiled once to segments with small
   stack programs; streams and any history are run through the same programs. */
#ifndef HEED_TASK_RULES_H
#define HEED_TASK_RULES_H

#include <stdbool.h>
#include <stdint.h>
#include "base/fail.h"
#include "core/alphabet.h"
#include "core/config.h"
#include "task/task.h"

enum {
    RULES_BYTES = 1 << 16, /* of a file */
    RULES_SEGMENTS = 16,   /* kinds of segment */
    RULES_CODE = 4096,     /* instructions of all programs together */
    RULES_DEPTH = 32,      /* of parentheses and choices in an expression */
    RULES_STACK = 4 * RULES_DEPTH,
    RULES_MAX_BASE = 256, /* numbers are kept in bytes */
    RULES_LONGEST = 128,  /* numbers of a binomial segment */
    RULES_LONG = 4096,    /* numbers of any other */
    RULES_RING = 4096,    /* numbers that a stream remembers, a power of two */
    RULES_REPEAT = 8      /* segments that repeat() may go back */
};

/* --- programs -------------------------------------------------------------------------------- */

enum opcode {
    OP_CONST,
    OP_BACK, /* pop k, push the k-th number before: the next one, the control token, the first token
              */
    OP_BEFORE,
    OP_OPENING,
    OP_POSITION,
    OP_LENGTH,   /* numbers that the segment will have: of a stream only */
    OP_PREVIOUS, /* numbers of the segment before */
    OP_X,        /* the number that count, pick or sum looks at */
    OP_RANDOM,
    OP_NEGATE,
    OP_NOT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_MODULO,
    OP_ADD,
    OP_SUBTRACT,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_GREATER,
    OP_GREATER_EQUAL,
    OP_EQUAL,
    OP_UNEQUAL,
    OP_AND,
    OP_OR,
    OP_UNLESS, /* pop; if it is 0 skip `value` instructions */
    OP_SKIP,
    OP_COUNT, /* pop to, from; `value` packs the accessor and the length of the body that follows */
    OP_SUM,
    OP_PICK, /* pop to, from, k */
    OP_REPEAT,
    OP_CHOICE /* of trees only: programs jump */
};

struct instruction {
    uint8_t op;
    uint8_t accessor; /* of a loop: OP_BACK, OP_BEFORE, OP_OPENING */
    int32_t value;
};

struct program {
    uint16_t first, length; /* in rules.code; length 0: there is none */
    bool random;            /* its value is not determined by the history */
};

/* What a program may look at. */
struct sight {
    const uint8_t *numbers; /* number i stands at i % RULES_RING */
    uint32_t count;         /* numbers so far */
    uint32_t known;         /* numbers below are unknown */
    uint32_t start;         /* numbers before the control token in force */
    uint32_t opening;       /* numbers before the first token of the chain */
    uint32_t previous;      /* numbers of the segment before */
    int length;             /* of the segment; -1 unknown */
    struct rng *rng;        /* NULL: random() is unknown */
    int x;
    bool unknown;       /* set where something unknown was read; the value then means nothing */
    uint32_t last_read; /* the number read last */
    bool has_read;
};

/* The value of a program, clamped to 32 bits after every operation; division by zero gives 0. */
int32_t rules_run(const struct instruction *code, int length, struct sight *sight);

/* --- compiled files -------------------------------------------------------------------------- */

enum length_kind { LENGTH_BINOMIAL, LENGTH_UNIFORM, LENGTH_VALUE, LENGTH_FOREVER };

struct length {
    enum length_kind kind;
    int low, high; /* binomial 1..high; uniform low..high */
    double mean;
    struct program value;
    double cdf[RULES_LONGEST + 1];    /* binomial: P(n <= k), n >= 1 */
    double hazard[RULES_LONGEST + 1]; /* P(n = k) / P(n >= k) */
};

/* (first + second + plus) mod N without a branch: number i is read at count * a + start * b - c.
   Most rules are such sums; the interpreter gives the same. */
struct fast_read {
    int32_t a, b, c;
    uint8_t mask; /* 0: there is none, 255 */
};
struct fast_rule {
    bool usable;
    struct fast_read read[2];
    int plus;
    uint32_t reach; /* c at most */
};

struct segment {
    int subtask;   /* its control token */
    bool starts;   /* may come after any end, alike often */
    bool late;     /* not a segment that a stream begins after */
    bool distance; /* its length is the distance between the tokens of a pair */
    int then;      /* the segment that must follow, -1: any that starts */
    int repeat;    /* the rule is that of the segment so many before; 0: its own */
    struct length length;
    struct program next, scored;
    struct fast_rule fast;
};

struct rules {
    int base;    /* N */
    bool fresh;  /* every window is a sequence of its own */
    bool hidden; /* control tokens do not show */
    bool score_controls;
    bool measured;         /* chance is measured */
    int mask;              /* first positions of a window that are not scored */
    int lead, lead_length; /* a fresh sequence begins with this segment; -1 */
    bool has_row;          /* rows are asked about, as task.row says */
    int row[4];            /* symbols: open, same, other, close */
    int subtasks, segments, starters, code_length;
    int starter[RULES_SEGMENTS];
    struct segment segment[RULES_SEGMENTS];
    struct instruction code[RULES_CODE];
    bool repeats;         /* some segment does */
    int longest, warm_up; /* of streams, by rules_measure, as are */
    int early_count;      /* starters that are neither late nor repeat */
    uint8_t early[RULES_SEGMENTS];
};

/* Compile `text` with the settings of `config`; symbols go to `alphabet`. A wrong file: ERR_INPUT,
   "name:line:column: expected ..., not ...". A setting that does not fit the file: ERR_USAGE. */
int rules_compile(struct rules *rules, struct alphabet *alphabet, const char *text,
                  const char *name, const struct config *config, struct failure *why);
/* After compiling: lengths of a stream's parts, chance and ceiling. ERR_USAGE if a window is too
   short for any rule to show. */
int rules_measure(struct task *task, struct failure *why);

/* Parts of task_ops. */
void rules_begin(const struct task *task, void *stream, struct rng *rng);
int rules_next(const struct task *task, void *stream, struct rng *rng, struct task_mark *mark);
int rules_window(const struct task *task, void *stream, struct rng *rng, int first,
                 struct batch *batch, int b);
void rules_begin_distance(const struct task *task, void *stream, struct rng *rng, int low,
                          int high);
void rules_answer(const struct task *task, const int16_t *symbols, int n, struct task_mark *mark);
int rules_go_on(const struct task *task, const int16_t *symbols, int n, struct rng *rng);
size_t rules_stream_size(void);
/* The segment in force, and the best chance of guessing the next symbol; guess[segment] is that of
   an undetermined number. */
int rules_segment(const void *stream);
double rules_best_guess(const struct task *task, const void *stream, const double *guess,
                        struct rng *rng);
/* The number that starter i would ask for next, were it in force; -1: it determines none. Whether
   that would count. */
int rules_asked(const struct task *task, const void *stream, int i, bool *scored);

#endif
