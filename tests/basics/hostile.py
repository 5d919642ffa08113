"""Texts that a spreadsheet program may take for a formula."""

HOSTILE = ("=1+1", "+86", "-2", "@SUM(A1)", "\t=1+1", "\r\n=cmd|' /C calc'!A0", "＝1+1", " =1", "\x00=1", "﹣1")
