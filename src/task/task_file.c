/* The file that a task is made from: read, recognised, and kept with a run. */
#include <stdlib.h>
#include <string.h>
#include "base/digest.h"
#include "base/fsio.h"
#include "task/task.h"

/* Where a run keeps its copy; false: it keeps none. */
static bool find_copy(const struct task *task, char out[FSIO_PATH])
{
    return task->folder && task->folder[0] && task->ops->copy &&
           fsio_join(out, task->folder, task->ops->copy, NULL) == 0 && fsio_is_file(out);
}

int task_file_read(struct task *task, const char *path, const char *brought, size_t limit,
                   struct task_file *file, struct failure *why)
{
    char digest[DIGEST_TEXT];
    const char *wanted = task->config.task.digest;
    int code = 0;
    *file = (struct task_file){0};
    if (strcmp(path, "-") == 0)
        return fail(why, ERR_USAGE, "task: standard input cannot be read again when the run goes on: "
                                    "name a file");
    if (find_copy(task, file->name)) {
        code = fsio_read(file->name, limit, &file->data, &file->size, why);
    } else if (brought) {
        text_copy(file->name, sizeof file->name, "heed's own");
        file->size = strlen(brought);
        file->data = strdup(brought);
        if (!file->data)
            code = fail(why, ERR_MEMORY, "task: no memory: end other programs");
    } else {
        text_copy(file->name, sizeof file->name, path);
        code = fsio_read(path, limit, &file->data, &file->size, why);
    }
    if (code)
        return code;
    digest_of(file->data, file->size, digest);
    if (strcmp(wanted, "none") != 0 && strcmp(wanted, digest) != 0) {
        task_file_release(file);
        return fail(why, ERR_INPUT,
                    "%s: is another file than when the run began (task.digest %s, not %s): put the "
                    "old one back, such as the run's %s, or set task.digest=none",
                    file->name, wanted, digest, task->ops->copy);
    }
    text_copy(task->config.task.digest, sizeof task->config.task.digest, digest);
    return 0;
}

void task_file_release(struct task_file *file)
{
    free(file->data);
    file->data = NULL;
}

int task_keep_file(struct task *task, const char *folder, struct failure *why)
{
    char path[FSIO_PATH];
    struct task_file file;
    if (!task->ops->copy || strcmp(task->config.task.digest, "none") == 0)
        return 0;
    int code = fsio_join(path, folder, task->ops->copy, why);
    if (code == 0)
        code = task->ops->read_file(task, &file, why);
    if (code)
        return code;
    code = fsio_replace(path, file.data, file.size, why);
    task_file_release(&file);
    return code;
}
