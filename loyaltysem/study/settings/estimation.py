"""The key ``estimator`` of a study: how its models are estimated."""

from __future__ import annotations

from typing import Literal

Estimator = Literal["ML", "MLM", "MLR", "MLMV", "GLS", "ULS", "WLSMV", "ULSMV", "DWLS"]
"""As in :func:`loyaltysem.fit`; the last three take answers as ordered categories."""
