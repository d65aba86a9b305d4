/* Settings: one table says key, type, range and meaning; everything else walks it. */
#ifndef HEED_CORE_CONFIG_H
#define HEED_CORE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/digest.h"
#include "base/fail.h"
#include "base/fsio.h"
#include "base/text.h"

enum { KIND_TEXT = 24, NAME_TEXT = 48, MAX_CONTESTANTS = 8, MIN_CONTEXT = 8, MAX_CONTEXT = 2048 };
/* The text of any setting's value, with its end, fits: the longest is a path. */
enum { SETTING_TEXT = 1024 };

enum norm_kind { NORM_LAYER, NORM_RMS, NORM_NONE };
enum bias { BIAS_YES, BIAS_NO };
enum norm_place { NORM_PRE, NORM_POST };
enum activation { ACT_GELU, ACT_RELU, ACT_TANH, ACT_SILU_GATED };
enum position_kind {
    POSITION_LEARNED,
    POSITION_SINUSOIDAL,
    POSITION_NONE,
    POSITION_ROPE, /* queries and keys are turned */
    POSITION_ALIBI /* scores lean towards near keys */
};
enum embedding_kind { EMBEDDING_LEARNED, EMBEDDING_ONEHOT };
enum groups_in { GROUPS_IN_BOTH, GROUPS_IN_ATTN, GROUPS_IN_FFN };
enum keep_ends { KEEP_ENDS_AUTO, KEEP_ENDS_YES, KEEP_ENDS_NO };
enum optimizer_kind { OPTIMIZER_ADAMW, OPTIMIZER_SGD };
enum schedule_kind { SCHEDULE_COSINE, SCHEDULE_CONSTANT };
enum announce { ANNOUNCE_YES, ANNOUNCE_NO };
enum context_rule { CONTEXT_STEP, CONTEXT_PARITY, CONTEXT_REPEAT };
enum text_unit { UNIT_CHARACTER, UNIT_BYTE };

/* A number that has not been chosen yet ("auto" in a file); race_resolve replaces every one. */
#define SETTING_AUTO (-1)

/* Every setting of one contestant. Plain data; immutable once a race has begun. */
struct config {
    struct {
        char kind[KIND_TEXT]; /* a name of the model registry */
        int dim;              /* C; hidden size of the LSTM; embedding size of the MLP */
        int heads;            /* H; D = C / H */
        int layers;           /* L; hidden layers of the MLP. auto: 2 for mlp, else 1 */
        int ffn;              /* inner width of the feed-forward map. auto: 4 C */
        int hidden;           /* width of the MLP's hidden layers */
        int norm, where;      /* enum norm_kind, norm_place */
        int bias;             /* enum bias: of every map and norm */
        int activation;       /* enum activation */
        int position;         /* enum position_kind */
        int embedding;        /* enum embedding_kind */
        int groups;           /* weight groups G, 1..T. auto: 1, or T for the cisformer */
        int groups_in;        /* enum groups_in */
        int patch;            /* uvit: side of a patch in pixels */
    } model;
    struct {
        char kind[KIND_TEXT]; /* a name of the attention registry */
        double scale;         /* z = scale q.k. auto: the variant's default */
        int keep_ends;        /* enum keep_ends; dpa in the first and last layer */
    } attn;
    struct {
        char kind[KIND_TEXT]; /* a name of the task registry */
        int base;             /* N */
        int context;          /* T */
        char subtasks[16];    /* control letters in use, e.g. IARC */
        int context_rule;     /* enum context_rule */
        int segment_max;      /* numbers per segment: max(1, Binomial(max, mean / max)) */
        double segment_mean;
        char rules[SETTING_TEXT]; /* path of a rule file instead of the kind's own; "none" */
        int unit;                 /* enum text_unit */
        double held_out;          /* share of the text, at its end, that is never trained on */
        char tau[32];         /* of the ladder: "5", or a set "2,5,9" */
        int announce;         /* enum announce */
        int copy;             /* m: numbers that a delayed copy repeats */
        int distance_min, distance_max; /* numbers between the tokens of a pair, in training */
        int test_min, test_max;         /* and in tests of how far that carries */
        int length;           /* most symbols to count or search */
        char file[SETTING_TEXT];  /* path of the data; "none": what the task makes itself */
        char labels_digest[DIGEST_TEXT]; /* of the labels likewise */
        char digest[DIGEST_TEXT]; /* of the file (rules or data) that the run began with; "none" */
        char labels[SETTING_TEXT]; /* images: path of the file's labels; "none" */
        int side;             /* images: pixels along a side. auto: 16, or what the file holds */
    } task;
    struct {
        int batch, warmup, threads; /* threads auto: the cores */
        int64_t steps, seed;
        double learning_rate; /* auto: the variant's default */
        int optimizer, schedule;
        double floor; /* the cosine ends at this share of the rate */
        double clip, decay, beta1, beta2, eps, momentum;
        int eval_every, eval_windows;
        int log_every;          /* steps per line of metrics.jsonl */
        double checkpoint_seconds;
    } train;
    struct {
        double temperature; /* what models write is drawn from softmax(logits / temperature) */
        int top_k;          /* among so many most probable symbols; 0: all */
    } sample;
};

enum setting_type { SETTING_INT, SETTING_REAL, SETTING_CHOICE, SETTING_NAME };
enum setting_flag {
    SETTING_MAY_BE_AUTO = 1,
    SETTING_LIVE = 2,  /* may change during a run */
    SETTING_SHARED = 4, /* the same for every contestant of a race (task.*, batch, steps, seed...) */
    SETTING_PATH = 8 /* SETTING_NAME: any file's name */
};

struct setting {
    const char *key; /* "model.dim" */
    enum setting_type type;
    size_t offset;         /* into struct config; int, int64_t (wide) or double or char[] */
    bool wide;             /* SETTING_INT: int64_t instead of int */
    double low, high;      /* inclusive range of numbers */
    const char *bytes;     /* SETTING_NAME: what it may hold, NULL letters, digits, - and _ */
    const char *choices;   /* "layer|rms|none", in the order of the enum */
    const char *initial;   /* text of the default */
    unsigned flags;
    const char *help; /* one line */
};

/* The table; *count gets its length. */
const struct setting *config_settings(int *count);
const struct setting *config_find(const char *key);
void config_defaults(struct config *config);
/* Parse and check one value. `origin` names the place ("-s model.dim=x", "my.ini:12") in messages.
   An unknown key is answered with the nearest one. ERR_USAGE. */
int config_set(struct config *config, const char *key, const char *value, const char *origin,
               struct failure *why);
/* The value as text that config_set accepts and that gives the same bits back. */
void config_value(const struct config *config, const struct setting *s, char *out, size_t size);
/* Whether a learning rate that is changed during a run may become `rate`: above 0, and in the range of
   its setting, or the checkpoint could not be read again. */
bool config_rate_allowed(double rate);
/* Whether a contestant with these settings reads this one: an LSTM has no heads, and what a delayed copy
   is like is nothing to IARC. An `auto` may count as read. */
bool config_reads(const struct config *config, const struct setting *s);
/* Append "[section]\nkey = value\n..." of every setting; prefix "" or "name." for the sections. */
void config_write(const struct config *config, struct text *out);

/* --- a race: several contestants' settings --------------------------------------------------- */

struct race_config {
    char preset[KIND_TEXT]; /* what the title shows: "iarc", a file's stem */
    char folder[FSIO_PATH]; /* of the run that it was read from, where its files are kept; "" */
    int count;
    char names[MAX_CONTESTANTS][NAME_TEXT]; /* "transformer-dpa", "lstm", "mlp", "lstm-2" */
    struct config contestants[MAX_CONTESTANTS];
};

/* Assignments collected from files and flags, in order; a contestant's own beat the common ones,
   later ones beat earlier ones. */
struct plan {
    struct plan_entry *entries;
    int count, capacity;
    char preset[KIND_TEXT];
    char page[KIND_TEXT]; /* that the screen begins with, as written; "": none is named */
    char folder[FSIO_PATH]; /* of the run whose settings these are, where its files are kept; "" */
};
void plan_release(struct plan *plan);
/* Append another plan's assignments. ERR_MEMORY. */
int plan_join(struct plan *to, const struct plan *from, struct failure *why);
int plan_add(struct plan *plan, const char *key, const char *value, const char *origin,
             struct failure *why);
/* "key=value" as of -s. */
int plan_add_flag(struct plan *plan, const char *assignment, struct failure *why);
/* INI text: [section] key = value gives "section.key"; [race] cast = ... gives "race"; [race]
   preset names the preset and page the screen's first one; [contestant.section] holds a contestant's own settings. `name` stands in
   messages. A line that is no INI, a key twice, a line too long: ERR_INPUT with the line's
   number. */
int plan_add_ini(struct plan *plan, const char *text, const char *name, struct failure *why);
/* Build the race: the cast of "race" (alias race.cast), or one contestant of model.kind and
   attn.kind, whichever is set last, so that a flag beats a preset's cast; if neither is set the
   default cast transformer-dpa,cisformer-ea,lstm,mlp. A contestant's own keys must name one of the
   race, or one of a cast that was replaced. The kinds of a cast's member come from its name; where
   a model with attention is named alone, dpa is filled in. Autos are left in place. */
int plan_build(const struct plan *plan, struct race_config *race, struct failure *why);
/* `to` becomes like `from`; what it held is released. */
int plan_copy(struct plan *to, const struct plan *from, struct failure *why);
/* Remove the assignments of `key` for one contestant ("": those for all), or with NULL every one;
   returns how many. */
int plan_forget(struct plan *plan, const char *contestant, const char *key);
/* Remove the settings that a later assignment of the same key and contestant replaces. */
void plan_tidy(struct plan *plan);
/* Another cast for a plan that builds `race`: words[count] as in "race". Member i keeps the own
   settings of contestant from[i] of `race` (-1: nobody's); those of nobody in the new cast are
   removed. A failure may leave the plan changed. */
int plan_recast(struct plan *plan, const struct race_config *race, const char *const *words,
                const int *from, int count, struct failure *why);
/* The word that a contestant's name comes from: without the number of a copy. */
void cast_word(const char *name, char out[NAME_TEXT]);
/* False for the model kinds that have no attention, so that a cast names them alone. */
bool cast_has_attention(const char *model);
/* "transformer-signed-ea" -> model "transformer", attention "signed-ea"; "lstm" -> "lstm", "". */
int cast_split(const char *name, char model[KIND_TEXT], char attention[KIND_TEXT],
               struct failure *why);
/* The whole race as INI: plan_add_ini + plan_build of it give the same race again. */
void race_config_write(const struct race_config *race, struct text *out);

#endif
