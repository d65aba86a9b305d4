#include "kern/kern.h"
#include <stdbool.h>
#include <string.h>
#include "kern/tables.h"

#if defined(HEED_HAVE_AVX2) || defined(HEED_HAVE_AVX512)
static bool cpu_has_avx2(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif

#ifdef HEED_HAVE_AVX512
static bool cpu_has_avx512(void)
{
    return cpu_has_avx2() && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl");
}
#endif

const struct kern *kern_get(enum isa isa)
{
    switch (isa) {
    case ISA_REF:
        return &kern_table_ref;
    case ISA_SCALAR:
        return &kern_table_scalar;
#ifdef HEED_HAVE_AVX2
    case ISA_AVX2:
        return cpu_has_avx2() ? &kern_table_avx2 : NULL;
#endif
#ifdef HEED_HAVE_AVX512
    case ISA_AVX512:
        return cpu_has_avx512() ? &kern_table_avx512 : NULL;
#endif
#ifdef HEED_HAVE_NEON
    case ISA_NEON:
        return &kern_table_neon;
#endif
    default:
        return NULL;
    }
}

const struct kern *kern_best(void)
{
    static const enum isa order[] = {ISA_AVX512, ISA_AVX2, ISA_NEON};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const struct kern *kern = kern_get(order[i]);
        if (kern)
            return kern;
    }
    return &kern_table_scalar;
}

int kern_by_name(const char *name, const struct kern **out, struct failure *why)
{
    if (strcmp(name, "auto") == 0) {
        *out = kern_best();
        return 0;
    }
    char known[64] = "auto";
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        const struct kern *kern = kern_get((enum isa)isa);
        if (!kern)
            continue;
        if (strcmp(name, kern->name) == 0) {
            *out = kern;
            return 0;
        }
        strcat(strcat(known, ", "), kern->name);
    }
    return fail(why, ERR_USAGE, "instruction set \"%s\": not in this build or processor: use %s",
                name, known);
}
