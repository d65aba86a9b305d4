#include "cli/listing.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "view/canvas.h"

void listing_columns(struct listing *l, const char *columns)
{
    l->columns = columns;
    l->column_count = 1;
    for (const char *s = columns; *s; s++)
        l->column_count += *s == '|';
    assert(l->column_count <= LISTING_COLUMNS);
}

void listing_add(struct listing *l, const char *const *cells)
{
    for (int i = 0; i < l->column_count; i++) {
        text_add_bytes(&l->cells, cells[i], strlen(cells[i]) + 1);
        l->cell_count++;
    }
}

void listing_release(struct listing *l)
{
    text_release(&l->cells);
}

/* The name of column i into out[64]. */
static void title(const struct listing *l, int i, char out[64])
{
    const char *s = l->columns;

    while (i-- > 0)
        s += strcspn(s, "|") + 1;
    text_copy(out, 64, s);
    out[strcspn(out, "|")] = '\0';
}

static int write_json(const struct listing *l, struct text *out, struct failure *why)
{
    json_t *rows = json_array(), *row = NULL;
    const char *cell = text_string(&l->cells);
    char name[64], *dump;

    for (int i = 0; i < l->cell_count; i++) {
        if (i % l->column_count == 0) {
            row = json_object();
            json_array_append_new(rows, row);
        }
        title(l, i % l->column_count, name);
        json_object_set_new(row, name, json_string(cell));
        cell += strlen(cell) + 1;
    }
    dump = json_dumps(rows, JSON_INDENT(1));
    json_decref(rows);
    if (!dump)
        return fail(why, ERR_MEMORY, "list: out of memory");
    text_addf(out, "%s\n", dump);
    free(dump);
    return 0;
}

static void pad(struct text *out, const char *cell, int width, bool last)
{
    text_add(out, cell);
    for (int n = canvas_columns(cell); !last && n < width + 2; n++)
        text_add(out, " ");
}

static void write_table(const struct listing *l, struct text *out)
{
    int width[LISTING_COLUMNS] = {0};
    const char *cell = text_string(&l->cells);
    char name[64];

    for (int i = 0; i < l->column_count; i++) {
        title(l, i, name);
        width[i] = canvas_columns(name);
    }
    for (int i = 0; i < l->cell_count; i++, cell += strlen(cell) + 1) {
        int n = canvas_columns(cell);
        if (n > width[i % l->column_count])
            width[i % l->column_count] = n;
    }
    for (int i = 0; i < l->column_count; i++) {
        title(l, i, name);
        pad(out, name, width[i], i == l->column_count - 1);
    }
    text_add(out, "\n");
    cell = text_string(&l->cells);
    for (int i = 0; i < l->cell_count; i++, cell += strlen(cell) + 1) {
        bool last = i % l->column_count == l->column_count - 1;
        pad(out, cell, width[i % l->column_count], last);
        if (last)
            text_add(out, "\n");
    }
}

int listing_write(const struct listing *l, bool json, struct text *out, struct failure *why)
{
    if (l->cells.broken)
        return fail(why, ERR_MEMORY, "list: out of memory");
    if (json)
        return write_json(l, out, why);
    write_table(l, out);
    return 0;
}
