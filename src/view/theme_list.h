/* Shipped themes, in the order in which `t` walks them: themes/<name>.theme. */
THEME("dark")
THEME("light")
THEME("high-contrast")
THEME("colour-blind")
THEME("solarised")
THEME("mono")
THEME("print")
THEME("projector")
