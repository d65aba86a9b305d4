#include "core/feed.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* What a zeroed struct feed lacks to be released safely stands in the slots: they are NULL, and the
   queues and the pipe exist only when slots[0] of the race does. */
static void free_picture(struct probe_snapshot *probe)
{
    if (!probe)
        return;
    free(probe->weight);
    free(probe->score_z);
    free(probe->gallery);
    free_picture(probe->second);
    free(probe);
}

static void free_slots(struct feed *feed)
{
    for (int i = 0; i < 3; i++) {
        free_picture(feed->probe.slots[i]);
        free(feed->race.slots[i]);
    }
}

/* NULL if there is no memory. */
static struct probe_snapshot *new_picture(size_t floats, bool with_second)
{
    struct probe_snapshot *probe = calloc(1, sizeof *probe);
    if (!probe)
        return NULL;
    bool whole = true;
    if (floats > 0) {
        probe->weight = calloc(floats, sizeof *probe->weight);
        probe->score_z = calloc(floats, sizeof *probe->score_z);
        whole = probe->weight && probe->score_z;
        probe->map_room = floats;
    }
    if (with_second)
        probe->second = new_picture(0, false);
    if (whole && (probe->second || !with_second))
        return probe;
    free_picture(probe);
    return NULL;
}

static bool allocate_slots(struct feed *feed, size_t floats)
{
    bool whole = true;
    for (int i = 0; i < 3; i++) {
        feed->probe.slots[i] = new_picture(floats, true);
        feed->race.slots[i] = calloc(1, sizeof(struct race_snapshot));
        whole = whole && feed->probe.slots[i] && feed->race.slots[i];
    }
    return whole;
}

/* A pipe of which neither end blocks nor survives an exec. */
static int open_pipe(int ends[2], struct failure *why)
{
    if (pipe(ends) != 0)
        return fail_errno(why, "wake pipe");
    for (int i = 0; i < 2; i++) {
        int flags = fcntl(ends[i], F_GETFL);
        if (flags < 0 || fcntl(ends[i], F_SETFL, flags | O_NONBLOCK) < 0 ||
            fcntl(ends[i], F_SETFD, FD_CLOEXEC) < 0) {
            int code = fail_errno(why, "wake pipe");
            close(ends[0]);
            close(ends[1]);
            return code;
        }
    }
    return 0;
}

int feed_init(struct feed *feed, const struct race_config *race, struct failure *why)
{
    *feed = (struct feed){0};
    int code = 0;
    if (!allocate_slots(feed, probe_map_need(race, false))) {
        code = fail(why, ERR_MEMORY, "pictures for the screen: no memory: lower task.context");
        goto no_slots;
    }
    code = open_pipe(feed->wake, why);
    if (code)
        goto no_slots;
    if (command_queue_init(&feed->to_trainer) != 0) {
        code = fail(why, ERR_MEMORY, "command queue: no memory: end other programs");
        goto no_trainer;
    }
    if (command_queue_init(&feed->to_prober) != 0) {
        code = fail(why, ERR_MEMORY, "command queue: no memory: end other programs");
        goto no_prober;
    }
    if (desk_init(&feed->desk) != 0) {
        code = fail(why, ERR_MEMORY, "desk: no memory: end other programs");
        goto no_desk;
    }
    void **r = feed->race.slots, **p = feed->probe.slots;
    exchange_init(&feed->race, r[0], r[1], r[2], -1);
    exchange_init(&feed->probe, p[0], p[1], p[2], feed->wake[1]);
    return 0;
no_desk:
    command_queue_release(&feed->to_prober);
no_prober:
    command_queue_release(&feed->to_trainer);
no_trainer:
    close(feed->wake[0]);
    close(feed->wake[1]);
no_slots:
    free_slots(feed);
    *feed = (struct feed){0};
    return code;
}

void feed_release(struct feed *feed)
{
    if (!feed->race.slots[0])
        return;
    command_queue_release(&feed->to_trainer);
    command_queue_release(&feed->to_prober);
    desk_release(&feed->desk);
    close(feed->wake[0]);
    close(feed->wake[1]);
    free_slots(feed);
    *feed = (struct feed){0};
}

bool feed_send(struct feed *feed, struct command c)
{
    return command_send(c.kind < COMMAND_FOCUS ? &feed->to_trainer : &feed->to_prober, c);
}

void feed_drain(struct feed *feed)
{
    struct command c;
    while (command_take(&feed->to_trainer, &c, 0) || command_take(&feed->to_prober, &c, 0))
        ;
}

void feed_tell(struct feed *feed, const char *line, bool done)
{
    desk_tell(&feed->desk, line, done);
    /* A full pipe already wakes the reader. */
    ssize_t written = write(feed->wake[1], "", 1);
    (void)written;
}

int feed_grow(struct probe_snapshot *slot, size_t floats)
{
    if (slot->map_room >= floats)
        return 0;
    float *weight = calloc(floats, sizeof *weight), *score_z = calloc(floats, sizeof *score_z);
    if (!weight || !score_z) {
        free(weight);
        free(score_z);
        return ERR_MEMORY;
    }
    free(slot->weight);
    free(slot->score_z);
    slot->weight = weight;
    slot->score_z = score_z;
    slot->map_room = floats;
    return 0;
}

int feed_draws(struct probe_snapshot *slot)
{
    if (slot->second && feed_draws(slot->second) < 0)
        return ERR_MEMORY;
    if (!slot->gallery)
        slot->gallery = calloc(1, sizeof *slot->gallery);
    return slot->gallery ? 0 : ERR_MEMORY;
}

void feed_draws_not(struct probe_snapshot *slot)
{
    free(slot->gallery);
    slot->gallery = NULL;
    if (slot->second)
        feed_draws_not(slot->second);
}
