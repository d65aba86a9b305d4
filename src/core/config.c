#include "core/config.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/team.h"

#define AT(field) offsetof(struct config, field)
#define INT(name, field, lo, hi, first, flag, text)                                                \
    {                                                                                              \
        .key = name, .type = SETTING_INT, .offset = AT(field), .low = lo, .high = hi,              \
        .initial = first, .flags = flag, .help = text                                              \
    }
#define WIDE(name, field, lo, hi, first, flag, text)                                               \
    {                                                                                              \
        .key = name, .type = SETTING_INT, .offset = AT(field), .wide = true, .low = lo,            \
        .high = hi, .initial = first, .flags = flag, .help = text                                  \
    }
#define REAL(name, field, lo, hi, first, flag, text)                                               \
    {                                                                                              \
        .key = name, .type = SETTING_REAL, .offset = AT(field), .low = lo, .high = hi,             \
        .initial = first, .flags = flag, .help = text                                              \
    }
#define CHOICE(name, field, list, first, flag, text)                                               \
    {                                                                                              \
        .key = name, .type = SETTING_CHOICE, .offset = AT(field), .choices = list,                 \
        .initial = first, .flags = flag, .help = text                                              \
    }
/* `low` and `high` of a name are its shortest and longest length in bytes. */
#define NAME(name, field, size, first, flag, text)                                                 \
    {                                                                                              \
        .key = name, .type = SETTING_NAME, .offset = AT(field), .low = 1, .high = (size)-1,        \
        .initial = first, .flags = flag, .help = text                                              \
    }
/* A name of other bytes than letters, digits, - and _. */
#define WORD(name, field, size, allowed, first, flag, text)                                        \
    {                                                                                              \
        .key = name, .type = SETTING_NAME, .offset = AT(field), .low = 1, .high = (size)-1,        \
        .bytes = allowed, .initial = first, .flags = flag, .help = text                            \
    }
#define PATH(name, field, first, flag, text)                                                       \
    NAME(name, field, SETTING_TEXT, first, (flag) | SETTING_PATH, text)

#define AUTO   SETTING_MAY_BE_AUTO
#define SHARED SETTING_SHARED

#define NAME_BYTES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

#define LIST_BYTES "0123456789,"

/* Seeds stop at 2^53 - 1 so that every JSON reader gets them whole. */
#define LARGEST_SEED 9007199254740991.0

static const struct setting settings[] = {
    NAME("model.kind", model.kind, KIND_TEXT, "transformer", 0, "model, see `heed list models`"),
    INT("model.dim", model.dim, 1, 1024, "32", 0,
        "width C of the model; hidden size of the LSTM; embedding size of the MLP"),
    INT("model.heads", model.heads, 1, 64, "4", 0, "attention heads H; each is C / H wide"),
    INT("model.layers", model.layers, 1, 16, "auto", AUTO,
        "layers; hidden layers of the MLP; auto: 2 for mlp, else 1"),
    INT("model.ffn", model.ffn, 1, 8192, "auto", AUTO,
        "inner width of the feed-forward map; auto: 4 C"),
    INT("model.hidden", model.hidden, 1, 8192, "256", 0, "width of the MLP's hidden layers"),
    CHOICE("model.norm", model.norm, "layer|rms|none", "layer", 0, "normalisation"),
    CHOICE("model.where", model.where, "pre|post", "pre", 0,
           "normalise before each map or after each residual sum"),
    CHOICE("model.bias", model.bias, "yes|no", "yes", 0,
           "no: neither maps nor norms add a bias, and no tensor of one is kept"),
    CHOICE("model.activation", model.activation, "gelu|relu|tanh|silu-gated", "gelu", 0,
           "activation of the feed-forward map"),
    CHOICE("model.position", model.position, "learned|sinusoidal|none|rope|alibi", "learned", 0,
           "how positions are told apart"),
    CHOICE("model.embedding", model.embedding, "learned|onehot", "learned", 0,
           "how symbols become vectors"),
    INT("model.groups", model.groups, 1, MAX_CONTEXT, "auto", AUTO,
        "weight groups G along the positions, 1..T; auto: 1, or T for the cisformer"),
    CHOICE("model.groups_in", model.groups_in, "both|attn|ffn", "both", 0,
           "which maps have weights per group"),
    INT("model.patch", model.patch, 1, 16, "2", SHARED, "uvit: pixels along the side of a patch"),

    NAME("attn.kind", attn.kind, KIND_TEXT, "dpa", 0,
         "attention variant, see `heed list attention`"),
    REAL("attn.scale", attn.scale, 1e-6, 1e6, "auto", AUTO,
         "z = scale q.k; auto: the variant's default"),
    CHOICE("attn.keep_ends", attn.keep_ends, "auto|yes|no", "auto", 0,
           "dpa in the first and last layer; auto: for cog with three layers or more"),

    NAME("task.kind", task.kind, KIND_TEXT, "iarc", SHARED, "task, see `heed list tasks`"),
    INT("task.base", task.base, 2, 64, "16", SHARED, "how many numbers N there are"),
    INT("task.context", task.context, MIN_CONTEXT, MAX_CONTEXT, "32", SHARED,
        "positions T that a model sees"),
    NAME("task.subtasks", task.subtasks, 16, "IARC", SHARED, "control letters in use"),
    CHOICE("task.context_rule", task.context_rule, "step|parity|repeat", "step", SHARED,
           "what C asks for: step by the number before it, its parity, repeat an earlier rule"),
    INT("task.segment_max", task.segment_max, 1, 128, "9", SHARED,
        "most numbers after a control token"),
    REAL("task.segment_mean", task.segment_mean, 0.1, 128, "6", SHARED,
         "mean of Binomial(segment_max, mean / max), the numbers after a control token"),
    PATH("task.rules", task.rules, "none", SHARED,
         "a rule file, heed-rules(5), instead of the rules of task.kind"),
    WORD("task.tau", task.tau, 32, LIST_BYTES, "5", SHARED,
         "nt: how far back the sum reaches; a set such as 2,5,9: each sequence draws one"),
    CHOICE("task.announce", task.announce, "yes|no", "no", SHARED,
           "nt: a control token at the beginning names tau"),
    INT("task.copy", task.copy, 1, 64, "10", SHARED, "delay-copy: numbers m that are copied"),
    INT("task.distance_min", task.distance_min, 1, MAX_CONTEXT, "10", SHARED,
        "delay-copy: least numbers between the two tokens of a pair, in training"),
    INT("task.distance_max", task.distance_max, 1, MAX_CONTEXT, "40", SHARED,
        "delay-copy: most numbers between them, in training"),
    INT("task.test_min", task.test_min, 1, MAX_CONTEXT, "5", SHARED,
        "delay-copy: least distance at which it is tested how far a model generalises"),
    INT("task.test_max", task.test_max, 1, MAX_CONTEXT, "80", SHARED,
        "delay-copy: most distance of that test"),
    INT("task.length", task.length, 1, 4000, "12", SHARED,
        "count-ones, find-zero: most symbols before the question"),
    PATH("task.file", task.file, "none", SHARED,
         "text: the file to learn; images: a file of them in IDX format; none: heed's own manual, drawn "
         "shapes"),
    PATH("task.labels", task.labels, "none", SHARED,
         "images: the file's labels in IDX format, for the quality of samples"),
    INT("task.side", task.side, 4, 64, "auto", AUTO | SHARED,
        "images: pixels along a side; auto: 16, or what the file holds"),
    NAME("task.digest", task.digest, DIGEST_TEXT, "none", SHARED,
         "size and digest of task.rules or task.file when the run began; another file is refused"),
    NAME("task.labels_digest", task.labels_digest, DIGEST_TEXT, "none", SHARED,
         "size and digest of task.labels when the run began; another file is refused"),
    CHOICE("task.unit", task.unit, "char|byte", "char", SHARED,
           "text: symbols are characters of UTF-8, or bytes"),
    REAL("task.held_out", task.held_out, 0.01, 0.5, "0.1", SHARED,
         "text: share at the end of the file that is never trained on"),

    INT("train.batch", train.batch, 1, 1024, "64", SHARED, "sequences B in a step"),
    WIDE("train.steps", train.steps, 1, 1e9, "20000", SHARED, "length of the schedule"),
    WIDE("train.seed", train.seed, 0, LARGEST_SEED, "1", SHARED, "seed of everything random"),
    INT("train.threads", train.threads, 1, TEAM_MAX, "auto", AUTO | SHARED,
        "threads that train; auto: the cores; no result depends on it"),
    REAL("train.learning_rate", train.learning_rate, 0, 10, "auto", AUTO | SETTING_LIVE,
         "peak learning rate; auto: the variant's default"),
    CHOICE("train.optimizer", train.optimizer, "adamw|sgd", "adamw", 0, "optimiser"),
    CHOICE("train.schedule", train.schedule, "cosine|constant", "cosine", 0,
           "learning rate after the warm-up"),
    INT("train.warmup", train.warmup, 0, 1e9, "100", 0, "steps of linear warm-up"),
    REAL("train.floor", train.floor, 0, 1, "0.05", 0, "the cosine ends at this share of the rate"),
    REAL("train.clip", train.clip, 0, 1e6, "1", 0, "largest global gradient norm; 0: no limit"),
    REAL("train.decay", train.decay, 0, 10, "0.01", 0, "weight decay, on matrices only"),
    REAL("train.beta1", train.beta1, 0, 0.999999, "0.9", 0, "AdamW: decay of the first moment"),
    REAL("train.beta2", train.beta2, 0, 0.999999, "0.999", 0, "AdamW: decay of the second moment"),
    REAL("train.eps", train.eps, 1e-16, 1, "1e-08", 0, "AdamW: added to the root"),
    REAL("train.momentum", train.momentum, 0, 0.999999, "0.9", 0, "SGD: momentum"),
    INT("train.eval_every", train.eval_every, 1, 1e9, "100", SHARED, "most steps between evaluations; they are denser at the start"),
    INT("train.eval_windows", train.eval_windows, 1, 1e6, "1024", SHARED,
        "held-out windows in an evaluation"),
    INT("train.log_every", train.log_every, 1, 1e6, "10", SHARED,
        "steps in a line of metrics.jsonl"),
    REAL("train.checkpoint_seconds", train.checkpoint_seconds, 0, 1e6, "30", SHARED | SETTING_LIVE,
         "seconds between checkpoints; 0: after every step"),

    REAL("sample.temperature", sample.temperature, 0, 100, "0.8", SHARED,
         "models write what they draw from softmax(logits / temperature); 0: the most probable"),
    INT("sample.top_k", sample.top_k, 0, 1024, "0", SHARED,
        "they draw from so many most probable symbols only; 0: from all"),
};

enum { SETTINGS = sizeof settings / sizeof settings[0] };

const struct setting *config_settings(int *count)
{
    *count = SETTINGS;
    return settings;
}

const struct setting *config_find(const char *key)
{
    for (int i = 0; i < SETTINGS; i++)
        if (strcmp(settings[i].key, key) == 0)
            return &settings[i];
    return NULL;
}

void config_defaults(struct config *config)
{
    *config = (struct config){0};
    for (int i = 0; i < SETTINGS; i++) {
        int bad = config_set(config, settings[i].key, settings[i].initial, "default", NULL);
        assert(!bad);
        (void)bad;
    }
}

/* The key that was probably meant: the same last word, else the nearest key, else the nearest last
   word. NULL if nothing is near. */
static const char *nearest_key(const char *key)
{
    const char *words[SETTINGS], *tails[SETTINGS];
    const char *dot = strrchr(key, '.');
    const char *tail = dot ? dot + 1 : key;
    for (int i = 0; i < SETTINGS; i++) {
        words[i] = settings[i].key;
        tails[i] = strchr(settings[i].key, '.') + 1;
        if (strcmp(tails[i], tail) == 0)
            return words[i];
    }
    int near = text_nearest(key, words, SETTINGS);
    if (near < 0)
        near = text_nearest(tail, tails, SETTINGS);
    return near < 0 ? NULL : words[near];
}

static int fail_range(const struct setting *s, const char *value, const char *origin,
                      struct failure *why)
{
    double real;
    int64_t whole;
    bool broken =
        s->type == SETTING_INT && text_to_double(value, &real) && !text_to_i64(value, &whole);
    return fail(why, ERR_USAGE, "%s: %s must be %.16g..%.16g%s, not %s: choose a %s in that range",
                origin, s->key, s->low, s->high, s->flags & SETTING_MAY_BE_AUTO ? " or auto" : "",
                value[0] ? value : "empty", broken ? "whole number" : "number");
}

static int set_number(void *field, const struct setting *s, const char *value, const char *origin,
                      struct failure *why)
{
    int64_t whole = SETTING_AUTO;
    double real = SETTING_AUTO;
    bool is_auto = s->flags & SETTING_MAY_BE_AUTO && strcmp(value, "auto") == 0;
    if (s->type == SETTING_INT) {
        if (!is_auto &&
            (!text_to_i64(value, &whole) || (double)whole < s->low || (double)whole > s->high))
            return fail_range(s, value, origin, why);
        if (s->wide)
            *(int64_t *)field = whole;
        else
            *(int *)field = (int)whole;
        return 0;
    }
    if (!is_auto && (!text_to_double(value, &real) || real < s->low || real > s->high))
        return fail_range(s, value, origin, why);
    *(double *)field = real;
    return 0;
}

static int set_choice(int *field, const struct setting *s, const char *value, const char *origin,
                      struct failure *why)
{
    size_t length = strlen(value);
    const char *word = s->choices;
    for (int i = 0;; i++) {
        size_t n = strcspn(word, "|");
        if (n == length && memcmp(word, value, n) == 0) {
            *field = i;
            return 0;
        }
        if (!word[n])
            break;
        word += n + 1;
    }
    return fail(why, ERR_USAGE, "%s: %s must be %s, not %s: choose one of these", origin, s->key,
                s->choices, length ? value : "empty");
}

/* What a settings file can hold and give back. */
static bool is_path(const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)value[i] < ' ' || value[i] == 127 ||
            (value[i] == ';' && i > 0 && value[i - 1] == ' '))
            return false;
    return length > 0 && value[0] != ' ' && value[length - 1] != ' ';
}

static int set_name(char *field, const struct setting *s, const char *value, const char *origin,
                    struct failure *why)
{
    size_t length = strlen(value);
    bool fits = (double)length >= s->low && (double)length <= s->high;
    if (s->flags & SETTING_PATH && (!fits || !is_path(value, length)))
        return fail(why, ERR_USAGE,
                    "%s: %s must be a path of %.0f..%.0f bytes without control characters, blanks at "
                    "its ends or \" ;\", not %.200s: rename the file, or make a link to it",
                    origin, s->key, s->low, s->high, length ? value : "empty");
    if (s->bytes && (strspn(value, s->bytes) != length || !fits))
        return fail(why, ERR_USAGE, "%s: %s must be %.0f..%.0f bytes of %s, not %s: choose such one",
                    origin, s->key, s->low, s->high, s->bytes, length ? value : "empty");
    bool any = s->bytes || s->flags & SETTING_PATH;
    if (!any && (strspn(value, NAME_BYTES) != length || !fits))
        return fail(why, ERR_USAGE,
                    "%s: %s must be %.0f..%.0f letters, digits, - or _, not %s: choose such a name",
                    origin, s->key, s->low, s->high, length ? value : "empty");
    memset(field, 0, (size_t)s->high + 1);
    memcpy(field, value, length);
    return 0;
}

int config_set(struct config *config, const char *key, const char *value, const char *origin,
               struct failure *why)
{
    const struct setting *s = config_find(key);
    if (!s) {
        const char *meant = nearest_key(key);
        if (meant)
            return fail(why, ERR_USAGE, "%s: unknown key %s: did you mean %s?", origin, key, meant);
        return fail(why, ERR_USAGE, "%s: unknown key %s: see `heed list settings`", origin, key);
    }
    void *field = (char *)config + s->offset;
    switch (s->type) {
    case SETTING_INT:
    case SETTING_REAL:
        return set_number(field, s, value, origin, why);
    case SETTING_CHOICE:
        return set_choice(field, s, value, origin, why);
    case SETTING_NAME:
        return set_name(field, s, value, origin, why);
    }
    assert(!"a setting type without a parser");
    return ERR_USAGE;
}

bool config_rate_allowed(double rate)
{
    return rate >= 1e-12 && rate <= config_find("train.learning_rate")->high;
}

/* The shortest of 15..17 digits that reads back as the same double. */
static void print_double(double value, char *out, size_t size)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, size, "%.*g", digits, value);
        if (strtod(out, NULL) == value)
            return;
    }
}

void config_value(const struct config *config, const struct setting *s, char *out, size_t size)
{
    const void *field = (const char *)config + s->offset;
    if (s->type == SETTING_NAME) {
        snprintf(out, size, "%s", (const char *)field);
    } else if (s->type == SETTING_CHOICE) {
        const char *word = s->choices;
        for (int i = *(const int *)field; i > 0; i--)
            word = strchr(word, '|') + 1;
        snprintf(out, size, "%.*s", (int)strcspn(word, "|"), word);
    } else if (s->type == SETTING_REAL) {
        double value = *(const double *)field;
        if (s->flags & SETTING_MAY_BE_AUTO && value == SETTING_AUTO)
            snprintf(out, size, "auto");
        else
            print_double(value, out, size);
    } else {
        int64_t value = s->wide ? *(const int64_t *)field : *(const int *)field;
        if (s->flags & SETTING_MAY_BE_AUTO && value == SETTING_AUTO)
            snprintf(out, size, "auto");
        else
            snprintf(out, size, "%lld", (long long)value);
    }
}

void config_write(const struct config *config, struct text *out)
{
    const char *section = "";
    for (int i = 0; i < SETTINGS; i++) {
        const char *key = settings[i].key, *dot = strchr(key, '.');
        char value[SETTING_TEXT];
        size_t length = (size_t)(dot - key);
        if (strncmp(section, key, length + 1) != 0) {
            text_addf(out, "%s[%.*s]\n", i ? "\n" : "", (int)length, key);
            section = key;
        }
        config_value(config, &settings[i], value, sizeof value);
        text_addf(out, "%s = %s\n", dot + 1, value);
    }
}
