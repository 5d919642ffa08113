"""The ten rules in policyengine-core, written as PolicyEngine's country packages write theirs.

There is no unknown here: a missing fact is False.  policyengine_case.py runs them.
"""

from __future__ import annotations

import numpy as np
from policyengine_core.entities import build_entity
from policyengine_core.model_api import MONTH, Enum, ParameterNode, Variable, where
from policyengine_core.taxbenefitsystems import TaxBenefitSystem

import terms

Household = build_entity(
    key="household",
    plural="households",
    label="People who live together",
    roles=[{"key": "member", "plural": "members", "label": "Members"}],
)
Person = build_entity(key="person", plural="persons", label="A person", is_person=True)


class Category(Enum):
    """Kinds of disability."""

    vision = "Vision"
    hearing = "Hearing"
    speech = "Speech"
    physical = "Physical"
    intellectual = "Intellectual"
    mental = "Mental"
    multiple = "Multiple"


class age(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Age in years"


class grade(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Grade of disability, 1 the most severe"


class district(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "District, 1 to 18"


class category(Variable):
    value_type = Enum
    possible_values = Category
    default_value = Category.vision
    entity = Person
    definition_period = MONTH
    label = "Kind of disability"


class cert_valid(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "The certificate is valid on the reference date"


class dibao_household(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "The household is on dibao"


class dibao_edge(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "The household is on the edge of dibao"


class tekun(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Supported as tekun"


class receives_work_injury_care(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Receives the care allowance of work injury insurance"


class receives_orphan_allowance(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Receives the orphan allowance"


class needs_long_term_care(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Needs long-term care"


class severe(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Grade 1 or 2"

    def formula(person, period):
        return person("grade", period) <= 2


class mind(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Intellectual or mental disability"

    def formula(person, period):
        kind = person("category", period)
        return (kind == Category.intellectual) | (kind == Category.mental)


class working_age(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "16 to 59 years old"

    def formula(person, period):
        years = person("age", period)
        return (years >= 16) & (years <= 59)


class open_to_care_money(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Certificate valid, not tekun, no injury care"

    def formula(person, period):
        return person("cert_valid", period) & ~person("tekun", period) & ~person("receives_work_injury_care", period)


class any_severe(Variable):
    value_type = bool
    entity = Household
    definition_period = MONTH
    label = "A member has grade 1 or 2"

    def formula(household, period):
        return household.any(household.members("severe", period))


class n_disabled(Variable):
    value_type = int
    entity = Household
    definition_period = MONTH
    label = "How many members hold a certificate"

    def formula(household, period):
        return household.nb_persons()


class living(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Rule 1, living subsidy"

    def formula(person, period):
        return (
            person("dibao_household", period)
            & person("open_to_care_money", period)
            & ~person("receives_orphan_allowance", period)
        )


class nursing(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Rule 2, nursing subsidy"

    def formula(person, period):
        return person("severe", period) & person("needs_long_term_care", period) & person("open_to_care_money", period)


class ext_nursing(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Rule 3, extended nursing subsidy"

    def formula(person, period):
        return person("mind", period) & (person("grade", period) >= 3) & person("cert_valid", period)


class utility(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Rule 4, utility allowance"

    def formula(person, period):
        return person.household("any_severe", period)


class age70(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Rule 5, allowance from 70"

    def formula(person, period):
        return person("age", period) >= 70


class single_dibao(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Rule 6, dibao as a household of one"

    def formula(person, period):
        hard = person("severe", period) | (person("mind", period) & (person("grade", period) == 3))
        return person("dibao_edge", period) & hard


class pension_paid(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Rule 7, pension contribution paid"

    def formula(person, period):
        return person("severe", period) & person("working_age", period)


class child_rehab(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Rule 8, child rehabilitation"

    def formula(person, period):
        years = person("age", period)
        longer = np.isin(person("district", period), terms.REHAB_DISTRICTS)
        return (years <= 6) | ((years >= 7) & (years <= 17) & longer)


class day_care(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Rule 9, day care"

    def formula(person, period):
        physical = person("category", period) == Category.physical
        kind = person("mind", period) | (physical & person("severe", period))
        return person("working_age", period) & kind


class multi_household(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Rule 10, household with two or more disabled"

    def formula(person, period):
        return person.household("n_disabled", period) >= 2


class living_fen(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Living subsidy, fen a month"
    defined_for = "living"

    def formula(person, period, parameters):
        return parameters(period).living


class nursing_fen(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Nursing subsidy, fen a month"
    defined_for = "nursing"

    def formula(person, period, parameters):
        rates = parameters(period).nursing
        return where(person("grade", period) == 1, rates.grade_1, rates.grade_2)


class ext_nursing_fen(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Extended nursing subsidy, fen a month"
    defined_for = "ext_nursing"

    def formula(person, period, parameters):
        rates = parameters(period).ext_nursing
        return where(person("grade", period) == 3, rates.grade_3, rates.grade_4)


class utility_fen(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Utility allowance, the person's share in fen a month"
    defined_for = "utility"

    def formula(person, period, parameters):
        return parameters(period).utility // person.household("n_disabled", period)


class age70_fen(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Allowance from 70, fen a month"
    defined_for = "age70"

    def formula(person, period, parameters):
        return parameters(period).age70


class total_fen(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "All amounts, fen a month"
    adds = [f"{rule}_fen" for rule in terms.CASH]


def parameters() -> ParameterNode:
    """The dated amounts."""

    def dated(value: int) -> dict:
        return {"values": {"2016-01-01": {"value": value}}}

    amounts = {
        "living": dated(terms.LIVING),
        "nursing": {
            "grade_1": dated(terms.NURSING_GRADE_1),
            "grade_2": dated(terms.NURSING_GRADE_2),
        },
        "ext_nursing": {
            "grade_3": dated(terms.EXT_NURSING_GRADE_3),
            "grade_4": dated(terms.EXT_NURSING_GRADE_4),
        },
        "utility": dated(terms.UTILITY_HOUSEHOLD),
        "age70": dated(terms.AGE70),
    }
    return ParameterNode("", data=amounts)


def system() -> TaxBenefitSystem:
    """The tax and benefit system with every variable of this module."""
    made = TaxBenefitSystem([Person, Household])
    made.parameters = parameters()
    for value in list(globals().values()):
        if isinstance(value, type) and issubclass(value, Variable) and value is not Variable:
            made.add_variable(value)
    return made
