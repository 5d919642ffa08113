"""Every difference between what is due, enrolled, paid and expected: the lists of a month."""
