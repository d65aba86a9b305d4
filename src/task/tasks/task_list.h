/* One line for each task: TASK(identifier) registers task_<identifier>_ops. */
TASK(iarc)
TASK(nt)
TASK(delay_copy)
TASK(count_ones)
TASK(find_zero)
TASK(text)
TASK(rules)
TASK(images)
