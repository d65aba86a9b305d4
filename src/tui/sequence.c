#include "tui/sequence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/fsio.h"

enum { MOST_BYTES = 1 << 20 };

static int write_file(const struct ui *ui, enum ui_file what, const char *name,
                      const struct probe_snapshot *probe, struct failure *why)
{
    struct text text = {0};
    int err = 0;
    if (access(name, F_OK) == 0) {
        return fail(why, ERR_USAGE, "%s is there already: give another name", name);
    }
    if (what == UI_FILE_WRITE_SETTINGS) {
        ui_settings_write(ui, &text);
    } else {
        ui_sequence_write(probe, &text);
    }
    if (text.broken) {
        err = fail(why, ERR_MEMORY, "%s: out of memory", name);
    } else {
        err = fsio_replace(name, text_string(&text), text.length, why);
    }
    text_release(&text);
    return err;
}

int sequence_file(struct ui *ui, enum ui_file what, const char *name,
                  const struct probe_snapshot *probe, struct command *outbox, int capacity)
{
    struct failure why;
    char said[512];
    int sent = 0, err = 0;
    if (!probe && what != UI_FILE_WRITE_SETTINGS) {
        ui_say(ui, "there is no sequence yet");
        return 0;
    }
    if (what != UI_FILE_READ_SEQUENCE) {
        err = write_file(ui, what, name, probe, &why);
    } else {
        char *content = NULL;
        size_t size;
        bool is_terminal = strcmp(name, "-") == 0; /* standard input is the keyboard */
        err = fsio_read(is_terminal ? "./-" : name, MOST_BYTES, &content, &size, &why);
        if (err == 0) {
            sent = ui_sequence_read(ui, content, probe, outbox, capacity, &why);
            err = sent < 0 ? sent : 0;
            free(content);
        }
    }
    if (err < 0) {
        ui_say(ui, why.text);
        return 0;
    }
    snprintf(said, sizeof said, "%s: %s", what == UI_FILE_READ_SEQUENCE ? "read" : "written", name);
    ui_say(ui, said);
    return sent;
}
