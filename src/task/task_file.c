/* The file that a task is made from: read, recognised, and kept with a run. */
#include <stdlib.h>
#include <string.h>
#include "base/digest.h"
#include "base/fsio.h"
#include "task/task.h"

/* One of the files: its copy in a run's folder, the setting that holds its digest, and that digest. */
struct source {
    const char *copy, *key;
    char *digest;
};

static struct source main_source(struct task *task)
{
    return (struct source){task->ops->copy, "task.digest", task->config.task.digest};
}

static struct source labels_source(struct task *task)
{
    return (struct source){task->ops->labels_copy, "task.labels_digest",
                           task->config.task.labels_digest};
}

/* Where a run keeps its copy; false: it keeps none. */
static bool find_copy(const struct task *task, const struct source *s, char out[FSIO_PATH])
{
    return task->folder && task->folder[0] && s->copy &&
           fsio_join(out, task->folder, s->copy, NULL) == 0 && fsio_is_file(out);
}

static int read_source(const struct task *task, const struct source *s, const char *path,
                       const char *brought, size_t limit, struct task_file *file, struct failure *why)
{
    char digest[DIGEST_TEXT];
    int code = 0;
    *file = (struct task_file){0};
    if (strcmp(path, "-") == 0)
        return fail(why, ERR_USAGE, "task: standard input cannot be read again when the run goes on: "
                                    "name a file");
    if (find_copy(task, s, file->name)) {
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
    if (strcmp(s->digest, "none") != 0 && strcmp(s->digest, digest) != 0) {
        task_file_release(file);
        return fail(why, ERR_INPUT,
                    "%s: is another file than when the run began (%s %s, not %s): put the "
                    "old one back, such as the run's %s, or set %s=none",
                    file->name, s->key, s->digest, digest, s->copy, s->key);
    }
    text_copy(s->digest, DIGEST_TEXT, digest);
    return 0;
}

int task_file_read(struct task *task, const char *path, const char *brought, size_t limit,
                   struct task_file *file, struct failure *why)
{
    struct source s = main_source(task);
    return read_source(task, &s, path, brought, limit, file, why);
}

int task_labels_read(struct task *task, const char *path, size_t limit, struct task_file *file,
                     struct failure *why)
{
    struct source s = labels_source(task);
    return read_source(task, &s, path, NULL, limit, file, why);
}

void task_file_release(struct task_file *file)
{
    free(file->data);
    file->data = NULL;
}

static int keep(struct task *task, const struct source *s,
                int (*read)(struct task *task, struct task_file *file, struct failure *why),
                const char *folder, struct failure *why)
{
    char path[FSIO_PATH];
    struct task_file file;
    if (!s->copy || strcmp(s->digest, "none") == 0)
        return 0;
    int code = fsio_join(path, folder, s->copy, why);
    if (code == 0)
        code = read(task, &file, why);
    if (code)
        return code;
    code = fsio_replace(path, file.data, file.size, why);
    task_file_release(&file);
    return code;
}

int task_keep_file(struct task *task, const char *folder, struct failure *why)
{
    struct source s = main_source(task), labels = labels_source(task);
    int code = keep(task, &s, task->ops->read_file, folder, why);
    return code ? code : keep(task, &labels, task->ops->read_labels, folder, why);
}
