"""Asks Amazon Rekognition: sessions, budgets, listings, faults. The only importer of boto3 and botocore."""
