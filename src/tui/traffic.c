#include "tui/traffic.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double WINDOW_SECONDS = 1;

/* Bytes written by this thread so far, -1 if unknown. */
static long long written(const struct traffic *t)
{
    char text[512];
    ssize_t n = t->fd < 0 ? -1 : pread(t->fd, text, sizeof text - 1, 0);
    if (n <= 0) {
        return -1;
    }
    text[n] = '\0';
    const char *line = strstr(text, "wchar: ");
    return line ? strtoll(line + strlen("wchar: "), NULL, 10) : -1;
}

void traffic_open(struct traffic *t, double now)
{
    *t = (struct traffic){.fd = open("/proc/thread-self/io", O_RDONLY | O_CLOEXEC), .began = now};
    t->before = written(t);
    if (t->before < 0) {
        traffic_close(t);
    }
}

void traffic_close(struct traffic *t)
{
    if (t->fd >= 0) {
        close(t->fd);
    }
    t->fd = -1;
}

bool traffic_count(struct traffic *t, double now, double kbps)
{
    long long total = written(t);
    if (total < 0) {
        return false;
    }
    double sent = (double)(total - t->before);
    t->before = total;
    t->bytes += sent;
    if (kbps > 0) {
        t->free = (t->free > now ? t->free : now) + sent * 8 / (kbps * 1000);
    }
    if (now - t->began < WINDOW_SECONDS) {
        return false;
    }
    t->rate = t->bytes / (now - t->began);
    t->bytes = 0;
    t->began = now;
    return true;
}
