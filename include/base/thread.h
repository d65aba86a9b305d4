/* What every thread that computes does about signals. */
#ifndef HEED_BASE_THREAD_H
#define HEED_BASE_THREAD_H

#include <signal.h>

/* Block every signal in the calling thread, for threads about to be started by it, except those
   that a fault of the thread itself raises: blocked, they would kill the process before the
   terminal is given back. The caller restores *before with pthread_sigmask. */
void thread_block_signals(sigset_t *before);

#endif
