/* Words of the command line: parsing, suggestions, and what the tables promise. */
#include "heed_test.h"
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "cli/args.h"
#include "cli/help.h"
#include "cli/report.h"
#include "scratch.h"

enum { WORDS = 16 };

/* Split `line` at spaces and parse it; argv stays in `store`. */
struct parsed {
    char store[512];
    char *argv[WORDS + 2];
    struct args args;
    struct failure why;
};

static int parse(struct parsed *p, const char *line)
{
    int argc = 0;

    memset(p, 0, sizeof *p);
    strcpy(p->store, line);
    for (char *word = strtok(p->store, " "); word; word = strtok(NULL, " "))
        p->argv[argc++] = word;
    assert_true(argc <= WORDS);
    return args_parse(&p->args, argc, p->argv, &p->why);
}

static void options_and_words(void **state)
{
    struct parsed p;

    (void)state;
    assert_int_equal(parse(&p, "heed train iarc --until 150 -o out --json -s a=b --seed 7 --resume"), 0);
    assert_string_equal(p.args.command->name, "train");
    assert_int_equal(p.args.word_count, 1);
    assert_string_equal(p.args.words[0], "iarc");
    assert_int_equal(p.args.until, 150);
    assert_string_equal(p.args.output, "out");
    assert_true(p.args.json && p.args.resume && !p.args.plain);
    assert_int_equal(p.args.assignment_count, 2);
    assert_null(p.args.assignments[0].key);
    assert_string_equal(p.args.assignments[0].value, "a=b");
    assert_string_equal(p.args.assignments[1].key, "train.seed");
    assert_string_equal(p.args.assignments[1].value, "7");
    args_release(&p.args);
}

static void defaults(void **state)
{
    struct parsed p;

    (void)state;
    assert_int_equal(parse(&p, "heed"), 0);
    assert_string_equal(p.args.command->name, "");
    assert_int_equal(p.args.word_count, 0);
    assert_int_equal(p.args.until, -1);
    assert_int_equal(p.args.glyphs, -1);
    assert_int_equal(args_colors(&p.args), -1);
    assert_float_equal(p.args.fps, 0, 0);
    assert_true(p.args.max_kbps < 0);
    assert_null(p.args.theme);
    args_release(&p.args);
}

static void choices_become_numbers(void **state)
{
    static const char *const words[] = {"auto", "none", "8", "16", "256", "direct"};
    static const int colors[] = {-1, 0, 8, 16, 256, 1 << 24};
    struct parsed p;
    char line[64];

    (void)state;
    for (int i = 0; i < 6; i++) {
        snprintf(line, sizeof line, "heed --colors %s --glyphs block", words[i]);
        assert_int_equal(parse(&p, line), 0);
        assert_int_equal(args_colors(&p.args), colors[i]);
        assert_int_equal(p.args.glyphs, 1);
        args_release(&p.args);
    }
}

/* What is refused, and words of the message that name the culprit and the remedy. */
static void refusals(void **state)
{
    static const struct {
        const char *line, *culprit, *remedy;
    } table[] = {
        {"heed trian", "trian", "did you mean train?"},
        {"heed check-terminl", "check-terminl", "did you mean check-terminal?"},
        {"heed iarcc", "iarcc", "did you mean iarc?"},
        {"heed reproduce", "reproduce: unknown command", "heed --help"},
        {"heed train --stepz 4", "--stepz", "did you mean --steps?"},
        {"heed train --stepz=4", "--stepz", "did you mean --steps?"},
        {"heed train --s 4", "--s:", "more than one"},
        {"heed train --json=3", "--json", "takes no value"},
        {"heed train --steps", "--steps", "needs a value"},
        {"heed train -x", "-x", "heed train --help"},
        {"heed -s", "-s", "KEY=VALUE"},
        {"heed train --until 1.5", "--until 1.5", "whole number"},
        {"heed train --until -1", "--until -1", "between 0"},
        {"heed --fps 0", "--fps 0", "between 0.1 and 60"},
        {"heed --fps nan", "--fps nan", "must be a number"},
        {"heed --glyphs dots", "--glyphs dots", "ascii|block|half|braille"},
        {"heed eval", "eval", "needs RUN"},
        {"heed eval a b", "b: one word too many", "heed eval --help"},
        {"heed eval a --windows 0", "--windows 0", "between 1"},
        {"heed predict a --top 513", "--top 513", "between 1 and 512"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct parsed p;
        assert_int_equal(parse(&p, table[i].line), ERR_USAGE);
        assert_int_equal(fail_exit_code(&p.why), 2);
        assert_contains(p.why.text, table[i].culprit);
        assert_contains(p.why.text, table[i].remedy);
        args_release(&p.args);
    }
}

/* Every command: a summary, a description, options sorted out by letter, help that names each. */
static void tables_are_whole(void **state)
{
    (void)state;
    for (const struct subcommand *const *c = commands(); *c; c++) {
        struct text help = {0};
        bool letters[128] = {false};
        bool has_help = false;
        help_command(*c, &help);
        assert_true((*c)->summary[0] && (*c)->description[0] && (*c)->run);
        assert_true((*c)->least <= (*c)->most && (*c)->most <= ARGS_WORDS);
        for (const struct option_spec *o = (*c)->options; o->name; o++) {
            char written[64];
            snprintf(written, sizeof written, "--%s", o->name);
            assert_non_null(strstr(text_string(&help), written));
            assert_true(strlen(o->help) > 3);
            assert_true((o->type == OPTION_FLAG) == (o->value == NULL));
            assert_true(o->type != OPTION_SETTING || config_find(o->key));
            has_help = has_help || strcmp(o->name, "help") == 0;
            if (o->letter) {
                assert_true(isalpha(o->letter) && !letters[(int)o->letter]);
                letters[(int)o->letter] = true;
            }
            for (const struct option_spec *other = o + 1; other->name; other++)
                assert_string_not_equal(o->name, other->name);
        }
        assert_true(has_help);
        for (const char *line = text_string(&help); *line; line += strcspn(line, "\n") + 1)
            assert_true(strcspn(line, "\n") < 80);
        text_release(&help);
    }
}

/* Every setting and every key of the terminal program stands in the manual. */
static void manual_covers_tables(void **state)
{
    int count;
    const struct setting *settings = config_settings(&count);
    struct text t = {0};

    (void)state;
    help_man_settings(&t);
    for (int i = 0; i < count; i++) {
        char term[96];
        snprintf(term, sizeof term, ".TP\n\\fB%s\\fR\n", settings[i].key);
        assert_non_null(strstr(text_string(&t), term));
    }
    text_release(&t);
}

static void paths_are_quoted_for_a_shell(void **state)
{
    static const char *const table[][2] = {
        {"/tmp/run-1", "/tmp/run-1"}, {"my run", "'my run'"}, {"it's", "'it'\\''s'"}, {"", "''"},
        {"a\\b", "'a\\b'"}, {"it's\033[31m\\\n", "$'it\\'s\\x1b[31m\\\\\\x0a'"}};

    (void)state;
    for (int i = 0; i < 6; i++) {
        struct text t = {0};
        report_quoted(table[i][0], &t);
        assert_string_equal(text_string(&t), table[i][1]);
        text_release(&t);
    }
}

static void short_line_is(const struct race_snapshot *race, size_t columns, const char *want)
{
    struct text out = {0};
    report_short_line(race, columns, &out);
    assert_string_equal(text_string(&out), want);
    text_release(&out);
}

/* Nothing is cut amid a figure: everyone, the best with the number of all, nobody. */
static void lines_find_room(void **state)
{
    static const char *const names[] = {"lstm", "mlp", "transformer-dpa"};
    struct race_snapshot *race = calloc(1, sizeof *race);
    (void)state;
    assert_non_null(race);
    race->step = 50;
    race->steps = 200;
    race->seconds_left = -1;
    race->count = 3;
    for (int i = 0; i < 3; i++) {
        struct contestant_view *c = &race->contestants[i];
        strcpy(c->name, names[i]);
        c->eval.valid = true;
        c->eval.acc = (struct score){10 * i, 40};
    }
    short_line_is(race, 72, "step 50 / 200  25 %  lstm 0.000  mlp 0.250  transformer-dpa 0.500");
    short_line_is(race, 64, "step 50 / 200  25 %  best of 3: transformer-dpa 0.500");
    race->contestants[2].failed = true;
    short_line_is(race, 60, "step 50 / 200  25 %  best of 3: mlp 0.250");
    short_line_is(race, 30, "step 50 / 200  25 %");
    short_line_is(race, 0, "step 50 / 200  25 %");
    free(race);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_words),
        cmocka_unit_test(defaults),
        cmocka_unit_test(choices_become_numbers),
        cmocka_unit_test(refusals),
        cmocka_unit_test(tables_are_whole),
        cmocka_unit_test(manual_covers_tables),
        cmocka_unit_test(paths_are_quoted_for_a_shell), cmocka_unit_test(lines_find_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
