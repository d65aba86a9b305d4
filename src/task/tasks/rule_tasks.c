/* The tasks that are rule files: those that the program brings, and a person's own. */
#include "task/rules.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "base/embed.h"

/* Compile and measure; the task takes its properties over. */
static int set_up(struct task *task, const char *text, const char *name, struct failure *why)
{
    struct rules *r = calloc(1, sizeof *r);
    if (!r)
        return fail(why, ERR_MEMORY, "task: no memory: end other programs");
    task->state = r;
    int code = rules_compile(r, &task->alphabet, text, name, &task->config, why);
    if (code)
        return code;
    task->stream_size = rules_stream_size();
    task->fresh = r->fresh;
    task->mask = r->mask;
    task->asks_of_row = r->has_row;
    task->row.open = r->row[0];
    task->row.same = r->row[1];
    task->row.other = r->row[2];
    task->row.close = r->row[3];
    for (int i = 0; i < r->segments; i++) {
        const struct segment *s = &r->segment[i];
        if (s->distance && s->length.kind == LENGTH_UNIFORM) {
            task->distance_low = s->length.low;
            task->distance_high = s->length.high;
        }
    }
    return rules_measure(task, why);
}

static int init_shipped(struct task *task, const struct config *config, struct failure *why)
{
    (void)config;
    for (const struct embedded *e = embedded_rules; e->name; e++)
        if (strcmp(e->name, task->ops->name) == 0)
            return set_up(task, e->text, e->name, why);
    assert(!"a task without its rule file");
    return ERR_USAGE;
}

static int read_file(struct task *task, struct task_file *file, struct failure *why)
{
    return task_file_read(task, task->config.task.rules, NULL, RULES_BYTES, file, why);
}

static int init_file(struct task *task, const struct config *config, struct failure *why)
{
    struct task_file file;
    if (strcmp(config->task.rules, "none") == 0)
        return fail(why, ERR_USAGE, "task.kind: rules needs a file: set task.rules to its path");
    int code = read_file(task, &file, why);
    if (code)
        return code;
    if (strlen(file.data) != file.size)
        code = fail(why, ERR_INPUT, "%s: holds a NUL byte: rule files are text", file.name);
    else
        code = set_up(task, file.data, file.name, why);
    task_file_release(&file);
    return code;
}

static void release(struct task *task)
{
    free(task->state);
    task->state = NULL;
}

#define RULE_TASK(id, name_, init_, file_, reconstructed_, help_)                                  \
    const struct task_ops task_##id##_ops = {.name = name_,                                        \
                                             .help = help_,                                        \
                                             .reconstructed = reconstructed_,                      \
                                             .init = init_,                                        \
                                             .read_file = file_ ? read_file : NULL,               \
                                             .copy = file_ ? "task.rules" : NULL,                 \
                                             .release = release,                                   \
                                             .begin = rules_begin,                                 \
                                             .begin_distance = rules_begin_distance,               \
                                             .next = rules_next,                                   \
                                             .window = rules_window,                               \
                                             .answer = rules_answer,                               \
                                             .go_on = rules_go_on}

RULE_TASK(iarc, "iarc", init_shipped, false, true,
          "task switching: increment, addition, reverse copy, context (arXiv 2508.04461)");
RULE_TASK(nt, "nt", init_shipped, false, true,
          "ladder: x(t) = x(t-1) + x(t-tau) mod N, one tau or a set (arXiv 2407.18601)");
RULE_TASK(delay_copy, "delay-copy", init_shipped, false, true,
          "copy or pick numbers a distance ago: R random, C..C copy, S..S even ones (arXiv "
          "2609.11913)");
RULE_TASK(count_ones, "count-ones", init_shipped, false, true, "how many ones a row of bits holds");
RULE_TASK(find_zero, "find-zero", init_shipped, false, true, "whether a row of ones holds a zero");
RULE_TASK(rules, "rules", init_file, true, false, "a rule file of your own, named by task.rules");

int task_from_rules(struct task **out, const char *text, const char *name,
                    const struct config *config, struct failure *why)
{
    struct task *task = calloc(1, sizeof *task);
    if (!task)
        return fail(why, ERR_MEMORY, "task: no memory: end other programs");
    task->ops = &task_rules_ops;
    task->config = *config;
    int code = set_up(task, text, name, why);
    if (code) {
        task_free(task);
        return code;
    }
    *out = task;
    return 0;
}
