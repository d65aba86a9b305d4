#include "tui/traffic.h"

static const double WINDOW_SECONDS = 1;

void traffic_open(struct traffic *t, double now)
{
    *t = (struct traffic){.began = now};
}

bool traffic_count(struct traffic *t, long long total, double now, double kbps)
{
    double sent = (double)(total - t->before);
    t->before = total;
    t->bytes += sent;
    if (kbps > 0) {
        t->took = sent * 8 / (kbps * 1000);
        t->free = (t->free > now ? t->free : now) + t->took;
    }
    if (now - t->began < WINDOW_SECONDS) {
        return false;
    }
    t->rate = t->bytes / (now - t->began);
    t->bytes = 0;
    t->began = now;
    return true;
}
