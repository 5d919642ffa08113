"""What the codes of repairs and faults mean, in words for a clerk."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """`says` what is wrong or was done, `expected` what should stand there, `fix` what to do."""

    says: str
    expected: str = ""
    fix: str = ""


_ID = "18 位公民身份号码"
_LOOK = "对照本人证件改正"

FAULTS = {
    "id-missing": Words("没有身份证号", _ID, "补填身份证号"),
    "id-lost-digits": Words("身份证号被当作数字，末几位丢了", _ID, "把这一列设为文本，再从原件重新填写"),
    "id-length": Words("身份证号位数不对", _ID, _LOOK),
    "id-shape": Words("不是身份证号", _ID, _LOOK),
    "id-date": Words("身份证号里的出生日期不存在", _ID, _LOOK),
    "id-checksum": Words("身份证号校验码不对，至少错一位", _ID, _LOOK),
    "id-15": Words("15 位旧号不能唯一转成 18 位", _ID, "填写现在的 18 位号码"),
    "id-masked": Words("身份证号被打了星号", _ID, "请对方提供完整号码"),
    "id-may-be-cut": Words("身份证号末三位是 000，同列别的号码丢过末几位", _ID, "对照本人证件核对末四位"),
    "id-other-name": Words("身份证号是另一个名字的人的", "本人的身份证号", "在《待判断.xlsx》里判断，或改正号码"),
    "cert-shape": Words("不是残疾证号", "20 位（身份证号+类别+等级），补办的再加 B1、B2", "对照残疾证改正"),
    "cert-id": Words("残疾证号前 18 位不是有效的身份证号", "20 位残疾证号", "对照残疾证改正"),
    "cert-lost-digits": Words("残疾证号被当作数字，末几位丢了", "20 位残疾证号", "把这一列设为文本，再重新填写"),
    "date-shape": Words("看不懂的日期", "1980-01-01 这样的日期", "改成 年-月-日"),
    "date-not-real": Words("没有这一天", "存在的日期", "对照原件改正"),
    "date-year": Words("年份不可能", "1850 到 2100 年", "对照原件改正"),
    "date-year-only": Words("只有年份，或像年份的数", "年-月-日", "补上月和日"),
    "date-tenth": Words("1980.1 可能是 1 月，也可能是被当作数字的 10 月", "1980-01 或 1980-10", "写成 年-月-日"),
    "month-shape": Words("看不懂的月份", "2025-06 这样的月份", "写成 年-月；季度请分月写"),
    "amount-shape": Words("看不懂的金额", "以元为单位的数，如 1200.50", "只写数"),
    "amount-fraction": Words("金额有不足一分的零头", "最多两位小数", "按规定取舍到分"),
    "amount-size": Words("金额大得不合理", "以元为单位的数", "核对单位"),
    "number-shape": Words("不是整数", "整数", "只写数"),
    "not-in-list": Words("不在可用的写法里", "名册规定的写法", "改成规定的写法"),
    "not-yes-no": Words("看不出是还是否", "是 或 否", "改成 是 或 否"),
    "phone-shape": Words("不是电话号码", "11 位手机号或带区号的座机", "对照原件改正"),
    "account-shape": Words("不是银行账号", "只含数字的账号", "对照存折或卡改正"),
    "account-lost-digits": Words("账号被当作数字，末几位丢了", "完整的账号", "把这一列设为文本，再重新填写"),
    "required-empty": Words("必填的列是空的", "有内容", "补填"),
    "no-such-column": Words("表里缺必需的列", "必需的列", "补上这一列"),
}
"""A cell that could not be read."""

DOUBTS = {
    "sex-differs": Words("性别与身份证号第 17 位不符", "单数男、双数女", "核对性别和身份证号"),
    "birth-differs": Words("出生日期与身份证号不符", "身份证号第 7 到 14 位", "核对出生日期和身份证号"),
    "cert-other-id": Words("残疾证号前 18 位与身份证号不同", "与身份证号相同", "核对哪个号码是对的"),
    "category-differs": Words("残疾类别与残疾证号第 19 位不符", "与证号一致", "核对残疾证"),
    "grade-differs": Words("残疾等级与残疾证号第 20 位不符", "与证号一致", "核对残疾证"),
    "expires-before-issue": Words("有效期早于发证日期", "晚于发证日期", "核对两个日期"),
    "ends-before-start": Words("结束日期早于开始日期", "晚于开始日期", "核对两个日期"),
    "name-empty": Words("没有姓名", "与身份证一致的姓名", "补填姓名"),
    "name-odd": Words("姓名里有数字或符号", "与身份证一致的姓名", "核对姓名"),
    "repeated": Words("同一条在表里出现多次", "每条一行", "核对是不是重复填报或重复发放"),
    "conflicting": Words("同一个人在表里有几行，内容不同", "每人一行，或说明为什么有几行", "核对哪一行是对的"),
    "several-valid": Words("同一个人有几本有效的残疾证", "一人一本有效证", "核对哪一本有效"),
    "name-differs": Words("同一身份证号在别处是另一个名字", "一个号码一个名字", "核对是不是填了别人的号码"),
    "merged-amount": Words("金额是几行合并的一格", "每人一格", "按人拆开填写"),
}
"""The row is used as it is; a person should look at it."""

REPAIRS = {
    "full-width": Words("全角改半角"),
    "id-written": Words("去掉号码里的空格和符号，x 改 X"),
    "id-from-cert": Words("号码取自残疾证号前 18 位"),
    "id-15-to-18": Words("15 位旧号补成 18 位"),
    "name-spaces": Words("去掉姓名里的空格，统一间隔号"),
    "date-serial": Words("表格软件的日期序号换成日期"),
    "date-month-only": Words("只有年月，按当月记"),
    "birth-from-id": Words("出生日期取自身份证号"),
    "placeholder": Words("斜杠、横线等当作空白"),
    "unknown": Words("读不出，当作不知道"),
    "phone-several": Words("有几个电话，取第一个"),
    "phone-written": Words("去掉电话里的空格和符号"),
    "merged-row": Words("与前面一行完全相同，合并"),
    "match-repaired": Words("号码写错一处，按校验码和姓名找到本人"),
    "match-rule": Words("号码不能用，按姓名和出生日期、村或电话找到本人"),
    "match-relative": Words("号码是亲属的，按姓名换成本人的"),
    "match-decided": Words("经办人判定是这个人，用本人的号码"),
    "corrected": Words("由改正后的《数据问题》替换"),
}
"""What was changed without doubt about the meaning."""

SPELLINGS = {
    "word": Words("同义的写法"),
    "date-shape": Words("别的日期写法"),
    "amount-shape": Words("带单位或逗号的金额"),
    "number-unit": Words("带单位的数"),
    "date-month-only": Words("只有年月，按当月记"),
    "no-end": Words("长期有效"),
}
"""Other accepted spellings of the same value; counted by column, no repair."""


def words_of(code: str) -> Words:
    """The words of any code."""
    for table in (FAULTS, DOUBTS, REPAIRS, SPELLINGS):
        if code in table:
            return table[code]
    raise KeyError(code)
