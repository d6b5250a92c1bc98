"""Watches Amazon Rekognition project versions and tells when one changes status."""

__version__ = "0.1.0"
