/* One line for each page, in the order of the tabs: VIEW(IDENTIFIER, identifier, number) is
   PAGE_IDENTIFIER, drawn by view_identifier. The number is its digit key and never another page's. */
VIEW(TRAIN, train, 1)
VIEW(ATTENTION, attention, 2)
VIEW(STEP, step, 3)
VIEW(COMPARE, compare, 4)
VIEW(RUN, run, 5)
VIEW(PROBE, probe, 6)
VIEW(LEARN, learn, 7)
VIEW(MEASURE, measure, 8)
VIEW(IMAGES, images, 9)
