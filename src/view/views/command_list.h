/* One line for each command: BIND(ACTION, name, keys, pages, hint, help). The order is the order of
   the hint line and of the help. Keys are separated by commas; "A-Z" is a range; names as in
   command_key_name. */

/* Train */
BIND(SELECT, "contestant.select", "Up,Down", ON_TRAIN | ON_COMPARE, "select",
     "choose a contestant: its map, its highlighted curve")
BIND(MEASURE, "curves.measure", "v,V", ON_TRAIN, "view",
     "accuracy and loss, gradient, rate, speed, switch cost, a subtask")
BIND(AXIS, "curves.axis", "a", ON_TRAIN | ON_COMPARE, "axis",
     "horizontal axis: steps, samples or seconds of training")
BIND(SMOOTH, "curves.smooth", "m", ON_TRAIN, "smooth",
     "smooth loss and gradient norm: not, 0.5, 0.9, 0.97")
BIND(LOG, "curves.log", "l", ON_TRAIN, "log", "values on a logarithmic or a linear scale")
BIND(LOG_X, "curves.log-x", "L", ON_TRAIN | ON_COMPARE, NULL,
     "steps, samples or seconds on a logarithmic or a linear scale")
BIND(ZOOM, "curves.zoom", "+,-,=", ON_TRAIN, "zoom",
     "zoom in or out, around the cursor or at the newest end")
BIND(CURSOR, "curves.cursor", "Left,Right", ON_TRAIN, "read",
     "move the cursor that reads the curves' numbers")
BIND(PAN, "curves.pan", "<,>", ON_TRAIN, NULL, "move the zoomed window along the axis")
BIND(FOLLOW, "curves.follow", "F", ON_TRAIN, NULL,
     "let the zoomed window follow the newest end, or keep it")
BIND(FIT, "curves.fit", "f", ON_TRAIN, NULL, "the whole run again, no cursor")
BIND(HIDE, "contestant.hide", "h", ON_TRAIN | ON_COMPARE, "hide",
     "hide the chosen contestant's curves, or show them again")
BIND(HIGHLIGHT, "contestant.highlight", "H", ON_TRAIN | ON_COMPARE, NULL,
     "let the chosen contestant's curves stand out, or all alike")
BIND(OPEN_MAP, "attention.open", "Enter", ON_TRAIN | ON_COMPARE, "map",
     "open the chosen contestant's attention map")

/* Attention */
BIND(MAP_CURSOR, "attention.cursor", "Left,Right,Up,Down", ON_ATTENTION, "cursor",
     "over keys and queries; with all maps, over heads and layers")
BIND(MAP_FAR, "attention.far", "Home,End,PgUp,PgDn", ON_ATTENTION, NULL,
     "first or last key; eight queries up or down")
BIND(MODE, "attention.mode", "m,M", ON_ATTENTION, "mode",
     "signed, positive, negative, squared, absolute, raw score")
BIND(ALL_MAPS, "attention.all", "a,Enter", ON_ATTENTION, "all",
     "all layers and heads side by side, or one large map")
BIND(OVERVIEW, "attention.overview", "o", ON_ATTENTION, "overview",
     "a map too large for its room: the whole of it, pooled, or its cells by scrolling")
BIND(LOCK, "attention.lock", "r", ON_ATTENTION, "lock",
     "lock the colour range, or let it follow the map")
BIND(DIFFERENCE, "attention.difference", "d", ON_ATTENTION, "difference",
     "the maps less those of the second contestant, or the maps alone")
BIND(FREEZE, "attention.freeze", "f", ON_ATTENTION, "freeze",
     "keep this moment's maps, or go live again")

/* Step */
BIND(INJECT, "step.inject", "A-Z", ON_STEP, "inject",
     "append a control token: its letter, or its name up to where it is the only one")
BIND(DIGIT, "step.number", "0-9", ON_STEP, "number",
     "append a number; the 1 of 12 waits for the 2 or for Enter")
BIND(SPELL, "step.spell", "'", ON_STEP, NULL, "append any symbol: type its name, then Enter")
BIND(RULE, "step.rule", "Enter", ON_STEP, "rule's", "append the number that the rule asks for")
BIND(MODEL, "step.model", "m", ON_STEP, "model's", "append the symbol that the model expects")
BIND(STREAM, "step.stream", "s", ON_STEP, "stream's",
     "append what the stream brings, control tokens included")
BIND(TYPE, "step.type", "a", ON_STEP, NULL, "of a text: type characters, as they are, until Esc")
BIND(TEMPERATURE, "step.temperature", "(,)", ON_STEP, NULL,
     "of a text: lower or raise the temperature of what the model writes")
BIND(MOVE, "step.move", "Left,Right", ON_STEP, "back/on", "go back, or forward again")
BIND(MOVE_FAR, "step.ends", "Home,End", ON_STEP, NULL, "to the first symbol or the last")
BIND(REPLACE, "step.replace", "r", ON_STEP, "replace",
     "change a symbol in place: arrows choose it, then type the new one")
BIND(BRANCH, "step.branch", "b", ON_STEP, "branch",
     "a second sequence with one symbol changed, beside the first; again: close it")
BIND(EXCHANGE, "step.exchange", "x", ON_STEP, NULL, "the two sequences of a branch change places")
BIND(JUMP, "step.control", "<,>", ON_STEP, NULL, "to the control token before or after")
BIND(ASK, "step.ask", "g", ON_STEP, NULL,
     "grade: ask the model at every place of the sequence")
BIND(WRITE_SEQUENCE, "step.write", "o", ON_STEP, NULL, "write the sequence to a text file")
BIND(READ_SEQUENCE, "step.read", "i", ON_STEP, NULL, "read a sequence from a text file")
BIND(UNDO, "step.undo", "u,Backspace", ON_STEP, "undo", "take the newest change back")
BIND(RESTART, "step.new", "n", ON_STEP, "new", "a fresh sequence")
BIND(PLAY, "step.play", "p", ON_STEP, "play", "let the stream run by itself, or stop it; meanwhile m, Enter, s: who chooses")
BIND(PLAY_SPEED, "step.speed", "+,-,=", ON_STEP, NULL, "play faster or slower")

/* Images */
BIND(PATCH, "images.patch", "Left,Right,Up,Down", ON_IMAGES, "patch",
     "choose the patch whose attention is shown")
BIND(IMAGE, "images.image", "i,I", ON_IMAGES, "image", "the next image for that, or the one before")

/* Probe */
BIND(EXAMINE, "probe.measure", "Enter", ON_PROBE, "measure",
     "measure what each head is for, with the weights of now")
BIND(CUT, "probe.cut", "x", ON_PROBE, "remove",
     "remove the chosen head from every picture, or put it back; training keeps it")
BIND(POSITIVE, "probe.positive", "n", ON_PROBE, "no neg.",
     "remove the chosen head's negative weights from every picture, or put them back")
BIND(UNIFORM, "probe.uniform", "u", ON_PROBE, "uniform",
     "freeze the chosen head's rows to 1/n in every picture, or let them go")
BIND(LIFT, "probe.lift", "X", ON_PROBE, "lift", "all heads as they are in the pictures again")
BIND(PART, "probe.subtask", "s", ON_PROBE, "rule",
     "windows of the next control token alone, or all")
BIND(PROBE_COLUMNS, "probe.columns", "Left,Right", ON_PROBE, "columns",
     "further columns, at the left or the right")
BIND(CHOOSE_HEAD, "probe.head", "Up,Down", ON_PROBE, "choose", "choose a head: its map, its sentence")

/* Learn */
BIND(LESSON_PRESS, "learn.press", "Enter", ON_LEARN, "do it",
     "do what the lesson says to press, one thing after the other")
BIND(LESSON, "learn.lesson", "PgUp,PgDn,p,n", ON_LEARN, "lesson", "the lesson before or after this one")
BIND(LESSON_TURN, "learn.turn", "Left,Right,Up,Down", ON_LEARN, "turn",
     "turn the query, make it longer or shorter; head, place or contestant; tau and N; else scroll")
BIND(LESSON_READ, "learn.read", "(,)", ON_LEARN, "read", "further up or down in the lesson's text")
BIND(LESSON_VARIANT, "learn.variant", "v,V", ON_LEARN, "variant",
     "the next of the ways from scores to weights, or the one before")

/* Attention, Step and Images */
BIND(VERSUS, "contestant.second", "v", ON_ATTENTION | ON_STEP | ON_IMAGES, "versus",
     "a second contestant on the same sequence or noise: the next one, or none")
BIND(HEAD, "attention.head", "[,]",
     ON_ATTENTION | ON_STEP | ON_IMAGES | ON_PROBE | ON_LEARN, "head",
     "head before or after this one, through all layers")
BIND(LAYER, "attention.layer", "{,}", ON_ATTENTION | ON_STEP | ON_IMAGES | ON_PROBE, NULL,
     "layer below or above")

/* Images: what is needed less often */
BIND(DRAW_AGAIN, "images.again", "Enter", ON_IMAGES, "again", "draw once more from the same noise")
BIND(NOISE, "images.noise", "o,O", ON_IMAGES, "other noise", "draw from other noise, or from the one before")
BIND(DRAW_STEPS, "images.steps", "+,-,=", ON_IMAGES, "steps", "more or fewer steps from noise to image")
BIND(BELOW, "images.below", "b", ON_IMAGES, "below",
     "what a contestant takes to be below the noise, or the images as they are")
BIND(QUALITY, "images.quality", "m", ON_IMAGES, "measure",
     "measure the samples' Frechet distance from real images, or stop that")

/* Attention, Step and Probe */
BIND(TIMELINE, "timeline.scrub", "Comma,Semicolon", ON_ATTENTION | ON_STEP | ON_PROBE, "past",
     "weights saved at an earlier step of the training, or at a later one")
BIND(LIVE, "timeline.live", "l", ON_ATTENTION | ON_STEP | ON_PROBE, NULL,
     "the newest weights again, as they come")

/* Compare */
BIND(SORT, "compare.sort", "s,S", ON_COMPARE, "sort",
     "sort by the next column, or the one before; the note says what it means")
BIND(COLUMNS, "compare.columns", "Left,Right", ON_COMPARE, "columns",
     "columns that are out of sight at the left or the right")
BIND(BARS, "compare.bars", "b", ON_COMPARE, "bars",
     "subtasks as bars in place of the curves, or the curves again")
BIND(REVERSE, "compare.reverse", "r", ON_COMPARE, "reverse", "turn the order round")

/* Run */
BIND(SCROLL, "run.scroll", "Up,Down,PgUp,PgDn,Home,End", ON_RUN, "scroll", "scroll the settings")
BIND(EDIT, "run.edit", "Enter", ON_RUN, "edit", "type a value for the chosen setting")
BIND(CYCLE, "run.cycle", "Left,Right", ON_RUN, "choose",
     "the word before or after, of a setting that has a list of them")
BIND(START, "run.start", "R", ON_RUN, "start",
     "start the race; later: restart it with the settings as they stand in the form")
BIND(PRESET, "run.preset", "p", ON_RUN, "preset", "load a preset into the form")
BIND(ADD, "run.add", "A", ON_RUN, "add", "add a contestant to the form's cast")
BIND(DROP, "run.drop", "X", ON_RUN, "drop", "drop the marked contestant from the form's cast")
BIND(OWN, "run.own", "i", ON_RUN, "alone",
     "edit for the marked contestant alone, or for all")
BIND(DEFAULT, "run.default", "Delete,Backspace", ON_RUN, NULL, "the chosen setting's default")
BIND(ASSIGN, "run.set", "s", ON_RUN, NULL,
     "type KEY=VALUE or NAME.KEY=VALUE as after -s, several at once")
BIND(REVERT, "run.undo", "u", ON_RUN, NULL, "forget the edits: the form as it was begun last")
BIND(RESEED, "run.reseed", "N", ON_RUN, NULL, "restart with the next seed")
BIND(OPEN_RUN, "run.open", "o", ON_RUN, "open", "open another run: from the list, or by its path")
BIND(WRITE_FORM, "run.write", "W", ON_RUN, NULL,
     "write the form to a settings file, as heed train takes it")
BIND(FIND, "run.find", "/", ON_RUN, "find", "only settings with a word in their key or meaning")
BIND(LOG_SCROLL, "run.log", "[,]", ON_RUN, "log", "older or newer lines of the log")
BIND(RATE, "rate.change", "-,+,=", ON_RUN, "rate",
     "chosen contestant's learning rate: a factor on its schedule")
BIND(RATE_RESET, "rate.reset", "0", ON_RUN, NULL, "the schedule's own learning rate again")
BIND(RATE_ALL, "rate.all", "a", ON_RUN, "one/all",
     "change the rate of the chosen contestant, or of all")
BIND(DIFFERENT, "run.different", "d", ON_RUN, "which",
     "settings that this race reads, only those that are changed or differ, or all")
BIND(FULL, "run.view", "v,V", ON_RUN, "view",
     "the page for the settings, for the log, for files and system, or a part for each")

/* Measure */
BIND(CELL, "measure.cell", "Left,Right,Up,Down", ON_MEASURE, "cell",
     "choose a cell of the ladder; of copies and rows, scroll the list")
BIND(LESS, "measure.difference", "d", ON_MEASURE, "difference",
     "the two contestants' difference, or each by itself")
BIND(PAIR, "measure.pair", "v", ON_MEASURE, "pair", "the next pair of contestants")
BIND(SLICE, "measure.slice", "[,]", ON_MEASURE, NULL,
     "other values of what is neither row nor column")
BIND(CELL_RUN, "measure.run", "Enter", ON_MEASURE, NULL, "name the run behind the chosen cell")

/* Everywhere */
BIND(FOCUS, "contestant.next", "c", ON_ALL, "contestant", "next contestant")
BIND(PAUSE, "pause", "Space", ON_ALL, "pause", "pause training, or go on")
BIND(SINGLE, "single-step", ".", ON_ALL, NULL, "train one step, then pause")
BIND(PAGE, "page.open", "1-9", ON_ALL & ~ON_STEP, NULL,
     "open the page of this number; says why where this race has nothing for it")
BIND(NEXT_PAGE, "page.next", "Tab,Shift-Tab", ON_ALL, "page", "page after or before this one")
BIND(THEME, "theme", "t", ON_ALL, "theme", "next theme")
BIND(SAVE, "save", "w", ON_ALL, NULL, "write checkpoints now")
BIND(EXPORT, "export", "e", ON_ALL, NULL, "write this page to files: text, ANSI, SVG, numbers as CSV")
BIND(CLOSE, "close", "Esc", ON_ALL, NULL,
     "close help, number, cursor, map; else back to Train")
BIND(PALETTE, "palette", ":", ON_ALL, NULL, "find a command by its name, its key or what it does")
BIND(HELP, "help", "?", ON_ALL, "help", "the list of all keys")
BIND(QUIT, "quit", "q", ON_ALL, "quit",
     "quit; asks first while a model trains")
