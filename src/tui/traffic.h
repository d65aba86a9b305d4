/* How many bytes go to the terminal. */
#ifndef HEED_TUI_TRAFFIC_H
#define HEED_TUI_TRAFFIC_H

#include <stdbool.h>

struct traffic {
    long long before;    /* bytes that are already counted */
    double began, bytes; /* of the second that is being counted */
    double rate;         /* bytes a second, of the last second that was counted */
    double free;         /* clock_now() when a line of the given speed has taken everything */
    double took;         /* seconds that the newest frame takes of such a line */
};

void traffic_open(struct traffic *t, double now);
/* A frame was sent, `total` bytes since traffic_open. `kbps`: kilobits (1000) a second of the line, 0: as
   many as you like. Returns whether `rate` is new. */
bool traffic_count(struct traffic *t, long long total, double now, double kbps);

#endif
