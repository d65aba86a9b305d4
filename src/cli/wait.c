#include "cli/wait.h"

#include <time.h>

void ending_block(struct ending *e)
{
    static const int wanted[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction now;

    sigemptyset(&e->signals);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (sigaction(wanted[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
            sigaddset(&e->signals, wanted[i]);
    pthread_sigmask(SIG_BLOCK, &e->signals, &e->before);
}

int ending_wait(const struct ending *e, double seconds)
{
    struct timespec limit = {.tv_sec = (time_t)seconds};
    int signal;

    limit.tv_nsec = (long)((seconds - (double)limit.tv_sec) * 1e9);
    signal = sigtimedwait(&e->signals, NULL, &limit);
    return signal > 0 ? signal : 0;
}

void ending_restore(const struct ending *e)
{
    pthread_sigmask(SIG_SETMASK, &e->before, NULL);
}
