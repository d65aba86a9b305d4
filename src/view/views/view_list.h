/* One line for each page, in the order of enum ui_page: VIEW(identifier) registers view_<identifier>. */
VIEW(train)
VIEW(attention)
VIEW(step)
VIEW(images)
VIEW(compare)
VIEW(run)
VIEW(measure)
VIEW(probe)
