/* A team of threads that runs one job at a time, each thread on its part of the outputs. */
#ifndef HEED_BASE_TEAM_H
#define HEED_BASE_TEAM_H

#include "base/fail.h"

struct team;

enum { TEAM_MAX = 64 }; /* threads in a team */

/* Called once per part, part in 0..parts-1; the caller's thread runs part 0. A job must divide its
   outputs, never a sum, so that the result does not depend on `parts`. */
typedef void team_job(void *arg, int part, int parts);

/* `threads` >= 1; 1 starts no thread. Threads block every signal. */
int team_new(struct team **out, int threads, struct failure *why);
void team_free(struct team *team);
int team_size(const struct team *team);
/* Run job(arg, 0..size-1, size) and return when all parts are done. */
void team_run(struct team *team, team_job *job, void *arg);

/* First index of a part when 0..n-1 is divided into `parts` in multiples of `grain`. The part's end
   is team_first(part + 1, ...). */
static inline int team_first(int part, int parts, int n, int grain)
{
    long units = (n + grain - 1) / grain;
    long first = units * part / parts * grain;
    return first < n ? (int)first : n;
}

#endif
