/* The whole program on a pseudo-terminal: how soon it is there, and how soon it answers. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "heed_test.h"
#include "scratch.h"
#include "tui_child.h"

enum { KEYS = 24, STARTS = 12 };

/* Sanitizers slow everything down; the limits are those of what is shipped. */
#ifdef NDEBUG
static const double first_frame_limit = 0.100, key_limit = 0.050;
#else
static const double first_frame_limit = 2, key_limit = 1;
#endif

static char program[4096];
static char *const words[] = {program, "--no-files", "-s", "train.steps=100000", NULL};

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Seconds until the text is there. Without a pause in between, unlike child_sees. */
static double wait_for(struct child *c, const char *text)
{
    double begin = clock_now();
    while (!screen_has(&c->screen, text) && clock_now() - begin < 20) {
        child_read(c, 0.5);
    }
    assert_true(screen_has(&c->screen, text));
    return clock_now() - begin;
}

static void leave(struct child *c)
{
    child_type(c, "qy"); /* it asks only once training has begun */
    int status = child_wait(c);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_given_back(c, true);
}

/* Seconds that the child's first thread was ready to run while other programs had the processor
   (Linux; 0 elsewhere). */
static double kept_waiting(const struct child *c)
{
    char path[64];
    unsigned long long ran, waited = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", (int)c->pid, (int)c->pid);
    FILE *f = fopen(path, "r");
    if (f) {
        waited = fscanf(f, "%llu %llu", &ran, &waited) == 2 ? waited : 0;
        fclose(f);
    }
    return (double)waited * 1e-9;
}

/* One start in time is enough, and waiting for other programs does not count. */
static void test_the_first_frame_comes_at_once(void **state)
{
    (void)state;
    double best = 1e9;
    for (int i = 0; i < STARTS && best >= first_frame_limit; i++) {
        struct setup s = SETUP("xterm-256color");
        s.program = words;
        struct child c;
        child_start(&c, &s);
        double took = wait_for(&c, "Train") - kept_waiting(&c);
        best = took < best ? took : best;
        leave(&c);
        child_close(&c);
    }
    print_message("first frame after %.0f ms\n", best * 1e3);
    assert_true(best < first_frame_limit);
}

/* A quarter of the keys at least must be answered in time on a machine that has more to do than
 * this. */
static void test_a_key_is_answered_while_training(void **state)
{
    (void)state;
    struct setup s = SETUP("xterm-256color");
    s.program = words;
    s.w = 120;
    s.h = 40;
    struct child c;
    child_start(&c, &s);
    wait_for(&c, "step/s");
    wait_for(&c, "steps/min"); /* they train */
    double took[KEYS];
    for (int i = 0; i < KEYS; i++) {
        clock_sleep(0.03);
        while (child_read(&c, 0)) {
        }
        child_type(&c, i % 2 ? "1" : "2");
        took[i] = wait_for(&c, i % 2 ? "accuracy now" : "looks at");
    }
    qsort(took, KEYS, sizeof *took, by_size);
    print_message("a key is answered after %.1f ms (median; quarter %.1f, worst %.1f)\n",
                  took[KEYS / 2] * 1e3, took[KEYS / 4] * 1e3, took[KEYS - 1] * 1e3);
    assert_true(took[KEYS / 4] < key_limit);
    leave(&c);
    child_close(&c);
}

/* Nobody's heed.ini is read, or remembers a page of this test. */
static int begin_untouched(void **state)
{
    return scratch_make(state) < 0 ? -1 : setenv("XDG_CONFIG_HOME", scratch, 1);
}

int main(int argc, char **argv)
{
    (void)argc;
    const char *named = getenv("HEED"), *slash = strrchr(argv[0], '/');
    if (named) {
        text_copy(program, sizeof program, named);
    } else { /* BUILD/tests/test_live beside BUILD/heed */
        int length = slash ? (int)(slash - argv[0]) : 1;
        snprintf(program, sizeof program, "%.*s/../heed", length, slash ? argv[0] : ".");
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_frame_comes_at_once),
        cmocka_unit_test(test_a_key_is_answered_while_training),
    };
    return cmocka_run_group_tests(tests, begin_untouched, scratch_remove);
}
