"""The levy for the employment of disabled people (残保金): a sheet of employers in, the same sheet filled out.

In the order of the path:

    read_forms(files)        # declarations and lists of disabled employees, every cell with its place and faults
    Rules(pack, …)           # the levy's policy on the last day of a fee period, from the pack and nowhere else
    assess(row, rules)       # the form's columns 6 to 12, each step with clause and date; what is not known is asked
    suspicions(…)            # what a person should look at
    write_levy(…)            # the workbook
"""

from bulou.engine.levy.run import LevyRun, run_levy

__all__ = ["LevyRun", "run_levy"]
