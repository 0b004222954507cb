"""What comes in another way than by the form in time: entered on behalf, or late by a link; with how, why, by whom."""
