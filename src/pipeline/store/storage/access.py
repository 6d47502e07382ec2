"""What it takes to open an object store: from the environment, and nowhere else.

Here: which variables count. Not here: opening it (``objects``), which address is one (``pipeline.settings``).
"""

import os
from urllib.parse import urlsplit

SCHEMES = {"s3": "AWS_", "az": "AZURE_"}
"""Per scheme of addresses, with what the variables begin that open such a store."""
_OTHER_NAMES = {
    "aws_default_region": "aws_region",
    "aws_endpoint_url": "aws_endpoint",
    "aws_endpoint_url_s3": "aws_endpoint",
    "azure_storage_endpoint": "azure_endpoint",
    "azure_storage_sas_token": "azure_storage_sas_key",
}
_KNOWN = frozenset(
    {
        "aws_access_key_id",
        "aws_secret_access_key",
        "aws_session_token",
        "aws_region",
        "aws_endpoint",
        "aws_allow_http",
        "aws_virtual_hosted_style_request",
        "aws_web_identity_token_file",
        "aws_role_arn",
        "aws_container_credentials_relative_uri",
        "azure_storage_account_name",
        "azure_storage_account_key",
        "azure_storage_sas_key",
        "azure_storage_client_id",
        "azure_storage_client_secret",
        "azure_storage_tenant_id",
        "azure_federated_token_file",
        "azure_endpoint",
        "azure_allow_http",
    }
)
"""Names that Delta, polars and obstore understand alike."""


def variables(address: str) -> tuple[tuple[str, str], ...]:
    """The variables of the environment that open a store at this address; none where it is empty."""
    begin = SCHEMES.get(urlsplit(address).scheme)
    named = sorted(os.environ.items()) if begin else ()
    return tuple((name, value) for name, value in named if begin and name.startswith(begin) and value)


def options(address: str) -> dict[str, str]:
    """What opens a store at this address."""
    found = {name.lower(): value for name, value in variables(address)}
    named = {_OTHER_NAMES.get(name, name): value for name, value in found.items()}
    return {name: value for name, value in named.items() if name in _KNOWN}
