/* One line for each task: TASK(identifier) registers task_<identifier>_ops. */
TASK(iarc)
TASK(nt)
TASK(rules)
