#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "core/feed.h"
#include <cmocka.h>

enum { WORDS = 512, PICTURES = 100000 };

struct picture {
    int64_t serial;
    int64_t words[WORDS]; /* every one equals serial */
};

static void *paint(void *arg)
{
    struct exchange *x = arg;
    for (int64_t serial = 1; serial <= PICTURES; serial++) {
        struct picture *p = exchange_back(x);
        p->serial = serial;
        for (int i = 0; i < WORDS; i++)
            p->words[i] = serial;
        exchange_publish(x);
    }
    return NULL;
}

static void test_pictures_are_whole(void **state)
{
    (void)state;
    static struct picture slots[3];
    struct exchange x;
    exchange_init(&x, &slots[0], &slots[1], &slots[2], -1);
    pthread_t painter;
    assert_int_equal(pthread_create(&painter, NULL, paint, &x), 0);
    int64_t last = 0, seen = 0;
    while (last < PICTURES) {
        bool fresh;
        const struct picture *p = exchange_front(&x, &fresh);
        if (!p)
            continue;
        assert_true(fresh ? p->serial > last : p->serial == last);
        for (int i = 0; i < WORDS; i++)
            assert_int_equal(p->words[i], p->serial);
        seen += fresh;
        last = p->serial;
    }
    pthread_join(painter, NULL);
    assert_true(seen > 1);
}

static void test_newest_wins(void **state)
{
    (void)state;
    int a = 0, b = 0, c = 0;
    bool fresh = true;
    struct exchange x;
    exchange_init(&x, &a, &b, &c, -1);
    assert_null(exchange_front(&x, &fresh));
    assert_false(fresh);
    for (int i = 1; i <= 7; i++) {
        *(int *)exchange_back(&x) = i;
        exchange_publish(&x);
        if (i == 2 || i == 7) {
            assert_int_equal(*(const int *)exchange_front(&x, &fresh), i);
            assert_true(fresh);
            assert_int_equal(*(const int *)exchange_front(&x, &fresh), i);
            assert_false(fresh);
        }
        assert_ptr_not_equal(exchange_back(&x), x.front < 0 ? NULL : x.slots[x.front]);
    }
}

static void test_commands_keep_their_order(void **state)
{
    (void)state;
    struct command_queue q;
    struct command c = {.kind = COMMAND_FOCUS};
    assert_int_equal(command_queue_init(&q), 0);
    assert_false(command_take(&q, &c, 0));
    /* A start that is not the ring's, so that it wraps. */
    for (int i = 0; i < 100; i++) {
        assert_true(command_send(&q, (struct command){.kind = COMMAND_PAUSE, .index = i}));
        assert_true(command_take(&q, &c, 0));
        assert_int_equal(c.index, i);
    }
    for (int i = 0; i < COMMAND_QUEUE; i++)
        assert_true(
            command_send(&q, (struct command){.kind = COMMAND_SAVE, .index = i, .request = 7}));
    assert_false(command_send(&q, (struct command){.kind = COMMAND_QUIT}));
    for (int i = 0; i < COMMAND_QUEUE; i++) {
        assert_true(command_take(&q, &c, 0));
        assert_int_equal(c.index, i);
        assert_int_equal(c.kind, COMMAND_SAVE);
        assert_int_equal(c.request, 7);
    }
    assert_false(command_take(&q, &c, 0));
    command_queue_release(&q);
}

static void *send_late(void *arg)
{
    clock_sleep(0.05);
    command_send(arg, (struct command){.kind = COMMAND_QUIT, .index = 42});
    return NULL;
}

static void test_take_waits_no_longer_than_asked(void **state)
{
    (void)state;
    struct command_queue q;
    struct command c;
    pthread_t sender;
    assert_int_equal(command_queue_init(&q), 0);
    double start = clock_now();
    assert_false(command_take(&q, &c, 0.08));
    double waited = clock_now() - start;
    assert_true(waited >= 0.079 && waited < 2);

    start = clock_now();
    assert_int_equal(pthread_create(&sender, NULL, send_late, &q), 0);
    assert_true(command_take(&q, &c, 30));
    waited = clock_now() - start;
    assert_int_equal(c.index, 42);
    assert_true(waited >= 0.049 && waited < 10);
    pthread_join(sender, NULL);
    command_queue_release(&q);
}

enum { SENDERS = 3, EACH = 2000 };

struct sender {
    struct command_queue *queue;
    int number;
};

static void *send_many(void *arg)
{
    const struct sender *s = arg;
    for (int i = 0; i < EACH; i++)
        while (!command_send(s->queue, (struct command){.index = s->number, .request = i}))
            clock_sleep(0.0005);
    return NULL;
}

static void test_many_senders_lose_nothing(void **state)
{
    (void)state;
    struct command_queue q;
    struct command c;
    pthread_t threads[SENDERS];
    struct sender senders[SENDERS];
    int64_t next[SENDERS] = {0};
    assert_int_equal(command_queue_init(&q), 0);
    for (int i = 0; i < SENDERS; i++) {
        senders[i] = (struct sender){&q, i};
        assert_int_equal(pthread_create(&threads[i], NULL, send_many, &senders[i]), 0);
    }
    for (int i = 0; i < SENDERS * EACH; i++) {
        assert_true(command_take(&q, &c, 20));
        assert_int_equal(c.request, next[c.index]);
        next[c.index]++;
    }
    for (int i = 0; i < SENDERS; i++)
        pthread_join(threads[i], NULL);
    assert_false(command_take(&q, &c, 0));
    command_queue_release(&q);
}

static void race_of_one(struct race_config *race)
{
    memset(race, 0, sizeof *race);
    race->count = 1;
    config_defaults(&race->contestants[0]);
}

static void test_map_capacity(void **state)
{
    (void)state;
    static struct race_config race;
    race_of_one(&race);
    struct config *c = race.contestants;
    assert_int_equal(probe_map_capacity(&race), 1 * 4 * 32 * 32);
    c->model.layers = 3;
    assert_int_equal(probe_map_capacity(&race), 3 * 4 * 32 * 32);
    race.count = 2;
    race.contestants[1] = *c;
    race.contestants[1].model.heads = 8;
    assert_int_equal(probe_map_capacity(&race), 3 * 8 * 32 * 32);
    strcpy(race.contestants[1].model.kind, "lstm");
    assert_int_equal(probe_map_capacity(&race), 3 * 4 * 32 * 32);
    strcpy(c->model.kind, "mlp");
    assert_int_equal(probe_map_capacity(&race), 0);
    strcpy(c->model.kind, "cisformer");
    c->model.layers = 16;
    c->model.heads = 64;
    c->task.context = 512;
    assert_int_equal(probe_map_capacity(&race), 4 * 1024 * 1024);
    assert_int_equal(probe_map_need(&race, true), 4 * 1024 * 1024);
    assert_int_equal(probe_map_need(&race, false), 512 * 512); /* one is looked at */
    c->model.layers = 1;
    c->model.heads = 4;
    assert_int_equal(probe_map_need(&race, false), 4 * 512 * 512); /* all are little */
}

static void test_feed(void **state)
{
    (void)state;
    static struct race_config race;
    struct feed feed = {0};
    struct failure why;
    struct command c;
    char byte;
    bool fresh;
    feed_release(&feed); /* a zeroed one may be released */
    race_of_one(&race);
    assert_int_equal(feed_init(&feed, &race, &why), 0);
    size_t floats = probe_map_capacity(&race);
    for (int i = 0; i < 3; i++) {
        struct probe_snapshot *p = exchange_back(&feed.probe);
        p->serial = i + 1;
        for (size_t k = 0; k < floats; k++)
            p->weight[k] = p->score_z[k] = (float)(i + 1);
        exchange_publish(&feed.probe);
        const struct probe_snapshot *front = exchange_front(&feed.probe, &fresh);
        assert_int_equal(front->serial, i + 1);
        assert_true(front->weight[floats - 1] == (float)(i + 1));
        assert_true(front->score_z[0] == (float)(i + 1));
        assert_int_equal(read(feed.wake[0], &byte, 1), 1);
    }
    exchange_publish(&feed.race);
    assert_non_null(exchange_front(&feed.race, &fresh));
    assert_int_equal(read(feed.wake[0], &byte, 1), -1); /* no byte, and no waiting */
    /* A reader that sleeps never blocks the writer: the pipe fills, publication goes on. */
    for (int i = 0; i < 100000; i++)
        exchange_publish(&feed.probe);
    for (int i = 0; i < 2; i++) {
        assert_true(fcntl(feed.wake[i], F_GETFD) & FD_CLOEXEC);
        assert_true(fcntl(feed.wake[i], F_GETFL) & O_NONBLOCK);
    }
    for (int kind = 0; kind < COMMAND_COUNT; kind++) {
        bool prober = kind >= COMMAND_FOCUS;
        assert_true(feed_send(&feed, (struct command){.kind = kind}));
        assert_true(command_take(prober ? &feed.to_prober : &feed.to_trainer, &c, 0));
        assert_int_equal(c.kind, kind);
    }
    feed_release(&feed);
    feed_release(&feed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures_are_whole),
        cmocka_unit_test(test_newest_wins),
        cmocka_unit_test(test_commands_keep_their_order),
        cmocka_unit_test(test_take_waits_no_longer_than_asked),
        cmocka_unit_test(test_many_senders_lose_nothing),
        cmocka_unit_test(test_map_capacity),
        cmocka_unit_test(test_feed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
