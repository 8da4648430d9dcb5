"""One version: figures, verdict, personal data, examples, what was left out, files, manifest."""

from __future__ import annotations

from itertools import islice

import pandas as pd
import streamlit as st

from src import finetuning, jobs
from src.dashboard import formats, markdown, shell, ui
from src.dashboard.finetuning import chat, cost, replacements, trash, words
from src.dashboard.finetuning import report as finetuning_report
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import downloads, table
from src.dashboard.parts.own_job import OwnJob
from src.errors import BancadaError
from src.finetuning import Report, TrainingSet
from src.messages import N_

VERDICT, PERSONAL, EXAMPLES, LEFT_OUT, MANIFEST = "parecer", "pessoais", "exemplos", "fora", "ficha"
SECTIONS = {
    VERDICT: N_("Parecer"),
    PERSONAL: N_("Dados pessoais"),
    EXAMPLES: N_("Exemplos"),
    LEFT_OUT: N_("O que ficou de fora"),
    MANIFEST: N_("Manifesto"),
}
SHOWN = 1_000


def draw(chosen: TrainingSet) -> None:
    """Draw everything about one version."""
    st.subheader(f"{markdown.escape(chosen.name)} :gray-badge[v{chosen.version}]")
    st.caption(
        ngettext(
            "Montado por {actor} em {time}, de {examined} conversa.",
            "Montado por {actor} em {time}, de {examined} conversas.",
            chosen.examined,
        ).format(
            actor=markdown.escape(chosen.actor or _("anônimo")),
            time=formats.moment(chosen.created_at),
            examined=formats.number(chosen.examined),
        )
    )
    earlier = finetuning.same_bytes(chosen)
    if earlier is not None:
        st.info(
            _(
                "Os três arquivos são iguais, byte por byte, aos de {name} v{version}: nada do que "
                "mudou desde então chegou aos exemplos."
            ).format(name=markdown.escape(earlier.name), version=earlier.version),
            icon=":material/content_copy:",
        )
    report = _report(chosen)
    finetuning_report.verdict(report)
    _figures(chosen)
    _files(chosen)
    section = st.segmented_control(
        _("Detalhes"),
        list(SECTIONS),
        default=VERDICT,
        required=True,
        format_func=lambda name: _(SECTIONS[name]),
        key="detalhe",
        label_visibility="collapsed",
        bind="query-params",
    )
    with ui.errors():
        if section == PERSONAL:
            replacements.draw(chosen)
        elif section == EXAMPLES:
            _examples(chosen)
        elif section == LEFT_OUT:
            _left_out(chosen)
        elif section == MANIFEST:
            _manifest(chosen)
        else:
            _verdict(chosen, report)


def _again(chosen: TrainingSet) -> OwnJob:
    """Return this person's later examination of a version."""
    return OwnJob(f"finetuning_validation_{chosen.name}_{chosen.version}")


def _report(chosen: TrainingSet) -> Report:
    """Return this person's later examination of the version, or that of the build."""
    job = _again(chosen).get()
    if job is not None and job.state is jobs.JobState.SUCCEEDED:
        try:
            return finetuning.validation(job.id)
        except BancadaError:
            _again(chosen).forget()
    return finetuning.report(chosen.name, chosen.version)


def _figures(chosen: TrainingSet) -> None:
    total, replaced = sum(chosen.examples.values()), sum(chosen.replaced.values())
    with st.container(horizontal=True, key="finetuning_figures"):
        ui.metric(
            _("Exemplos"),
            formats.number(total),
            _("{share} das conversas").format(share=formats.percent(total / chosen.examined)),
            help=ngettext(
                "De {examined} conversa; o validador pede {least} exemplos ou mais.",
                "De {examined} conversas; o validador pede {least} exemplos ou mais.",
                chosen.examined,
            ).format(examined=formats.number(chosen.examined), least=finetuning.MINIMUM_EXAMPLES),
        )
        for split, share in finetuning.SHARES.items():
            count = chosen.examples[split]
            ui.metric(
                _(words.FILES[f"{split}.jsonl"]).capitalize(),
                formats.number(count),
                formats.percent(count / total if total else None),
                help=_("O normal é cerca de {share}, por cliente.").format(
                    share=formats.percent(share, decimals=0)
                ),
            )
        ui.metric(
            _("Dados pessoais trocados"),
            formats.number(replaced),
            _("{mean} por exemplo").format(mean=formats.number(replaced / total, decimals=1)),
            help=_("Veja o que foi trocado, e o que a troca não acha, em Dados pessoais."),
        )


def _files(chosen: TrainingSet) -> None:
    looked = finetuning.clearances(chosen.name, chosen.version)
    with st.container(horizontal=True, vertical_alignment="center", key="finetuning_downloads"):
        for file, name in words.FILES.items():
            path = finetuning.path(chosen.name, chosen.version, file)
            size = path.stat().st_size if path.exists() else 0
            if size > downloads.LARGEST and looked:
                st.code(str(path), language=None)
                continue
            downloads.button(
                f"{_(name).capitalize()} ({formats.size(size)})",
                path,
                f"{chosen.name}_v{chosen.version}_{file}",
                key=f"finetuning_download_{file}",
                disabled=not looked or not path.exists(),
            )
        trash.delete_button(chosen)
    if looked:
        st.caption(":material/verified_user: " + replacements.said(looked[-1]))
    else:
        st.caption(
            ":material/lock: "
            + _(
                "Os arquivos são liberados depois que alguém olhar o que foi trocado, em **Dados "
                "pessoais**, e marcar a caixa no fim de lá."
            )
        )


def _verdict(chosen: TrainingSet, report: Report) -> None:
    finetuning_report.checks(report, key="finetuning")
    _validate_again(chosen)
    st.markdown("##### " + _("Conversas a conferir"))
    marked = finetuning_report.offences(report, key="finetuning")
    if marked is not None:
        with st.container(border=True, height=420, autoscroll=False):
            chat.draw(
                finetuning.chat(chosen.name, chosen.version, marked.file, marked.line),
                mark=True,
            )
    st.markdown("##### " + _("Tamanho e custo"))
    finetuning_report.lengths(report, key="finetuning")
    cost.draw(report.figures, key="finetuning_cost")


def _validate_again(chosen: TrainingSet) -> None:
    running = _again(chosen).running()
    if running is not None:
        ui.watch(running, key="finetuning_again")
        return
    job = _again(chosen).outcome()
    when = (
        _("Validado na montagem.")
        if job is None
        else _("Validado de novo em {time}.").format(time=formats.moment(job.finished_at))
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(when, width="content")
        if st.button(
            _("Validar de novo"),
            key="finetuning_validate",
            icon=":material/refresh:",
            type="tertiary",
            help=_("Confere também se os arquivos são os que foram montados."),
        ):
            job_id = finetuning.start_validation(chosen.name, chosen.version, actor=shell.actor())
            _again(chosen).remember(job_id)
            st.rerun()


def _examples(chosen: TrainingSet) -> None:
    files = {f"{split}.jsonl": count for split, count in chosen.examples.items() if count}
    file_column, line_column = st.columns([1, 2], vertical_alignment="bottom")
    file = file_column.selectbox(
        _("Arquivo"),
        list(files),
        format_func=lambda name: f"{_(words.FILES[name])} · {name}",
        key="finetuning_example_file",
    )
    with line_column:
        line = st.pagination(
            files[file],
            max_visible_pages=5,
            key=f"finetuning_example_{chosen.name}_{chosen.version}_{file}",
        )
    places = finetuning.origins(chosen.name, chosen.version)
    origin = next((one for one in places if (one.file, one.line) == (file, line)), None)
    if origin is not None:
        facts = [
            _("conversa {id}").format(id=f"`{origin.conversation}`"),
            markdown.escape(origin.channel),
            markdown.escape(origin.topic),
        ]
        st.caption(" · ".join(fact for fact in facts if fact))
    with st.container(border=True, key="finetuning_example"):
        chat.draw(finetuning.chat(chosen.name, chosen.version, file, line), mark=True)


def _left_out(chosen: TrainingSet) -> None:
    kept = sum(chosen.examples.values())
    said = _("Conversas examinadas: {examined}; no conjunto: {kept}.").format(
        examined=f"**{formats.number(chosen.examined)}**",
        kept=f"**{formats.number(kept)}**",
    )
    if chosen.counts:
        said += " " + _("Saíram: {losses}.").format(
            losses=" · ".join(map(markdown.said, chosen.losses))
        )
    st.markdown(said)
    if not chosen.counts:
        return
    approved = sum(chosen.approved.values())
    if approved:
        st.info(
            ngettext(
                "{count} conversa aprovada por revisores ficou de fora; a tabela diz por quê.",
                "{count} conversas aprovadas por revisores ficaram de fora; a tabela diz por quê.",
                approved,
            ),
            icon=":material/verified:",
        )
    reason_column, text_column, approved_column = st.columns([2, 3, 2], vertical_alignment="bottom")
    reason = reason_column.selectbox(
        _("Motivo"),
        [step for step in words.LEFT_OUT if step in chosen.counts],
        index=None,
        format_func=words.left_out,
        placeholder=_("todos"),
        key="finetuning_left_reason",
    )
    text = text_column.text_input(
        _("Procurar conversa"), key="finetuning_left_text", icon=":material/search:"
    ).strip()
    only = approved_column.toggle(
        _("Só as aprovadas"), key="finetuning_left_approved", disabled=not approved
    )
    entries = finetuning.left_out(
        chosen.name, chosen.version, reason=reason, text=text, approved=bool(only and approved)
    )
    rows = list(islice(entries, SHOWN))
    more = sum(1 for _one in entries)
    approval = _("✓ aprovada")
    table.draw(
        rows,
        {
            "conversation": (lambda one: one.conversation, table.text(_("Conversa"), 290)),
            "reason": (lambda one: words.left_out(one.reason), table.text(_("Motivo"), 280)),
            "approved": (
                lambda one: approval if one.approved else None,
                table.text(_("Revisão"), 100),
            ),
            "like": (lambda one: one.like, table.text(_("Igual a"), 290)),
        },
        height="content" if len(rows) <= 8 else 320,
        key="finetuning_left_out",
        placeholder=formats.MISSING,
    )
    said = ngettext("{count} conversa", "{count} conversas", len(rows) + more)
    if more:
        said += " " + _("(as primeiras {shown} na tabela)").format(shown=formats.number(SHOWN))
    st.caption(said)


def _manifest(chosen: TrainingSet) -> None:
    recipe = chosen.recipe
    filters = recipe.filters
    rows = {
        _("Período"): _period(chosen),
        _("Canais"): ", ".join(filters.channels) or _("todos"),
        _("Temas"): ", ".join(filters.topics) or _("todos"),
        _("Só conversas completas"): _("sim") if filters.ended else _("não"),
        _("Estrelas, no mínimo"): formats.number(filters.minimum_stars),
        _("Máximo por tema"): formats.number(recipe.per_topic)
        if recipe.per_topic
        else _("sem limite"),
        _("Tokens por exemplo"): formats.number(recipe.max_tokens),
        _("Semente da divisão"): str(recipe.seed),
        _("Semelhança das repetidas"): formats.number(recipe.similarity),
        _("Palavras que não são dados pessoais"): ", ".join(recipe.not_personal) or _("nenhuma"),
        _("Respostas corrigidas por revisores"): formats.number(chosen.corrected),
        _("Falas aparadas nas pontas"): formats.number(chosen.trimmed),
        _("Trabalho"): chosen.job_id,
        _("Versões dos programas"): ", ".join(
            f"{name} {version}" for name, version in sorted(chosen.libraries.items())
        ),
    }
    st.markdown("##### " + _("Receita"))
    st.table(
        pd.DataFrame(
            [(fact, markdown.escape(value)) for fact, value in rows.items()],
            columns=["fact", "value"],
        ),
        border="horizontal",
        hide_index=True,
        hide_header=True,
    )
    st.markdown("##### " + _("Instruções do sistema"))
    if recipe.system_prompt:
        st.code(recipe.system_prompt, language=None, wrap_lines=True)
    else:
        st.caption(_("Nenhuma."))

    st.markdown("##### " + _("Assinaturas SHA-256"))
    hashes = {_("conversas de origem"): chosen.source, **chosen.hashes}
    st.dataframe(
        pd.DataFrame(hashes.items(), columns=["file", "hash"]),
        hide_index=True,
        height="content",
        key="finetuning_hashes",
        column_config={
            "file": table.text(_("Arquivo"), 160),
            "hash": table.text("SHA-256", "large"),
        },
    )
    st.caption(_("A mesma receita sobre as mesmas conversas dá os mesmos arquivos, byte por byte."))


def _period(chosen: TrainingSet) -> str:
    filters = chosen.recipe.filters
    if filters.since is None and filters.until is None:
        return _("todo")
    return _("de {first} até antes de {last}").format(
        first=formats.moment(filters.since), last=formats.moment(filters.until)
    )
