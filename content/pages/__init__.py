"""The screens, a file for each kind of page: plain functions from a turn to what is shown."""
