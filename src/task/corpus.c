#include "task/corpus.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { CODES = 0x110000 };

/* Where each character stands in the vocabulary, plus 1; 0: it does not occur. */
struct vocabulary {
    uint16_t *place;
    int count;
};

/* The next symbol's code; returns its bytes, 0 for what is no UTF-8. */
static int next_code(const struct alphabet *a, const char *at, uint32_t *code)
{
    unsigned char byte = (unsigned char)*at;
    *code = byte;
    if (a->kind == ALPHABET_BYTES || byte < 0x80)
        return 1;
    int n = text_decode(at, code);
    return n > 1 ? n : 0;
}

/* Note every character that occurs and count them all. */
static int survey(struct corpus *c, struct vocabulary *v, const struct alphabet *a,
                  const char *data, size_t size, const char *name, struct failure *why)
{
    for (size_t at = 0; at < size; c->count++) {
        uint32_t code;
        int n = next_code(a, data + at, &code);
        if (n == 0)
            return fail(why, ERR_INPUT,
                        "%s: byte %zu (0x%02x) is no UTF-8: set task.unit=byte, or convert the file",
                        name, at + 1, (unsigned char)data[at]);
        v->count += v->place[code] == 0;
        v->place[code] = 1;
        at += (size_t)n;
    }
    if (v->count > MAX_SYMBOLS)
        return fail(why, ERR_INPUT,
                    "%s: holds %d different characters, more than %d: set task.unit=byte", name,
                    v->count, MAX_SYMBOLS);
    return 0;
}

static void number(struct vocabulary *v, struct alphabet *a)
{
    a->count = 0;
    for (uint32_t code = 0; code < CODES; code++) {
        if (!v->place[code])
            continue;
        alphabet_set_code(a, a->count, code);
        v->place[code] = (uint16_t)++a->count;
    }
}

static void translate(struct corpus *c, const struct vocabulary *v, const struct alphabet *a,
                      const char *data)
{
    int64_t often[MAX_SYMBOLS] = {0}, most = 0;
    for (int64_t i = 0; i < c->count; i++) {
        uint32_t code;
        data += next_code(a, data, &code);
        c->symbols[i] = (uint16_t)(v->place[code] - 1);
        often[c->symbols[i]]++;
    }
    for (int s = 0; s < a->count; s++)
        most = often[s] > most ? often[s] : most;
    c->most = (double)most / (double)c->count;
}

static int divide(struct corpus *c, double held_out, int least, const char *name,
                  struct failure *why)
{
    int64_t tail = (int64_t)((double)c->count * held_out);
    c->train = c->count - tail;
    if (tail >= least && c->train >= least)
        return 0;
    return fail(why, ERR_INPUT,
                "%s: of its %lld symbols %lld are held out and %lld trained on, but windows take %d: "
                "choose a longer file, a smaller task.context or another task.held_out",
                name, (long long)c->count, (long long)tail, (long long)c->train, least);
}

int corpus_read(struct corpus *c, struct alphabet *a, const char *data, size_t size,
                double held_out, int least, const char *name, struct failure *why)
{
    static const char mark[] = "\xEF\xBB\xBF";
    struct vocabulary v = {.place = calloc(CODES, sizeof *v.place)};
    bool marked = a->kind == ALPHABET_CHARACTERS && size >= 3 && memcmp(data, mark, 3) == 0;
    *c = (struct corpus){0};
    if (marked) {
        data += 3;
        size -= 3;
    }
    int code = 0;
    if (!v.place)
        code = fail(why, ERR_MEMORY, "%s: no memory for its vocabulary", name);
    else if (size == 0)
        code = fail(why, ERR_INPUT, "%s: is empty: name a file with text", name);
    if (code == 0)
        code = survey(c, &v, a, data, size, name, why);
    if (code == 0)
        code = divide(c, held_out, least, name, why);
    if (code == 0 && !(c->symbols = malloc((size_t)c->count * sizeof *c->symbols)))
        code = fail(why, ERR_MEMORY, "%s: no memory for its %lld symbols: take a shorter file",
                    name, (long long)c->count);
    if (code == 0) {
        number(&v, a);
        translate(c, &v, a, data);
    }
    free(v.place);
    return code;
}

void corpus_release(struct corpus *c)
{
    free(c->symbols);
    *c = (struct corpus){0};
}
