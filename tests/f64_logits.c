/* Prints the logits of every case of precision.h in double precision, for test_precision. */
#include "heed_test.h"
#include "precision.h"

static void print_logits(void *ctx, const char *name, const struct model *m)
{
    (void)ctx;
    printf("%s %d\n", name, precision_logits(m));
    for (int i = 0; i < precision_logits(m); i++)
        printf("%a\n", (double)m->logits[i]);
}

int main(void)
{
    struct team *team;
    if (team_new(&team, 1, NULL))
        return 1;
    precision_walk(kern_get(ISA_REF), team, print_logits, NULL);
    team_free(team);
    return 0;
}
