/* Editing the form on Run: what is typed, what keys choose, what a running race is told at once. */
#include "view/ui_state.h"

#include <stdio.h>
#include <string.h>

static const struct setting *setting_at(int index)
{
    return &config_settings(&(int){0})[index];
}

/* The index of the chosen row's setting, SHEET_CAST or SHEET_NONE. */
static int chosen_row(const struct event *e)
{
    int list[SHEET_ROWS], n = sheet_rows(e->ui, e->race, list);
    return n == 0 ? SHEET_NONE : list[ui_clamp(e->ui->run.row, 0, n - 1)];
}

/* Whether edits are possible now; says so if not. */
static bool is_editable(struct event *e)
{
    struct ui *ui = e->ui;
    if (!ui->form)
        ui_say(ui, "nothing is trained here: these are the settings of the run as it was");
    else if (ui->busy || ui->form->asked)
        ui_say(ui, "one moment: another race is being made ready");
    return ui->form && !ui->busy && !ui->form->asked;
}

/* --- what an edit comes to ------------------------------------------------------------------- */

/* An edit under way: what the form said before it. */
struct edit {
    int index; /* of the row, SHEET_NONE: several */
    int count;
    char names[MAX_CONTESTANTS][NAME_TEXT];
    double rates[MAX_CONTESTANTS];
    double seconds; /* between checkpoints */
};

static struct edit begin_edit(const struct event *e, int index)
{
    const struct race_config *form = &e->ui->form->resolved;
    struct edit before = {.index = index,
                          .count = form->count,
                          .seconds = form->contestants[0].train.checkpoint_seconds};
    memcpy(before.names, form->names, sizeof before.names);
    for (int i = 0; i < form->count; i++)
        before.rates[i] = form->contestants[i].train.learning_rate;
    return before;
}

/* Learning rates that the edit changed go to the running race at once. Returns their number. */
static int send_rates(struct event *e, const struct edit *before)
{
    const struct race_config *form = &e->ui->form->resolved;
    int sent = 0;
    if (!sitting_goes_on(e->race) || before->count != form->count ||
        memcmp(before->names, form->names, sizeof before->names) != 0)
        return 0;
    for (int i = 0; i < form->count; i++) {
        double rate = form->contestants[i].train.learning_rate;
        for (int k = 0; k < e->race->count && rate != before->rates[i]; k++)
            if (strcmp(form->names[i], e->race->contestants[k].name) == 0 &&
                config_rate_allowed(rate)) {
                event_send(e, COMMAND_PEAK_RATE, k, rate);
                sent++;
            }
    }
    return sent;
}

/* Seconds between checkpoints too: nothing that is learned depends on them. */
static bool send_seconds(struct event *e, const struct edit *before)
{
    double seconds = e->ui->form->resolved.contestants[0].train.checkpoint_seconds;
    bool sends = sitting_goes_on(e->race) && seconds != before->seconds;
    if (sends)
        event_send(e, COMMAND_CHECKPOINT_SECONDS, -1, seconds);
    return sends;
}

/* Tell what has come of it: a refusal in one line, or what a restart would change. */
static bool end_edit(struct event *e, const struct edit *before, int code,
                     const struct failure *why)
{
    struct ui *ui = e->ui;
    char line[320], change[200];

    if (code < 0) {
        ui_say(ui, why->text);
        return false;
    }
    bool rates = send_rates(e, before) > 0, seconds = send_seconds(e, before);
    if (rates || seconds) {
        ui_say(ui, rates ? "train.learning_rate: from the next step on, and after a restart"
                         : "train.checkpoint_seconds: from now on, and after a restart");
        return true;
    }
    if (before->index == SHEET_NONE)
        return true;
    sheet_change(ui, e->race, before->index, change, sizeof change);
    snprintf(line, sizeof line, "%s is fixed once a run begins: %s",
             before->index == SHEET_CAST ? "race" : setting_at(before->index)->key, change);
    if (change[0])
        ui_say(ui, line);
    return true;
}

/* --- typing ---------------------------------------------------------------------------------- */

static void begin_typing(struct ui *ui, enum typing kind, const char *text)
{
    ui->typing.kind = kind;
    ui->typing.fresh = text[0] != '\0';
    text_copy(ui->typing.text, sizeof ui->typing.text, text);
}

static void edit(struct event *e)
{
    struct ui *ui = e->ui;
    int index = chosen_row(e);
    char value[FORM_LINE];

    if (index == SHEET_NONE || !is_editable(e))
        return;
    if (index == SHEET_CAST) {
        form_cast(ui->form, value, sizeof value);
        begin_typing(ui, TYPING_CAST, value);
        ui->typing.fresh = false; /* a list is mended rather than written anew */
        return;
    }
    config_value(&ui->form->race.contestants[ui->form->chosen], setting_at(index), value,
                 sizeof value);
    begin_typing(ui, TYPING_VALUE, value);
}

/* What was typed is taken, or refused and can be mended. */
static void take(struct event *e)
{
    struct ui *ui = e->ui;
    struct failure why;
    char cast[FORM_LINE + 8];
    int index = chosen_row(e), code = 0;
    struct edit before;

    if (ui->typing.kind == TYPING_FIND) {
        ui->typing.kind = TYPING_NONE;
        return;
    }
    before = begin_edit(e, ui->typing.kind == TYPING_ASSIGNMENTS ? SHEET_NONE : index);
    if (ui->typing.kind == TYPING_VALUE) {
        code = form_set(ui->form, setting_at(index), ui->typing.text, &why);
    } else if (ui->typing.kind == TYPING_CAST) {
        snprintf(cast, sizeof cast, "race=%s", ui->typing.text);
        code = form_assign(ui->form, cast, &why);
    } else {
        code = form_assign(ui->form, ui->typing.text, &why);
    }
    if (end_edit(e, &before, code, &why))
        ui->typing.kind = TYPING_NONE;
}

static void type(struct ui *ui, uint32_t key)
{
    char *text = ui->typing.text, utf8[4];
    size_t length = strlen(text);

    if (ui->typing.fresh && key != UI_KEY_BACKSPACE && key != UI_KEY_DELETE)
        text[length = 0] = '\0';
    ui->typing.fresh = false;
    if (key == UI_KEY_BACKSPACE || key == UI_KEY_DELETE) {
        while (length > 0 && ((unsigned char)text[--length] & 0xc0) == 0x80)
            ;
        text[length] = '\0';
        return;
    }
    int bytes = text_encode(key, utf8);
    if (length + (size_t)bytes < sizeof ui->typing.text) {
        memcpy(text + length, utf8, (size_t)bytes);
        text[length + (size_t)bytes] = '\0';
    }
}

void form_key(struct event *e, uint32_t key)
{
    struct ui *ui = e->ui;
    bool finds = ui->typing.kind == TYPING_FIND;

    ui->message[0] = '\0';
    if (key == UI_KEY_ENTER) {
        take(e);
        return;
    }
    if (key == UI_KEY_ESCAPE) {
        ui->typing.kind = TYPING_NONE;
        ui->run.find[0] = finds ? '\0' : ui->run.find[0];
        return;
    }
    if (key == UI_KEY_BACKSPACE || key == UI_KEY_DELETE ||
        (key >= ' ' && key != 127 && key < KEY_CODE_BASE))
        type(ui, key);
    else
        ui->typing.fresh = false; /* an arrow keeps what stands there */
    if (finds) {
        text_copy(ui->run.find, sizeof ui->run.find, ui->typing.text);
        ui->run.row = 0;
    }
}

void form_line_draw(struct frame *f, struct rect r)
{
    const struct ui *ui = f->ui;
    bool finds = ui->typing.kind == TYPING_FIND;
    if ((!finds && ui->typing.kind != TYPING_ASSIGNMENTS) || r.h < 1)
        return;
    int y = r.y + r.h - 1, x = r.x + 1;
    canvas_fill(f->canvas, (struct rect){r.x, y, r.w, 1}, ' ', ROLE_TEXT, ROLE_BACKGROUND);
    x += canvas_text_fit(f->canvas, x, y, r.w - 2, finds ? "find: " : "KEY=VALUE... ", ROLE_WARN,
                         CELL_BOLD);
    const char *tail = ui->typing.text;
    uint32_t code;
    for (int columns = canvas_columns(tail); columns > r.x + r.w - 2 - x && *tail; columns--)
        tail += text_decode(tail, &code);
    x += canvas_text(f->canvas, x, y, tail, ROLE_TEXT, 0);
    canvas_put(f->canvas, x, y, '_', ROLE_ACCENT, ROLE_BACKGROUND, CELL_BOLD);
}

/* --- choosing -------------------------------------------------------------------------------- */

/* The k-th word that a setting may hold; false after the last. */
static bool word_at(const struct form *form, const struct setting *s, int k, char out[NAME_TEXT])
{
    const char *help, *word = s->choices;
    if (!word)
        return s->type == SETTING_NAME && form->setup.word(s->key, k, out, &help);
    for (; k > 0 && word; k--)
        word = strchr(word, '|') ? strchr(word, '|') + 1 : NULL;
    if (word)
        snprintf(out, NAME_TEXT, "%.*s", (int)strcspn(word, "|"), word);
    return word != NULL;
}

static void cycle(struct event *e)
{
    struct ui *ui = e->ui;
    int index = chosen_row(e), count = 0, now = -1;
    char word[NAME_TEXT], value[80];
    struct failure why;

    if (index == SHEET_NONE || !is_editable(e))
        return;
    if (index == SHEET_CAST) {
        ui_say(ui, "A adds a contestant, X drops the marked one, Enter types the whole cast");
        return;
    }
    const struct setting *s = setting_at(index);
    config_value(&ui->form->race.contestants[ui->form->chosen], s, value, sizeof value);
    for (; word_at(ui->form, s, count, word); count++)
        now = strcmp(word, value) == 0 ? count : now;
    if (count == 0) {
        ui_say(ui, "Enter types a value for this setting");
        return;
    }
    int next = now < 0 ? 0 : (now + (e->key == UI_KEY_LEFT ? count - 1 : 1)) % count;
    word_at(ui->form, s, next, word);
    struct edit before = begin_edit(e, index);
    end_edit(e, &before, form_set(ui->form, s, word, &why), &why);
}

static void back_to_default(struct event *e)
{
    int index = chosen_row(e);
    struct failure why;

    if (index < 0 || !is_editable(e))
        return;
    struct edit before = begin_edit(e, index);
    end_edit(e, &before, form_default(e->ui->form, setting_at(index), &why), &why);
}

static void drop(struct event *e)
{
    struct failure why;
    struct edit before;
    if (!is_editable(e))
        return;
    before = begin_edit(e, SHEET_CAST);
    end_edit(e, &before, form_drop(e->ui->form, &why), &why);
}

static void start(struct event *e, enum asking kind)
{
    if (is_editable(e))
        sitting_begin(e, kind, NULL);
}

/* The next contestant of the form; the one of this name in the race comes into focus. */
static void next_contestant(struct event *e)
{
    struct form *form = e->ui->form;
    form->chosen = (form->chosen + 1) % form->race.count;
    for (int i = 0; e->race && i < e->race->count; i++)
        if (strcmp(e->race->contestants[i].name, form->race.names[form->chosen]) == 0)
            ui_set_focus(e, i);
}

bool form_act(struct event *e)
{
    struct ui *ui = e->ui;
    switch (e->action) {
    case ACTION_EDIT:
        edit(e);
        return true;
    case ACTION_CYCLE:
        cycle(e);
        return true;
    case ACTION_DEFAULT:
        back_to_default(e);
        return true;
    case ACTION_OWN:
        if (is_editable(e))
            ui->form->own = !ui->form->own;
        return true;
    case ACTION_ASSIGN:
        if (is_editable(e))
            begin_typing(ui, TYPING_ASSIGNMENTS, "");
        return true;
    case ACTION_FIND:
        begin_typing(ui, TYPING_FIND, "");
        ui->run.find[0] = '\0';
        return true;
    case ACTION_WRITE_FORM:
        if (is_editable(e))
            ui_prompt(ui, UI_FILE_WRITE_SETTINGS);
        return true;
    case ACTION_REVERT:
        if (is_editable(e))
            form_undo(ui->form);
        return true;
    case ACTION_DROP:
        drop(e);
        return true;
    case ACTION_PRESET:
    case ACTION_ADD:
    case ACTION_OPEN_RUN:
        if (is_editable(e))
            picker_open(e, e->action == ACTION_PRESET ? PICKING_PRESET
                           : e->action == ACTION_ADD  ? PICKING_MEMBER
                                                      : PICKING_RUN);
        return true;
    case ACTION_START:
    case ACTION_RESEED:
        start(e, e->action == ACTION_START ? ASKS_START : ASKS_RESEED);
        return true;
    case ACTION_FOCUS:
        if (ui->form)
            next_contestant(e);
        return ui->form != NULL;
    default:
        return false;
    }
}
