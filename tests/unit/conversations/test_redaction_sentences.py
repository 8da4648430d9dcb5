"""Messages written by hand, apart from the recognisers: what must go, and what must stay.

Each line: the message, then ``type=value`` for each value that must be found just so.
"""

# ruff: noqa: E501  (one message a line)

from __future__ import annotations

import pytest

from src import conversations

MUST_GO = [
    ("Boa tarde, vi o anuncio do Corolla, me chama no 31 9 9876 1234 pf", ["TELEFONE=31 9 9876 1234"]),
    ("pode ligar nesse: 021 2567-8901 (fixo, é da minha mãe)", ["TELEFONE=021 2567-8901"]),
    ("whats novo -> 48991234567 <- apaga o antigo", ["TELEFONE=48991234567"]),
    ("+55(85)98877-6655", ["TELEFONE=+55(85)98877-6655"]),
    ("meu num é 9 8877-6655 msm ddd de vcs", ["TELEFONE=9 8877-6655"]),
    ("Estou fora do país: +351 912 345 678", ["TELEFONE=+351 912 345 678"]),
    ("meus dados p/ contrato\nnome completo: Thaís Regina Bortolotto\nCPF: 390.533.447-05",
     ["NOME=Thaís Regina Bortolotto", "CPF=390.533.447-05"]),
    ("cpf39053344705", ["CPF=39053344705"]),
    ("o do meu pai 390 533 447-05 e o da minha mae 935.411.347-80",
     ["CPF=390 533 447-05", "CPF=935.411.347-80"]),
    ("CNPJ da loja = 45.997.418/0001-53, insc estadual isenta", ["CNPJ=45.997.418/0001-53"]),
    ("manda a nota p o cnpj 45997418000153", ["CNPJ=45997418000153"]),
    ("qq coisa me escreve: dr.paulo_76@santacasa.org.br!!", ["EMAIL=dr.paulo_76@santacasa.org.br"]),
    ("meu mail e rafinha.lima arroba hotmail ponto com ponto br",
     ["EMAIL=rafinha.lima arroba hotmail ponto com ponto br"]),
    ("JOSE.CARLOS@EMPRESA.COM.BR", ["EMAIL=JOSE.CARLOS@EMPRESA.COM.BR"]),
    ("faz um pix ai 11 91234-5678 é meu numero de celular", ["PIX=11 91234-5678"]),
    ("Chave pix aleatória\n0f8fad5b-d9cb-469f-a165-70867728950e", ["PIX=0f8fad5b-d9cb-469f-a165-70867728950e"]),
    ("pode ser pix? minha chave é o cpf 390.533.447-05", ["PIX=390.533.447-05"]),
    ("loja@carros.com.br é a nossa chave pix", ["PIX=loja@carros.com.br"]),
    ("o veiculo e um gol g5 placa IQT-4521 de Gravatai", ["PLACA=IQT-4521"]),
    ("RBX9J21 tem multa?", ["PLACA=RBX9J21"]),
    ("placa: qlm 4e90", ["PLACA=qlm 4e90"]),
    ("Entregar em: Av. Bento Gonçalves, 1515 ap 302 bloco B, Porto Alegre, 90650-002",
     ["ENDERECO=Av. Bento Gonçalves, 1515 ap 302 bloco B", "CEP=90650-002"]),
    ("meu cep eh 90650002", ["CEP=90650002"]),
    ("SQN 310 bloco F ap 204", ["ENDERECO=SQN 310 bloco F ap 204"]),
    ("moro na rua Coronel Fraga, perto da padaria", ["ENDERECO=rua Coronel Fraga"]),
    ("cartao 5555 5555 5555 4444 val 09/29 cvv 123", ["CARTAO=5555 5555 5555 4444"]),
    ("amex 378282246310005", ["CARTAO=378282246310005"]),
    ("oi sou a jéssica, falei ontem com o wanderson", ["NOME=jéssica", "NOME=wanderson"]),
    ("Dona Marlene disse que o Sr. Abelardo paga à vista", ["NOME=Marlene", "NOME=Abelardo"]),
    ("Att,\nGuilherme Prates Sodré", ["NOME=Guilherme Prates Sodré"]),
    ("O FINANCIAMENTO SAI NO NOME DE MARCIA REGINA DA SILVA", ["NOME=MARCIA REGINA DA SILVA"]),
    ("minha filha Antonella quer o branco", ["NOME=Antonella"]),
    ("passa o telefone do vendedor Everton pfv", ["NOME=Everton"]),
    ("João Paulo e Ana Clara vão buscar", ["NOME=João Paulo", "NOME=Ana Clara"]),
    ("quem assina é Sayuri Nakashima Watanabe", ["NOME=Sayuri Nakashima Watanabe"]),
    ("minha casa fica na R. XV de Novembro n 12 bl B", ["ENDERECO=R. XV de Novembro n 12 bl B"]),
    ("travessa do mar, s/n, é o portão azul", ["ENDERECO=travessa do mar, s/n"]),
    ("meu numero 98765 4321", ["TELEFONE=98765 4321"]),
    ("esse número novo é 987654321 blz", ["TELEFONE=987654321"]),
    ("cpf do cliente no pedido: 52998224725", ["CPF=52998224725"]),
    ("o cnpj pra nota é 11222333000181", ["CNPJ=11222333000181"]),
    ("nota da empresa 12 ABC 345 01DE 35", ["CNPJ=12 ABC 345 01DE 35"]),
    ("joao @ gmail . com", ["EMAIL=joao @ gmail . com"]),
    ("manda pra joao.silva @ empresa . com . br", ["EMAIL=joao.silva @ empresa . com . br"]),
    ("meucpf52998224725", ["CPF=52998224725"]),
]  # fmt: skip

MUST_STAY = [
    "meu numero de pedido 98765 4321",
    "cpf conferido, pedido 123, protocolo 52998224725",
    "segue a @loja. Com certeza tem promo",
    "chegou via correio sem número de rastreio",
    "meu número da sorte é 3456",
    "tem uns 120 que eu vi aqui 35",
    "HB20 2019 ou Onix 1.0 2020/2021, qual compensa?",
    "o pedido 45871236 e o 12345-678 vieram trocados",
    "protocolo 2026.1124.000981-7, protocolo 98765432100",
    "R$ 98.765,43 à vista ou 48x de R$ 2.345,67",
    "faixa de 4500-5000 km rodados por ano",
    "entre 2018-2019 rodou 3000 4000 por mês",
    "nota fiscal 000.123.456 série 1 emitida 12/05/2024 14:33",
    "chassi 9BWZZZ377VT004251",
    "peça 5U0-711-049-C ou código 1234567890123",
    "UNO 2013, FIT 2018, GOL 1000, BMW 320i 2015",
    "motor 1.6 16v 120cv, 0 a 100 em 10,5 s",
    "liga no 0800 728 0001 ou 4004-0001",
    "chave reserva e manual, tem?",
    "o pix caiu? paguei 1500 ontem",
    "rastreio BR123456789BR",
    "pneu 205/55 R16 91V, roda 17",
    "sala 3, 2º andar, às 14h30 do dia 25/11/2026",
    "ean 7891234567895, caixa com 12",
    "versão 10.0.26100.2314 do app dá erro 0x80070057",
    "ip 192.168.100.254 porta 8501",
    "uuid do erro 0f8fad5b-d9cb-469f-a165-70867728950e",
    "saldo 123.456.789,00",
    "São José dos Campos, Santa Maria ou João Pessoa?",
    "moro em Salvador, perto da Lagoa",
    "Mercedes C180 e Renault Logan no pátio",
    "boa noite, vou pensar e retorno amanhã",
    "a linha digitável é 23793.38128 60007.827136 95000.063305 9 84660000012345",
    "Amanhã é Natal, feliz Páscoa atrasada kkkk",
    "clara de ovo não, a cor é rosa clara mesmo",
]


@pytest.mark.parametrize(("text", "expected"), MUST_GO, ids=[text[:30] for text, _ in MUST_GO])
def test_personal_data_in_a_message_is_found(text: str, expected: list[str]) -> None:
    found = [f"{e.type}={text[e.start : e.end]}" for e in conversations.redact(text).entities]
    assert found == expected


@pytest.mark.parametrize("text", MUST_STAY, ids=[text[:30] for text in MUST_STAY])
def test_what_is_nobodys_stays(text: str) -> None:
    assert conversations.redact(text).text == text
