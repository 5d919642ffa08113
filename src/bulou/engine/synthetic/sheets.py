"""What each department knows in a month: its list as clean columns of text, before anybody types it badly.

Dates are 2025-06-30, months 2025-06, grades and categories their digit, money fen, flags 是/否 or empty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bulou.engine.synthetic.certificates import CATEGORIES, certificate_numbers, expires_in, grade_in, issued_in
from bulou.engine.synthetic.draws import Array
from bulou.engine.synthetic.due import registered
from bulou.engine.synthetic.lives import village_in
from bulou.engine.synthetic.months import NEVER, ages_on, days_in, last_day, month_text
from bulou.engine.synthetic.people import People
from bulou.engine.synthetic.population import Region
from bulou.engine.synthetic.setting import WINDOW

CATEGORY_WORDS = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")


@dataclass(frozen=True)
class Sheet:
    """One department's list: columns of equal length, the person and the county of each row."""

    kind: str
    columns: dict[str, Array]
    person: Array
    county: Array

    def __len__(self) -> int:
        return len(self.person)


class Writer:
    """Builds the lists of one month of a region."""

    def __init__(self, region: Region, month: int) -> None:
        self.region, self.people, self.month = region, region.people, month
        self.village = village_in(region.people, month)

    def sheet(self, title: str, who: Array, /, *, village: Array | None = None, **columns: Array) -> Sheet:
        """Adds what every list says of a person; `who` is a mask or positions, `columns` belong to those rows."""
        rows = np.flatnonzero(who) if who.dtype == bool else who
        places, village = self.region.places, self.village[rows] if village is None else village
        county = places.county[village]
        names = places.county_names()
        known = {
            "county": np.array([names[code] for code in county], dtype=object),
            "township": places.township_name[village],
            "village": places.village_name[village],
            "name": self.people["name"][rows],
            "id_no": self.people["id_no"][rows],
            "sex": np.where(self.people["male"][rows], "男", "女"),
            "household": household_numbers(self.people["household"][rows]),
        }
        order = np.argsort(village, kind="stable")
        every = {name: values[order] for name, values in {**known, **columns}.items()}
        return Sheet(title, every, rows[order], county.astype(str)[order])

    def draws_for(self, kind: str, steady: bool = False) -> Array:
        """A number in [0, 1) for every person, the same each month where `steady`."""
        return self.region.setting.draws(kind, "" if steady else self.month).uniform(len(self.people))

    def some(self, share: str) -> Array:
        """A calibrated share of everybody, the same people each month."""
        return self.draws_for(share, steady=True) < self.region.setting.number(share)


def household_numbers(households: Array) -> Array:
    """The number of a household in the files."""
    return np.array([f"H{number:07d}" for number in households.tolist()], dtype=object)


def texts(days: Array) -> Array:
    """Days as 2025-06-30; no day as an empty text."""
    return np.where(np.isnat(days), "", np.datetime_as_string(days)).astype(object)


def month_texts(months: Array) -> Array:
    """Month numbers as 2025-06; always and never as an empty text."""
    known = {number: month_text(number) for number in np.unique(months).tolist() if 0 < number < NEVER}
    return np.array([known.get(number, "") for number in months.tolist()], dtype=object)


def words(positions: Array, names: tuple[str, ...]) -> Array:
    """Words by position."""
    return np.array(names, dtype=object)[positions]


def flags(values: Array, known: Array | None = None) -> Array:
    """是 or 否; empty where nobody knows."""
    said = np.where(values, "是", "否")
    return (said if known is None else np.where(known, said, "")).astype(object)


def certificate_register(w: Writer) -> Sheet:
    """The federation's register: also the dead and the expired it has not struck yet."""
    who = registered(w.people, w.month)
    people = w.people.take(who)
    multiple = [
        "、".join(CATEGORY_WORDS[CATEGORIES.index(one)] for one in named.split(",")) if named else ""
        for named in people["multiple_of"].tolist()
    ]
    return w.sheet(
        "certificate_register",
        who,
        birth=texts(people["birth"]),
        cert_no=certificate_numbers(people, w.month),
        category=(people["category"] + 1).astype(str).astype(object),
        multiple_of=np.array(multiple, dtype=object),
        grade=grade_in(people, w.month).astype(str).astype(object),
        issued=texts(issued_in(people, w.month)),
        expires=texts(expires_in(people, w.month)),
        status=certificate_status(people, w.month, w.some("expired_shown_share")[who]),
        phone=people["phone"],
    )


def certificate_status(people: People, month: int, shown: Array) -> Array:
    """What the register says; an expired certificate stands there as normal unless it is `shown` as expired."""
    expired = (expires_in(people, month) < last_day(month)) & shown
    checks = [people[f"{state}_month"] <= month for state in ("cancelled", "frozen", "lost")]
    return np.select([*checks, expired], ["注销", "冻结", "挂失", "过期"], "正常").astype(object)


def _head_columns(w: Writer, rows: Array) -> tuple[Array, Array]:
    heads = np.flatnonzero(w.people["head"])
    head = heads[w.people["household"][rows]]
    return w.people["name"][head], w.people["id_no"][head]


def relations(people: People) -> Array:
    """To the head of the household."""
    heads = np.flatnonzero(people["head"])
    step = people["generation"] - people["generation"][heads[people["household"]]]
    older, younger = np.where(people["male"], "父亲", "母亲"), np.where(people["male"], "儿子", "女儿")
    return np.select([people["head"], step < 0, step > 0], ["户主", older, younger], "配偶").astype(object)


def dibao(w: Writer) -> Sheet:
    """Everybody on the dibao roll, whole families and one-person units."""
    who = w.people.during("dibao", w.month) & _not_struck(w)
    rows = np.flatnonzero(who)
    head_name, head_id = _head_columns(w, rows)
    home = w.region.setting.draws("dibao money").whole(15, 45, int(w.people["household"].max()) + 1)
    return w.sheet(
        "dibao",
        rows,
        head_name=head_name,
        head_id=head_id,
        relation=relations(w.people)[rows],
        kind=np.where(w.region.places.urban[w.village[rows]], "城市低保", "农村低保").astype(object),
        unit=np.where(w.people["dibao_single"][rows], "单人保", "整户保").astype(object),
        since=month_texts(w.people["dibao_from"][rows]),
        money=home[w.people["household"][rows]] * 1000,
    )


def _not_struck(w: Writer) -> Array:
    """Departments strike the dead in the month after they heard, and those who moved out at once."""
    result: Array = (w.people["death_known_month"] >= w.month) & (w.people["moved_out_month"] > w.month)
    return result


def low_income(w: Writer) -> Sheet:
    """Dibao-edge and low-income families."""
    who = (w.people["edge"] | w.people["low_income"]) & _not_struck(w)
    kind = np.where(w.people["edge"], "低保边缘家庭", "低收入家庭").astype(object)
    return w.sheet("low_income", who, relation=relations(w.people)[who], kind=kind[who])


def tekun(w: Writer) -> Sheet:
    """People in extreme hardship."""
    who = w.people.during("tekun", w.month) & _not_struck(w)
    place = np.where(w.some("tekun_in_institution_share"), "集中供养", "分散供养").astype(object)
    return w.sheet("tekun", who, kind=place[who], since=month_texts(w.people["tekun_from"][who]))


def monitoring(w: Writer) -> Sheet:
    """Households watched against falling back into poverty."""
    who = (w.people["monitor"] > 0) & _not_struck(w)
    kinds = ("", "脱贫不稳定户", "边缘易致贫户", "突发严重困难户")
    exited = flags(w.people["poverty_exited"][who])
    kind = words(w.people["monitor"][who], kinds)
    return w.sheet("monitoring", who, relation=relations(w.people)[who], kind=kind, exited=exited)


def orphans(w: Writer) -> Sheet:
    """Orphans and children in fact without support."""
    who = w.people.during("orphan", w.month) & _not_struck(w)
    kind = np.where(w.some("orphan_proper_share"), "孤儿", "事实无人抚养儿童").astype(object)
    return w.sheet("orphans", who, kind=kind[who], since=month_texts(w.people["orphan_from"][who]))


def work_injury(w: Writer) -> Sheet:
    """Those who draw the care benefit of work-injury insurance."""
    who = w.people.during("work_injury", w.month) & _not_struck(w)
    money = 200_000 + np.floor(w.draws_for("work injury", steady=True)[who] * 4).astype(np.int64) * 50_000
    return w.sheet("work_injury", who, money=money, since=month_texts(w.people["work_injury_from"][who]))


def disability_pension(w: Writer) -> Sheet:
    """Men who draw a disability pension of the state; none of them holds a certificate, so nobody loses a subsidy."""
    man = w.people["male"] & ~w.people["holder"] & (ages_on(w.people["birth"], last_day(w.month)) >= 40)
    who = man & w.some("disability_pension_share") & _not_struck(w)
    draw = w.draws_for("disability pension", steady=True)[who]
    kind = words(np.floor(draw * 2).astype(np.int64), ("因战", "因公"))
    grade = words(np.floor(draw * 97).astype(np.int64) % 3, ("八级", "九级", "十级"))
    return w.sheet("disability_pension", who, kind=kind, grade=grade, money=np.full(int(who.sum()), 150_000))


def elder_care(w: Writer) -> Sheet:
    """Old-age allowance, elder-care service subsidy and old people's nursing subsidy, one row each."""
    kinds = (
        ("old_age", "高龄津贴", 8000),
        ("elder_service", "养老服务补贴", 10000),
        ("elder_nursing", "老年人护理补贴", 10000),
    )
    rows, names, money = [], [], []
    for spell, name, fen in kinds:
        who = np.flatnonzero(w.people.during(spell, w.month) & _not_struck(w))
        rows.append(who)
        names += [name] * len(who)
        money.append(np.full(len(who), fen))
    people = np.concatenate(rows)
    age = ages_on(w.people["birth"][people], last_day(w.month))
    return w.sheet("elder_care", people, age=age, kind=np.array(names, dtype=object), money=np.concatenate(money))


def deaths_civil(w: Writer) -> Sheet:
    """Deregistered because of death in the last twelve months."""
    return _deaths(w, "deaths_civil", "civil_report_month")


def deaths_cremation(w: Writer) -> Sheet:
    """Cremated in the last twelve months."""
    return _deaths(w, "deaths_cremation", "cremation_report_month")


def _deaths(w: Writer, kind: str, column: str) -> Sheet:
    month = w.people[column]
    who = (month <= w.month) & (month > w.month - WINDOW)
    first = (month[who] - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")
    day = first + np.floor(w.draws_for(kind, steady=True)[who] * 28).astype(np.int64)
    death = w.people["death_on"][who]
    heard = np.maximum(death, np.minimum(np.maximum(day, death + 2), first + 27))
    return w.sheet(kind, who, death=texts(death), reported=texts(heard))


def prison(w: Writer) -> Sheet:
    """In prison this month."""
    who = w.people.during("prison", w.month)
    return w.sheet(
        "prison", who, since=month_texts(w.people["prison_from"][who]), until=month_texts(w.people["prison_to"][who])
    )


def moves(w: Writer) -> Sheet:
    """Moved within twelve months, out of the region or inside it."""
    out, within = w.people["moved_out_month"], w.people["moved_within_month"]
    month = np.minimum(out, within)
    rows = np.flatnonzero((month <= w.month) & (month > w.month - WINDOW))
    left = out[rows] <= w.month
    names, places = w.region.places.county_names(), w.region.places
    county = np.array([names[code] for code in places.county], dtype=object)
    place = np.array([a + b for a, b in zip(county, places.township_name, strict=True)], dtype=object)
    return w.sheet(
        "moves",
        rows,
        kind=np.where(left, "迁出", "市内迁移").astype(object),
        moved=texts(days_in(month[rows], w.draws_for("moves", steady=True)[rows])),
        from_place=place[w.people["village"][rows]],
        to_place=np.where(left, "外省市", place[w.people["new_village"][rows]]),
    )
