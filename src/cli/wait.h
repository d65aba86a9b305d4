/* Waiting for a signal to end, for commands that run without the terminal program. */
#ifndef HEED_CLI_WAIT_H
#define HEED_CLI_WAIT_H

#include <signal.h>

struct ending {
    sigset_t signals, before;
};

/* Block INT, TERM and HUP as far as they are not ignored (nohup, a shell's background job), so that
   every thread started later leaves them to ending_wait. */
void ending_block(struct ending *e);
/* Sleep at most `seconds`; returns the signal that came, or 0. */
int ending_wait(const struct ending *e, double seconds);
/* As it was: the next such signal kills. */
void ending_restore(const struct ending *e);

#endif
