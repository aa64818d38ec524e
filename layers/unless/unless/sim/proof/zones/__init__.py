"""
Time: every change of every clock, every form of a delay, windows, quiet hours and durations.

`clock` is a second opinion on local time, with which `forms` and `day_parts` say what must be;
`judging` asks the engine.
"""
