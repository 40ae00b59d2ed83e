"""What a reader must know before what is said of wrong, missing and wrongly linked labels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from riskaudit.audit.measures.measurement import Measurement

__all__ = ["sensitivity_notes"]


def sensitivity_notes(measured: Measurement) -> Iterator[str]:
    """Yield a sentence for each thing that was supposed, or could not be covered."""
    predictions, rates = measured.predictions, measured.plan.linkage_error
    if predictions.screened is not None and measured.labelled:
        screened = predictions.screened
        told = np.isnan(screened)
        unsaid = f", and of {int(told.sum()):,} it is not said whether" if told.any() else ""
        yield (
            f"{int((screened == 0).sum()):,} of {len(predictions):,} rows were not looked into{unsaid}. What is said of "
            "those who were not looked into takes their labels as not known, whatever was recorded; every other number takes "
            "the labels as they are."
        )
    if rates and measured.labelled:
        missing = [
            f"{group} '{level}'"
            for group, level in zip(measured.layout.group, measured.layout.level, strict=True)
            if group in rates and level not in rates[group]
        ]
        without = f" None are given for {', '.join(missing)}." if missing else ""
        yield (
            "Rates that are corrected for linkage error suppose one outcome record per row and the rates of wrong links "
            f"given.{without} What a record that was lost or joined wrongly does to features, and so to scores, is not covered."
        )
