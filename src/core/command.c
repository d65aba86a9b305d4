#include "core/exchange.h"

#include <math.h>
#include <time.h>
#include "base/fail.h"

int command_queue_init(struct command_queue *q)
{
    pthread_condattr_t attributes;
    q->head = q->count = 0;
    if (pthread_mutex_init(&q->lock, NULL) != 0)
        return ERR_MEMORY;
    if (pthread_condattr_init(&attributes) != 0)
        goto no_attributes;
    /* A wait must not stretch or shrink when somebody sets the wall clock. */
    if (pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) != 0 ||
        pthread_cond_init(&q->filled, &attributes) != 0)
        goto no_condition;
    pthread_condattr_destroy(&attributes);
    return 0;
no_condition:
    pthread_condattr_destroy(&attributes);
no_attributes:
    pthread_mutex_destroy(&q->lock);
    return ERR_MEMORY;
}

void command_queue_release(struct command_queue *q)
{
    pthread_cond_destroy(&q->filled);
    pthread_mutex_destroy(&q->lock);
}

bool command_send(struct command_queue *q, struct command c)
{
    pthread_mutex_lock(&q->lock);
    bool fits = q->count < COMMAND_QUEUE;
    if (fits) {
        q->ring[(q->head + q->count++) % COMMAND_QUEUE] = c;
        pthread_cond_signal(&q->filled);
    }
    pthread_mutex_unlock(&q->lock);
    return fits;
}

static struct timespec seconds_from_now(double seconds)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    double whole = floor(seconds);
    t.tv_sec += (time_t)whole;
    t.tv_nsec += (long)((seconds - whole) * 1e9);
    if (t.tv_nsec >= 1000000000L) {
        t.tv_nsec -= 1000000000L;
        t.tv_sec++;
    }
    return t;
}

bool command_take(struct command_queue *q, struct command *out, double seconds)
{
    pthread_mutex_lock(&q->lock);
    if (q->count == 0 && seconds > 0) {
        struct timespec until = seconds_from_now(seconds);
        while (q->count == 0 && pthread_cond_timedwait(&q->filled, &q->lock, &until) == 0)
            ;
    }
    bool found = q->count > 0;
    if (found) {
        *out = q->ring[q->head];
        q->head = (q->head + 1) % COMMAND_QUEUE;
        q->count--;
    }
    pthread_mutex_unlock(&q->lock);
    return found;
}
