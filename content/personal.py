"""Does this hold personal data? Such a message is never answered with its own words, never kept, never logged."""

import re
from typing import Final

_READ: Final = 4_000
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*"
_DATE: Final = rf"(?:\d{{1,4}}\s?[-/. ]\s?(?:\d{{1,2}}|{_MONTH})|\d{{1,2}}(?:st|nd|rd|th|º)?(?: of| de)? {_MONTH}|{_MONTH} \d{{1,2}})"
_NAMES: Final = r"(?-i:(?:[A-ZÁÉÍÓÚÑ][a-záéíóúñü'-]+|[A-Z]\.?)(?: (?:de |la |del |van |von )?(?:[A-ZÁÉÍÓÚÑ][a-záéíóúñü'-]+|[A-Z]\.?))+)"
# What may stand between a number and a word that also ends the name of a street.
_NO_STREET: Final = (
    r"(?:hours?|hrs?|h|min(?:ute)?s?|days?|weeks?|wks?|months?|years?|yrs?|miles?|km|times|doses?|cycles?|people|more|of|in|to|and|or|min)"
)
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.]{2,20}",
        r"\b[\w.]{2,40} ?(?:\(at\)|\[at\]| at | arroba ) ?(?:gmail|hotmail|yahoo|outlook|icloud)\b",
        r"(?<!\d)(?<!nct)\d{9,}(?!\d)",
        r"\b(?!nct)[a-z]{1,3}\d{6,9}[a-z]?\b|\b\d{8}-?[a-z]\b|\b\d[a-z]{2}\d-[a-z]{2}\d-[a-z]{2}\d{2}\b",
        r"\b(?:mrn|ssn|dni|nie|nif|curp|rfc|nss|rut|c[eé]dula|passport|pasaporte|expediente|p[oó]liza|afiliado)\b[^\n]{0,20}?\d[\d.-]{3,}",
        r"\b(?:nhs|hosp|hospital|record|chart|patient|policy|insurance|medicare|medicaid|member|account|licen[cs]e|historia|seguro)"
        r"(?: cl[ií]nica| social)? ?(?:id|no|nr|num|number|n[uú]mero|#|n[º°])[^\n]{0,12}?\d[\d.-]{3,}",
        r"\bsocial security [^\n]{0,12}?\d[\d.-]{3,}|\bhistoria(?: cl[ií]nica)? \d{4,}",
        r"\b(?:born|b\.|dob|d\.o\.b|(?:date of )?birth(?: ?date|day)?|nac[ií]|nacid[oa]|fecha nac|fecha de nac\w*|f\. ?nac)\b[^\n]{0,20}?"
        + _DATE,
        r"\b(?:my|his|her|patient'?s?) (?:full )?name is (?!not\b|on\b)[a-z]+",
        r"\b(?:name|named|nombre|this is|mr|mrs|ms|miss|paciente|sr|sra|don|do[ñn]a)\b[.:]? (?:is |es )?" + _NAMES,
        r"\b(?:me llamo|mi nombre es|se llama) [a-záéíóúñ]+ [a-záéíóúñ]+",
        r"\bi live (?:at|on) \d+ |\b\d{1,5} (?!"
        + _NO_STREET
        + r"\b)[a-z]+(?: [a-z]+)? (?:street|avenue|ave|road|rd|lane|drive|close|court|crescent|blvd|boulevard)\b",
        r"\b\d{1,5} [a-z]+ st\b(?! john)|(?-i:\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b)",
        r"\b(?:calle|avenida|avda|carrera|jir[oó]n|paseo|colonia|vivo en la calle) [a-záéíóúñ ]{2,30} (?:n[º°o.]* ?|#)?\d+",
    )
)

_GROUPS_OF_DIGITS: Final = re.compile(r"(?<![\w.,])\+?\d{1,5}(?:[ .()-]{1,2}\d{2,6}){1,4}(?![\d.,]?\d)")
_LEAST_DIGITS, _MOST_DIGITS, _LONG_GROUP = 9, 15, 3


def personal(words: str) -> bool:
    """Whether the first 4,000 characters hold an address, a number of a person, a birthday or a full name."""
    read = words[:_READ]
    return any(pattern.search(read) for pattern in _PATTERNS) or any(map(_is_telephone, _GROUPS_OF_DIGITS.findall(read)))


def _is_telephone(groups: str) -> bool:
    lengths = [len(group) for group in re.findall(r"\d+", groups)]
    return _LEAST_DIGITS <= sum(lengths) <= _MOST_DIGITS and max(lengths) >= _LONG_GROUP
