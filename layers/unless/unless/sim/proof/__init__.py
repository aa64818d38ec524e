"""
The parts of the proof: what attacks the promises, in jobs that any process can do.

    parts        what a part is, its jobs, and what they find
    histories, crashes, design_mistakes   with the fault simulator
    malformed/   events that nobody should send
    zones/       every change of every clock
"""
