"""Arabic dates as the United Nations write them: 15 تموز/يوليه 2027, the months by both names (wsis/formats)."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y، H:i e"
SHORT_DATE_FORMAT = "j F Y"
SHORT_DATETIME_FORMAT = "j F Y، H:i e"
MONTH_DAY_FORMAT = "j F"
YEAR_MONTH_FORMAT = "F Y"
