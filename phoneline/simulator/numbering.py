"""What counts as a telephone number."""

import re

E164 = re.compile(r"\+[1-9]\d{6,14}")
"""A plus sign and seven to fifteen digits (ITU-T E.164; the lower bound is ours)."""
