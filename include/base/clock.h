/* Time that never runs backwards. */
#ifndef HEED_BASE_CLOCK_H
#define HEED_BASE_CLOCK_H

/* Monotonic seconds from an arbitrary start. */
double clock_now(void);
void clock_sleep(double seconds);

#endif
