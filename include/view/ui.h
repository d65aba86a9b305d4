/* The program as the person meets it: pages, keys, state. Knows snapshots, not threads; a canvas, not
   a terminal. */
#ifndef HEED_VIEW_UI_H
#define HEED_VIEW_UI_H

#include "core/desk.h"
#include "core/exchange.h"
#include "core/snapshot.h"
#include "core/sweep_table.h"
#include "view/canvas.h"
#include "view/theme.h"

/* Keys beyond Unicode code points. */
enum ui_key {
    KEY_CODE_BASE = 0x110000,
    UI_KEY_UP, UI_KEY_DOWN, UI_KEY_LEFT, UI_KEY_RIGHT, UI_KEY_HOME, UI_KEY_END, UI_KEY_PAGE_UP,
    UI_KEY_PAGE_DOWN, UI_KEY_ENTER, UI_KEY_TAB, UI_KEY_BACK_TAB, UI_KEY_BACKSPACE, UI_KEY_DELETE,
    UI_KEY_ESCAPE, UI_KEY_MOUSE /* see struct ui_mouse */
};
struct ui_mouse {
    int x, y;
    int button; /* 1 left, 2 middle, 3 right, 4 wheel up, 5 wheel down */
};

enum ui_page {
#define VIEW(ID, id, number) PAGE_##ID,
#include "view/page_list.h"
#undef VIEW
    PAGE_COUNT
};

struct ui; /* opaque: what the person has chosen */

/* Keys of the person's own: "" where a command keeps those of the table. */
enum { UI_COMMANDS_MOST = 128, UI_KEYS_TEXT = 48 };
struct ui_bindings {
    char keys[UI_COMMANDS_MOST][UI_KEYS_TEXT]; /* by the command's place in ui_commands */
};

/* A run that could be opened. */
struct ui_run {
    char folder[256], about[96];
};

/* What the form of the settings needs of layers that the screen does not see. */
struct ui_setup {
    const struct plan *plan; /* what the form begins with; copied */
    /* Replace every auto, and refuse what a start would refuse. */
    int (*resolve)(struct race_config *race, struct failure *why);
    /* The k-th word that a SETTING_NAME may hold, "race" for members of a cast; false after the last.
       *help gets what it means. */
    bool (*word)(const char *key, int k, char out[NAME_TEXT], const char **help);
    /* Runs to open, the newest first; returns their number. */
    int (*runs)(struct ui_run *out, int capacity);
    bool ready; /* nothing has begun: the form comes first */
};

/* What the lessons need of a layer that the screen does not see: the ways from scores to weights. */
enum { UI_MATCH_KEYS = 512 };
struct ui_variant {
    const char *name, *formula;
    bool is_signed, reconstructed;
    double scale; /* of a score, in a head of width 2 */
};
struct ui_matching {
    /* The k-th attention variant; false after the last. */
    bool (*variant)(int k, struct ui_variant *out);
    /* weight (n) and score (n), by the code that trains, of a query (2) that sees n <= UI_MATCH_KEYS
       keys (n, 2) in a head of width 2; of two scores their difference. */
    void (*weigh)(int variant, int n, const double *query, const double *keys, double *weight,
                  double *score);
};

struct ui_options {
    enum ui_page page;
    bool page_kept; /* from an earlier start: another one where this race has nothing for it */
    struct theme theme;
    bool stepping_only; /* no trainer: heed step, heed watch */
    const struct ui_bindings *bindings; /* NULL: the table's own; copied */
    const struct ui_setup *setup; /* NULL: no settings can be edited; its functions stay in use */
    const struct ui_matching *matching; /* NULL: lessons cannot weigh, and say so; stays in use */
};

int ui_new(struct ui **out, const struct ui_options *options, struct failure *why);
void ui_free(struct ui *ui);
/* Draw everything onto the canvas, whatever its size. Either snapshot may be NULL (not there yet). */
void ui_draw(struct ui *ui, struct canvas *canvas, const struct race_snapshot *race,
             const struct probe_snapshot *probe);
/* React to one key; commands for the threads are appended to outbox[capacity], their number is
   returned. The snapshots are the ones last drawn. */
int ui_key(struct ui *ui, uint32_t key, const struct ui_mouse *mouse,
           const struct race_snapshot *race, const struct probe_snapshot *probe,
           struct command *outbox, int capacity);
/* Time passes: what the stepper's auto-play asks for next. As ui_key, without a key; once a frame. */
int ui_tick(struct ui *ui, const struct race_snapshot *race, const struct probe_snapshot *probe,
            struct command *outbox, int capacity);
bool ui_wants_quit(const struct ui *ui);
/* True while a held key or an animation deserves 30 frames a second. */
bool ui_is_busy(const struct ui *ui);
/* True where the sequence's picture is a small one beside the page's matter, and may come less often. */
bool ui_probe_is_aside(const struct ui *ui);
/* The theme in use now (`t` changes it); serial grows with each change. */
const struct theme *ui_theme(const struct ui *ui, int *serial);
/* A line for the person (queue full, export written): shown for a few seconds. */
void ui_say(struct ui *ui, const char *text);
/* The newest picture of a sweep that is followed, NULL before the first; it must live until the next
   call. */
void ui_sweep(struct ui *ui, const struct sweep_picture *sweep);
/* Bytes a second that the terminal got lately. */
void ui_traffic(struct ui *ui, double bytes_per_second);
/* The numbers behind the page as comma-separated values with a line of names: Train's curves, the chosen
   map, the sequence, the table of contestants, the settings. As drawn last; either may be NULL. */
void ui_csv(const struct ui *ui, const struct race_snapshot *race,
            const struct probe_snapshot *probe, struct text *out);
/* `e` was pressed: write the canvas to files. 0 none, else 1; cleared by the call. */
bool ui_wants_export(struct ui *ui);
/* Files that the person names on the bottom line. */
enum ui_file {
    UI_FILE_NONE,
    UI_FILE_WRITE_SEQUENCE,
    UI_FILE_READ_SEQUENCE,
    UI_FILE_WRITE_SETTINGS
};
/* What is to be done with which file, now; cleared by the call. *name lives until the next key. */
enum ui_file ui_wants_file(struct ui *ui, const char **name);
/* The sequence that is stepped through as text: its symbols, 16 a line. */
void ui_sequence_write(const struct probe_snapshot *probe, struct text *out);
/* The form as a settings file that heed train takes. */
void ui_settings_write(const struct ui *ui, struct text *out);
/* Commands that make the symbols in `text` the sequence, appended to outbox[capacity]; returns their
   number. ERR_INPUT: a symbol that the task does not have (named), too few or too many. */
int ui_sequence_read(struct ui *ui, const char *text, const struct probe_snapshot *probe,
                     struct command *outbox, int capacity, struct failure *why);
/* What the person wants of the program as a whole; NULL: nothing. Cleared by the call, valid until the
   next key. */
const struct wish *ui_wants(struct ui *ui);
/* What is being done about it (`busy`), or what has come of it. */
void ui_notice(struct ui *ui, const char *line, bool busy);
/* A command that no queue took: nobody will answer it, nor what was asked after it. */
void ui_lost(struct ui *ui, const struct command *command);
/* Whether the page shows more attention maps than the chosen one (COMMAND_MAPS). */
bool ui_wants_all_maps(const struct ui *ui);
int ui_page_by_name(const char *name, enum ui_page *out, struct failure *why);
const char *ui_page_name(enum ui_page page);
/* The digit key that opens it, from 1. */
int ui_page_number(enum ui_page page);
enum ui_page ui_page_now(const struct ui *ui);

/* The one table of commands: drives keys, help, hints, `heed list keys` and the manual. */
struct ui_command {
    const char *name;  /* "attention.mode" */
    const char *keys;  /* "m" or "Left,h": names as the help shows them */
    unsigned pages;    /* bit per enum ui_page */
    const char *help;  /* "next mode: signed, positive, ..." */
    const char *hint;  /* short word for the hint line, NULL: not there */
};
const struct ui_command *ui_commands(int *count);

/* Bind a command to a list of keys, as in the table: the first stands for the command's own first
   key, and so on; "none" for no key at all. Several for a command of one key all mean that key.
   ERR_USAGE: no such command or key, or too many. */
int ui_bind(struct ui_bindings *b, const char *command, const char *keys, struct failure *why);
/* The first bound command with a key that another command of the same page has too, -1: none. `why`
   gets both names and the key. */
int ui_bindings_clash(const struct ui_bindings *b, struct failure *why);
/* The keys that count for a command. */
const char *ui_command_keys(const struct ui_bindings *b, int command);

#endif
