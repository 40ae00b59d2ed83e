"""Messages that say where, what, what is allowed and what to do next."""

from riskaudit.errors import BadInput, ExitCode, Fault, MissingExtra, nearest, one_of


def test_a_fault_reads_in_rings() -> None:
    fault = Fault(
        "x.toml, line 3, [linkage] method",
        "unknown name 'cascad'",
        "one of cascade, perfect",
        "did you mean 'cascade'?",
    )
    assert str(fault) == (
        "x.toml, line 3, [linkage] method: unknown name 'cascad'\n"
        "    allowed: one of cascade, perfect\n"
        "    did you mean 'cascade'?"
    )


def test_all_faults_are_told_at_once_and_counted() -> None:
    error = BadInput([Fault("a", "wrong"), Fault("b", "wrong too")])
    assert str(error) == "2 faults found:\na: wrong\nb: wrong too"
    assert error.exit_code == ExitCode.BAD_INPUT == 3


def test_one_fault_needs_no_count() -> None:
    assert str(BadInput(Fault("a", "wrong"))) == "a: wrong"


def test_a_missing_extra_says_how_to_install_it() -> None:
    error = MissingExtra("spss", "Reading answers.sav")
    assert 'pip install "riskaudit[spss]"' in str(error)
    assert error.exit_code == 4


def test_the_nearest_name_is_found_whatever_its_case() -> None:
    assert nearest("Police", ["police", "housing"]) == "did you mean 'police'?"
    assert nearest("zzz", ["police", "housing"]) == ""


def test_few_valid_names_are_all_said_and_of_many_the_nearest():
    assert one_of("gp", ["school", "gp"]) == "one of school, gp"
    many = [f"feature_{number}" for number in range(200)]
    said = one_of("feature_1999", many)
    assert said.startswith("one of 200 names; the nearest: feature_199")
    assert len(said) < 200
