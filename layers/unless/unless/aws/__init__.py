"""
What the application needs of the world, on AWS: the only package that talks to it.
"""
