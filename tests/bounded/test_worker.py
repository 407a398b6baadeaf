"""The worker process: what it gives, how a job that takes too much ends, and that the next one is done all the same."""

import os
from io import BytesIO

import pytest
from PIL import Image

from kcdesk.bounded import limits
from kcdesk.bounded.worker import BoundedJob, run_bounded
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import replace
from kcdesk.temporary import private_files

CHILDREN = (os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) if os.name == "posix" else ()
SHRINK = BoundedJob("kcdesk.services.attachments.images", "shrink_job")


@pytest.fixture(scope="module")
def photo():
    content = BytesIO()
    Image.radial_gradient("L").resize((6_000, 4_000)).convert("RGB").save(content, "PNG", compress_level=1)
    return content.getvalue()


def shrunk(photo, most=limits.PHOTO, **more):
    return run_bounded(SHRINK, most, {}, [photo], **more)


def test_a_job_gives_values_and_contents(photo):
    answer = shrunk(photo)
    assert Image.open(BytesIO(answer.contents[0])).size == (1600, 1067)
    assert len(answer.values["original_sha256"]) == 64


@pytest.mark.parametrize(
    ("most", "words"),
    [
        (replace(limits.PHOTO, seconds=0.01, seconds_each=0), "đọc quá lâu"),
        (replace(limits.PHOTO, megabytes=60), "60 MB bộ nhớ"),
    ],
)
def test_a_job_that_takes_too_much_is_refused_and_the_next_one_is_done(photo, most, words):
    with pytest.raises(UserError, match=words) as caught:
        shrunk(photo, most)
    assert (caught.value.code, bool(caught.value.hint)) == ("photo_too_large", True)
    assert shrunk(photo).contents


def test_a_refusal_of_the_job_is_said_as_it_was():
    with pytest.raises(UserError, match="không phải là ảnh") as caught:
        shrunk(b"no picture")
    assert caught.value.code == "not_a_photo"


def test_a_job_is_stopped_by_what_progress_raises(photo):
    def cancelled(_done, _total, _text=""):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        shrunk(photo, progress=cancelled)
    assert shrunk(photo).contents


@pytest.mark.skipif(os.name != "posix", reason="asks the system for child processes")
def test_the_process_ends_with_the_private_folder(photo):
    with private_files.begun():
        assert shrunk(photo).contents
        assert os.waitid(*CHILDREN) is None, "it waits for the next job"
    with pytest.raises(ChildProcessError):
        os.waitid(*CHILDREN)


def test_only_modules_of_the_program_are_jobs():
    with pytest.raises(UserError):
        run_bounded(BoundedJob("os", "getcwd"), limits.PHOTO, {})


def test_every_refusal_names_its_limit_and_what_to_do():
    readers = [value for value in vars(limits).values() if isinstance(value, limits.Limits)]
    fields = ("bytes", "count", "depth", "nodes", "parts", "unpacked", "seconds", "megabytes")
    refusals = [reader.refusal(field) for reader in readers for field in fields if getattr(reader, field)]
    assert len(refusals) > len(readers)
    assert all(refusal.message.endswith(".") and refusal.hint.endswith(".") for refusal in refusals)
    assert all(str(0) != word for refusal in refusals for word in refusal.message.split())
