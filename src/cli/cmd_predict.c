/* heed predict RUN --tokens "I 3 4 5" */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/predict_heads.h"
#include "cli/predict_image.h"
#include "cli/report.h"
#include "cli/stage.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fsio.h"
#include "train/race.h"

enum { STDIN_LIMIT = 1 << 16, FLOAT_DIGITS = 9 };

static const struct option_spec options[] = {
    {"tokens", 0, OPTION_TEXT, OPTION_AT(tokens), "\"I 3 4 5\"", NULL, 0, 0,
     "the sequence, symbols divided by spaces; - reads it from standard input"},
    {"image", 0, OPTION_INT, OPTION_AT(image), "N", NULL, 0, 1e9,
     "of a run on images: the noise seen in its held-out image N, from 0"},
    OPTION_CONTESTANT_SPEC("whom to ask (the first of the run)"),
    {"top", 0, OPTION_INT, OPTION_AT(top), "K", NULL, 1, MAX_SYMBOLS,
     "most probable symbols to show (5)"},
    {"attention", 0, OPTION_FLAG, OPTION_AT(attention), NULL, NULL, 0, 0,
     "the attention weights of every layer and head as well"},
    {"change", 0, OPTION_TEXT, OPTION_AT(change), "\"L1H2 removed\"", NULL, 0, 0,
     "ask with heads changed, as the page Probe does: removed, positive (no negative weights) or uniform "
     "(rows of 1/n); several with commas between them"},
    {"stream", 0, OPTION_FLAG, OPTION_AT(stream), NULL, NULL, 0, 0,
     "what final norm and head make of the residual stream after the embedding, each attention and each "
     "layer as well"},
    OPTION_JSON_SPEC("one JSON object: tokens, ids, logits of every position"),
    OPTION_TEAM_SPEC,
    OPTION_ISA_SPEC,
    OPTION_HELP_SPEC,
    OPTION_END_SPEC,
};

/* A contestant's answer to one sequence. */
struct answer {
    struct loaded loaded;
    const char *name;
    int ids[MAX_CONTEXT];
    int32_t tokens[MAX_CONTEXT];
    int count;
    bool stream;
    const char *changed; /* what --change says, or NULL */
    unsigned char changes[PREDICT_HEADS];
};

/* Words in `text` as alphabet_parse divides it, so that a sequence that is too long can say by how
   much. */
static int count_words(const char *text)
{
    static const char blanks[] = " \t\r\n";
    int words = 0;

    while (*(text += strspn(text, blanks))) {
        words++;
        text += strcspn(text, blanks);
    }
    return words;
}

static int read_tokens(struct answer *a, const char *text, struct failure *why)
{
    const struct model *model = a->loaded.model;
    const struct alphabet *alphabet = &a->loaded.task->alphabet;
    int limit = a->loaded.task->config.task.context, words = count_words(text);

    if (words == 0)
        return fail(why, ERR_USAGE, "--tokens: is empty: give symbols such as \"I 3 4 5\"");
    if (words > limit)
        return fail(why, ERR_USAGE, "--tokens: %d symbols, but %s sees %d: give fewer", words,
                    a->name, limit);
    a->count = alphabet_parse(alphabet, text, a->ids, limit, why);
    if (a->count < 0)
        return a->count;
    if (model->ops->last_only && a->count != limit)
        return fail(why, ERR_USAGE, "--tokens: %d symbols, but %s needs a full window of %d",
                    a->count, a->name, limit);
    for (int i = 0; i < a->count; i++)
        a->tokens[i] = a->ids[i];
    return 0;
}

static const real *logits_row(const struct model *model, int position)
{
    int row = model->ops->last_only ? position - (model->positions - 1) : position;
    return row < 0 ? NULL : model->logits + (size_t)row * (size_t)model->symbols;
}

static json_t *logits_json(const struct answer *a)
{
    json_t *list = json_array();

    for (int t = 0; t < a->count; t++) {
        const real *row = logits_row(a->loaded.model, t);
        json_t *numbers = row ? json_array() : json_null();
        for (int v = 0; row && v < a->loaded.model->symbols; v++)
            json_array_append_new(numbers, number((double)row[v]));
        json_array_append_new(list, numbers);
    }
    return list;
}

/* One head's map as rows of numbers. */
static json_t *map_json(const float *weight, int n)
{
    json_t *rows = json_array();

    for (int i = 0; i < n; i++) {
        json_t *row = json_array();
        for (int j = 0; j < n; j++)
            json_array_append_new(row, number((double)weight[i * n + j]));
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *attention_json(const struct answer *a, float *weight)
{
    const struct model *model = a->loaded.model;
    json_t *layers = json_array();

    for (int l = 0; l < model_attention_layers(model); l++) {
        json_t *heads = json_array();
        for (int h = 0; h < model->config.model.heads; h++) {
            model->ops->attention(model, l, h, 0, weight, NULL);
            json_array_append_new(heads, map_json(weight, a->count));
        }
        json_array_append_new(layers, heads);
    }
    return layers;
}

static int add_json(const struct answer *a, float *weight, struct text *out, struct failure *why)
{
    const struct alphabet *alphabet = &a->loaded.task->alphabet;
    json_t *root = json_object(), *tokens = json_array(), *ids = json_array();
    char *line;

    for (int i = 0; i < a->count; i++) {
        json_array_append_new(tokens, json_string(alphabet->name[a->ids[i]]));
        json_array_append_new(ids, json_integer(a->ids[i]));
    }
    json_object_set_new(root, "contestant", json_string(a->name));
    json_object_set_new(root, "tokens", tokens);
    json_object_set_new(root, "ids", ids);
    json_object_set_new(root, "logits", logits_json(a));
    if (weight)
        json_object_set_new(root, "attention", attention_json(a, weight));
    if (a->changed)
        json_object_set_new(root, "changed", json_string(a->changed));
    if (a->stream)
        json_object_set_new(root, "stream", predict_stream_json(a->loaded.model));
    line = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(FLOAT_DIGITS));
    json_decref(root);
    if (!line)
        return fail(why, ERR_MEMORY, "--json: out of memory");
    text_addf(out, "%s\n", line);
    free(line);
    return 0;
}

/* By falling logit, equal ones by id. */
static int by_logit(const void *a, const void *b)
{
    const real *const *x = a, *const *y = b;

    if (**x != **y)
        return **x > **y ? -1 : 1;
    return (*x > *y) - (*x < *y);
}

static int check_finite(const struct answer *a, struct failure *why)
{
    const real *row = logits_row(a->loaded.model, a->count - 1);
    int n = a->loaded.model->symbols, lost = 0;

    for (int v = 0; v < n; v++)
        lost += !isfinite((double)row[v]);
    if (lost == 0)
        return 0;
    return fail(why, ERR_NUMBER,
                "%s: %d of %d logits at step %lld are no finite numbers, so there are no "
                "probabilities: go back to an older run; --json shows the logits",
                a->name, lost, n, (long long)a->loaded.checkpoint.step);
}

static void add_top(const struct answer *a, int top, struct text *out)
{
    const struct alphabet *alphabet = &a->loaded.task->alphabet;
    const real *row = logits_row(a->loaded.model, a->count - 1), *sorted[MAX_SYMBOLS];
    int n = a->loaded.model->symbols;
    double sum = 0;

    for (int v = 0; v < n; v++)
        sorted[v] = &row[v];
    qsort(sorted, (size_t)n, sizeof *sorted, by_logit);
    for (int v = 0; v < n; v++)
        sum += exp((double)row[v] - (double)*sorted[0]);
    text_addf(out, "%s, step %lld%s%s, after", a->name, (long long)a->loaded.checkpoint.step,
              a->changed ? ", " : "", a->changed ? a->changed : "");
    for (int i = 0; i < a->count; i++)
        text_addf(out, " %s", alphabet->name[a->ids[i]]);
    text_add(out, "\n");
    for (int k = 0; k < top && k < n; k++)
        text_addf(out, "  %-4s %.4f\n", alphabet->name[sorted[k] - row],
                  exp((double)*sorted[k] - (double)*sorted[0]) / sum);
}

static void add_maps(const struct answer *a, float *weight, struct text *out)
{
    const struct model *model = a->loaded.model;
    const struct alphabet *alphabet = &a->loaded.task->alphabet;
    int n = a->count;

    for (int l = 0; l < model_attention_layers(model); l++) {
        for (int h = 0; h < model->config.model.heads; h++) {
            text_addf(out, "layer %d head %d: query down, key across\n     ", l + 1, h + 1);
            for (int j = 0; j < n; j++)
                text_addf(out, " %6s", alphabet->name[a->ids[j]]);
            model->ops->attention(model, l, h, 0, weight, NULL);
            for (int i = 0; i < n; i++) {
                text_addf(out, "\n%4s ", alphabet->name[a->ids[i]]);
                for (int j = 0; j <= i; j++)
                    text_addf(out, " %6.3f", (double)weight[i * n + j]);
            }
            text_add(out, "\n");
        }
    }
}

static int answer(const struct args *args, struct answer *a, const char *tokens, struct text *out,
                  struct failure *why)
{
    float *weight = NULL;
    int rc = read_tokens(a, tokens, why);

    if (rc < 0)
        return rc;
    if (args->attention && !model_attention_layers(a->loaded.model))
        return fail(why, ERR_USAGE, "--attention: %s has no attention", a->name);
    if (args->attention) {
        weight = calloc((size_t)a->count * (size_t)a->count, sizeof *weight);
        if (!weight)
            return fail(why, ERR_MEMORY, "--attention: out of memory");
    }
    if (args->stream && model_lens_rows(a->loaded.model) == 0)
        rc = fail(why, ERR_USAGE, "--stream: %s has no residual stream to read", a->name);
    if (rc == 0 && args->change)
        rc = predict_changes(a->loaded.model, a->name, args->change, a->changes, why);
    if (rc < 0) {
        free(weight);
        return rc;
    }
    a->stream = args->stream;
    a->changed = args->change;
    a->loaded.model->changes = args->change ? a->changes : NULL;
    model_forward(a->loaded.model, a->tokens, a->count, 1);
    if (args->json) {
        rc = add_json(a, weight, out, why);
    } else if ((rc = check_finite(a, why)) == 0) {
        add_top(a, (int)args->top, out);
        if (a->stream)
            predict_stream_table(a->loaded.model, &a->loaded.task->alphabet, out);
        if (weight)
            add_maps(a, weight, out);
    }
    free(weight);
    return rc;
}

static int run(const struct args *args, struct failure *why)
{
    struct stage stage = {0};
    struct answer a = {0};
    struct text out = {0};
    const struct kern *kern;
    char *read = NULL;
    size_t size;
    int rc, index = 0;

    if ((rc = stage_read_run(&stage, args->words[0], why)) < 0 ||
        (rc = kern_by_name(args->isa, &kern, why)) < 0)
        return rc;
    bool images = strcmp(stage.race.contestants[0].task.kind, "images") == 0;
    if (!args->tokens && !images)
        return fail(why, ERR_USAGE, "predict: needs --tokens, such as --tokens \"I 3 4 5\"");
    if (images && (args->tokens || args->image < 0))
        return fail(why, ERR_USAGE, "%s: is a run on images, which predicts no symbols: ask it with "
                    "--image 0, or see what it draws with heed sample %s", args->words[0],
                    args->words[0]);
    if (images && (args->change || args->stream))
        return fail(why, ERR_USAGE, "--%s: %s is a run on images, of whose heads nothing is changed or "
                    "read: leave it out", args->change ? "change" : "stream", args->words[0]);
    if (!images && args->image >= 0)
        return fail(why, ERR_USAGE, "--image: %s is a run on symbols: ask it with --tokens",
                    args->words[0]);
    if (args->contestant && (index = report_contestant(&stage.race, args->contestant, why)) < 0)
        return index;
    if (!images && strcmp(args->tokens, "-") == 0 && (rc = fsio_read("-", STDIN_LIMIT, &read, &size, why)) < 0)
        return rc;
    a.name = stage.race.names[index];
    rc = loaded_open(&a.loaded, args->words[0], a.name, kern, (int)args->threads, 1, why);
    if (rc == 0 && images)
        rc = predict_image(args, a.name, &a.loaded, why);
    else if (rc == 0)
        rc = answer(args, &a, read ? read : args->tokens, &out, why);
    if (rc == 0)
        rc = out_text(&out, why);
    loaded_release(&a.loaded);
    text_release(&out);
    free(read);
    return rc;
}

const struct subcommand command_predict = {
    .name = "predict",
    .words = "RUN",
    .summary = "what a run's model expects after a sequence",
    .description =
        "Feed a sequence to one contestant of a run and show the most probable next symbols. JSON "
        "holds the logits of every position, in the order of the symbols' ids, and with "
        "--attention the weights as [layer][head][query][key], with --stream the logits at the last position "
        "as read from the residual stream: [0] after the embedding, [2 l - 1] after the attention of layer l, "
        "[2 l] after all of it. With --change all of this is of the changed model, and \"changed\" says "
        "what was. The MLP predicts after a full window only: it needs exactly task.context symbols, and "
        "its earlier rows are null. "
        "A logit that overflowed is null in JSON; without --json it is a failure.",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
