"""A bucket that speaks S3, as Django's storage for exports and records."""

from typing import Any


def s3_storage(bucket: str, *, endpoint: str, region: str, access_key: str, secret_key: str) -> dict[str, Any]:
    """The entry of STORAGES. Without keys, those of the machine are used."""
    from botocore.config import Config  # noqa: PLC0415 - slow to import, and most installs have no bucket

    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint or None,
            "region_name": region,
            "access_key": access_key or None,
            "secret_key": secret_key or None,
            "default_acl": None,
            "file_overwrite": False,
            # Beyond this a download goes through a file; bytes.
            "max_memory_size": 5_000_000,
            # Some servers that speak S3 know none of the newer checksums.
            "client_config": Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=5,
                read_timeout=30,
                retries={"max_attempts": 3, "mode": "standard"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        },
    }
