"""The configuration: one YAML file, read and checked whole before anything starts.

`loading.load_config` gives the frozen models of `model`, or tells every problem at once.
"""
