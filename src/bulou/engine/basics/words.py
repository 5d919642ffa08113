"""Words that stand for true and false in cells of tables; compared in lower case and half width."""

TRUE_WORDS = frozenset({"true", "是", "有", "1", "y", "yes", "t", "√", "✓", "✔", "☑"})
FALSE_WORDS = frozenset({"false", "否", "无", "0", "n", "no", "f", "×", "✗", "✘"})
