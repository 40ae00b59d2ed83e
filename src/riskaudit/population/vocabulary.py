"""The names a scenario may use for recording errors and naming-convention pools. Loads no heavy library."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ERROR_NAMES", "POOL_NAMES", "ErrorName", "PoolName"]


class ErrorName(StrEnum):
    """The ways in which a record goes wrong: the keys of `[errors.rates]`."""

    FATHER_MISSING = "father_missing"
    OLD_ADDRESS = "old_address"
    STALENESS = "staleness"
    MAIDEN_NAME = "maiden_name"
    SIBLING_MIXUP = "sibling_mixup"
    TWIN_MIXUP = "twin_mixup"
    DIACRITICS_STRIPPED = "diacritics_stripped"
    COMPOUND_SURNAME_TRUNCATED = "compound_surname_truncated"
    HYPHENATED_SURNAME_TRUNCATED = "hyphenated_surname_truncated"
    TRANSLITERATION_VARIANT = "transliteration_variant"
    PHONETIC_VARIANT = "phonetic_variant"
    TYPO = "typo"
    NAME_ORDER_SWAP = "name_order_swap"
    PATRONYMIC_OR_SINGLE_NAME = "patronymic_or_single_name"
    DEFAULT_BIRTH_DATE = "default_birth_date"
    DAY_MONTH_SWAP = "day_month_swap"
    ETHNICITY_MISRECORDED = "ethnicity_misrecorded"
    BLANK_FIELD = "blank_field"
    ETHNICITY_BLANK = "ethnicity_blank"
    TENURE_BLANK = "tenure_blank"
    MISSING_IDENTIFIER = "missing_identifier"
    WRONG_PERSON = "wrong_person"
    LATE_ENTRY = "late_entry"


class PoolName(StrEnum):
    """The naming-convention pools: the keys of `[population.groups.*.naming]`. A pool is never a test of who somebody is."""

    EN_GB = "en_GB"
    EN_IE = "en_IE"
    PL_PL = "pl_PL"
    RO_RO = "ro_RO"
    PT_PT = "pt_PT"
    ES_ES = "es_ES"
    TR_TR = "tr_TR"
    FR_DZ = "fr_DZ"
    EN_IN = "en_IN"
    EN_PK = "en_PK"
    BANGLADESHI = "bangladeshi"
    CHINESE = "chinese"
    EN_NG = "en_NG"
    TW_GH = "tw_GH"
    EN_KE = "en_KE"
    SOMALI = "somali"


ERROR_NAMES: tuple[str, ...] = tuple(error.value for error in ErrorName)
POOL_NAMES: tuple[str, ...] = tuple(pool.value for pool in PoolName)
