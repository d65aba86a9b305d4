/* The program's logits against the same network computed in double precision. */
#include "heed_test.h"
#include <libgen.h>
#include <math.h>
#include "precision.h"

static const char *own_path;

struct reading {
    FILE *in; /* the double program's output */
    int cases;
};

static void compare(void *ctx, const char *name, const struct model *m)
{
    struct reading *r = ctx;
    char expected_name[512];
    int count;
    double largest = 0, worst = 0;
    if (fscanf(r->in, "%511s %d", expected_name, &count) != 2)
        stop_test("no logits in double precision: build tests/f64_logits too\n");
    assert_string_equal(expected_name, name);
    assert_int_equal(count, precision_logits(m));
    for (int i = 0; i < count; i++) {
        double expected;
        assert_int_equal(fscanf(r->in, "%la", &expected), 1);
        double error = fabs(expected - (double)m->logits[i]);
        largest = fmax(largest, fabs(expected));
        worst = error > worst || isnan(error) ? error : worst;
    }
    if (!(worst < 1e-5 * largest))
        stop_test("%s on %s: off by %g, largest logit %g\n", name, m->kern->name, worst, largest);
    r->cases++;
}

static void float_near_double(void **state)
{
    (void)state;
    char copy[1024], command[1200];
    struct team *team;
    assert_int_equal(team_new(&team, 2, NULL), 0);
    snprintf(copy, sizeof copy, "%s", own_path);
    snprintf(command, sizeof command, "'%s/f64_logits'", dirname(copy));
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        if (!kern_get((enum isa)isa))
            continue;
        struct reading r = {popen(command, "r"), 0};
        assert_non_null(r.in);
        precision_walk(kern_get((enum isa)isa), team, compare, &r);
        assert_int_equal(pclose(r.in), 0);
        assert_true(r.cases > 40);
    }
    team_free(team);
}

int main(int argc, char **argv)
{
    (void)argc;
    own_path = argv[0];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(float_near_double),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
