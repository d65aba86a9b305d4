/* The number type of the engine: float in the program, double where gradients are checked. */
#ifndef HEED_BASE_REAL_H
#define HEED_BASE_REAL_H

#ifdef HEED_REAL_DOUBLE
typedef double real;
#define REAL_IS_DOUBLE 1
#else
typedef float real;
#define REAL_IS_DOUBLE 0
#endif

#endif
