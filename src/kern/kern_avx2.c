#include "kern/vec_avx2.h"
#include "kern/kern_body.inc"
