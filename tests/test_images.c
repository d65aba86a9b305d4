/* The image task: IDX files, held-out images, noise, and what depends on the seed alone. */
#include "heed_test.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "scratch.h"
#include "task/idx.h"
#include "task/images.h"
#include "task/shapes.h"

/* An IDX file of `count` square images whose bytes tell their number; `extra` bytes more or less. */
static char *idx_bytes(int count, int rows, int columns, int extra, size_t *size)
{
    size_t body = (size_t)count * (size_t)rows * (size_t)columns;
    *size = (size_t)((long)(16 + body) + extra);
    unsigned char *b = calloc(16 + body + 64, 1);
    assert_non_null(b);
    int sizes[3] = {count, rows, columns};
    b[2] = 8;
    b[3] = 3;
    for (int d = 0; d < 3; d++)
        for (int i = 0; i < 4; i++)
            b[4 + 4 * d + i] = (unsigned char)(sizes[d] >> (24 - 8 * i));
    for (size_t i = 0; i < body; i++)
        b[16 + i] = (unsigned char)(i / ((size_t)rows * (size_t)columns));
    return (char *)b;
}

static void refused(char *data, size_t size, bool images, const char *said)
{
    struct idx idx;
    struct failure why = {0};
    assert_int_equal(idx_parse(&idx, data, size, images, "x.idx", &why), ERR_INPUT);
    assert_null(idx.data);
    if (strcmp(why.text, said) != 0)
        fail_msg("\"%s\" instead of \"%s\"", why.text, said);
}

static char *copy(const char *bytes, size_t size)
{
    char *data = malloc(size + 1);
    assert_non_null(data);
    return memcpy(data, bytes, size);
}

static void wrong_files_are_refused(void **state)
{
    (void)state;
    size_t size;
    char *b;
    refused(copy("hello", 5), 5, true,
            "x.idx: is no IDX file, which begins with two zero bytes: give one such as MNIST's "
            "train-images");
    refused(copy("\x1f\x8b\x08\x00", 4), 4, true, "x.idx: is compressed: unpack it with gunzip first");
    refused(copy("\0\0\x0d\x03", 4), 4, true,
            "x.idx: holds numbers of IDX type 0x0d: only unsigned bytes (0x08) are read");
    refused(copy("\0\0\x08\x01", 4), 4, true,
            "x.idx: has 1 dimension, images have 3: give the file that holds the images");
    refused(copy("\0\0\x08\x03\0\0", 6), 6, true,
            "x.idx: ends within its header of 16 bytes: get it again");
    b = idx_bytes(12, 8, 9, 0, &size);
    refused(b, size, true,
            "x.idx: its images are 8 x 9: only squares of 4 to 64 pixels are read");
    b = idx_bytes(12, 3, 3, 0, &size);
    refused(b, size, true,
            "x.idx: its images are 3 x 3: only squares of 4 to 64 pixels are read");
    b = idx_bytes(9, 8, 8, 0, &size);
    refused(b, size, true,
            "x.idx: holds 9 images: at least 10 are needed, one in ten is held out");
    b = idx_bytes(12, 8, 8, -1, &size);
    refused(b, size, true, "x.idx: is 783 bytes long, its header promises 784: get it again");
    b = idx_bytes(12, 8, 8, 1, &size);
    refused(b, size, true, "x.idx: is 785 bytes long, its header promises 784: get it again");
    refused(copy("\0\0\x08\x01\0\0\0\x02\x01\x40", 10), 10, false,
            "x.idx: label 1 is 64: labels are 0 to 63");
}

/* Any bytes at all, and one byte of a good file changed: read or refused, never more. */
static void any_bytes_do_no_harm(void **state)
{
    (void)state;
    struct rng rng;
    int good = 0;
    rng_seed(&rng, 9, RNG_TEST, 0);
    for (int round = 0; round < 20000; round++) {
        size_t size;
        bool images = round % 3 != 0;
        char *b = idx_bytes(10, 4, 4, 0, &size);
        for (int i = (int)rng_below(&rng, 4); i > 0; i--)
            b[rng_below(&rng, 24)] = (char)rng_below(&rng, 256);
        if (rng_below(&rng, 4) == 0)
            size = rng_below(&rng, (uint32_t)size + 1);
        char *data = copy(b, size);
        struct idx idx;
        struct failure why = {0};
        int code = idx_parse(&idx, data, size, images, "x", &why);
        assert_true(code == 0 || (code == ERR_INPUT && why.text[0] && !strchr(why.text, '\n')));
        good += code == 0;
        idx_release(&idx);
        free(b);
    }
    assert_true(good > 1000);
}

static struct task *task_of(const char *file, int64_t seed)
{
    struct config c;
    struct failure why;
    struct task *task;
    config_defaults(&c);
    strcpy(c.task.kind, "images");
    c.train.seed = seed;
    if (file)
        snprintf(c.task.file, sizeof c.task.file, "%s", file);
    if (task_resolve(&c, &why) || task_new(&task, &c, &why))
        fail_msg("%s", why.text);
    return task;
}

/* The tenth, twentieth, ... of a file are held out: none is trained on, all others are. */
static void held_out_images_are_apart(void **state)
{
    (void)state;
    size_t size;
    char *b = idx_bytes(25, 8, 8, 0, &size);
    float pixels[64];
    int seen[25] = {0};
    const char *path = in_scratch("images.idx");
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(b, 1, size, f), size);
    fclose(f);
    free(b);
    struct task *task = task_of(path, 1);
    assert_int_equal(task->pixels, 64);
    assert_int_equal(images_held_out(task), 2);
    for (uint64_t i = 0; i < 5; i++) {
        images_clean(task, true, i, pixels);
        assert_int_equal(lround(((double)pixels[0] + 1) * 127.5), i % 2 ? 19 : 9);
    }
    for (uint64_t i = 0; i < 2000; i++) {
        images_clean(task, false, i, pixels);
        seen[lround(((double)pixels[5] + 1) * 127.5)]++;
    }
    for (int i = 0; i < 25; i++)
        assert_true(i == 9 || i == 19 ? seen[i] == 0 : seen[i] > 40);
    task_free(task);
    /* 100 are held out of 1000: each once, not in their order, whatever sorts the file. */
    b = idx_bytes(1000, 4, 4, 0, &size);
    for (int i = 0; i < 1000; i++)
        b[16 + 16 * i] = (char)(i / 10); /* the held-out one of these ten */
    f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(b, 1, size, f), size);
    fclose(f);
    free(b);
    task = task_of(path, 1);
    int of[100] = {0}, low = 0;
    for (uint64_t i = 0; i < 100; i++) {
        images_clean(task, true, i, pixels);
        int ten = (int)lround(((double)pixels[0] + 1) * 127.5);
        of[ten]++;
        low += i < 20 && ten < 50;
    }
    for (int i = 0; i < 100; i++)
        assert_int_equal(of[i], 1);
    assert_in_range(low, 7, 13);
    task_free(task);
}

/* f(t) / f(0) of the paper by its own words: products of 1 - beta, beta at most 0.999. */
static void the_schedule(void **state)
{
    (void)state;
    double product = 1;
    assert_float_equal(noise_signal(0), 1, 1e-12);
    for (int t = 1; t <= IMAGE_TIMES; t++) {
        double f[2];
        for (int i = 0; i < 2; i++)
            f[i] = pow(cos(((t - 1 + i) / 1000.0 + 0.008) / 1.008 * acos(-1) / 2), 2);
        double beta = 1 - f[1] / f[0];
        product *= 1 - (beta < 0.999 ? beta : 0.999);
        assert_true(fabs(noise_signal(t) - product) < 1e-9 * product + 1e-12);
    }
    assert_true(noise_signal(500) > 0.49 && noise_signal(500) < 0.5);
    assert_true(noise_signal(1000) > 0);
}

/* A batch is x_t of clean images: signal and noise by the schedule, times over every level. */
static void a_batch_is_noisy_images(void **state)
{
    (void)state;
    enum { IMAGES = 64 };
    struct task *task = task_of(NULL, 3);
    struct batch b;
    float clean[256];
    int levels[MAX_LEVELS] = {0};
    double sum = 0, squares = 0;
    assert_int_equal(task_batch(task, &b, 65, IMAGES), 0);
    assert_int_equal(b.pixels, 256);
    for (int64_t step = 0; step < 4; step++) {
        task_sample(task, step, &b);
        for (int i = 0; i < IMAGES; i++) {
            double signal = noise_signal(b.time[i]);
            assert_in_range(b.time[i], 1, IMAGE_TIMES);
            levels[noise_level(b.time[i])]++;
            int label = images_clean(task, false, (uint64_t)(step * IMAGES + i), clean);
            assert_int_equal(b.label[i], label);
            for (int p = 0; p < 256; p++) {
                double noise = (double)b.noise[i * 256 + p];
                double x = sqrt(signal) * (double)clean[p] + sqrt(1 - signal) * noise;
                assert_true(fabs((double)b.image[i * 256 + p] - x) < 1e-5);
                sum += noise;
                squares += noise * noise;
            }
        }
    }
    for (int i = 0; i < MAX_LEVELS; i++)
        assert_true(levels[i] > 15);
    assert_true(fabs(sum / 65536) < 0.02 && fabs(squares / 65536 - 1) < 0.03);
    batch_release(&b);
    task_free(task);
}

/* The same for any division among threads; another seed, step or stream gives others. */
static void images_depend_on_the_seed_alone(void **state)
{
    (void)state;
    struct task *task = task_of(NULL, 3), *other = task_of(NULL, 4);
    struct batch a, b;
    size_t bytes = 6 * 256 * sizeof(float);
    assert_int_equal(task_batch(task, &a, 65, 6), 0);
    assert_int_equal(task_batch(task, &b, 65, 6), 0);
    task_sample(task, 7, &a);
    for (int part = 0; part < 4; part++)
        task_sample_part(task, 7, &b, 3 - part, 4);
    assert_memory_equal(a.image, b.image, bytes);
    assert_memory_equal(a.noise, b.noise, bytes);
    assert_memory_equal(a.time, b.time, 6 * sizeof *a.time);
    task_sample(task, 8, &b);
    assert_true(memcmp(a.image, b.image, bytes) != 0);
    task_sample(other, 7, &b);
    assert_true(memcmp(a.image, b.image, bytes) != 0);
    struct task_reader r;
    assert_int_equal(task_reader_init(&r, task, RNG_EVAL), 0);
    task_read(&r, &a);
    task_reader_release(&r);
    assert_int_equal(task_reader_init(&r, task, RNG_EVAL), 0);
    struct batch half = b;
    half.sequences = 3;
    task_read(&r, &half);
    assert_memory_equal(a.image, half.image, bytes / 2);
    task_read(&r, &half);
    assert_memory_equal(a.image + 3 * 256, half.image, bytes / 2);
    task_reader_release(&r);
    batch_release(&a);
    batch_release(&b);
    task_free(task);
    task_free(other);
}

/* Every kind comes, bright inside its image, black at the rim. */
static void shapes_are_drawn(void **state)
{
    (void)state;
    struct rng rng;
    int kinds[SHAPES] = {0};
    rng_seed(&rng, 1, RNG_TEST, 0);
    for (int i = 0; i < 600; i++) {
        float pixels[256];
        int lit = 0;
        kinds[shape_draw(&rng, 16, pixels)]++;
        for (int p = 0; p < 256; p++) {
            assert_true(pixels[p] >= -1 && pixels[p] <= 1);
            lit += (double)pixels[p] > 0;
        }
        assert_true(lit >= 3 && lit < 140);
        assert_true((double)pixels[0] <= -1 && (double)pixels[255] <= -1);
    }
    for (int k = 0; k < SHAPES; k++)
        assert_true(kinds[k] > 60 && shape_name((enum shape)k)[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_files_are_refused),
        cmocka_unit_test(any_bytes_do_no_harm),
        cmocka_unit_test(held_out_images_are_apart),
        cmocka_unit_test(the_schedule),
        cmocka_unit_test(a_batch_is_noisy_images),
        cmocka_unit_test(images_depend_on_the_seed_alone),
        cmocka_unit_test(shapes_are_drawn),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
