"""Does this hold personal data? Such a message is never answered with its own words, never kept, never logged."""

import re
from typing import Final

_READ: Final = 4_000
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)\w*"
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.]{2,20}",
        r"(?<!\d)\d{9,}(?!\d)",
        r"\b(?:mrn|nhs|ssn|dni|nie|curp|nss|record|insurance|policy|medicare|passport|p[oó]liza|historia|expediente)\b[^\n]{0,20}?\d{4,}",
        r"\b(?:born|dob|date of birth|birthday|nac[ií]|nacid[oa]|fecha de nacimiento)\b[^\n]{0,20}?\d{1,4}\s?[-/. ]\s?(?:\d{1,2}|"
        + _MONTH
        + ")",
        r"\b(?:my|his|her|patient'?s?) (?:full )?name is [a-z]+",
        r"\b(?:me llamo|mi nombre es|se llama) [a-záéíóúñ]+ [a-záéíóúñ]+",
        r"\bi live (?:at|on) \d+ |\b\d{1,5} [a-z]+ (?:street|st|avenue|ave|road|rd|lane|drive)\b",
        r"\b(?:calle|avenida) [a-záéíóúñ ]{2,30} \d+",
    )
)

_GROUPS_OF_DIGITS: Final = re.compile(r"(?<![\d.,])\+?\d{1,4}(?:[ .()-]{1,2}\d{2,4}){2,4}(?![\d.,])")
_LEAST_DIGITS, _MOST_DIGITS = 9, 15


def personal(words: str) -> bool:
    """Whether the first 4,000 characters hold an address, a number of a person, a birthday or a full name."""
    read = words[:_READ]
    return any(pattern.search(read) for pattern in _PATTERNS) or any(map(_is_telephone, _GROUPS_OF_DIGITS.findall(read)))


def _is_telephone(groups: str) -> bool:
    return _LEAST_DIGITS <= sum(map(str.isdigit, groups)) <= _MOST_DIGITS
