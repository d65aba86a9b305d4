/* How many bytes go to the terminal, as the kernel counts them for the calling thread. */
#ifndef HEED_TUI_TRAFFIC_H
#define HEED_TUI_TRAFFIC_H

#include <stdbool.h>

struct traffic {
    int fd; /* /proc/thread-self/io; negative: nobody counts */
    long long before;
    double began, bytes; /* of the second that is being counted */
    double rate;         /* bytes a second, of the last second that was counted */
    double free;         /* clock_now() when a line of the given speed has taken everything */
};

/* The thread that draws calls all of these, and writes nothing else meanwhile. */
void traffic_open(struct traffic *t, double now);
void traffic_close(struct traffic *t);
/* A frame was sent. `kbps`: kilobits (1000) a second of the line, 0: as many as you like. Returns
   whether `rate` is new. */
bool traffic_count(struct traffic *t, double now, double kbps);

#endif
