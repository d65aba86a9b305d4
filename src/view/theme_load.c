/* Where themes come from: the program itself, and the person's folder. */
#include "view/theme.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/embed.h"
#include "base/fsio.h"
#include "base/text.h"

enum { THEME_BYTES = 64 * 1024, GROWTH = 16 };
static const char ending[] = ".theme";

static const char *const shipped[] = {
#define THEME(name) name,
#include "view/theme_list.h"
#undef THEME
    NULL};

const char *const *theme_names(void)
{
    return shipped;
}

/* --- loading --------------------------------------------------------------------------------- */

static int load_file(struct theme *t, const char *path, struct failure *why)
{
    char *data = NULL;
    size_t size;
    int status = fsio_read(path, THEME_BYTES, &data, &size, why);
    if (status == 0)
        status = theme_parse(t, data, path, why);
    free(data);
    return status;
}

/* The person's file of that name, whether it is there or not. */
static int own_path(char out[FSIO_PATH], const char *name)
{
    char folder[FSIO_PATH], file[FSIO_PATH];
    snprintf(file, sizeof file, "themes/%s%s", name, ending);
    int status = fsio_config_folder(folder, NULL);
    return status < 0 ? status : fsio_join(out, folder, file, NULL);
}

int theme_load_shipped(struct theme *t, const char *name, struct failure *why)
{
    for (const struct embedded *e = embedded_themes; e->name; e++)
        if (!strcmp(e->name, name))
            return theme_parse(t, e->text, name, why);
    return fail(why, ERR_USAGE, "theme %s: is none of the program's: `heed list themes` names them",
                name);
}

static int unknown(const char *name, struct failure *why)
{
    struct theme_name *all;
    int count = theme_list(&all, why);
    if (count < 0)
        return count;
    const char **words = malloc((size_t)count * sizeof *words);
    int near = -1;
    for (int i = 0; words && i < count; i++)
        words[i] = all[i].name;
    if (words)
        near = text_nearest(name, words, count);
    int status = near >= 0 ? fail(why, ERR_USAGE, "theme %s: unknown: did you mean %s?", name,
                                  all[near].name)
                           : fail(why, ERR_USAGE,
                                  "theme %s: unknown: `heed list themes` names them", name);
    free(words);
    free(all);
    return status;
}

int theme_load(struct theme *t, const char *name, struct failure *why)
{
    char path[FSIO_PATH];
    if (strchr(name, '/'))
        return load_file(t, name, why);
    if (own_path(path, name) == 0 && fsio_is_file(path))
        return load_file(t, path, why);
    for (int i = 0; shipped[i]; i++)
        if (!strcmp(shipped[i], name))
            return theme_load_shipped(t, name, why);
    return unknown(name, why);
}

/* --- names ----------------------------------------------------------------------------------- */

struct names {
    struct theme_name *list;
    int count, room;
};

static struct theme_name *add_name(struct names *n, const char *name, size_t length)
{
    if (n->count == n->room) {
        size_t room = (size_t)n->room + GROWTH;
        struct theme_name *more = realloc(n->list, room * sizeof *more);
        if (!more)
            return NULL;
        n->list = more;
        n->room = (int)room;
    }
    struct theme_name *added = &n->list[n->count++];
    *added = (struct theme_name){.own = false};
    memcpy(added->name, name, length);
    return added;
}

/* A word that can be typed: the others are asked for by their path. */
static bool is_word(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (name[i] <= ' ' || name[i] > '~' || strchr("\"'`$\\*?[]{}()<>|&;!#", name[i]))
            return false;
    return length > 0 && length < KIND_TEXT;
}

static int add_own(struct names *n, const char *file)
{
    size_t length = strlen(file), tail = sizeof ending - 1;
    if (length <= tail || strcmp(file + length - tail, ending) || *file == '.' ||
        !is_word(file, length - tail))
        return 0;
    length -= tail;
    for (int i = 0; i < n->count; i++) {
        if (strlen(n->list[i].name) == length && !memcmp(n->list[i].name, file, length)) {
            n->list[i].own = true;
            return 0;
        }
    }
    struct theme_name *added = add_name(n, file, length);
    if (added)
        added->own = true;
    return added ? 0 : ERR_MEMORY;
}

static int by_name(const void *a, const void *b)
{
    const struct theme_name *x = a, *y = b;
    return strcmp(x->name, y->name);
}

int theme_list(struct theme_name **out, struct failure *why)
{
    char folder[FSIO_PATH], path[FSIO_PATH];
    struct names n = {0};
    bool enough = true;
    for (int i = 0; enough && shipped[i]; i++)
        enough = add_name(&n, shipped[i], strlen(shipped[i])) != NULL;
    int first = n.count;
    if (fsio_config_folder(folder, NULL) == 0 && fsio_join(path, folder, "themes", NULL) == 0) {
        DIR *dir = opendir(path);
        for (struct dirent *d; enough && dir && (d = readdir(dir));)
            enough = add_own(&n, d->d_name) == 0;
        if (dir)
            closedir(dir);
    }
    if (!enough) {
        free(n.list);
        return fail(why, ERR_MEMORY, "themes: out of memory");
    }
    qsort(n.list + first, (size_t)(n.count - first), sizeof *n.list, by_name);
    *out = n.list;
    return n.count;
}
