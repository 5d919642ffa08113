"""Intake: departments' spreadsheets as they really come, read, recognised, cleaned, and told apart by person.

In the order of the path:

    sheets = read_file(path)                          # all cells as text
    recognised = recognise(sheet, read_templates())   # which kind of roll, why, which column means what
    cleaned = clean(recognised)                       # typed rows; every row has a fate, nothing is lost
    FolderReading(folder, templates, workers).finish() # the three steps for every file of a folder
    cleaned = with_corrections([cleaned, …])          # a mended 数据问题.xlsx replaces what it mends
    people = identify(cleaned, registry)              # internal ids, certificates, a list of unidentified rows
    write_problem_book(path, cleaned, problems)       # 数据问题.xlsx
    write_repairs(path, cleaned)                      # 修复明细.csv
"""

from bulou.engine.intake.clean import clean
from bulou.engine.intake.cleaned import Cleaned, Counts
from bulou.engine.intake.corrections import with_corrections
from bulou.engine.intake.folder import FolderRead, FolderReading
from bulou.engine.intake.identify import Identified, identified_again, identify
from bulou.engine.intake.problem_book import write_problem_book, write_repairs
from bulou.engine.intake.read import read_file
from bulou.engine.intake.recognise import Candidate, Recognised, recognise
from bulou.engine.intake.sheet import SheetRead
from bulou.engine.intake.templates import Field, Supply, Template, Templates, read_templates

__all__ = [
    "Candidate",
    "Cleaned",
    "Counts",
    "Field",
    "FolderRead",
    "FolderReading",
    "Identified",
    "Recognised",
    "SheetRead",
    "Supply",
    "Template",
    "Templates",
    "clean",
    "identified_again",
    "identify",
    "read_file",
    "read_templates",
    "recognise",
    "with_corrections",
    "write_problem_book",
    "write_repairs",
]
