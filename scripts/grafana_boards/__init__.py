"""The dashboards on the record, as code: what each shows, and the SQL behind it.

`signals` and `words` say how things are called and coloured, `statements` how rows are
read over any range, `panels`, `picture` and `frame` how they are drawn.
"""
