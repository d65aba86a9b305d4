/* Shipped themes, in the order in which `t` walks them: themes/<name>.theme. */
THEME("dark")
THEME("light")
THEME("colour-blind")
THEME("mono")
