"""Does this hold personal data? Such a message is never answered with its own words, never kept, never logged."""

import re
from typing import Final

_READ: Final = 4_000
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*"
_DATE: Final = (
    rf"(?:\d{{1,4}}\s?[-/. ]\s?(?:\d{{1,2}}|{_MONTH})|\d{{1,2}}{_MONTH}\d{{2,4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|º)?(?: of| de)? {_MONTH}|{_MONTH} \d{{1,2}})"
)
_NAME: Final = r"(?-i:[A-ZÁÉÍÓÚÑ][a-záéíóúñü'-]+)"
_NAMES: Final = r"(?-i:(?:[A-ZÁÉÍÓÚÑ][a-záéíóúñü'-]+|[A-Z]\.?)(?: (?:de |la |del |van |von )?(?:[A-ZÁÉÍÓÚÑ][a-záéíóúñü'-]+|[A-Z]\.?))+)"
_KIN: Final = (
    r"(?:husband|wife|mother|mum|mom|father|dad|son|daughter|brother|sister|partner"
    r"|marido|espos[oa]|mujer|madre|mam[aá]|padre|pap[aá]|hij[oa]|herman[oa])"
)
# A capital letter also begins an illness, so years alone do not follow a name.
_BORN: Final = r"(?:[,;:(] ?| )(?:\d{1,2}[-/.]\d{1,2}[-/.](?:(?:19|20)[01]\d|19\d\d|[013-9]\d)\b|aged? \d|\d{1,3} (?:years? old|yo)\b)"
_NO_SURNAME: Final = r"(?!(?:y|e|de|con|soy|tengo|tiene|vivo|est[aá]|estoy|tambi[eé]n)\b)"
_NO_NAME: Final = r"(?!(?:Type|Stage|Grade|Hep|Not|Team|Car|On|In)\b)"
_TELEPHONE: Final = (
    r"(?:call|ring|phone|text|tel|telephone|cell|mobile|whatsapp|reach|tel[eé]fono|tel[eé]f|m[oó]vil|celular|cel|fono"
    r"|ll[aá]m[ae]\w*|n[uú]mero es)"
)
_CARD: Final = (
    r"(?:mrn|ssn|nhc|nuhsa|cip|folio|dni|nie|nif|curp|rfc|nss|rut|c[eé]dula|passport|pasaporte|expediente|p[oó]liza|afiliado"
    r"|wristband|accession|pulsera)"
)
_FILE: Final = (
    r"(?:nhs|hosp|hospital|record|file|case|claim|reference|ref|prescription|rx|chart|patient|pt|policy|insurance|medicare|medicaid"
    r"|member|account|licen[cs]e|historia|seguro)(?: cl[ií]nica| social)?"
)
_FILE_OF: Final = (
    r"n(?:[uú]mero|[uú]m\.?|[º°o]\.?) de (?:afiliaci[oó]n|afiliad[oa]|historia|paciente|expediente|socio|p[oó]liza|asegurad[oa]"
    r"|documento|seguro|tarjeta|registro)"
)
_BIRTH: Final = (
    r"(?:born|b\.|dob|d\.o\.b|(?:date of )?birth(?: ?date|day)?|naci(?:do|da)?|naci[oó]|nac[ií]|cumplo a[ñn]os|cumple(?: a[ñn]os)?"
    r"|fecha nac|fecha de nac\w*|f\. ?nac)"
)
_TITLE: Final = r"(?:name|named|nombre|this is|mr|mrs|ms|miss|patient|paciente|sr|sra|don|do[ñn]a|d[ñn]a)"
_STREET: Final = r"(?:calle|avenida|avda|av|carrera|jir[oó]n|paseo|plaza|rambla|camino|colonia)"
# What may stand between a number and a word that also ends the name of a street.
_NO_STREET: Final = (
    r"(?:hours?|hrs?|h|min(?:ute)?s?|days?|weeks?|wks?|months?|years?|yrs?|miles?|km|times|doses?|cycles?|people|more|of|in|to|and|or|min)"
)
_NO_HOUSE: Final = r"(?:min|hora|vez|vec|d[ií]a|a[ñn]o|km|paso|mg|grado)"
_FIGURE: Final = (
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|doble)"
)
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.]{2,20}",
        r"\b[\w.]{2,40} ?(?:\(at\)|\[at\]| at | arroba ) ?(?:gmail|hotmail|yahoo|outlook|icloud)\b",
        r"\bat [\w-]{1,40} dot (?:com|org|net|co|edu|uk|ie)\b|\barroba [\w-]{1,40} punto (?:com|org|net|es|mx|ar|co|cl)\b",
        r"(?<!\d)(?<!nct)\d{9,}(?!\d)|(?<!\d)\d{4}(?:[ -]\d{4}){3}(?!\d)",
        rf"(?:\b{_FIGURE}\b[ ,-]{{1,2}}){{6,}}{_FIGURE}\b",
        r"\b(?:password|passcode|contrase[ñn]a)(?: is| es|:)? ?[^\s\d]{0,20}\d{2}",
        r"\b(?:mi clave(?: es)?|pin(?: code| number)?(?: is)?):? \S{0,12}\d{3}",
        rf"\b{_TELEPHONE}\b[^\n\d%]{{0,20}}(?:\d[ .-]?){{6,}}\d(?!\d|[.,]\d| ?(?:mg|ml|%))",
        r"\b(?!nct)[a-z]{1,3}\d{6,9}[a-z]?\b|\b\d{8}-?[a-z]\b|\b\d[a-z]{2}\d-[a-z]{2}\d-[a-z]{2}\d{2}\b",
        rf"\b(?:{_CARD}|{_FILE_OF})\b[^\n]{{0,20}}?\d[\d.-]{{3,}}",
        rf"\b{_FILE} ?(?:id|no|nr|num|number|n[uú]mero|#|n[º°])[^\n]{{0,12}}?\d[\d.-]{{3,}}",
        r"\bsocial security [^\n]{0,12}?\d[\d.-]{3,}|\b(?:historia(?: cl[ií]nica)?|medical record) \d{4,}",
        rf"\b{_BIRTH}\b[^\n]{{0,20}}?{_DATE}",
        r"\b(?:my|his|her|patient'?s?) (?:full )?name is (?!not\b|on\b)[a-z]+",
        rf"\b{_TITLE}\b[.:]{{0,2}} ?(?:is |es )?{_NAMES}|\b{_KIN},? {_NAMES}|{_NAME} {_NAME}{_BORN}",
        rf"\b(?:last name|surname|apellidos?):? (?:is |es |son )?{_NAME}",
        rf"\b(?:soy|i am|i'm|im) {_NO_NAME}{_NAME} {_NAME}|\bse llama {_NAMES}",
        rf"\b(?:me llamo|mi nombre (?:completo )?es|{_KIN} se llama) [a-záéíóúñ]+ {_NO_SURNAME}[a-záéíóúñ]+",
        rf"\bi live (?:at|on) \d+ |\b\d{{1,5}} (?!{_NO_STREET}\b)[a-z]+(?: [a-z]+)? (?:street|avenue|ave|rd|crescent|blvd|boulevard)\b",
        rf"\b\d{{1,5}} {_NAME}(?: {_NAME})? (?-i:Road|Lane|Drive|Dr|Close|Court|Way|Place|Gardens|Terrace)\b",
        rf"\b(?:address|direcci[oó]n|domicilio)(?: is| es|:)? (?:\d|{_NAME}(?: {_NAME})? \d)|\bmi direcci[oó]n es [^\n]{{3,40}}?\d",
        r"\b(?:zip(?: code)?|c\.?p\.?|c[oó]digo postal):? ?\d{4,5}\b",
        r"\b\d{1,5} [a-z]+ st\b(?! john)|(?-i:\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b)",
        rf"(?:\b{_STREET}\b\.?|\bc/) ?[a-záéíóúñ ]{{2,30}},? (?:n[º°o.]* ?|#)?\d+\b(?! ?{_NO_HOUSE})",
        r"\b(?:calle|carrera|cra|kr|cll|diagonal|transversal) ?\d{1,3}[a-z]? ?(?:#|n[º°o]\.?|con|-) ?\d",
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
