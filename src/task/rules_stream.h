/* A rule task's stream, for those who read or write one. Private to rules_*.c. */
#ifndef HEED_TASK_RULES_STREAM_H
#define HEED_TASK_RULES_STREAM_H

#include <assert.h>
#include "task/rules.h"

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

/* What a program may look at; no generator, and a segment of unknown length. */
struct sight stream_look(const struct stream *s);
/* The number that a rule asks for; -1 if the history does not determine it. The same of the rule in
   force. */
int stream_determined(const struct rules *r, const struct program *next, struct sight *sight);
int stream_number(const struct rules *r, const struct stream *s);
/* Where the rule is random, or reads what is not there. */
int stream_random_number(const struct rules *r, const struct stream *s, struct rng *rng);
bool stream_is_scored(const struct rules *r, const struct stream *s, const struct segment *rule);
/* How long the segment in force will be, and a segment that may follow any. */
uint32_t stream_draw_length(const struct rules *r, const struct stream *s, struct rng *rng);
int stream_draw_starter(const struct rules *r, struct rng *rng);
/* The control token of `segment` comes. */
void stream_enter(const struct rules *r, struct stream *s, int segment);
uint8_t stream_subtask(const struct task *task, const struct stream *s);
/* No numbers, no segment. */
void stream_clear(struct stream *s);

#endif
