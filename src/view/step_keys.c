/* What keys do on the page Step. */
#include "view/step.h"

#include <stdio.h>
#include <string.h>
#include "view/maps.h"
#include "view/step_tokens.h"

static const struct alphabet *alphabet_of(const struct event *e)
{
    return e->probe && e->probe->alphabet.count > 0 ? &e->probe->alphabet
           : e->race                                ? &e->race->alphabet
                                                    : NULL;
}

static bool is_text(const struct event *e)
{
    return step_is_text(alphabet_of(e));
}

void step_give(struct event *e, int symbol)
{
    struct ui *ui = e->ui;
    enum step_edit edit = ui->step.edit;

    ui->step.edit = EDIT_NONE;
    if (edit == EDIT_NONE)
        event_send(e, COMMAND_STEP_SYMBOL, symbol, 0);
    else
        event_send(e, edit == EDIT_BRANCH ? COMMAND_STEP_BRANCH : COMMAND_STEP_REPLACE, symbol,
                   ui->step.back);
}

/* Symbols whose names begin with `word`, the last of them; *exact: the one with that very name. */
static int begin_with(const struct alphabet *a, const char *word, int *last, int *exact)
{
    int count = 0;
    *last = *exact = -1;
    for (int i = 0; i < a->count; i++) {
        if (strncmp(a->name[i], word, strlen(word)) != 0)
            continue;
        count++;
        *last = i;
        if (strcmp(a->name[i], word) == 0)
            *exact = i;
    }
    return count;
}

/* The names of control tokens, for a message. */
static void say_tokens(struct event *e, const struct alphabet *a, const char *word)
{
    char line[128];
    snprintf(line, sizeof line, "no symbol of this task begins with %s; its control tokens are", word);
    for (int k = 0; k < a->subtasks && strlen(line) + SYMBOL_TEXT + 2 < sizeof line; k++) {
        strcat(line, " ");
        strcat(line, a->name[a->control_id[k]]);
    }
    ui_say(e->ui, line);
}

static void spell(struct event *e, uint32_t key)
{
    struct ui *ui = e->ui;
    const struct alphabet *a = alphabet_of(e);
    size_t length = strlen(ui->step.word), more;
    char word[SYMBOL_TEXT + 4], line[64];
    int last, exact;

    text_copy(word, sizeof word, ui->step.word);
    if (key == UI_KEY_BACKSPACE || key == UI_KEY_ESCAPE || !a) {
        ui->step.word[length > 0 ? length - 1 : 0] = 0;
        ui->step.spells = key == UI_KEY_BACKSPACE && length > 1;
        return;
    }
    bool typed = key > ' ' && key < KEY_CODE_BASE;
    more = typed ? (size_t)text_encode(key, word + length) : 0;
    word[length + more] = 0;
    if (begin_with(a, word, &last, &exact) == 0 || (!typed && exact < 0)) {
        snprintf(line, sizeof line, "no symbol is called %s", word);
        if (typed)
            say_tokens(e, a, word);
        else
            ui_say(ui, line);
        ui->step.spells = length > 0;
        return;
    }
    text_copy(ui->step.word, sizeof ui->step.word, word);
    if (typed && begin_with(a, word, &last, &exact) > 1)
        return;
    ui->step.spells = false;
    step_give(e, typed ? last : exact);
}

static void begin_word(struct event *e)
{
    e->ui->step.spells = true;
    e->ui->step.word[0] = 0;
}

/* The letter of a control token gives it; of a longer name it is the beginning. */
static void inject(struct event *e)
{
    begin_word(e);
    spell(e, e->key);
}

bool step_pending(struct event *e, uint32_t key)
{
    struct ui *ui = e->ui;
    if (ui->step.spells) {
        spell(e, key);
        return true;
    }
    /* A half-typed number is finished by any other key, which then does its own work. */
    if (ui->step.typed < 0 || e->action == ACTION_DIGIT || e->action == ACTION_CLOSE ||
        e->action == ACTION_UNDO)
        return false;
    step_give(e, ui->step.typed);
    ui->step.typed = -1;
    return e->action == ACTION_RULE;
}

/* A digit waits only while another one could follow: with N = 16 the 1 waits, the 7 does not. */
static void digit(struct event *e)
{
    struct ui *ui = e->ui;
    const struct alphabet *a = alphabet_of(e);
    int numbers = a ? a->numbers : 0, d = (int)(e->key - '0');

    if (ui->step.typed >= 0 && ui->step.typed * 10 + d >= numbers) {
        step_give(e, ui->step.typed);
        ui->step.typed = -1;
    }
    int number = ui->step.typed >= 0 ? ui->step.typed * 10 + d : d;
    ui->step.typed = -1;
    if (number >= numbers) {
        char line[64];
        snprintf(line, sizeof line, "numbers go from 0 to %d", numbers - 1);
        ui_say(ui, line);
    } else if (number > 0 && number * 10 < numbers) {
        ui->step.typed = number;
    } else {
        step_give(e, number);
    }
}

/* The cursor goes behind the control token before or after it, so that the first number of its
   segment comes next. */
static void jump(struct event *e)
{
    const struct probe_snapshot *p = e->probe;
    bool back = e->key == '<';

    if (!p || !p->ready)
        return;
    int at = back ? p->cursor - 2 : p->cursor;
    for (; at >= 0 && at < p->length; at += back ? -1 : 1)
        if (p->alphabet.control[p->sequence[at]] >= 0)
            break;
    if (at < 0 || at >= p->length)
        ui_say(e->ui, back ? "no control token before this one"
                           : "no control token after this place");
    else if (at + 1 < p->cursor)
        event_send(e, COMMAND_STEP_LEFT, p->cursor - at - 1, 0);
    else
        event_send(e, COMMAND_STEP_RIGHT, at + 1 - p->cursor, 0);
}

static void move(struct event *e)
{
    struct ui *ui = e->ui;
    bool left = e->key == UI_KEY_LEFT;
    int positions = e->probe ? e->probe->positions : 1;

    if (ui->step.edit != EDIT_NONE)
        ui->step.back = ui_clamp(ui->step.back + (left ? 1 : -1), 1, positions);
    else
        event_send(e, left ? COMMAND_STEP_LEFT : COMMAND_STEP_RIGHT, 1, 0);
}

static bool has_branch(const struct event *e)
{
    return e->probe && e->probe->second_kind == SECOND_BRANCH;
}

/* Change a symbol, in place or for a branch: it is chosen with the arrows, the new one is typed. */
static void begin_edit(struct event *e, enum step_edit edit)
{
    struct ui *ui = e->ui;
    ui->step.play = false;
    if (ui->step.edit == edit) {
        ui->step.edit = EDIT_NONE;
    } else if (edit == EDIT_BRANCH && has_branch(e)) {
        event_send(e, COMMAND_STEP_BRANCH, -1, 0);
        ui_say(ui, "the branch is closed; A goes on");
    } else {
        ui->step.edit = edit;
        ui->step.back = 1;
        ui->versus = edit == EDIT_BRANCH ? -1 : ui->versus;
    }
}

bool step_close(struct event *e)
{
    struct ui *ui = e->ui;
    if (ui->step.typing)
        ui->step.typing = false;
    else if (ui->step.typed >= 0)
        ui->step.typed = -1;
    else if (ui->step.edit != EDIT_NONE)
        ui->step.edit = EDIT_NONE;
    else if (ui->step.play)
        ui->step.play = false;
    else if (has_branch(e))
        event_send(e, COMMAND_STEP_BRANCH, -1, 0);
    else
        return false;
    return true;
}

static void restart(struct event *e)
{
    e->ui->step.edit = EDIT_NONE;
    /* Play begins sequences too. */
    if (e->probe && e->probe->which > e->ui->step.restarts)
        e->ui->step.restarts = e->probe->which;
    event_send(e, COMMAND_STEP_RESTART, ++e->ui->step.restarts, 0);
}

static void undo(struct event *e)
{
    struct ui *ui = e->ui;
    if (ui->step.typed >= 0)
        ui->step.typed = -1;
    else
        event_send(e, COMMAND_STEP_UNDO, 0, 0);
}

/* The keys that append, and those that move. */
static void act_on_sequence(struct event *e)
{
    struct ui *ui = e->ui;
    bool chooses = e->action == ACTION_RULE || e->action == ACTION_MODEL || e->action == ACTION_STREAM;

    if (chooses && step_choose_player(e))
        return;
    switch (e->action) {
    case ACTION_RULE:
        if (is_text(e))
            step_write(e);
        else if (e->probe && e->probe->next_answer < 0)
            ui_say(ui, "the rule has no number here: type a symbol, or s for the stream's");
        else
            event_send(e, COMMAND_STEP_RULE, 0, 0);
        break;
    case ACTION_MODEL:
        event_send(e, COMMAND_STEP_MODEL, 0, 0);
        break;
    case ACTION_STREAM:
        event_send(e, COMMAND_STEP_STREAM, 0, 0);
        break;
    case ACTION_MOVE:
        move(e);
        break;
    case ACTION_MOVE_FAR:
        event_send(e, e->key == UI_KEY_HOME ? COMMAND_STEP_LEFT : COMMAND_STEP_RIGHT, PROBE_HISTORY,
                   0);
        break;
    case ACTION_JUMP:
        jump(e);
        break;
    case ACTION_UNDO:
        undo(e);
        break;
    case ACTION_RESTART:
        restart(e);
        break;
    case ACTION_PLAY:
        step_begin_play(e);
        break;
    case ACTION_ASK:
        event_send(e, COMMAND_STEP_ASK, 0, 0);
        break;
    default:
        break;
    }
}

void step_act(struct event *e)
{
    struct ui *ui = e->ui;
    switch (e->action) {
    case ACTION_INJECT:
    case ACTION_DIGIT:
        if (is_text(e))
            ui_say(ui, "a begins typing: then every key is a character of the text");
        else if (e->action == ACTION_INJECT)
            inject(e);
        else
            digit(e);
        break;
    case ACTION_SPELL:
        begin_word(e);
        break;
    case ACTION_TYPE:
        step_begin_typing(e);
        break;
    case ACTION_TEMPERATURE:
        step_change_temperature(e);
        break;
    case ACTION_REPLACE:
        begin_edit(e, EDIT_REPLACE);
        break;
    case ACTION_BRANCH:
        begin_edit(e, EDIT_BRANCH);
        break;
    case ACTION_EXCHANGE:
        if (has_branch(e))
            event_send(e, COMMAND_STEP_EXCHANGE, 0, 0);
        else
            ui_say(ui, "there is no branch: b begins one");
        break;
    case ACTION_PLAY_SPEED:
        step_change_speed(e);
        break;
    case ACTION_WRITE_SEQUENCE:
        ui_prompt(ui, UI_FILE_WRITE_SEQUENCE);
        break;
    case ACTION_READ_SEQUENCE:
        ui_prompt(ui, UI_FILE_READ_SEQUENCE);
        break;
    case ACTION_VERSUS:
        ui_next_versus(e);
        break;
    case ACTION_HEAD:
    case ACTION_LAYER:
        maps_choose(e, e->probe);
        break;
    default:
        act_on_sequence(e);
        break;
    }
}
