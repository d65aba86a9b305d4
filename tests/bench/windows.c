/* How fast one thread draws symbols: the windows of training steps, each of which begins somewhere in the
 * stationary middle of a stream of its own, and the consecutive windows of one held-out stream.
 *
 *   windows [KEY=VALUE]...      settings, such as task.kind=nt task.tau=5
 */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "core/config.h"
#include "task/task.h"

enum { ROUNDS = 200 };
static const double round_seconds = 0.01;

static int give_up(const struct failure *why)
{
    fprintf(stderr, "windows: %s\n", why->text);
    return 1;
}

static int set(struct config *config, char *word, struct failure *why)
{
    char *value = strchr(word, '=');
    if (!value)
        return fail(why, ERR_USAGE, "%s: no KEY=VALUE", word);
    *value++ = 0;
    return config_set(config, word, value, "windows", why);
}

/* Draw one batch: of training if there is no reader. */
static void draw(const struct task *task, struct task_reader *reader, int64_t step,
                 struct batch *batch)
{
    if (reader)
        task_read(reader, batch);
    else
        task_sample(task, step, batch);
}

static void measure(const char *name, const struct task *task, struct task_reader *reader,
                    struct batch *batch)
{
    double best = 0, sum = 0, symbols = (double)batch->sequences * batch->positions;
    int64_t step = 0;
    for (int i = -1; i < ROUNDS; i++) { /* the first warms up */
        int64_t first = step;
        double begin = clock_now(), now = begin;
        for (; now - begin < round_seconds; now = clock_now())
            draw(task, reader, step++, batch);
        double seconds = (now - begin) / (double)(step - first);
        if (i < 0)
            continue;
        sum += seconds;
        if (best == 0 || seconds < best)
            best = seconds;
    }
    printf("%-12s %-10s %4d windows of %4d: %7.1f us (best of %d rounds %.1f us), %.1f million "
           "symbols a second\n",
           task->ops->name, name, batch->sequences, batch->positions, sum / ROUNDS * 1e6, ROUNDS,
           best * 1e6, symbols / (sum / ROUNDS) * 1e-6);
}

int main(int argc, char **argv)
{
    struct config config;
    struct failure why = {.text = ""};
    struct task *task;
    struct batch batch;
    config_defaults(&config);
    for (int i = 1; i < argc; i++)
        if (set(&config, argv[i], &why) < 0)
            return give_up(&why);
    if (task_new(&task, &config, &why) < 0)
        return give_up(&why);
    if (task_batch(task, &batch, task->config.task.context, config.train.batch) < 0)
        return 1;

    struct task_reader reader;
    if (task_reader_init(&reader, task, RNG_EVAL) < 0)
        return 1;
    measure("training", task, NULL, &batch);
    measure("one stream", task, &reader, &batch);
    task_reader_release(&reader);
    batch_release(&batch);
    task_free(task);
    return 0;
}
