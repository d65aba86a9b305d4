/* The command line: one table of commands, one table of options for each, and the words parsed by
   them. Help, manual and tests read the same tables. */
#ifndef HEED_CLI_ARGS_H
#define HEED_CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/fail.h"
#include "base/team.h"
#include "core/config.h"

enum { ARGS_WORDS = 64 };

/* One assignment to a setting: of -s (key NULL, value "key=value") or of a flag such as --steps. */
struct assignment {
    const char *flag, *key, *value;
};

/* What stood on the command line. Strings belong to argv. */
struct args {
    const struct subcommand *command;
    const char *words[ARGS_WORDS];
    int word_count;
    struct assignment *assignments; /* in the order given */
    int assignment_count;

    bool help, version, resume, json, plain, attention, no_files, setup, mouse,
        no_mouse;
    bool heads;         /* eval */
    bool stream;        /* predict */
    const char *change; /* predict; NULL: none */
    const char *output; /* -o */
    const char *isa;    /* "auto" */
    const char *theme;  /* NULL: not said */
    const char *page;   /* NULL: the command's own */
    const char *tokens, *contestant, *prompt, *size, *keys, *bench_case;
    int glyphs;         /* -1 not said, else enum glyphs */
    int colors;         /* -1 not said, else index into COLOR_CHOICES */
    int format;         /* index into FORMAT_CHOICES */
    int64_t until;      /* -1: the whole schedule */
    int64_t windows;    /* 0: train.eval_windows */
    int64_t warm_steps; /* render: steps trained before the picture */
    int64_t top, threads;
    double temperature; /* sample; negative: not said */
    int64_t top_k;      /* negative: not said */
    int64_t denoise;    /* sample: steps; 0: not said */
    int64_t samples;    /* eval: 0 none */
    int64_t image;      /* predict: negative: not said */
    double fps;         /* 0: not said */
    double max_kbps;    /* negative: not said */
    double interval;
    double seconds; /* bench: of each case */
    int64_t jobs;       /* sweep: runs at a time; 0: not said */
    const char *shard;  /* sweep: "2/3" */
    int what;       /* plot: enum plot_what */
    bool csv;
    const char *figure_theme; /* plot: "print" */
};

#define GLYPH_CHOICES  "ascii|block|half|braille"
#define COLOR_CHOICES  "auto|none|8|16|256|direct"
#define FORMAT_CHOICES "text|ansi|svg|csv"
enum { FORMAT_TEXT, FORMAT_ANSI, FORMAT_SVG, FORMAT_CSV };

enum option_type {
    OPTION_FLAG,    /* bool at offset */
    OPTION_TEXT,    /* const char * at offset */
    OPTION_INT,     /* int64_t at offset, low..high */
    OPTION_REAL,    /* double at offset, low..high */
    OPTION_CHOICE,  /* int at offset: index into `value`, words divided by '|' */
    OPTION_SETTING, /* an assignment to the setting `key` */
    OPTION_ASSIGN   /* an assignment "key=value" */
};

struct option_spec {
    const char *name; /* without dashes; NULL ends a table */
    char letter;      /* 0: none */
    enum option_type type;
    size_t offset;     /* into struct args */
    const char *value; /* how the value is written in help; NULL: a flag */
    const char *key;
    double low, high;
    const char *help;
};

#define OPTION_AT(field) offsetof(struct args, field)
#define OPTION_SET_SPEC                                                                            \
    {                                                                                              \
        "set", 's', OPTION_ASSIGN, 0, "KEY=VALUE", NULL, 0, 0,                                     \
            "a setting (heed list settings), or NAME.KEY=VALUE for one contestant; repeatable"     \
    }
#define OPTION_OUTPUT_SPEC(value_, help_)                                                          \
    {                                                                                              \
        "output", 'o', OPTION_TEXT, OPTION_AT(output), value_, NULL, 0, 0, help_                   \
    }
#define OPTION_NO_FILES_SPEC                                                                       \
    {                                                                                              \
        "no-files", 0, OPTION_FLAG, OPTION_AT(no_files), NULL, NULL, 0, 0,                         \
            "train without a folder: nothing is kept"                                              \
    }
#define OPTION_SEED_SPEC                                                                           \
    {                                                                                              \
        "seed", 0, OPTION_SETTING, 0, "N", "train.seed", 0, 0, "as -s train.seed=N"                \
    }
#define OPTION_STEPS_SPEC                                                                          \
    {                                                                                              \
        "steps", 0, OPTION_SETTING, 0, "N", "train.steps", 0, 0,                                   \
            "length of the schedule, as -s train.steps=N"                                          \
    }
#define OPTION_THREADS_SPEC                                                                        \
    {                                                                                              \
        "threads", 0, OPTION_SETTING, 0, "N", "train.threads", 0, 0, "as -s train.threads=N"       \
    }
#define OPTION_TEAM_SPEC                                                                           \
    {                                                                                              \
        "threads", 0, OPTION_INT, OPTION_AT(threads), "N", NULL, 1, TEAM_MAX,                      \
            "threads that compute (1)"                                                             \
    }
#define OPTION_UNTIL_SPEC                                                                          \
    {                                                                                              \
        "until", 0, OPTION_INT, OPTION_AT(until), "N", NULL, 0, 1e15,                              \
            "stop at step N and leave the schedule alone"                                          \
    }
#define OPTION_ISA_SPEC                                                                            \
    {                                                                                              \
        "isa", 0, OPTION_TEXT, OPTION_AT(isa), "NAME", NULL, 0, 0,                                 \
            "instruction set (heed list isa); auto takes the best"                                 \
    }
#define OPTION_THEME_SPEC                                                                          \
    {                                                                                              \
        "theme", 0, OPTION_TEXT, OPTION_AT(theme), "NAME", NULL, 0, 0,                             \
            "colours (heed list themes), or a file with a '/' in its path"                         \
    }
#define OPTION_GLYPHS_SPEC                                                                         \
    {                                                                                              \
        "glyphs", 0, OPTION_CHOICE, OPTION_AT(glyphs), GLYPH_CHOICES, NULL, 0, 0,                  \
            "characters to draw with: whole cells, halves of them, dots as well"                   \
    }
#define OPTION_COLORS_SPEC                                                                         \
    {                                                                                              \
        "colors", 0, OPTION_CHOICE, OPTION_AT(colors), COLOR_CHOICES, NULL, 0, 0,                  \
            "how many colours to use"                                                              \
    }
#define OPTION_MOUSE_SPECS                                                                         \
    {"mouse", 0, OPTION_FLAG, OPTION_AT(mouse), NULL, NULL, 0, 0, "take the mouse (the default)"}, \
    {                                                                                              \
        "no-mouse", 0, OPTION_FLAG, OPTION_AT(no_mouse), NULL, NULL, 0, 0,                         \
            "leave the mouse to the terminal"                                                      \
    }
#define OPTION_PAGE_SPEC                                                                           \
    {                                                                                              \
        "page", 0, OPTION_TEXT, OPTION_AT(page), "NAME", NULL, 0, 0,                               \
            "page to begin with (heed list views)"                                                 \
    }
#define OPTION_KBPS_SPEC                                                                           \
    {                                                                                              \
        "max-kbps", 0, OPTION_REAL, OPTION_AT(max_kbps), "N", NULL, 0, 1e6,                        \
            "kilobits a second sent to the terminal at most, by drawing less often (0: no limit)"  \
    }
#define OPTION_FPS_SPEC                                                                            \
    {                                                                                              \
        "fps", 0, OPTION_REAL, OPTION_AT(fps), "N", NULL, 0.1, 60, "frames a second at most (10)"  \
    }
#define OPTION_JSON_SPEC(help_)                                                                    \
    {                                                                                              \
        "json", 0, OPTION_FLAG, OPTION_AT(json), NULL, NULL, 0, 0, help_                           \
    }
#define OPTION_INTERVAL_SPEC                                                                       \
    {                                                                                              \
        "interval", 0, OPTION_REAL, OPTION_AT(interval), "SECONDS", NULL, 0, 86400,                \
            "time between two plain lines (5)"                                                     \
    }
#define OPTION_CONTESTANT_SPEC(help_)                                                              \
    {                                                                                              \
        "contestant", 0, OPTION_TEXT, OPTION_AT(contestant), "NAME", NULL, 0, 0, help_             \
    }
#define OPTION_HELP_SPEC                                                                           \
    {                                                                                              \
        "help", 'h', OPTION_FLAG, OPTION_AT(help), NULL, NULL, 0, 0, "show this and exit"          \
    }
#define OPTION_END_SPEC                                                                            \
    {                                                                                              \
        NULL                                                                                       \
    }

struct subcommand {
    const char *name;        /* "" for the terminal program itself */
    const char *words;       /* "RUN", "[PRESET|FILE|RUN]" */
    const char *summary;     /* one line */
    const char *description; /* paragraphs divided by "\n\n" */
    int least, most;         /* how many words it takes */
    const struct option_spec *options;
    /* Returns an exit code >= 0, or a negative enum err with the message in why. */
    int (*run)(const struct args *args, struct failure *why);
};

/* The table of commands, ending with NULL; the first is the terminal program. */
const struct subcommand *const *commands(void);
/* NULL if there is none of that name. */
const struct subcommand *command_find(const char *name);

/* Parse argv[1..]: the command's name if the first word is one, then its options and words, in any
   order. ERR_USAGE with the nearest word for what is misspelt. Prints nothing. */
int args_parse(struct args *args, int argc, char **argv, struct failure *why);
void args_release(struct args *args);
/* --colors as a number: -1 detect, 0, 8, 16, 256, 1 << 24. */
int args_colors(const struct args *args);
/* The same of an index into COLOR_CHOICES. */
int args_color_count(int index);
/* "did you mean ...?" sentence for a misspelt word of a command line; "" if nothing is near. */
void args_suggest(const char *word, const char *const *words, int count, char *out, size_t size);

#endif
