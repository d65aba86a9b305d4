/* What a sweep leaves: DIR/sweep.ini, DIR/<run>/result.json beside each run's own files, and
   DIR/table.csv and table.json. */
#ifndef HEED_STORE_SWEEP_FOLDER_H
#define HEED_STORE_SWEEP_FOLDER_H

#include "base/fsio.h"
#include "core/sweep_table.h"

#define SWEEP_FILE "sweep.ini"

enum { SWEEP_FILE_LIMIT = 1 << 20 };

/* Whether the folder holds sweep.ini. */
bool sweep_is_folder(const char *folder);
/* Read and parse DIR/sweep.ini. */
int sweep_read(const char *folder, struct sweep *s, struct failure *why);
/* Write a finished run's result.json: the run's results, all of one run. Atomic. */
int sweep_write_result(const char *run_folder, const struct sweep_result *results, int count,
                       struct failure *why);
/* Fill the results of one run (contestant, steps and seed are set) from its result.json; 1 if it is
   there, 0 if not. ERR_INPUT if it is damaged or of another race. */
int sweep_read_result(const char *run_folder, struct sweep_result *results, int count,
                      struct failure *why);
/* The same from the newest evaluations in the run's metrics.jsonl, for a run that has not ended: state
   RUNNING if it has begun, else WAITING. */
int sweep_peek(const char *run_folder, struct sweep_result *results, int count,
               struct failure *why);
/* Write table.csv and table.json of the results; the caller holds sweep_lock. */
int sweep_write_table(const char *folder, const struct sweep *s,
                      const struct sweep_result *results, int count, struct failure *why);
/* One process at a time writes the tables; wait for it. Returns a descriptor for sweep_unlock. */
int sweep_lock(const char *folder, struct failure *why);
void sweep_unlock(int fd);

#endif
