/* A task from key=value words. */
#ifndef HEED_TESTS_TASKS_H
#define HEED_TESTS_TASKS_H

#include <string.h>
#include "core/config.h"
#include "task/task.h"
#include <cmocka.h>

/* ERR_USAGE as config_set and task_new give it. */
static inline int try_task(struct task **out, const char *words, struct failure *why)
{
    struct config config;
    char copy[256], *word, *rest = copy;
    config_defaults(&config);
    text_copy(copy, sizeof copy, words);
    while ((word = strtok_r(rest, " ", &rest)) != NULL) {
        char *equal = strchr(word, '=');
        *equal = '\0';
        int code = config_set(&config, word, equal + 1, "test", why);
        if (code)
            return code;
    }
    return task_new(out, &config, why);
}

static inline struct task *make_task(const char *words)
{
    struct task *task = NULL;
    struct failure why;
    if (try_task(&task, words, &why) != 0)
        fail_msg("%s", why.text);
    return task;
}

#endif
