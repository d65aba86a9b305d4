#include "kern/vec_avx512.h"
#include "kern/kern_body.inc"
