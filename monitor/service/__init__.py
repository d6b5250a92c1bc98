"""Builds everything from a configuration and runs it. The only room that knows the concrete parts.

Nothing is imported here: a command that only looks into the database shall not wait for boto3 and the web server.
"""
