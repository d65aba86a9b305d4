#include "cli/predict_heads.h"
#include "cli/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "core/snapshot.h"

static const char *const words_of[HEAD_CHANGES] = {
    [HEAD_WHOLE] = "whole", [HEAD_REMOVED] = "removed", [HEAD_POSITIVE] = "positive",
    [HEAD_UNIFORM] = "uniform"};

/* "L1H2 removed" */
static int take_one(const struct model *model, const char *name, const char *one,
                    unsigned char *changes, struct failure *why)
{
    int layers = model_attention_layers(model), heads = model->config.model.heads;
    int layer, head, change = 0, end = 0;
    char word[16], shown[64];

    text_escape(shown, sizeof shown, one);
    if (sscanf(one, " L%4dH%4d %15s %n", &layer, &head, word, &end) != 3 || one[end])
        return fail(why, ERR_USAGE, "--change \"%s\": is not like \"L1H2 removed\", changes divided by "
                    "commas", shown);
    if (layer < 1 || layer > layers || head < 1 || head > heads)
        return fail(why, ERR_USAGE, "--change \"%s\": %s has layers 1 to %d with heads 1 to %d", shown,
                    name, layers, heads);
    while (++change < HEAD_CHANGES && strcmp(word, words_of[change]) != 0)
        ;
    if (change == HEAD_CHANGES)
        return fail(why, ERR_USAGE, "--change \"%s\": no such change: use removed, positive or uniform",
                    shown);
    if (change == HEAD_POSITIVE && !model_layer_attention(model, layer - 1)->is_signed)
        return fail(why, ERR_USAGE, "--change \"%s\": attention %s has no negative weights", shown,
                    model_layer_attention(model, layer - 1)->name);
    changes[(layer - 1) * heads + head - 1] = (unsigned char)change;
    return 0;
}

int predict_changes(const struct model *model, const char *name, const char *words,
                    unsigned char changes[PREDICT_HEADS], struct failure *why)
{
    if (model_attention_layers(model) == 0)
        return fail(why, ERR_USAGE, "--change: %s has no attention", name);
    while (true) {
        char one[48];
        size_t n = strcspn(words, ",");
        if (n >= sizeof one)
            return fail(why, ERR_USAGE, "--change: one of its changes is too long: each is like \"L1H2 "
                        "removed\", commas between them");
        memcpy(one, words, n);
        one[n] = '\0';
        int code = take_one(model, name, one, changes, why);
        if (code < 0 || words[n] == '\0')
            return code;
        words += n + 1;
    }
}

json_t *predict_stream_json(const struct model *model)
{
    real logits[MAX_SYMBOLS];
    int rows = model_lens_rows(model);
    json_t *list = rows ? json_array() : json_null();

    for (int row = 0; row < rows; row++) {
        json_t *numbers = json_array();
        model_lens(model, row, logits);
        for (int v = 0; v < model->symbols; v++)
            json_array_append_new(numbers, number((double)logits[v]));
        json_array_append_new(list, numbers);
    }
    return list;
}

void predict_stream_table(const struct model *model, const struct alphabet *a, struct text *out)
{
    real logits[MAX_SYMBOLS];

    for (int row = 0; row < model_lens_rows(model); row++) {
        char place[LENS_PLACE];
        double sum = 0;
        int best = 0;
        model_lens(model, row, logits);
        for (int v = 1; v < model->symbols; v++)
            best = logits[v] > logits[best] ? v : best;
        for (int v = 0; v < model->symbols; v++)
            sum += exp((double)logits[v] - (double)logits[best]);
        lens_place(row, place);
        text_addf(out, "  read after %-12s %-4s %.4f\n", place, a->name[best], 1 / sum);
    }
}
