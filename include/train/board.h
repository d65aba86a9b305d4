/* A sweep and what its folder tells of every run: for the command that climbs, the page that follows,
   the figure, and the tables. */
#ifndef HEED_TRAIN_BOARD_H
#define HEED_TRAIN_BOARD_H

#include "base/fsio.h"
#include "core/sweep_table.h"
#include "store/sweep_folder.h"

struct board {
    struct sweep sweep;
    char folder[FSIO_PATH];
    struct sweep_result *results; /* by run, then by contestant */
    int count;
    int *first; /* results of run r stand at first[r]..first[r + 1] - 1 */
};

/* Take a parsed sweep over (also on failure) and list its results, all waiting. Checks every run's
   settings. ERR_USAGE or ERR_INPUT names the run. */
int board_open(struct board *b, struct sweep *sweep, const char *folder, struct failure *why);
/* The same from DIR/sweep.ini. */
int board_read(struct board *b, const char *folder, struct failure *why);
/* Also of a zeroed struct. */
void board_release(struct board *b);
/* "folder/name" of a run. */
int board_run_folder(const struct board *b, int run, char out[FSIO_PATH], struct failure *why);
/* The resolved race of a run. */
int board_race(const struct board *b, int run, struct race_config *race, struct failure *why);
/* Read what has changed: result.json of the runs that had not ended, then what those that go on have
   reached. A result that cannot be read makes its run SWEEP_DAMAGED; the others are read all the same,
   and the first such failure is returned. */
int board_refresh(struct board *b, struct failure *why);
bool board_run_ended(const struct board *b, int run);
/* Runs that have ended. */
int board_ended(const struct board *b);
/* Runs whose result cannot be read. */
int board_damaged(const struct board *b);

#endif
