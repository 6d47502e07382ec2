"""What tests use for processes that may not end (``tests.ending``)."""

import sys

import pytest

from tests.ending import ran_to_its_end


def test_a_command_that_ends_gives_what_it_printed() -> None:
    done = ran_to_its_end(
        [sys.executable, "-c", "import sys; print('out'); print('told', file=sys.stderr); sys.exit(3)"]
    )

    assert (done.returncode, done.stdout, done.stderr) == (3, "out\n", "told\n")


def test_one_that_hangs_fails_and_says_where() -> None:
    with pytest.raises(pytest.fail.Exception, match=r'did not end in 2 s(?s:.*)File "<string>", line 2 in waits'):
        ran_to_its_end([sys.executable, "-c", "def waits():\n    import time; time.sleep(60)\nwaits()"], patience=2)


def test_one_whose_child_holds_its_output_fails_and_says_so() -> None:
    orphan = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(8)'])"
    with pytest.raises(pytest.fail.Exception, match="what it started holds its output open"):
        ran_to_its_end([sys.executable, "-c", orphan], patience=3)
