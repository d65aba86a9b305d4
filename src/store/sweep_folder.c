#include "store/sweep_folder.h"

#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "store/paths.h"

enum { RESULT_LIMIT = 1 << 18, TAIL = 1 << 17 };
static const char result_name[] = "result.json";

bool sweep_is_folder(const char *folder)
{
    char path[FSIO_PATH];
    return fsio_is_folder(folder) && fsio_join(path, folder, SWEEP_FILE, NULL) == 0 &&
           fsio_is_file(path);
}

int sweep_read(const char *folder, struct sweep *s, struct failure *why)
{
    char path[FSIO_PATH], *text = NULL;
    size_t size;
    int code = fsio_join(path, folder, SWEEP_FILE, why);
    if (code == 0)
        code = fsio_read(path, SWEEP_FILE_LIMIT, &text, &size, why);
    if (code == 0 && strlen(text) != size)
        code = fail(why, ERR_INPUT, "%s: holds a zero byte: it is damaged, use a whole copy", path);
    if (code == 0)
        code = sweep_parse(s, text, path, why);
    free(text);
    return code;
}

int sweep_lock(const char *folder, struct failure *why)
{
    char path[FSIO_PATH];
    int code = fsio_join(path, folder, RUN_LOCK, why);
    if (code < 0)
        return code;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0 || flock(fd, LOCK_EX) != 0) {
        code = fail_errno(why, "%s: cannot be locked", path);
        if (fd >= 0)
            close(fd);
        return code;
    }
    return fd;
}

void sweep_unlock(int fd)
{
    close(fd);
}

/* --- result.json ----------------------------------------------------------------------------- */

static json_t *number(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

static json_t *result_json(const struct sweep_result *r)
{
    json_t *tasks = json_object();
    for (int i = 0; i < r->subtasks; i++)
        json_object_set_new(tasks, r->subtask[i],
                            json_pack("[I, I]", (json_int_t)r->subtask_acc[i].right,
                                      (json_int_t)r->subtask_acc[i].count));
    return json_pack("{s:s, s:s, s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:I, s:I, s:o}",
                     "name", r->contestant, "model", r->model, "attention", r->attention, "failed",
                     r->state == SWEEP_FAILED, "step", (json_int_t)r->step, "steps",
                     (json_int_t)r->steps, "seed", (json_int_t)r->seed, "parameters",
                     (json_int_t)r->parameters, "windows", (json_int_t)r->windows, "learning_rate",
                     number(r->learning_rate), "loss", number(r->loss), "seconds",
                     number(r->seconds), "acc_right", (json_int_t)r->acc.right, "acc_n",
                     (json_int_t)r->acc.count, "tasks", tasks);
}

int sweep_write_result(const char *run_folder, const struct sweep_result *results, int count,
                       struct failure *why)
{
    char path[FSIO_PATH];
    int code = fsio_join(path, run_folder, result_name, why);
    if (code < 0)
        return code;
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(list, result_json(&results[i]));
    char *text = json_array_size(list) == (size_t)count
                     ? json_dumps(list, JSON_INDENT(1) | JSON_REAL_PRECISION(17))
                     : NULL;
    json_decref(list);
    code = text ? fsio_replace(path, text, strlen(text), why)
                : fail(why, ERR_MEMORY, "%s: no memory to write it", path);
    free(text);
    return code;
}

/* A text of the file that fits and holds no control character. */
static bool take_text(json_t *object, const char *key, char *out, size_t size)
{
    const char *value = json_string_value(json_object_get(object, key));
    char shown[256];
    if (!value || strlen(value) >= size)
        return false;
    text_escape(shown, sizeof shown, value);
    return strcmp(shown, value) == 0 && text_copy(out, size, value);
}

static bool take_count(json_t *object, const char *key, int64_t *out)
{
    json_t *value = json_object_get(object, key);
    *out = json_integer_value(value);
    return json_is_integer(value) && *out >= 0;
}

static bool take_number(json_t *object, const char *key, double *out)
{
    json_t *value = json_object_get(object, key);
    *out = json_is_null(value) ? NAN : json_number_value(value);
    return json_is_null(value) || json_is_number(value);
}

static bool take_score(int64_t right, int64_t count, struct score *out)
{
    *out = (struct score){right, count};
    return right >= 0 && right <= count;
}

static bool take_tasks(json_t *object, struct sweep_result *r)
{
    const char *name;
    json_t *value, *tasks = json_object_get(object, "tasks");
    r->subtasks = 0;
    if (!json_is_object(tasks) || json_object_size(tasks) > MAX_SUBTASKS)
        return false;
    json_object_foreach(tasks, name, value) {
        json_int_t right = json_integer_value(json_array_get(value, 0));
        json_int_t count = json_integer_value(json_array_get(value, 1));
        if (json_array_size(value) != 2 || !text_copy(r->subtask[r->subtasks], SYMBOL_TEXT, name) ||
            !take_score(right, count, &r->subtask_acc[r->subtasks]))
            return false;
        r->subtasks++;
    }
    return true;
}

/* The contestant must be the one that stands in *out, with the same schedule and seed. */
static bool take_result(json_t *object, struct sweep_result *out)
{
    struct sweep_result r = {.run = out->run};
    int64_t right, count;
    json_t *failed = json_object_get(object, "failed");
    if (!take_text(object, "name", r.contestant, sizeof r.contestant) ||
        !take_text(object, "model", r.model, sizeof r.model) ||
        !take_text(object, "attention", r.attention, sizeof r.attention) ||
        !json_is_boolean(failed) || !take_count(object, "step", &r.step) ||
        !take_count(object, "steps", &r.steps) || !take_count(object, "seed", &r.seed) ||
        !take_count(object, "parameters", &r.parameters) ||
        !take_count(object, "windows", &r.windows) ||
        !take_number(object, "learning_rate", &r.learning_rate) ||
        !take_number(object, "loss", &r.loss) || !take_number(object, "seconds", &r.seconds) ||
        !take_count(object, "acc_right", &right) || !take_count(object, "acc_n", &count) ||
        !take_score(right, count, &r.acc) || !take_tasks(object, &r))
        return false;
    r.state = json_is_true(failed) ? SWEEP_FAILED : SWEEP_DONE;
    if (strcmp(r.contestant, out->contestant) != 0 || r.steps != out->steps || r.seed != out->seed)
        return false;
    *out = r;
    return true;
}

int sweep_read_result(const char *run_folder, struct sweep_result *results, int count,
                      struct failure *why)
{
    char path[FSIO_PATH], *text;
    size_t size;
    json_error_t error;
    int code = fsio_join(path, run_folder, result_name, why);
    if (code < 0 || !fsio_is_file(path))
        return code;
    code = fsio_read(path, RESULT_LIMIT, &text, &size, why);
    if (code < 0)
        return code;
    json_t *list = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    bool whole = json_array_size(list) == (size_t)count;
    for (int i = 0; i < count && whole; i++)
        whole = take_result(json_array_get(list, (size_t)i), &results[i]);
    json_decref(list);
    free(text);
    if (!whole)
        return fail(why, ERR_INPUT, "%s: is damaged or of another race: remove the run's folder and "
                    "sweep again", path);
    return 1;
}

/* --- a run that goes on ---------------------------------------------------------------------- */

/* The last bytes of the file, from a line's beginning; "" if it is not there. Freed by the caller. */
static char *read_tail(const char *path)
{
    char *text = calloc(1, TAIL + 1);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (text && fd >= 0) {
        off_t size = lseek(fd, 0, SEEK_END);
        off_t from = size > TAIL ? size - TAIL : 0;
        ssize_t got = pread(fd, text, TAIL, from);
        text[got > 0 ? got : 0] = '\0';
        char *line = from > 0 ? strchr(text, '\n') : NULL;
        if (line)
            memmove(text, line + 1, strlen(line));
    }
    if (fd >= 0)
        close(fd);
    return text;
}

/* What one line of metrics.jsonl says; lines that say nothing of use are passed over. */
static void peek_line(const char *line, size_t length, struct sweep_result *results, int count)
{
    char name[NAME_TEXT];
    int64_t step, right, n;
    json_t *object = json_loadb(line, length, 0, NULL);
    if (!object || !take_text(object, "contestant", name, sizeof name) ||
        !take_count(object, "step", &step)) {
        json_decref(object);
        return;
    }
    for (int i = 0; i < count; i++) {
        struct sweep_result *r = &results[i];
        if (strcmp(r->contestant, name) != 0)
            continue;
        r->step = step;
        if (take_count(object, "acc_right", &right) && take_count(object, "acc_n", &n) &&
            right <= n) {
            r->acc = (struct score){right, n};
            take_number(object, "loss", &r->loss);
            take_number(object, "seconds", &r->seconds);
        }
    }
    json_decref(object);
}

int sweep_peek(const char *run_folder, struct sweep_result *results, int count, struct failure *why)
{
    char path[FSIO_PATH];
    int code = fsio_join(path, run_folder, RUN_CONFIG, why);
    bool begun = code == 0 && fsio_is_file(path);
    if (code == 0)
        code = fsio_join(path, run_folder, RUN_METRICS, why);
    for (int i = 0; i < count; i++)
        results[i].state = begun ? SWEEP_RUNNING : SWEEP_WAITING;
    if (code < 0 || !begun)
        return code;
    char *text = read_tail(path);
    if (!text)
        return fail(why, ERR_MEMORY, "%s: no memory to read it", path);
    for (const char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
        peek_line(line, (size_t)(end - line), results, count);
    free(text);
    return 0;
}
