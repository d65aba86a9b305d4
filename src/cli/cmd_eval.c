/* heed eval RUN */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/report.h"
#include "cli/stage.h"

static const struct option_spec options[] = {
    OPTION_JSON_SPEC("one JSON object on standard output"),
    {"windows", 'n', OPTION_INT, OPTION_AT(windows), "WINDOWS", NULL, 1, 1e8,
     "windows of the held-out stream (train.eval_windows of the run)"},
    OPTION_CONTESTANT_SPEC("this one only"),
    {"samples", 0, OPTION_INT, OPTION_AT(samples), "N", NULL, 0, 1e5,
     "images to sample for their Frechet distance from real ones (512); 0: none"},
    {"heads", 0, OPTION_FLAG, OPTION_AT(heads), NULL, NULL, 0, 0,
     "also what each head is for, as on the page Probe, on 512 windows that end before a number or on "
     "those of -n"},
    OPTION_TEAM_SPEC,
    OPTION_ISA_SPEC,
    OPTION_HELP_SPEC,
    OPTION_END_SPEC,
};

static int run(const struct args *args, struct failure *why)
{
    struct stage stage = {0};
    struct text out = {0};
    int rc = stage_read_run(&stage, args->words[0], why);

    if (rc == 0)
        rc = report_evaluation(args, args->words[0], (int)args->samples, &out, why);
    if (rc == 0)
        rc = out_text(&out, why);
    text_release(&out);
    return rc;
}

const struct subcommand command_eval = {
    .name = "eval",
    .words = "RUN",
    .summary = "accuracy of a run's checkpoints on the held-out stream",
    .description =
        "Load the newest checkpoint of every contestant and measure it at the last position of "
        "full windows of the run's fixed held-out stream. Accuracy counts numbers only and comes "
        "with a 95 % Wilson interval; \"all\" counts every scored symbol and is shown with the best any "
        "model can reach, because when a control token comes is unpredictable. Where a "
        "task has pairs of tokens a distance apart, and where it asks about a row, what the model "
        "does beyond its training follows: copies by distance, with P_in, P_out and P "
        "(reconstructed); the representation difference of rows of 200 to 2,000. JSON holds the "
        "accuracy of each subtask (\"tasks\") and by how many numbers ago the control token came "
        "(\"switch\") as well.\n\n"
        "With --heads, of each head and each kind of windows: the entropy in nats of the last position's "
        "weights without their signs, how many places back they lie, its weight on the control token, "
        "on the symbol before the newest and on the one that the rule reads; the change of the accuracy "
        "when the head is removed, when its negative weights alone are, and when each of the n keys that "
        "a query sees weighs 1/n, with half of its paired 95 % interval (Agresti and Min 2005); and the "
        "accuracy of final norm and head on the residual stream after the embedding, each attention and "
        "each layer (\"stream\").\n\n"
        "Of a run on images: the mean squared error of the noise found in held-out images, with its "
        "95 % interval and by the level of noise, and the Frechet distance of sampled images from "
        "real ones, in the features of a small classifier that is trained for it, beside that of "
        "held-out images (the least to be expected) and of noise.",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
