/* What the person has chosen, and what a page gets to draw itself and to react. Private to view. */
#ifndef HEED_VIEW_UI_STATE_H
#define HEED_VIEW_UI_STATE_H

#include "view/form.h"
#include "view/learn_state.h"
#include "view/ui.h"
#include "view/widgets.h"

enum {
#define VIEW(ID, id, number) ON_##ID = 1 << PAGE_##ID,
#include "view/page_list.h"
#undef VIEW
    ON_ALL = (1 << PAGE_COUNT) - 1
};

enum action {
    ACTION_NONE = -1,
#define BIND(action, name, keys, pages, hint, help) ACTION_##action,
#include "view/views/command_list.h"
#undef BIND
    ACTION_COUNT
};

/* What a click on a part of the picture does. */
enum hit_kind {
    HIT_PAGE,
    HIT_MAP,
    HIT_CELL,
    HIT_OPEN_MAP,
    HIT_CONTESTANT,
    HIT_SYMBOL,
    HIT_ENTRY,
    HIT_PICK,
    HIT_SETTING,
    HIT_TIMELINE,
    HIT_LESSON
};
/* What the scales of a map need of its values; found once a picture. */
struct map_extent {
    int64_t serial;
    const float *values; /* of the map and the mode, as they lie in the picture */
    int n;
    enum heat_mode mode;
    double late, low, high; /* largest magnitude of late queries; least and greatest of all */
};

struct hit {
    struct rect at;
    enum hit_kind kind;
    int a, b; /* page; layer, head; -; -; contestant; symbol; row of palette, list, settings,
                  lessons */
};

enum { FILE_TEXT = 256, MAX_HITS = 256, MAP_MEMORIES = 64, SMOOTHINGS = 4,
       FIRST_PATCH = 3 /* along both sides: near the middle of an image of eight */ };

/* What the large chart of Train shows; MEASURE_SUBTASK_0 + i is subtask i. */
enum measure {
    MEASURE_BOTH,
    MEASURE_ACC,
    MEASURE_LOSS,
    MEASURE_GRAD_NORM,
    MEASURE_LEARNING_RATE,
    MEASURE_SPEED,
    MEASURE_EVAL_LOSS,
    MEASURE_SWITCH, /* by numbers since the control token: a profile, not a course */
    MEASURE_SUBTASK_0
};

/* Which settings Run lists: those that a contestant reads, those that are changed, all. */
enum shown { SHOWN_READ, SHOWN_CHANGED, SHOWN_ALL, SHOWN_COUNT };
/* What has the whole page of Run; FULL_NONE: everything has its part. */
enum run_full { FULL_NONE, FULL_SETTINGS, FULL_LOG, FULL_FILES, FULL_COUNT };
/* What is being typed on Run. */
enum typing { TYPING_NONE, TYPING_VALUE, TYPING_CAST, TYPING_ASSIGNMENTS, TYPING_FIND };
/* What is being picked from a list. */
enum picking { PICKING_NONE, PICKING_PRESET, PICKING_MEMBER, PICKING_RUN };
enum { PICKS = 96 };
struct pick {
    char name[256], about[128];
};
/* What a question is about that the same key or y answers with yes. */
enum asking { ASKS_NOTHING, ASKS_START, ASKS_RESEED, ASKS_OPEN };

/* What the next symbol on Step is for. */
enum step_edit { EDIT_NONE, EDIT_REPLACE, EDIT_BRANCH };

struct ui {
    bool stepping_only;
    struct ui_bindings bindings;
    struct ui_command commands[ACTION_COUNT]; /* the table, with the keys that count here */
    enum ui_page page;
    bool page_kept; /* chosen for another race: left if this one has nothing for it */
    struct theme theme;
    int theme_serial;
    char message[FAILURE_TEXT];
    double message_until; /* clock_now() */
    double traffic;       /* bytes a second to the terminal; 0: not known */
    bool logged;          /* the message is a line of the log */
    int64_t log_seen;     /* lines of the trainer's log; -1: none drawn yet */
    struct {
        bool open;
        char query[64];
        int row; /* chosen one of those that answer */
    } palette;
    bool help, asks_quit, asks_quit_form, wants_quit, wants_export;
    int help_row;
    int focus;       /* contestant; -1: the prober's own choice */
    int versus;      /* second contestant, -1: none */
    int64_t request; /* newest command sent to the prober */
    int64_t past;    /* step whose weights were asked for last, -1: the newest */
    bool hidden[MAX_CONTESTANTS];

    struct {
        int measure;
        enum curve_axis axis;
        bool log, log_share, log_x; /* y of loss and the like, y of accuracies, x */
        bool highlight;             /* the chosen contestant's curves stand out */
        bool follow;                /* the window keeps to the newest end */
        struct series profile[MAX_CONTESTANTS];
        int smooth;           /* index of ui_smoothing */
        double x_low, x_high; /* x_high <= x_low: everything */
        double first, end;    /* newest end when first drawn; where "everything" ends since then */
        double back;          /* data that end before this have gone back */
        double cursor;        /* NaN: none */
    } curves;

    struct {
        enum heat_mode mode;
        int layer, head;
        int row, column; /* -1: the newest query, its strongest key */
        bool all, locked, overview;
        double locked_range, range; /* range: of the newest drawing */
        struct probe_snapshot *frozen;
        bool difference;             /* wanted: the second contestant's maps taken off */
        struct probe_snapshot *delta; /* room for it */
        size_t delta_floats;
        bool subtracted; /* the newest drawing showed delta */
        struct heat_memory memory, beside, small, each[MAP_MEMORIES];
        struct map_extent extent[MAP_MEMORIES];
        int extent_next;
    } map;

    struct {
        int typed; /* number begun with digits, -1: none */
        bool spells; /* a symbol's name is being typed */
        char word[SYMBOL_TEXT];
        bool play;
        enum action player; /* STREAM, MODEL or RULE chooses what is played; NONE: the stream, of a text the model */
        double per_second, due; /* clock_now() of the next symbol */
        int restarts;
        enum step_edit edit;
        int back; /* places before the cursor of the symbol that is changed */
        bool typing; /* keys are characters of the text */
        double temperature; /* of what the model writes; negative: as set */
    } step;

    struct {
        bool open;
        enum ui_file kind, wanted; /* wanted: entered, for ui_wants_file */
        char name[FILE_TEXT];
    } file;

    const struct sweep_picture *sweep; /* NULL: none is followed */
    struct {
        int row, column, pair, slice; /* cell; who is compared; values of other axes */
        int maps;                     /* side by side in the newest drawing */
        bool difference;
    } ladder;

    struct {
        int row, rows;       /* Measure's list: the first shown, how many are out of sight */
        int column, columns; /* the same of contestants */
    } list;

    struct {
        int row, column; /* the patch whose attention is shown */
        bool below;      /* what is seen below the noise */
        int shown;       /* samples in sight in the newest drawing */
    } images;

    struct {
        int sort, column; /* columns of the table: sorted by, first after the name */
        bool reverse, bars;
    } compare;

    struct {
        int row; /* chosen setting */
        int64_t back; /* lines of the log below what is shown */
        bool all;
        enum shown shown; /* which settings */
        enum run_full full;
        char find[32]; /* only settings with this in their key or meaning; "": all */
    } run;

    struct {
        int part;   /* 0: all windows, 1 + i: those of subtask i */
        int column; /* first after the head */
        int width;  /* of the table as drawn last */
    } probe;

    const struct ui_matching *matching; /* NULL: nothing weighs */
    struct learn_state learn;

    struct form *form; /* NULL: no settings can be edited */
    struct {
        enum typing kind;
        bool fresh; /* the next character replaces what stands there */
        char text[FORM_LINE];
    } typing;
    struct {
        enum picking kind;
        char query[FORM_LINE];
        int row, count;
        struct pick list[PICKS];
    } picker;
    struct {
        enum asking kind;
        char line[FAILURE_TEXT];
    } asks;
    struct wish wish; /* asked for, if wants_wish */
    bool wants_wish, busy;
    char busy_line[FAILURE_TEXT];
    int number;  /* of the race drawn last */
    bool draws;  /* that race is on images */
    bool beyond; /* something is measured of it beyond the training */

    struct hit hits[MAX_HITS];
    int hit_count;
    struct canvas shape; /* size, glyphs and colours of the newest drawing; no cells */
};

struct frame {
    struct ui *ui;
    struct canvas *canvas;
    const struct race_snapshot *race;   /* may be NULL */
    const struct probe_snapshot *probe; /* may be NULL */
    const struct probe_snapshot *live;  /* Attention: the newest picture where `probe` is made of it */
};

struct event {
    struct ui *ui;
    enum action action;
    uint32_t key;
    const struct race_snapshot *race;   /* may be NULL */
    const struct probe_snapshot *probe; /* may be NULL */
    struct command *out;
    int count, capacity;
};

/* A figure as the page shows it, and what it is; a list ends with a NULL name. */
struct term {
    const char *name, *meaning;
};

/* One page. */
struct view_ops {
    const char *name, *title; /* "train", "Train" */
    void (*draw)(struct frame *f, struct rect body);
    /* React to one of the page's own actions. */
    void (*act)(struct event *e);
    /* A click on a HIT_CELL part that lies at `at`; NULL where there is none. */
    void (*click)(struct event *e, const struct ui_mouse *m, struct rect at);
    const struct term *terms; /* what its figures are called and mean, for the help; NULL: none */
};
extern const double ui_smoothing[SMOOTHINGS];
const struct view_ops *view_of(enum ui_page page);

/* --- commands.c ------------------------------------------------------------------------------ */

/* The action a key means on a page, ACTION_NONE if nothing. */
enum action command_of_key(enum ui_page page, uint32_t key);
/* Whether a page's key has nothing to work on: Measure's are a sweep's; before the start there is
   neither a rate nor a log; and where nothing is trained there is no form. */
bool command_idle(const struct ui *ui, enum action action);
/* The same with a person's own keys; *meant becomes the key of the table that stands at the place of
   `key`, since pages tell left from right by it. */
enum action command_look_up(const struct ui_bindings *b, enum ui_page page, uint32_t key,
                            uint32_t *meant);
/* "Left" -> UI_KEY_LEFT, "m" -> 'm'; 0 if the name is unknown. `name` need not be terminated. */
uint32_t command_key_code(const char *name, size_t length);
/* The k-th key of a command in code; false after the last. Ranges are given one by one. */
bool command_key(const struct ui_command *command, int k, uint32_t *key);
/* How the keys are shown in hints and help: "← →", "[ ]", "A-Z". Brief: without second names. */
void command_show_keys(const struct ui_command *command, bool brief, char *out, size_t size);

/* One key as it is shown: "Left" as "←". */
void command_key_text(uint32_t key, char *out, size_t size);

/* --- quit.c ---------------------------------------------------------------------------------- */

/* The question in one line. */
void quit_line(const struct frame *f, char *out, size_t size);
/* Over the page, where the line is more than a row: the command has rows of its own. */
void quit_draw(struct frame *f);

/* --- list.c ---------------------------------------------------------------------------------- */

/* Up, Down, Tab, PgUp, PgDn, Home and End move *row, which may leave the list; false: another key. */
bool list_key(int *row, uint32_t key);

/* --- palette.c ------------------------------------------------------------------------------- */

void palette_draw(struct frame *f, struct rect body);
/* A key while it is open; true: e->action and e->key are what the person chose, to be done now. */
bool palette_key(struct event *e, uint32_t key);
/* The same for a click on a row. */
bool palette_choose(struct event *e, int row);

/* --- sitting.c: more than one race in a sitting ---------------------------------------------- */

/* Another race than the one drawn last: what was chosen for that one is forgotten. */
void sitting_follow(struct ui *ui, const struct race_snapshot *race);
/* The probe's picture if it is of that race, else NULL. */
const struct probe_snapshot *sitting_match(const struct race_snapshot *race,
                                           const struct probe_snapshot *probe);
/* Ask for a start with the form's settings, for the same with the next seed, or for the run in
   `folder`; a question first where a race would end. */
void sitting_begin(struct event *e, enum asking kind, const char *folder);
/* A key while a question stands; true if it was answered with yes, and what was asked is done. */
bool sitting_answer(struct event *e);
/* The question, or what is being done, on row y; false: neither. */
bool sitting_draw(struct frame *f, int y);
/* Before the first start: what would begin. */
void sitting_title(struct frame *f, int x, int y, int right);
/* Edits of the form that no race has begun with. */
bool sitting_has_edits(const struct ui *ui);
/* A race that a restart would end; false for NULL. */
bool sitting_goes_on(const struct race_snapshot *race);
/* True before the first start. */
bool sitting_is_ready(const struct ui *ui);

/* --- sheet.c: the settings as a table -------------------------------------------------------- */

enum { SHEET_NONE = -2, SHEET_CAST = -1, SHEET_ROWS = 128 };
/* Indices of the settings that are listed, SHEET_CAST for the cast; returns their number. */
int sheet_rows(const struct ui *ui, const struct race_snapshot *race, int list[SHEET_ROWS]);
/* The line about a setting that a restart would change: "now 32; R restarts with 64"; "" if none. */
void sheet_change(const struct ui *ui, const struct race_snapshot *race, int setting, char *out,
                  size_t size);
/* How many rows a restart would change. */
int sheet_changes(const struct ui *ui, const struct race_snapshot *race);
/* The contestant that Run is about: of the form, else the one in focus. */
int sheet_focus(const struct ui *ui, const struct race_snapshot *race,
                const struct probe_snapshot *probe);

/* --- form_keys.c, picker.c ------------------------------------------------------------------- */

/* The actions of Run that edit; false: another action. */
bool form_act(struct event *e);
/* A key while something is typed there. */
void form_key(struct event *e, uint32_t key);
/* What is typed in a line of its own, at the bottom of `r`. */
void form_line_draw(struct frame *f, struct rect r);
void picker_open(struct event *e, enum picking kind);
void picker_key(struct event *e, uint32_t key);
void picker_choose(struct event *e, int row);
void picker_draw(struct frame *f, struct rect body);

/* --- ui.c ------------------------------------------------------------------------------------ */

/* Do what e->action and e->key say. */
void ui_act(struct event *e);
/* A click or a turn of the wheel, see mouse.c. */
void mouse_act(struct event *e, const struct ui_mouse *m);
/* Queue a command; prober commands get a new request number. */
void event_send(struct event *e, enum command_kind kind, int index, double value);
/* The contestant in focus, within the race. */
int ui_focus(const struct ui *ui, const struct race_snapshot *race,
             const struct probe_snapshot *probe);
void ui_set_focus(struct event *e, int contestant);
/* The next second contestant, or none after the last; says so where there is none. */
void ui_next_versus(struct event *e);
/* Ask for a file's name on the bottom line. */
void ui_prompt(struct ui *ui, enum ui_file kind);
/* A key while that name is being typed. */
void ui_file_key(struct ui *ui, uint32_t key);
/* True when the picture answers the newest request. */
bool ui_is_answered(const struct ui *ui, const struct probe_snapshot *probe);
void ui_set_page(struct ui *ui, enum ui_page page);
/* Remember that a click on `at` means something. Full lists forget: the mouse is an extra. */
void ui_hit(struct ui *ui, struct rect at, enum hit_kind kind, int a, int b);
int ui_clamp(int v, int low, int high);

/* --- pages.c: which pages there are ------------------------------------------------------------ */

/* Why the race drawn last has nothing to show on this page, one line; NULL: it has. */
const char *ui_page_lacks(const struct ui *ui, enum ui_page page);
/* Open the first of `pages` (bits) that it has, unless the one that is shown is among them; false: there
   is none, which is said. */
bool ui_page_bring(struct ui *ui, unsigned pages);
/* What there is of that race for the pages; leaves a page that was chosen for another one. */
void ui_page_follow(struct ui *ui, const struct race_snapshot *race);
/* The page of a digit, PAGE_COUNT: none. */
enum ui_page ui_page_of_number(int number);
/* The k-th page that it has or that is shown, from 0; PAGE_COUNT after the last. */
enum ui_page ui_page_at(const struct ui *ui, int k);

/* --- chrome.c: what surrounds every page ----------------------------------------------------- */

/* Draws title, tabs, hints, message; returns the rectangle left for the page (empty: too small). */
struct rect chrome_draw(struct frame *f);
/* A message of more than one row, over the page. */
void chrome_message(struct frame *f);
void help_draw(struct frame *f, struct rect body);
void help_key(struct ui *ui, uint32_t key);
/* "transformer-dpa" as "transf·dpa" where `width` asks for it; always fits. */
void chrome_short_name(char *out, size_t size, const char *name, int width);
/* Draw one part of a page, clipped to its rectangle; nothing where that is empty. */
void chrome_part(struct frame *f, struct rect r, void (*draw)(struct frame *f, struct rect r));
/* One centred line, for pages that have nothing to show yet. */
void chrome_notice(struct frame *f, struct rect body, const char *text, uint8_t role);
/* Text over several rows, broken at spaces; returns the rows used. */
int chrome_wrap(struct canvas *c, struct rect r, const char *text, uint8_t role);
/* A path or a command over as many rows as it needs, broken anywhere: it may be typed from here. Returns
   the rows used. */
int chrome_path(struct canvas *c, struct rect r, const char *path, uint8_t role);
/* Series colour and marker of a contestant. */
uint8_t chrome_series_role(int contestant);
const char *chrome_marker(const struct canvas *c, int contestant);
/* Colour of a symbol: control tokens their own, numbers plain. */
uint8_t chrome_symbol_role(const struct alphabet *a, int symbol);

/* --- changes.c: what is done to heads in all that is shown ------------------------------------- */

/* "removed", "uniform"; brief: "out", "1/n"; "" for a whole head. */
const char *changes_word(enum head_change change, bool brief);
/* The same of a head in a picture. */
const char *changes_of(const struct probe_snapshot *p, int layer, int head);
/* All of it at the left end of row y; returns the column after it, 1 if there is none. */
int changes_draw(struct frame *f, int y);

/* --- layout.c: where things are, from sizes alone -------------------------------------------- */

enum { LAYOUT_PARTS = 11 };
struct layout {
    struct rect part[LAYOUT_PARTS]; /* inside the body, disjoint; w or h 0: not shown */
};
enum train_part { TRAIN_FIRST, TRAIN_SECOND, TRAIN_NOW, TRAIN_SWITCH, TRAIN_MAP, TRAIN_SUBTASKS };
enum attention_part {
    ATTENTION_MAP,
    ATTENTION_ROW,
    ATTENTION_OTHERS,
    ATTENTION_LINE,
    ATTENTION_SECOND,
    ATTENTION_SECOND_ROW
};
enum step_part {
    STEP_TOKENS,
    STEP_RULE,
    STEP_TOP,
    STEP_SCORE,
    STEP_HELP,
    STEP_STATUS,
    STEP_MAP,
    STEP_SECOND_TOKENS,
    STEP_SECOND_TOP,
    STEP_SECOND_SCORE
};
enum compare_part { COMPARE_TABLE, COMPARE_CURVES, COMPARE_SECOND, COMPARE_NOTE, COMPARE_BARS };
enum run_part { RUN_SETTINGS, RUN_FACTS, RUN_LOG, RUN_MEANING, RUN_FILES };

/* count: contestants; two: accuracy and loss both; subtasks: of the task. */
void layout_train(struct layout *l, struct rect body, int count, int subtasks, int positions,
                  bool two);
/* small_h: rows of a small map with its frame; pair: two large maps side by side. */
void layout_attention(struct layout *l, struct rect body, int positions, int maps, int small_h,
                      bool pair);
void layout_step(struct layout *l, struct rect body, int positions, int maps, int subtasks,
                 bool text);
/* Two pictures: tokens one above the other, expectations and a line of score for each side by side beneath; in
   wide bodies at the right of its tokens, and the score with bars. */
void layout_step_pair(struct layout *l, struct rect body);
/* note: rows of the note; bars: subtasks as bars in place of the curves. */
void layout_compare(struct layout *l, struct rect body, int count, int note, bool bars);
/* What the page Run has to show. */
struct run_wants {
    int count;   /* contestants of the table */
    int racing;  /* of the race; of the table where it is not there */
    int own;     /* rows for what each has of its own */
    int meaning; /* rows that all about the chosen setting takes over the whole width */
    int log;     /* lines of the log */
    int path;    /* columns of the folder's path */
    bool begun;  /* the race is there, not the form alone */
};
/* Wide pages have a column beside the settings, others the settings over what is said about the chosen
   one. */
void layout_run(struct layout *l, struct rect body, const struct run_wants *wants);
/* Cut a strip off `r` and return it; at most what is there. */
struct rect rect_cut_top(struct rect *r, int h);
struct rect rect_cut_bottom(struct rect *r, int h);
struct rect rect_cut_left(struct rect *r, int w);
struct rect rect_cut_right(struct rect *r, int w);
bool rect_holds(struct rect r, int x, int y);
/* Rows and columns of a grid of n boxes of the wanted size in w x h; how many fit. */
int layout_grid(int w, int h, int box_w, int box_h, int n, int *columns);

#endif
