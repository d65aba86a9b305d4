/* Where lessons come from: the program itself, and the person's folder. */
#include "view/lesson.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include "base/embed.h"
#include "base/fsio.h"
#include "base/text.h"

enum { LESSON_BYTES = 64 * 1024, LESSONS_MOST = 64 };
static const char ending[] = ".lesson";

/* A file that is refused keeps its place, with the reason for a title. */
static void keep(struct lesson *l, const char *name, const char *text, const char *file,
                 const struct ui_matching *matching, struct failure *why)
{
    bool own = l->own;

    if (text && lesson_parse(l, text, file, matching, why) == 0) {
        text_copy(l->name, sizeof l->name, name);
    } else {
        *l = (struct lesson){.order = 1001};
        text_escape(l->name, sizeof l->name, name);
        text_copy(l->title, sizeof l->title, l->name);
        text_copy(l->broken, sizeof l->broken, why->text);
    }
    l->own = own;
}

static void add_own(struct lesson *list, int *count, const char *folder, const char *file,
                    const struct ui_matching *matching)
{
    char path[FSIO_PATH], name[KIND_TEXT], *data = NULL;
    size_t length = strlen(file), tail = sizeof ending - 1, size;
    struct failure why = {0};
    int at = 0;

    if (length <= tail || length - tail >= sizeof name || *file == '.' ||
        strcmp(file + length - tail, ending) != 0 || fsio_join(path, folder, file, NULL) < 0)
        return;
    memcpy(name, file, length - tail);
    name[length - tail] = '\0';
    while (at < *count && strcmp(list[at].name, name) != 0)
        at++;
    if (at == LESSONS_MOST)
        return;
    *count += at == *count;
    list[at].own = true;
    if (fsio_read(path, LESSON_BYTES, &data, &size, &why) == 0 && strlen(data) != size)
        fail(&why, ERR_INPUT, "lesson %s: holds a zero byte: a lesson is a text", path);
    keep(&list[at], name, why.code ? NULL : data, path, matching, &why);
    free(data);
}

static int by_order(const void *a, const void *b)
{
    const struct lesson *x = a, *y = b;
    return x->order != y->order ? (x->order > y->order) - (x->order < y->order)
                                : strcmp(x->name, y->name);
}

int lesson_list(struct lesson **out, const struct ui_matching *matching, struct failure *why)
{
    struct lesson *list = calloc(LESSONS_MOST, sizeof *list), *less;
    char folder[FSIO_PATH], path[FSIO_PATH];
    struct failure broken;
    int count = 0;

    if (!list)
        return fail(why, ERR_MEMORY, "lessons: out of memory");
    for (const struct embedded *e = embedded_lessons; e->name && count < LESSONS_MOST; e++)
        keep(&list[count++], e->name, e->text, e->name, matching, &broken);
    if (fsio_config_folder(folder, NULL) == 0 && fsio_join(path, folder, "lessons", NULL) == 0) {
        DIR *dir = opendir(path);
        for (struct dirent *d; dir && (d = readdir(dir));)
            add_own(list, &count, path, d->d_name, matching);
        if (dir)
            closedir(dir);
    }
    qsort(list, (size_t)count, sizeof *list, by_order);
    less = realloc(list, (size_t)(count ? count : 1) * sizeof *list);
    *out = less ? less : list;
    return count;
}
