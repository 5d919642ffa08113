"""A PDF of plain text lines, just enough to be read back: one font that maps every code to itself."""

from __future__ import annotations

_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def
/CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange
2 beginbfrange <0020> <00FF> <0020> <2000> <FFFD> <2000> endbfrange
endcmap end end"""


def make_pdf(pages: list[list[str]]) -> bytes:
    """One page for each list of lines; an empty list gives a page without text, as a scan does."""
    kids = " ".join(f"{6 + 2 * at} 0 R" for at in range(len(pages)))
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H "
        b"/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
    )
    descendant = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        font,
        descendant,
        _stream(_TO_UNICODE),
    ]
    for at, lines in enumerate(pages):
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 1190] /Contents {7 + 2 * at} 0 R "
        objects += [(page + "/Resources << /Font << /F 3 0 R >> >> >>").encode(), _stream(_content(lines))]
    return _file(objects)


def _content(lines: list[str]) -> bytes:
    shown = [f"1 0 0 1 60 {1130 - 26 * at} Tm <{line.encode('utf-16-be').hex()}> Tj" for at, line in enumerate(lines)]
    return ("BT /F 16 Tf\n" + "\n".join(shown) + "\nET").encode() if lines else b""


def _stream(data: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def _file(objects: list[bytes]) -> bytes:
    out, offsets = bytearray(b"%PDF-1.5\n"), []
    for no, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (no, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
