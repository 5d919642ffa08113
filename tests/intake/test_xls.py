"""The old binary workbook: one small file, written once with a library that the project does not need otherwise."""

from __future__ import annotations

import base64
import zlib
from datetime import date
from pathlib import Path

from tests.intake.files import cleaned

OLD_BOOK = (
    "c-rk)O-NKx6#njeGvkan&S)BFAcK&VDa=@iE_C{#Ttt&&Qf7gvGmEg%7~EK3mbsdWAPV}~2)3xeilDM0a#6Gh3`K$<(4tkF0{dC0"
    "uXE3P&(sW@D8YE&<DPeZ?m748+<V{8tD%gs-aEPDn1@QJnATiy%+d)eE>rM=?3yN7^X{agSy)zZIVq72J07`TrpO%1e2+uHZQCGG"
    ";2o6%ID$}HYt*-d*us5i6tWK$L<O#rCLKB4t4yZNOjj_y#Wf!@-Nc$ROe?7Fn5f54FjQD(tl~N)pKa-oaqqLw8`cDnjTdqiA3rDb"
    "x^`@iA8I_j%nW(9H1vTIS`}@L#-;4RHKYO^gyLANI1(8{7A3n6Uo;;uVeaauK1;u}dI8dZpQ}&#jowK~oUcEx*nlo*2YHk9APxI%"
    "(xM1=?dk9&+GX0gI3POWpY}Wq)zwN9RUg^suC+njJUbN{Onlo-?3G=|!UIuH1F?5Iqv5a7i3=*kj+hUliA<oh#9!(!36z)l{Q<iC"
    "fsGX9`NiT8R~k*^gh+POG)HB7`qAQ@bF{d5%cT*Gz{7k7Z#*xJZSwl(;hjy@!3NfJ@#92)=&Y7wgoYE+gPhaZVw<6b?6IEdNshXT"
    "`CO)1v@7UdP@Qcs+q=2WDYh0+I~y1y!8Nn^wZ!*)3_r;0c^_Oye1FyW(X9U0!CvIkLoh=A^6EyBC=!=1Nel$dyD$!@w@h<>Ijo$D"
    "*XX-uJXt-M;v9kIL*fa|5qNgwrLu=uz(cTyq`G9zr!Fb%Yf36fHluZAfmjO1vK#gF+&E?=8B3<IQ<0KNBfRlU;aKVdu~d#FGpJIw"
    "RF0LXj}7;g_iokgGM>wbr*hw9ybs2hBve!?nYbsrMMwHiq{4y)3l=O`uwcQ$A49%uDg3gfze?MU7xfh5zs?kuY3n!1e~TKl(bY~L"
    "mD|ut_c%I|T0bjc7iKK6NFVcmp~PNlJ&qPMaX(s;UcdCAC1#Ij(T?7~w}p~ze>$0d{^Rz40Jq-z8~"
)
"""A tekun roll with a merged title, a name with a blank, a real date, a serial number, an ID kept as a number."""


def test_an_old_workbook_is_read_like_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "名册.xls"
    path.write_bytes(zlib.decompress(base64.b85decode(OLD_BOOK)))
    result = cleaned(path)
    assert result.kind == "tekun_roll"
    assert result.frame.select("name", "id_no", "support_form", "started_on").rows() == [
        ("测试", "620602198001010014", "institution", date(2024, 5, 6))
    ]
    assert result.refused["started_on"].to_list() == [date(2024, 5, 6)]
    assert result.findings["code"].to_list() == ["id-lost-digits"]
    assert result.recognised.sheet.merges
