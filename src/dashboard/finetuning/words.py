"""How the data sets' results, reasons and kinds of personal data are called on the screen."""

from __future__ import annotations

from src.dashboard import formats
from src.dashboard.i18n import _, ngettext
from src.messages import N_

RESULTS = {
    "ok": ("✓", N_("em ordem")),
    "warning": ("⚠", N_("atenção")),
    "error": ("✕", N_("não treine com ele")),
}
VERDICTS = {"for": N_("a favor"), "against": N_("contra"), "undecided": N_("em aberto")}

LEFT_OUT = {
    "period": N_("fora do período"),
    "channel": N_("de outro canal"),
    "topic": N_("de outro tema"),
    "open": N_("aberta ou abandonada"),
    "rejected": N_("reprovada na revisão"),
    "flagged": N_("com problema apontado"),
    "rating": N_("sem estrelas bastantes e sem aprovação"),
    "unknown_role": N_("com mensagem de papel desconhecido"),
    "empty": N_("vazia depois da limpeza"),
    "one_sided": N_("sem pergunta do cliente respondida pelo assistente"),
    "too_long": N_("longa demais"),
    "duplicate": N_("repetida ou quase igual a outra"),
    "balance": N_("além do máximo por tema"),
}

KINDS = {
    "CPF": N_("CPF"),
    "CNPJ": N_("CNPJ"),
    "DOCUMENTO": N_("outro documento"),
    "TELEFONE": N_("telefone"),
    "EMAIL": N_("e-mail"),
    "CEP": N_("CEP"),
    "ENDERECO": N_("endereço"),
    "PIX": N_("chave Pix"),
    "PLACA": N_("placa"),
    "CARTAO": N_("cartão"),
    "NOME": N_("nome"),
}

FILES = {
    "train.jsonl": N_("treino"),
    "validation.jsonl": N_("validação"),
    "test.jsonl": N_("teste"),
    "manifest.json": N_("manifesto"),
}


def result(name: str) -> str:
    """Return the verdict on a whole set, with its sign."""
    sign, words = RESULTS[name]
    return f"{sign} {_(words)}"


def left_out(reason: str) -> str:
    """Return why a conversation is not in a set."""
    return _(LEFT_OUT[reason]) if reason in LEFT_OUT else reason


def approved_of_them(count: int) -> str:
    """Say how many of the conversations just named reviewers had approved."""
    return ngettext(
        "{count} delas aprovada por revisores", "{count} delas aprovadas por revisores", count
    )


def kind(name: str) -> str:
    """Return a kind of personal data in words."""
    return _(KINDS[name]) if name in KINDS else name


def money(value: float | None, *, decimals: int = 2) -> str:
    """Return an amount in US$."""
    if value is None:
        return formats.MISSING
    return f"US$\u00a0{formats.number(float(value), decimals=decimals)}"


def span(pair: tuple[float, float], *, decimals: int = 0) -> str:
    """Return an amount in US$ from the least to the most; one figure where both are the same."""
    low, high = (formats.number(float(value), decimals=decimals) for value in pair)
    if low == high:
        return f"US$\u00a0{low}"
    return "US$\u00a0" + _("{low} a {high}").format(low=low, high=high)
