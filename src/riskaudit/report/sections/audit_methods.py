"""How an audit's numbers were worked out: definitions, what is worked out of rates, and references for what occurs."""

from __future__ import annotations

from collections.abc import Iterator

from riskaudit.artefacts import ModelAudit
from riskaudit.report.audit_statistics import DERIVED, derived_from
from riskaudit.report.data import Block, Paragraph, Section, TableBlock
from riskaudit.report.sections.methods import methods_section
from riskaudit.report.statistics import is_derived

__all__ = ["audit_methods_section"]

_NEWCOMBE_1998 = (
    "Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions: comparison of eleven "
    "methods. Statistics in Medicine 17."
)
_NEWCOMBE_2006 = (
    "Newcombe, R. G. (2006). Confidence intervals for an effect size measure based on the Mann-Whitney statistic. Part 2: "
    "asymptotic methods and evaluation. Statistics in Medicine 25."
)
_SIDAK = "Šidák, Z. (1967). Rectangular confidence regions for the means of multivariate normal distributions. JASA 62."
_BY_METHOD = {
    "exact binomial": "Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the "
    "case of the binomial. Biometrika 26.",
    "wilson": "Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. JASA 22.",
    "clusters kept together": "Rao, J. N. K. and Scott, A. J. (1992). A simple method for the analysis of clustered binary data. "
    "Biometrics 48.",
    "newcombe hybrid": _NEWCOMBE_1998,
    "square-and-add": _NEWCOMBE_1998,
    "newcombe score, method 5": _NEWCOMBE_2006,
    "delong or newcombe": _NEWCOMBE_2006,
    "mee": "Mee, R. W. (1984). Confidence bounds for the difference between two probabilities. Biometrics 40.",
    "koopman": "Koopman, P. A. R. (1984). Confidence intervals for the ratio of two binomial proportions. Biometrics 40.",
    "wedderburn": "Wedderburn, R. W. M. (1974). Quasi-likelihood functions, generalized linear models, and the Gauss-Newton "
    "method. Biometrika 61.",
    "pseudo-cases": "Agresti, A. and Coull, B. A. (1998). Approximate is better than 'exact' for interval estimation of "
    "binomial proportions. The American Statistician 52.",
    "rao score": "Rao, C. R. (1948). Large sample tests of statistical hypotheses concerning several parameters. Proceedings of "
    "the Cambridge Philosophical Society 44.",
    "half as many": "Agresti, A. and Caffo, B. (2000). Simple and effective confidence intervals for proportions and differences "
    "of proportions. The American Statistician 54.",
    "delong": "DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988). Comparing the areas under two or more "
    "correlated receiver operating characteristic curves: a nonparametric approach. Biometrics 44.",
    "bootstrap": "Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of Statistics 7.",
    "sidak": _SIDAK,
    "šidák": _SIDAK,
    "worst case": "Manski, C. F. (1989). Anatomy of the selection problem. Journal of Human Resources 24.",
}
"""What a method's name has in it -> its reference."""
_BY_NAME = {
    "brier_score_loss": "Brier, G. W. (1950). Verification of forecasts expressed in terms of probability. Monthly Weather "
    "Review 78.",
    "calibration_slope": "Cox, D. R. (1958). Two further applications of a model for binary regression. Biometrika 45.",
    "net_benefit": "Vickers, A. J. and Elkin, E. B. (2006). Decision curve analysis: a novel method for evaluating prediction "
    "models. Medical Decision Making 26.",
    "_screened_bounds": "Lakkaraju, H. and others (2017). The selective labels problem: evaluating algorithmic predictions in "
    "the presence of unobservables. KDD 2017.",
    "_reweighted": "Kallus, N. and Zhou, A. (2018). Residual unfairness in fair machine learning from prejudiced data. arXiv "
    "1806.02887.",
    "_linkage_corrected": "Rogan, W. J. and Gladen, B. (1978). Estimating prevalence from the results of a screening test. "
    "American Journal of Epidemiology 107.",
    "equalized_odds": "Hardt, M., Price, E. and Srebro, N. (2016). Equality of opportunity in supervised learning. NeurIPS "
    "2016.",
    "reduction": "Agarwal, A. and others (2018). A reductions approach to fair classification. ICML 2018.",
}
"""What the name of a statistic, curve or rule has in it -> its reference."""
_INCOMPATIBLE = (
    "Chouldechova, A. (2017). Fair prediction with disparate impact: a study of bias in recidivism prediction instruments. "
    "Big Data 5: why calibration and equal errors exclude each other where base rates differ."
)


def audit_methods_section(audit: ModelAudit) -> Section:
    """Return definitions of every statistic that occurs, of what is worked out of rates, and references."""
    plain = methods_section(_distinct(audit))
    blocks: list[Block] = [*plain.blocks, *_worked_out(audit), *_references(audit)]
    return Section(plain.id, plain.title, plain.lead, tuple(blocks))


def _worked_out(audit: ModelAudit) -> list[Block]:
    """Return one row for each way of working something out of a rate, with how its intervals are made."""
    methods: dict[str, dict[str, None]] = {}
    for statistic, method in _distinct(audit):
        found = derived_from(statistic) if is_derived(statistic) else None
        if found:
            methods.setdefault(found[1].suffix, {})
            methods[found[1].suffix] |= {method: None} if method else {}
    rows = tuple(
        (
            f"{one.label[:1].upper()}{one.label[1:]}",
            one.definition,
            f"*{one.suffix}",
            "; ".join(methods[one.suffix]) or "no interval",
        )
        for one in DERIVED
        if one.suffix in methods
    )
    columns = ("What", "Definition", "Name in the CSV", "Interval")
    return (
        [TableBlock("What is worked out of a statistic", columns, rows, folded=len(rows) > 30, stacked=True)]
        if rows
        else []
    )


def _distinct(audit: ModelAudit) -> Iterator[tuple[str, str]]:
    """Yield each statistic with each of its methods once."""
    for table in (audit.table.table, audit.what_if.table, audit.curves):
        found = table.group_by(["statistic", "method"]).aggregate([])
        yield from zip(found.column("statistic").to_pylist(), found.column("method").to_pylist(), strict=True)


def _references(audit: ModelAudit) -> list[Block]:
    """Return a reference for every method that occurs."""
    pairs = list(_distinct(audit))
    names = [name for name, _ in pairs] + audit.curves.column("curve").unique().to_pylist()
    names += audit.what_if.table.column("subject").unique().to_pylist()
    said = [text for key, text in _BY_METHOD.items() if any(key in method.lower() for _, method in pairs)]
    said += [text for key, text in _BY_NAME.items() if any(key in name for name in names)]
    if "calibration_ratio" in names:
        said.append(_INCOMPATIBLE)
    return [Paragraph(f"References. {' '.join(sorted(set(said)))}")] if said else []
