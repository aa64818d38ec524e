"""
The ways to reach people; each answers a request with yes, no, or nothing clear.
"""
