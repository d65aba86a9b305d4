/* Signals become bits that the loop reads. A crash gives the terminal back first. */
#ifndef HEED_TUI_SIGNALS_H
#define HEED_TUI_SIGNALS_H

#include <stddef.h>
#include <termios.h>
#include "base/fail.h"

enum signal_bit {
    SIGNAL_END = 1,      /* TERM */
    SIGNAL_HANGUP = 2,   /* HUP */
    SIGNAL_STOP = 4,     /* TSTP: the shell wants its terminal */
    SIGNAL_CONTINUE = 8, /* CONT */
    SIGNAL_RESIZE = 16,  /* WINCH */
    SIGNAL_INTERRUPT = 32 /* INT */
};

/* All that is needed to give a terminal back from inside a signal handler. */
struct terminal_guard {
    int fd;
    struct termios modes; /* as they were found */
    size_t length;
    char bytes[512]; /* leave the alternate screen, show the cursor, plain colours, mouse off */
};

/* Install the handlers of the calling thread's process. A signal that was ignored stays ignored. */
int signals_open(struct failure *why);
/* Put every handler back as it was found. */
void signals_close(void);
/* From now on a crash restores this terminal; NULL: there is none any more. The guard is copied. */
void signals_guard(const struct terminal_guard *guard);
/* Becomes readable when a signal arrives. */
int signals_fd(void);
/* The signals since the last call, as bits of enum signal_bit. */
unsigned signals_take(void);
/* Stop as the shell's job control expects; returns after SIGCONT, or at once where nobody could
   continue the process (an orphaned process group). */
void signals_stop(void);

#endif
