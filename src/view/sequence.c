/* Files that the person names, and the stepped sequence as one. */
#include "view/ui_state.h"

#include <stdio.h>
#include <string.h>

static const char first_name[] = "heed-sequence.txt", settings_name[] = "heed-settings.ini";

void ui_prompt(struct ui *ui, enum ui_file kind)
{
    bool settings = kind == UI_FILE_WRITE_SETTINGS;
    if (ui->file.name[0] == 0 || settings != (ui->file.kind == UI_FILE_WRITE_SETTINGS))
        text_copy(ui->file.name, sizeof ui->file.name, settings ? settings_name : first_name);
    ui->file.open = true;
    ui->file.kind = kind;
}

void ui_file_key(struct ui *ui, uint32_t key)
{
    size_t length = strlen(ui->file.name);
    char utf8[4];
    int bytes = 0;

    switch (key) {
    case UI_KEY_ESCAPE:
        ui->file.open = false;
        break;
    case UI_KEY_ENTER:
        ui->file.open = length == 0;
        ui->file.wanted = length > 0 ? ui->file.kind : UI_FILE_NONE;
        break;
    case UI_KEY_BACKSPACE:
    case UI_KEY_DELETE:
        /* A whole character: continuation bytes of UTF-8 are 10xxxxxx. */
        while (length > 0 && ((unsigned char)ui->file.name[--length] & 0xc0) == 0x80)
            ;
        ui->file.name[length] = 0;
        break;
    default:
        if (key >= ' ' && key != 127 && key < KEY_CODE_BASE)
            bytes = text_encode(key, utf8);
        if (length + (size_t)bytes < sizeof ui->file.name) {
            memcpy(ui->file.name + length, utf8, (size_t)bytes);
            ui->file.name[length + (size_t)bytes] = 0;
        }
    }
}

enum ui_file ui_wants_file(struct ui *ui, const char **name)
{
    enum ui_file wanted = ui->file.wanted;
    ui->file.wanted = UI_FILE_NONE;
    *name = ui->file.name;
    return wanted;
}

/* A text as it is, so that reading it again gives the same symbols. */
static void write_text(const struct probe_snapshot *probe, struct text *out)
{
    const struct alphabet *a = &probe->alphabet;
    for (int i = 0; i < probe->length; i++) {
        uint32_t code = a->code[probe->sequence[i]];
        char bytes[4] = {(char)code};
        text_add_bytes(out, bytes,
                       a->kind == ALPHABET_BYTES ? 1 : (size_t)text_encode(code, bytes));
    }
}

void ui_sequence_write(const struct probe_snapshot *probe, struct text *out)
{
    enum { A_LINE = 16 };
    if (probe->alphabet.kind != ALPHABET_WORDS) {
        write_text(probe, out);
        return;
    }
    for (int i = 0; i < probe->length; i++) {
        text_add(out, probe->alphabet.name[probe->sequence[i]]);
        text_add(out, i % A_LINE == A_LINE - 1 || i == probe->length - 1 ? "\n" : " ");
    }
}

int ui_sequence_read(struct ui *ui, const char *text, const struct probe_snapshot *probe,
                     struct command *outbox, int capacity, struct failure *why)
{
    int ids[PROBE_HISTORY], sent = 0;
    int count = alphabet_parse(&probe->alphabet, text, ids, PROBE_HISTORY - 1, why);

    if (count < 0)
        return ERR_INPUT;
    if (count < 1)
        return fail(why, ERR_INPUT, "no symbols: a sequence needs at least one, such as %s",
                    probe->alphabet.name[0]);
    if (count > probe->longest)
        return fail(why, ERR_INPUT, "%d symbols: a sequence of this task has at most %d", count,
                    probe->longest);
    if ((count + COMMAND_SYMBOLS - 1) / COMMAND_SYMBOLS > capacity)
        return fail(why, ERR_INPUT, "%d symbols are too many at once", count);
    for (int at = 0; at < count; at += COMMAND_SYMBOLS) {
        struct command c = {COMMAND_STEP_LOAD, at, at + COMMAND_SYMBOLS >= count, ++ui->request, 0,
                            {0}};
        while (c.count < COMMAND_SYMBOLS && at + c.count < count) {
            c.symbols[c.count] = (int16_t)ids[at + c.count];
            c.count++;
        }
        outbox[sent++] = c;
    }
    ui->step.edit = EDIT_NONE;
    return sent;
}
