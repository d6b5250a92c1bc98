"""The command line: a file for each command, what they share, and tables apart.

The commands import click and what is small; everything that takes long to import (rich, pydantic, boto3, the database)
is imported by the command that needs it, when it runs. `--help` and shell completion would wait for it otherwise.
"""
