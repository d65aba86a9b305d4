/* checkpoint_read trusts nothing: files of strangers, torn files, hostile files. */
#include "heed_test.h"
#include <jansson.h>
#include <math.h>
#include "base/text.h"
#include "scratch.h"
#include "store/checkpoint.h"

static char *metadata; /* a good one, as JSON */

/* Take the metadata of a checkpoint that the program wrote. */
static int set_up(void **state)
{
    struct team *team = NULL;
    struct model *model = NULL;
    struct plan plan = {0};
    struct failure why = {0};
    struct race_config *race = calloc(1, sizeof *race);
    if (scratch_make(state) < 0 || plan_add_flag(&plan, "race=lstm", &why) < 0 ||
        plan_build(&plan, race, &why) < 0 || model_resolve(&race->contestants[0], &why) < 0 ||
        team_new(&team, 1, &why) < 0 ||
        model_new(&model, &race->contestants[0], 20, 1, false, kern_get(ISA_REF), team, &why) < 0 ||
        checkpoint_write(in_scratch("good"), model, NULL, "lstm", 123, 1.5, &why) < 0) {
        print_error("%s\n", why.text);
        return -1;
    }
    char *data = get_file(in_scratch("good"), NULL);
    uint64_t length;
    memcpy(&length, data, 8);
    json_t *header = json_loadb(data + 8, length, 0, NULL);
    metadata = json_dumps(json_object_get(header, "__metadata__"), JSON_COMPACT);
    json_decref(header);
    free(data);
    model_free(model);
    team_free(team);
    plan_release(&plan);
    free(race);
    return 0;
}

static int tear_down(void **state)
{
    free(metadata);
    return scratch_remove(state);
}

/* Write length, header and `size` bytes of `fill`; read it. */
static int read_crafted(const char *header, size_t header_size, size_t size, int fill,
                        struct checkpoint *c, struct failure *why)
{
    uint64_t length = header_size;
    char *file = malloc(8 + header_size + size);
    memcpy(file, &length, 8);
    memcpy(file + 8, header, header_size);
    memset(file + 8 + header_size, fill, size);
    put_file(in_scratch("crafted"), file, 8 + header_size + size);
    free(file);
    return checkpoint_read(c, in_scratch("crafted"), why);
}

/* {"__metadata__":meta,tensors} */
static int read_with(const char *meta, const char *tensors, size_t size, int fill,
                     struct checkpoint *c, struct failure *why)
{
    struct text header = {0};
    text_addf(&header, "{\"__metadata__\":%s,%s}", meta, tensors);
    int result = read_crafted(header.data, header.length, size, fill, c, why);
    text_release(&header);
    return result;
}

static void refused(int result, const struct checkpoint *c, const struct failure *why,
                    const char *message)
{
    char clean[FAILURE_TEXT];
    if (result != ERR_INPUT)
        print_error("not refused: %s\n", message);
    assert_int_equal(result, ERR_INPUT);
    assert_null(c->data);
    assert_null(c->tensors);
    assert_int_equal(strncmp(why->text, in_scratch("crafted: "), strlen(scratch) + 10), 0);
    assert_contains(why->text, message);
    text_escape(clean, sizeof clean, why->text);
    assert_string_equal(clean, why->text);
}

static void tensors_are_checked(void **state)
{
    (void)state;
#define T(name, shape, from, to)                                                                   \
    "\"" name "\":{\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":[" #from "," #to "]}"
    static const struct {
        const char *tensors;
        size_t size;
        const char *message;
    } wrong[] = {
        {"\"a\":3", 0, "tensor a is not described as it should be"},
        {"\"a\":{\"dtype\":\"F32\",\"shape\":[1]}", 4, "tensor a is not described"},
        {"\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}", 4,
         "tensor a is"},
        {"\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}", 4,
         "tensor a has type F16, not F32"},
        {"\"a\":{\"dtype\":4,\"shape\":[1],\"data_offsets\":[0,4]}", 4, "has type none"},
        {T("a", "[]", 0, 4), 4, "has no shape of 1 to 3 numbers"},
        {T("a", "1", 0, 4), 4, "has no shape of 1 to 3 numbers"},
        {T("a", "[1,1,1,1]", 0, 4), 4, "has no shape of 1 to 3 numbers"},
        {T("a", "[0]", 0, 0), 0, "the shape of tensor a is impossible"},
        {T("a", "[-1]", 0, 4), 4, "the shape of tensor a is impossible"},
        {T("a", "[1.0]", 0, 4), 4, "the shape of tensor a is impossible"},
        {T("a", "[\"1\"]", 0, 4), 4, "the shape of tensor a is impossible"},
        {T("a", "[4611686018427387905]", 0, 4), 4, "the shape of tensor a is impossible"},
        {T("a", "[4294967296,4294967296]", 0, 4), 4, "the shape of tensor a is impossible"},
        {T("a", "[2147483648,2147483648,4]", 0, 4), 4, "the shape of tensor a is impossible"},
        {T("a", "[99999999999999999999]", 0, 4), 4, "its header is no JSON"},
        {T("a", "[2]", 0, 4), 8, "the offsets of tensor a do not fit its shape"},
        {T("a", "[1]", 0, 5), 8, "the offsets of tensor a do not fit its shape"},
        {T("a", "[1]", 4, 8), 4, "the offsets of tensor a lie outside the file"},
        {T("a", "[1]", 4, 0), 4, "the offsets of tensor a lie outside the file"},
        {T("a", "[1]", -4, 0), 4, "the offsets of tensor a lie outside the file"},
        {T("a", "[1]", 0, 4.0), 4, "the offsets of tensor a lie outside the file"},
        {T("a", "[1]", 9223372036854775804, 9223372036854775807), 4, "lie outside the file"},
        {"\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}", 4, "lie outside"},
        {"\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}", 4, "lie outside"},
        {T("a", "[2]", 0, 8) "," T("b", "[2]", 4, 12), 12, "tensor b overlaps another"},
        {T("a", "[2]", 0, 8) "," T("b", "[2]", 0, 8), 8, "overlaps another"},
        {T("a", "[1]", 0, 4) "," T("b", "[1]", 8, 12), 12, "tensor b leaves a gap before it"},
        {T("a", "[1]", 4, 8), 8, "tensor a leaves a gap before it"},
        {T("a", "[1]", 0, 4), 7, "3 bytes follow the last tensor"},
        {T("a", "[1]", 0, 4) "," T("a", "[1]", 4, 8), 8, "no JSON (duplicate object key"},
        {T("a\\u001b[2J", "[1]", 0, 4), 4, "a tensor is called a\\x1b[2J"},
        {T("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234",
           "[1]", 0, 4),
         4, "a tensor is called 0123"},
    };
    struct checkpoint c;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct failure why = {0};
        int result = read_with(metadata, wrong[i].tensors, wrong[i].size, 0, &c, &why);
        refused(result, &c, &why, wrong[i].message);
    }
    struct failure why = {0};
    refused(read_with(metadata, T("a", "[2]", 0, 8), 8, 0xff, &c, &why), &c, &why,
            "number 0 of tensor a is not finite");
    /* The good neighbours of all these are read, in whatever order they stand. */
    assert_int_equal(
        read_with(metadata, T("b", "[1,1]", 8, 12) "," T("a", "[2]", 0, 8), 12, 0, &c, &why), 0);
    assert_int_equal(c.tensor_count, 2);
    checkpoint_release(&c);
}

static void metadata_is_checked(void **state)
{
    (void)state;
    static const struct {
        const char *find, *replace, *message;
    } wrong[] = {
        {"\"format\":\"heed-1\",", "", "its metadata has no \"format\""},
        {"\"heed-1\"", "\"pt\"",
         "its format is \"pt\", not \"heed-1\": use the heed that wrote it"},
        {"\"heed-1\"", "\"\\u001b]0;x\\u0007\"", "its format is \"\\x1b]0;x\\x07\""},
        {"\"step\":\"123\",", "", "its metadata has no \"step\""},
        {"\"123\"", "\"-1\"", "its step is \"-1\""},
        {"\"123\"", "\"1e3\"", "its step is \"1e3\""},
        {"\"123\"", "\"99999999999999999999\"", "its step is"},
        {"\"123\"", "\"9007199254740993\"", "its step is"},
        {"\"123\"", "123", "its metadata's \"step\" is no string"},
        {"\"train_seconds\":\"1.5\"", "\"train_seconds\":\"nan\"", "its train_seconds is \"nan\""},
        {"\"train_seconds\":\"1.5\"", "\"train_seconds\":\"-1\"", "its train_seconds is \"-1\""},
        {",\"train_seconds\":\"1.5\"", "", "its metadata has no \"train_seconds\""},
        {"\"version\":", "\"edition\":", "its metadata has no \"version\""},
        {"\"config\":", "\"settings\":", "its metadata has no \"config\""},
        {"\"contestant\":\"lstm\"", "\"name\":\"lstm\"", "its metadata has no \"contestant\""},
        {"\"contestant\":\"lstm\"", "\"contestant\":\"\"", "\"contestant\" is no name"},
        {"\"contestant\":\"lstm\"", "\"contestant\":\"a\\nb\"",
         "\"contestant\" is no name (a\\x0ab)"},
        {"\"contestant\":\"lstm\"",
         "\"contestant\":\"0123456789012345678901234567890123456789012345678\"",
         "\"contestant\" is no name"},
        {"\"contestant\":\"lstm\"", "\"contestant\":\"mlp\"",
         "its settings are not those of \"mlp\" alone"},
        {"\"contestant\":\"lstm\"", "\"contestant\":\"lstm-x\"", "its settings are not those of"},
        {"cast = lstm", "cast = lstm,mlp", "its settings are not those of \"lstm\" alone"},
        {"cast = lstm", "cast = lstmm", "its settings are not those of \"lstm\" alone"},
        {"\"isa\":\"ref\"", "\"isa\":\"0123456789abcdef\"", "\"isa\" is no name"},
        {"dim = ", "dimm = ", "model.dim"},
        {"dim = ", "dim = -", "model.dim"},
    };
    struct checkpoint c;
    struct failure why = {0};
    assert_int_equal(read_with(metadata, T("a", "[1]", 0, 4), 4, 0, &c, &why), 0);
    checkpoint_release(&c);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const char *place = strstr(metadata, wrong[i].find);
        if (!place)
            print_error("no %s in %s\n", wrong[i].find, metadata);
        assert_non_null(place);
        struct text meta = {0};
        text_add_bytes(&meta, metadata, (size_t)(place - metadata));
        text_add(&meta, wrong[i].replace);
        text_add(&meta, place + strlen(wrong[i].find));
        int result = read_with(text_string(&meta), T("a", "[1]", 0, 4), 4, 0, &c, &why);
        text_release(&meta);
        refused(result, &c, &why, wrong[i].message);
    }
    refused(read_with("3", T("a", "[1]", 0, 4), 4, 0, &c, &why), &c, &why, "it has no metadata");
}

static void header_is_checked(void **state)
{
    (void)state;
    enum { DEPTH = 100000, MANY = 2000 };
    struct checkpoint c;
    struct failure why = {0};
    static const struct {
        const char *header;
        size_t size;
        const char *message;
    } wrong[] = {
        {"", 0, "its header is no JSON"},
        {"{", 1, "its header is no JSON"},
        {"[]", 2, "its header is no JSON object"},
        {"{}", 2, "it has no metadata"},
        {"{} x", 4, "its header is no JSON"},
        {"{\"a\0b\":1}", 9, "its header is no JSON"},
        {"{\"a\":\"\xff\xfe\"}", 10, "its header is no JSON"},
        {"{\"\x1b[31m\":1}", 11, "its header is no JSON"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        refused(read_crafted(wrong[i].header, wrong[i].size, 0, 0, &c, &why), &c, &why,
                wrong[i].message);
    struct text deep = {0};
    for (int i = 0; i < DEPTH; i++)
        text_add(&deep, i ? "[" : "{\"a\":");
    refused(read_crafted(deep.data, deep.length, 0, 0, &c, &why), &c, &why,
            "its header is no JSON (maximum parsing depth");
    text_release(&deep);
    struct text many = {0};
    text_addf(&many, "{\"__metadata__\":%s", metadata);
    for (int i = 0; i < MANY; i++)
        text_addf(&many, ",\"t%d\":0", i);
    text_add(&many, "}");
    refused(read_crafted(many.data, many.length, 0, 0, &c, &why), &c, &why,
            "it holds 2000 tensors");
    text_reset(&many);
    text_addf(&many, "{\"__metadata__\":%s}", metadata);
    refused(read_crafted(many.data, many.length, 0, 0, &c, &why), &c, &why, "it holds 0 tensors");
    text_release(&many);
}

static void header_length_is_checked(void **state)
{
    (void)state;
    struct checkpoint c;
    struct failure why = {0};
    put_file(in_scratch("crafted"), "", 0);
    refused(checkpoint_read(&c, in_scratch("crafted"), &why), &c, &why, "it has 0 bytes only");
    /* A header that would do but for its length. */
    struct text header = {0};
    text_addf(&header, "{\"__metadata__\":%s,%s", metadata, T("a", "[1]", 0, 4));
    while (header.length < 4 << 20)
        text_add(&header, "                                                                ");
    text_add(&header, "}");
    refused(read_crafted(header.data, header.length, 4, 0, &c, &why), &c, &why,
            "its header is longer than any checkpoint's");
    text_release(&header);
    static const uint64_t lengths[] = {1, UINT64_MAX, UINT64_MAX - 7, (uint64_t)1 << 63, 1 << 23};
    for (int i = 0; i < 5; i++) {
        put_file(in_scratch("crafted"), &lengths[i], 8);
        refused(checkpoint_read(&c, in_scratch("crafted"), &why), &c, &why,
                lengths[i] == 1 ? "its header is longer than the file"
                                : "its header is longer than any checkpoint's");
    }
}

static void every_torn_file_is_refused(void **state)
{
    (void)state;
    struct checkpoint c;
    struct failure why = {0};
    size_t size;
    char *data = get_file(in_scratch("good"), &size);
    int tried = 0;
    for (size_t cut = 0; cut < size; cut += cut < 64 ? 1 : 97, tried++) {
        put_file(in_scratch("crafted"), data, cut);
        refused(checkpoint_read(&c, in_scratch("crafted"), &why), &c, &why,
                ": damaged or not heed's: use a whole copy or train anew");
    }
    assert_true(tried > 100);
    free(data);
}

static void missing_file_has_a_remedy(void **state)
{
    (void)state;
    struct checkpoint c;
    struct failure why = {0};
    assert_int_equal(checkpoint_read(&c, in_scratch("none"), &why), ERR_IO);
    assert_contains(why.text, "none: no checkpoint there: check the run's folder and the "
                              "contestant's name, or train until the first one is saved");
    checkpoint_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tensors_are_checked),        cmocka_unit_test(metadata_is_checked),
        cmocka_unit_test(header_is_checked),          cmocka_unit_test(header_length_is_checked),
        cmocka_unit_test(every_torn_file_is_refused), cmocka_unit_test(missing_file_has_a_remedy),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
