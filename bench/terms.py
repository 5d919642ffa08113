"""The words every rival shares: rule names, amounts, conditions and code lists.

Nothing here computes anything.  The rules themselves are in words in rules.md and once in
the language of each rival (handwritten.py, openfisca_rules.py, policyengine_rules.py).
"""

from __future__ import annotations

REFERENCE_DATE = "2026-07-01"
PERIOD = "2026-07"

#: The ten rules, in the order of their bits in checksums.
RULES = (
    "living",
    "nursing",
    "ext_nursing",
    "utility",
    "age70",
    "single_dibao",
    "pension_paid",
    "child_rehab",
    "day_care",
    "multi_household",
)

#: The rules that pay money; their amount column is called ``<rule>_fen``.
CASH = ("living", "nursing", "ext_nursing", "utility", "age70")

#: Amounts in fen a month.
LIVING = 11_000
NURSING_GRADE_1 = 22_000
NURSING_GRADE_2 = 11_000
EXT_NURSING_GRADE_3 = 11_000
EXT_NURSING_GRADE_4 = 5_500
UTILITY_HOUSEHOLD = 10_000
AGE70 = 10_000

#: Categories of disability; their place in the list + 1 is the number used in engine_bench.md.
CATEGORIES = ("vision", "hearing", "speech", "physical", "intellectual", "mental", "multiple")
MIND = ("intellectual", "mental")
PHYSICAL = "physical"

#: Districts in which child rehabilitation goes on to the age of 17.
REHAB_DISTRICTS = (1, 4, 7, 9, 12, 15)

#: The distinct conditions of the ten rules; the place in the list is the bit in the masks.
CONDITIONS = (
    "dibao_household",
    "no_tekun",
    "no_injury_care",
    "no_orphan_allowance",
    "cert_valid",
    "severe",
    "needs_long_term_care",
    "mind",
    "grade_3_or_4",
    "household_severe",
    "age_70_up",
    "dibao_edge",
    "grade_3",
    "age_16_to_59",
    "age_to_6",
    "age_7_to_17",
    "rehab_district",
    "physical",
    "household_of_two",
)

#: The only condition whose fact may be missing in the synthetic people.
NULLABLE = ("needs_long_term_care",)
