"""What screens share: the job and the file that a person started a screen's work with."""

from __future__ import annotations

import datetime as dt

import pytest
from streamlit.testing.v1 import AppTest

from src import jobs
from src.config import Settings
from src.dashboard.parts import own_job
from src.jobs import store
from src.messages import Message


def settling() -> None:
    import streamlit as st

    from src.dashboard.parts.own_job import OwnJob

    own = OwnJob("own")
    job = own.settle("Nada foi feito.")
    if job is not None:
        st.markdown(f"feito: {job.result}")
    st.caption("há" if own.exists else "não há")
    if own.running():
        st.caption("em andamento")


def staying() -> None:
    import streamlit as st

    from src.dashboard.parts.own_job import OwnJob

    if OwnJob("own").outcome() is not None:
        st.markdown("feito")


def receiving() -> None:
    import streamlit as st

    from src.dashboard.parts.upload import Upload

    upload = Upload("file")
    received = upload.receive("Arquivo", ["csv"])
    if received is not None:
        st.markdown(str(received[0]))
        st.button("Enviar", on_click=upload.clear)


def started() -> str:
    return jobs.submit("datasets.import", {}, title=Message("Nada"), actor="Ana")


def opened(script: object, job_id: str) -> AppTest:
    page = AppTest.from_function(script)  # type: ignore[arg-type]
    page.session_state["own"] = job_id
    return page.run()


def test_a_job_that_waits_is_running_and_nothing_is_said() -> None:
    page = opened(settling, started())
    assert [one.value for one in page.caption] == ["há", "em andamento"]
    assert not page.info and not page.error


def test_a_job_that_is_not_kept_any_longer_is_forgotten() -> None:
    page = opened(settling, "gone")
    assert not page.exception
    assert [one.value for one in page.caption] == ["não há"]


def test_a_cancelled_job_says_what_it_leaves_behind_however_often_the_page_runs() -> None:
    job_id = started()
    jobs.cancel(job_id, actor="Ana")
    page = opened(settling, job_id)
    assert [one.value for one in page.info] == ["Nada foi feito."]
    assert [one.value for one in page.run().info] == ["Nada foi feito."]


def test_what_failed_long_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = started()
    jobs.cancel(job_id, actor="Ana")
    monkeypatch.setattr(own_job, "TOLD", dt.timedelta(0))
    page = opened(settling, job_id)
    assert not page.info
    assert [one.value for one in page.caption] == ["não há"]


def test_a_success_is_settled_once_or_stays() -> None:
    job_id = started()
    assert store.claim("test:1:0") is not None
    store.finish(job_id, "test:1:0", jobs.JobState.SUCCEEDED, result={"rows": 3})
    page = opened(settling, job_id)
    assert [one.value for one in page.markdown] == ["feito: {'rows': 3}"]
    assert not page.run().markdown
    page = opened(staying, job_id)
    assert [one.value for one in page.run().markdown] == ["feito"]


def test_a_sent_file_is_put_somewhere_once_and_given_up_when_it_is_used(
    settings: Settings,
) -> None:
    page = AppTest.from_function(receiving).run()
    page.file_uploader[0].upload("a.csv", b"x\n1\n", "text/csv").run()
    (first,) = [one.value for one in page.markdown]
    assert [one.value for one in page.run().markdown] == [first]
    assert len(list((settings.data_dir / "uploads").iterdir())) == 1
    page.button[0].click().run()
    assert not page.markdown
