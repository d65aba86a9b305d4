/* One line for each command: COMMAND(identifier) registers command_<identifier>. The first is the
   terminal program. */
COMMAND(live)
COMMAND(train)
COMMAND(watch)
COMMAND(step)
COMMAND(eval)
COMMAND(predict)
COMMAND(sample)
COMMAND(render)
COMMAND(bench)
COMMAND(list)
COMMAND(check_terminal)
COMMAND(help)
