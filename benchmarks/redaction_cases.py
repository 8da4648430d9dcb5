"""Made-up chat messages with and without personal data, and where in them it stands.

Nothing here looks at the recognisers: values are made from their official rules, written in the
ways people type them, and put into sentences of customers and shops, among numbers that are
nobody's.
"""

# ruff: noqa: E501  (one message, or one way of typing, after the other)

from __future__ import annotations

import random
import re
import string
import unicodedata
import uuid
from dataclasses import dataclass, field


@dataclass
class Case:
    """A message, the question before it if any, and its personal data as (type, start, end)."""

    text: str
    gold: list[tuple[str, int, int]] = field(default_factory=list)
    question: str = ""


def _words(text: str) -> list[str]:
    return text.split()


def _lines(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", "").split("|")]


FIRST = _words(
    """
Ana Beatriz Bruno Caio Camila Carlos Cauã Cida Cláudia Cristiane Daniel Davi Débora Diego Edson
Eduarda Eliane Emanuelly Enzo Fabiana Felipe Fernanda Flávio Francisco Gabriela Geovana Gilberto Giovanna Guilherme
Gustavo Heitor Helena Heloísa Igor Isabela Ivone Jaqueline Jéssica Jhonatan Joana João Joaquim Jonas Jorge José
Josiane Juliana Júlio Kaique Karina Kauany Kelly Laís Larissa Leandro Letícia Lívia Lorena Luan Lucas Luciana Luiz
Luzia Maicon Manuela Marcela Márcio Marcos Maria Mariana Marina Mateus Maurício Michele Miguel Milena Murilo Natália
Neide Nicolas Noemi Odair Osvaldo Otávio Patrícia Paulo Pedro Priscila Rafael Raimundo Raquel Rebeca Regiane Renan
Renata Ricardo Roberta Rodrigo Rogério Ronaldo Rosângela Rosilene Samuel Sandra Sebastião Sérgio Silvana Simone Sônia
Sueli Suzana Taís Tatiane Terezinha Thaynara Thiago Valdir Valéria Vanderlei Vanessa Vicente Vinícius Vitor Wagner
Wallace Wellington Wesley Yasmin Yuri Zilda Rosa Clara Vitória Aparecida Conceição
    """
)

LAST = _words(
    """
Abreu Alencar Almeida Alves Amaral Andrade Araújo Assunção Azevedo Bandeira Barbosa Barreto Barros
Bastos Batista Bezerra Bittencourt Borges Braga Brito Cabral Camargo Campos Cardoso Carneiro Carvalho Castro Cavalcanti
Cerqueira Chaves Coelho Cordeiro Corrêa Costa Coutinho Cruz Cunha Damasceno Dias Diniz Domingues Duarte Dutra Esteves
Evangelista Falcão Faria Fernandes Ferrari Ferraz Ferreira Figueiredo Fonseca Fontes Franco Freire Freitas Furtado
Galvão Garcia Gomes Gonçalves Guedes Guimarães Gusmão Haddad Kobayashi Lacerda Leal Leite Lima Lins Lopes Lourenço
Macedo Machado Maciel Magalhães Maia Marinho Marques Martins Matos Medeiros Meireles Mello Mendes Mendonça Menezes
Mesquita Miranda Monteiro Moraes Moreira Mota Moura Nakamura Nascimento Neves Nogueira Nunes Oliveira Pacheco Paiva
Peixoto Pereira Pessoa Pimentel Pinheiro Pinto Pires Prado Queiroz Ramos Rangel Rezende Ribeiro Rocha Rodrigues Sales
Sampaio Santana Santos Saraiva Schmidt Schneider Serrano Silva Silveira Siqueira Soares Souza Tavares Teixeira Teles
Torres Valente Vargas Vasconcelos Vaz Viana Vieira Vilela Weber Xavier Zanetti
    """
)

STREETS = _lines(
    """
das Flores|Paulista|Sete de Setembro|XV de Novembro|dos Andradas|Tiradentes|das Acácias|Santos Dumont
|Dom Pedro II|Barão do Rio Branco|Padre Anchieta|Getúlio Vargas|Brasil|José Bonifácio|da Independência|Bela Vista
|Sete Quedas|dos Ipês|Marechal Deodoro|Duque de Caxias
    """
)

CARS = _lines(
    """
HB20|Onix|Onix Plus|Gol|Polo|Uno|Mobi|Kwid|Argo|Ka|Fiesta|Corolla|Civic|Fit|HR-V|Creta|Tracker|Compass
|Renegade|Strada|Toro|S10|Hilux|Saveiro|Sandero|Logan|Versa|Kicks|Up|T-Cross|208|C3|Celta|Palio|Siena|Cruze|Spin
|Duster|Fox|Voyage|i30|ix35|Tucson|Sportage
    """
)

CITIES = _lines(
    """
São Paulo|Campinas|Recife|Curitiba|Salvador|Belo Horizonte|Vitória|João Pessoa|São José dos Campos
|Natal|Goiânia|Porto Alegre|Rio de Janeiro|Santos|Feira de Santana|Juiz de Fora
    """
)

AREAS = _words(
    """
11 12 13 14 15 16 17 18 19 21 22 24 27 28 31 32 33 34 35 37 38 41 42 43 44 45 46 47 48 49 51 53 54 55
61 62 63 64 65 66 67 68 69 71 73 74 75 77 79 81 82 83 84 85 86 87 88 89 91 92 93 94 95 96 97 98 99
    """
)


def modulo_11(values: list[int], weights: list[int]) -> int:
    rest = sum(value * weight for value, weight in zip(values, weights, strict=True)) % 11
    return 0 if rest < 2 else 11 - rest


class Values:
    """Values of each type as people type them."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def digits(self, count: int) -> str:
        return "".join(self.rng.choice(string.digits) for _ in range(count))

    def one(self, *ways: str) -> str:
        return self.rng.choice(ways)

    def cpf_digits(self) -> str:
        body = [self.rng.randrange(10) for _ in range(9)]
        body.append(modulo_11(body, list(range(10, 1, -1))))
        body.append(modulo_11(body, list(range(11, 1, -1))))
        return "".join(map(str, body))

    def cnpj_characters(self) -> str:
        letters = (
            string.digits + string.ascii_uppercase if self.rng.random() < 0.4 else string.digits
        )
        root = "".join(self.rng.choice(letters) for _ in range(8))
        text = root + self.one("0001", "0001", "0002", "0015")
        values = [ord(character) - 48 for character in text]
        first = modulo_11(values, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
        second = modulo_11([*values, first], [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
        return f"{text}{first}{second}"

    def write_cpf(self, d: str) -> str:
        a, b, c, e = d[:3], d[3:6], d[6:9], d[9:]
        return self.one(
            f"{a}.{b}.{c}-{e}", f"{a}.{b}.{c}-{e}", f"{a}.{b}.{c}-{e}", d, d,
            f"{a} {b} {c} {e}", f"{a}.{b}.{c}.{e}", f"{a}.{b}.{c}/{e}", f"{a}{b}{c}-{e}",
            f"{a}-{b}-{c}-{e}", f"{a}. {b}. {c}-{e}", f"{a}.{b}.{c} - {e}", f"{a}.{b}.{c}{e}",
        )  # fmt: skip

    def cpf(self) -> str:
        return self.write_cpf(self.cpf_digits())

    def cnpj(self) -> str:
        d = self.cnpj_characters()
        a, b, c, f, e = d[:2], d[2:5], d[5:8], d[8:12], d[12:]
        text = self.one(
            f"{a}.{b}.{c}/{f}-{e}", f"{a}.{b}.{c}/{f}-{e}", f"{a}.{b}.{c}/{f}-{e}", d, d,
            f"{a}{b}{c}/{f}-{e}", f"{a}.{b}.{c}/{f}{e}", f"{a}.{b}.{c} / {f} - {e}",
            f"{a}.{b}.{c}.{f}-{e}" if d.isdigit() else f"{a}.{b}.{c}/{f}-{e}",
            f"{a} {b} {c} {f} {e}" if d.isdigit() else d,
        )  # fmt: skip
        return text.lower() if self.rng.random() < 0.2 else text

    def phone(self) -> str:
        area = self.rng.choice(AREAS)
        if self.rng.random() < 0.8:
            n = "9" + self.one(*"6789") + self.digits(7)
            a, b = n[:5], n[5:]
            return self.one(
                f"({area}) {a}-{b}", f"({area}) {a}-{b}", f"({area}){a}-{b}", f"{area} {a}-{b}",
                f"{area} {a}-{b}", f"{area} {a}{b}", f"{area}{a}{b}", f"{area}{a}{b}", f"+55 {area} {a}-{b}",
                f"+55 {area} {a}{b}", f"+55{area}{a}{b}", f"55{area}{a}{b}", f"+55 ({area}) {a}-{b}",
                f"{area} {n[0]} {n[1:5]}-{b}", f"{area} {n[0]} {n[1:5]} {b}", f"({area}) {n[0]} {n[1:5]}-{b}",
                f"{area}-{a}-{b}", f"{area}.{a}.{b}", f"{area} {a} {b}", f"0{area} {a}-{b}", f"0{area}{a}{b}",
                f"({area}) {n[0]}.{n[1:5]}-{b}", f"{a}-{b}", f"{area} {n[:3]} {n[3:6]} {n[6:]}",
                f"({area}) {a} {b}", f"0xx{area} {a}-{b}", f"{area}/{a}-{b}", f"\u202a+55 {area} {a}\u2011{b}\u202c",
            )  # fmt: skip
        n = self.one(*"2345") + self.digits(7)
        while n.startswith(("3003", "3004", "4003", "4004", "4020")):
            n = self.one(*"2345") + self.digits(7)
        a, b = n[:4], n[4:]
        return self.one(
            f"({area}) {a}-{b}", f"({area}) {a}-{b}", f"{area} {a}-{b}", f"({area}){a}{b}",
            f"+55 {area} {a}-{b}", f"0{area} {a}-{b}", f"{area} {a} {b}",
        )  # fmt: skip

    def email(self) -> str:
        first, last = (ascii_only(self.rng.choice(names)).lower() for names in (FIRST, LAST))
        user = self.one(
            f"{first}.{last}", f"{first}{last}", f"{first}_{last}{self.digits(2)}", f"{first}{self.digits(3)}",
            f"{first[0]}{last}", f"{last}-{first}", f"{first}.{last}+lojas",
        )  # fmt: skip
        host = self.one(
            "gmail.com", "gmail.com", "hotmail.com", "hotmail.com.br", "outlook.com", "yahoo.com.br",
            "uol.com.br", f"{last}advogados.adv.br", f"{last}transportes.com.br", "prefeitura.sp.gov.br",
        )  # fmt: skip
        text = f"{user}@{host}"
        return self.one(
            text,
            text,
            text,
            text,
            text.capitalize(),
            text.upper(),
            f"{user}@{host.split('.')[0]},com",
        )

    def spelt_email(self) -> str:
        user, host = self.email().lower().replace(",", ".").split("@")
        if "." not in host:
            host += ".com"
        dotted = host.replace(".", " ponto ")
        return self.one(
            f"{user} arroba {dotted}", f"{user} arroba {host}", f"{user.replace('.', ' ponto ')} arroba {dotted}",
            f"{user}(arroba){host}", f"{user} [at] {host}", f"{user} @ {host}",
        )  # fmt: skip

    def cep(self) -> str:
        n = f"{self.rng.randrange(1000, 99999):05d}"
        b = self.one("000", self.digits(3), self.digits(3))
        return self.one(f"{n}-{b}", f"{n}-{b}", f"{n}-{b}", f"{n[:2]}.{n[2:]}-{b}")

    def bare_cep(self) -> str:
        number = re.sub(r"\D", "", self.cep())
        return self.one(
            number, number, f"{number[:5]} {number[5:]}", f"{number[:5]} - {number[5:]}"
        )

    def plate(self) -> str:
        letters = "".join(self.rng.choice(string.ascii_uppercase) for _ in range(3))
        if self.rng.random() < 0.5:
            n = f"{self.rng.randrange(1, 9999):04d}"
            text = self.one(f"{letters}-{n}", f"{letters}-{n}", f"{letters}{n}")
        else:
            text = f"{letters}{self.digits(1)}{self.one(*'ABCDEFGHIJ')}{self.digits(2)}"
        return text.lower() if self.rng.random() < 0.3 else text

    def told_plate(self) -> str:
        text = self.plate()
        if text[3] != "-" and self.rng.random() < 0.3:
            text = f"{text[:3]} {text[3:]}"
        return text

    def uuid(self) -> str:
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def card(self) -> str:
        body = [int(d) for d in self.one("4", "51", "55", "6362", "5067")]
        body = [int(d) for d in "".join(map(str, body))]
        body += [self.rng.randrange(10) for _ in range(15 - len(body))]
        total = sum(d if place % 2 else sum(divmod(2 * d, 10)) for place, d in enumerate(body))
        text = "".join(map(str, body)) + str(-total % 10)
        groups = [text[place : place + 4] for place in range(0, 16, 4)]
        return self.one(
            text, " ".join(groups), " ".join(groups), "-".join(groups), ".".join(groups)
        )

    def address(self) -> str:
        kind = self.one("Rua", "Rua", "R.", "Av.", "Avenida", "Alameda", "Travessa", "rua", "av")
        number = str(self.rng.randrange(1, 4000))
        tail = self.one(
            "",
            "",
            f" apto {self.rng.randrange(1, 200)}",
            f", ap {self.rng.randrange(1, 99)}",
            " casa 2",
        )
        return (
            f"{kind} {self.rng.choice(STREETS)}{self.one(', ', ', ', ' ', ', nº ')}{number}{tail}"
        )

    def first(self) -> str:
        return self.rng.choice(FIRST)

    def name(self) -> str:
        first = self.first()
        last = self.rng.choice(LAST)
        return self.one(
            first, f"{first} {last}", f"{first} {last}", f"{first} {self.rng.choice(LAST)} {last}",
            f"{first} da {last}", f"{first} {self.first()} {last}", f"{first} dos {last}", f"{first} {last[0]}. {last}",
        )  # fmt: skip

    # What is nobody's.

    def wrong_cpf(self) -> str:
        d = self.cpf_digits()
        return self.write_cpf(d[:10] + str((int(d[10]) + self.rng.randrange(1, 10)) % 10))

    def price(self) -> str:
        value = self.rng.randrange(50, 180_000)
        return self.one(
            f"R$ {value:,}".replace(",", "."), f"R$ {value:,},00".replace(",", ".", value > 999), f"{value} reais",
            f"{value // 1000} mil", f"R${value}", f"{value / 1000:.1f}k", f"{value:,}.00",
        )  # fmt: skip

    def order(self) -> str:
        return self.one(
            self.digits(6), self.digits(8), f"#{self.digits(5)}", self.digits(10), f"PED-{self.digits(6)}",
            f"2026{self.digits(8)}", self.digits(11), self.digits(9), f"{self.digits(5)}-{self.digits(3)}",
        )  # fmt: skip

    def protocol(self) -> str:
        return self.one(
            f"2026{self.digits(7)}", f"{self.digits(11)}", self.digits(14), f"{self.digits(4)}.{self.digits(6)}/2026-{self.digits(2)}",
            f"{self.digits(13)}", self.digits(10), f"{self.digits(7)}-{self.digits(2)}.2026.8.26.{self.digits(4)}",
        )  # fmt: skip

    def product(self) -> str:
        upper = "".join(self.rng.choice(string.ascii_uppercase) for _ in range(2))
        return self.one(
            f"{upper}-{self.digits(4)}", f"SKU{self.digits(6)}", f"REF {self.digits(5)}", f"{upper}{self.digits(5)}BR",
            f"7{self.digits(12)}", f"{upper}{self.digits(9)}BR", f"{self.digits(3)}-{upper}", f"{upper}{self.digits(2)}/{self.digits(3)}",
        )  # fmt: skip

    def car(self) -> str:
        year = self.rng.randrange(2005, 2027)
        return self.one(
            f"{self.rng.choice(CARS)} {year}", f"{self.rng.choice(CARS)} 1.{self.one(*'0468')} {year}",
            f"{self.rng.choice(CARS)} {year}/{year + 1}", f"{self.rng.choice(CARS)} 1.0 turbo", self.rng.choice(CARS).lower(),
            f"{self.rng.choice(CARS).lower()} {year}",
        )  # fmt: skip

    def km(self) -> str:
        value = self.rng.randrange(1000, 180_000)
        return self.one(
            f"{value} km",
            f"{value:,} km".replace(",", "."),
            f"{value // 1000} mil km",
            f"{value}km",
        )

    def date(self) -> str:
        day, month, year = (
            self.rng.randrange(1, 29),
            self.rng.randrange(1, 13),
            self.rng.randrange(2019, 2028),
        )
        return self.one(
            f"{day:02d}/{month:02d}/{year}", f"{day}/{month}", f"{day:02d}-{month:02d}-{year}", f"{year}-{month:02d}-{day:02d}",
            f"{day}/{month}/{year % 100} às {self.rng.randrange(8, 20)}:{self.rng.randrange(60):02d}", f"{day:02d}.{month:02d}.{year}",
        )  # fmt: skip

    def years(self) -> str:
        year = self.rng.randrange(2008, 2026)
        return self.one(
            f"{year}/{year + 1}",
            f"{year}-{year + 1}",
            f"{year} a {year + 3}",
            f"{year} ou {year + 1}",
        )

    def bank(self) -> str:
        return f"agência {self.digits(4)} conta {self.digits(5)}-{self.digits(1)}"

    def service(self) -> str:
        return self.one(
            f"0800 {self.digits(3)} {self.digits(4)}",
            f"0800-{self.digits(3)}-{self.digits(4)}",
            f"4004-{self.digits(4)}",
        )

    def boleto(self) -> str:
        d = self.digits
        return f"{d(5)}.{d(5)} {d(5)}.{d(6)} {d(5)}.{d(6)} {d(1)} {d(14)}"

    def city(self) -> str:
        return self.rng.choice(CITIES)


SENTENCES = {
    "CPF": [
        "meu cpf é {cpf}", "cpf {cpf}", "CPF: {cpf}", "pode por no cpf {cpf} por favor", "anota aí {cpf}",
        "nota fiscal no cpf {cpf}", "o do meu marido é {cpf}", "{cpf} esse é o cpf", "segue os dados: {name}, {cpf}",
        "é pra simular o financiamento, cpf {cpf}, nasci em {date}", "cpf do comprador {cpf} e o da esposa {cpf}",
        "consulta pra mim {cpf} vê se aprova", "Meu nome é {name}, CPF {cpf}, e quero o {car}",
    ],
    "CNPJ": [
        "cnpj {cnpj}", "o cnpj da empresa é {cnpj}", "fatura no {cnpj}", "CNPJ: {cnpj}", "nota pro cnpj {cnpj} pfv",
        "é pessoa jurídica, {cnpj}", "a transportadora é {cnpj}, chega dia {date}", "sou MEI meu cnpj é {cnpj}",
        "pode emitir em nome da firma? {cnpj}", "somos lojista, cnpj {cnpj}, tem desconto no {car}?",
    ],
    "TELEFONE": [
        "meu zap é {phone}", "me liga {phone}", "tel {phone}", "{phone} pode chamar", "whats {phone}",
        "fala com {name} no {phone}", "meu número é {phone}", "liga depois das 18h no {phone}", "celular: {phone}",
        "o contato dele é {phone}", "manda as fotos do {car} pra {phone}", "qualquer coisa {phone}",
        "troquei de numero agora é {phone}", "pode me ligar? {phone}", "recado no {phone} com minha mãe",
        "sou {name}, {phone}, aguardo", "Oi, vi o {car} por {price}. Meu telefone: {phone}",
    ],
    "EMAIL": [
        "meu email é {email}", "manda no {email}", "email: {email}", "{email}", "e-mail {email} obrigado",
        "pode enviar a proposta do {car} pra {email}?", "o boleto não chegou em {email}", "contato {email} ou {phone}",
        "cadastra {email} por favor", "Segue: {email}.", "mandei de {email} ontem, protocolo {protocol}",
    ],
    "CEP": [
        "meu cep é {cep}", "cep {cep}", "entrega no {cep}?", "CEP: {cep}, {city}", "qual o frete pra {cep}",
        "moro em {city} {cep}", "cep {bare_cep}", "o cep é {bare_cep}", "{address}, {cep}", "frete pro cep {bare_cep} quanto fica?",
        "{address} - {city} - CEP {cep}",
    ],
    "PLACA": [
        "a placa é {told_plate}", "placa {told_plate}", "Placa: {told_plate}", "meu {car}, placa {told_plate}",
        "consulta a {plate} pra mim", "tem multa na {plate}?", "vou com o carro {plate}", "é o {car} {plate}",
        "o {car} de placa {told_plate} já vendeu?", "deixei o carro aí hoje, {plate}", "o documento do {plate} tá em dia",
        "troco meu {car} com {km}, {plate}, no {car}",
    ],
    "PIX": [
        "minha chave pix é {cpf}", "pix: {email}", "chave pix {uuid}", "meu pix é {phone}", "pode mandar no pix {cpf}",
        "chave aleatória: {uuid}", "Pix (celular) {phone}", "o pix da loja é {cnpj}", "{email} é meu pix",
        "pix {phone}", "faz o pix pra {email}", "manda o pix pro cpf {cpf}", "chave pix: {cnpj}", "a chave é {uuid}",
        "segue a chave pix\n{uuid}", "Chave Pix (e-mail): {email}", "transfere no pix {email} por favor",
    ],
    "ENDERECO": [
        "moro na {address}", "entrega na {address}", "meu endereço é {address}", "{address}, {city}",
        "Endereço: {address}", "pode buscar o carro na {address}?",
    ],
    "CARTAO": ["meu cartão é {card}", "cartao {card}", "passa no {card} em 3x", "cartão final do {card} validade 08/29"],
    "NOME": [
        "meu nome é {name}", "aqui é a {name}", "sou o {name}", "Oi, {name} aqui", "me chamo {name}",
        "falei com a {first} ontem", "nome: {name}", "O {name} me indicou vocês", "fala pro {first} que eu vou {date}",
        "quem me atendeu foi {name}", "bom dia {first}", "Boa tarde, {first}, tudo bem?", "obrigado {first}",
        "o carro tá no nome de {name}", "Vendedor: {name}", "minha esposa {first} gostou do {car}", "{name} ficou de me ligar",
        "A {name} e o {name} vão aí ver o {car}", "Dra. {name} é minha advogada", "o seu {first} tá aí?", "Att, {name}",
    ],
}  # fmt: skip

KEYS = {"PIX"}
"""Of these, the personal value that the sentence holds is of the sentence's type."""

NOTHING = [
    "vi o {car} por {price} ainda tem?", "protocolo {protocol}", "meu pedido {order} não chegou", "número do pedido {order}",
    "tem {car} até {price}?", "quero um {car} com menos de {km}", "comprei dia {date} e nada", "ano {years}, aceita troca?",
    "o código é {product}", "a peça {product} serve no {car}?", "rastreio {product}", "nota fiscal {order} de {date}",
    "o boleto é {boleto}", "parcelou em 48x de {price}", "liguei no {service} e ninguém atende", "{bank}",
    "o id do chamado é {uuid}", "a versão 1.0.{year} deu erro", "paguei {price} de entrada e financiei {price}",
    "o {car} faz 12,5 km/l?", "vocês abrem às 8h ou 9h30?", "moro em {city} vocês entregam?", "Gol {year} completo por {price}",
    "UNO {year} tem?", "Fit {year} automático quanto?", "chassi 9BWZZZ377VT{order4}", "esse cpf {wrong_cpf} deu inválido no sistema",
    "protocolo de atendimento: {protocol} aberto em {date}", "ean 789{digits10}", "me passa os dados do {car} {years}", "sim",
    "blz vlw", "kkkkk show", "o motor é 2.0 16v?", "quanto fica o IPVA de {year}?", "tem garantia de 3 anos ou 100000 km?",
    "o sofá mede 2,10 x 0,95 x 0,88", "colchão queen 158x198x30", "aceita pix ou só cartão?", "o valor do pix é {price}",
    "contrato n {order}", "processo {protocol}", "ordem de serviço {order}", "lote {digits4} série {digits8}", "senha 482913",
    "Rosa ou azul, tanto faz", "a vitória foi do Palmeiras", "Mercedes C180 {year}", "tenho uma Santana Quantum {year}",
    "de {price} por {price}", "faixa de 2500-3000", "uns 3000 4000 no máximo", "bom dia", "Boa tarde, tudo bem?", "Obrigado!",
    "token 9f8a7b6c-0001", "cupom PROMO2026", "aguardando desde {date} pedido {order} valor {price}", "o carro é {year}/{year}",
    "Segunda-feira eu passo aí", "Deus te abençoe", "Qual o prazo pra {city}?", "Feliz Natal pra todos", "1 2 3 testando",
]  # fmt: skip

ASKED = [
    ("Qual o seu CPF?", "CPF", "{cpf}"), ("Me informa seu telefone com DDD, por favor", "TELEFONE", "{phone}"),
    ("Qual é o CEP da entrega?", "CEP", "{bare_cep}"), ("Qual a placa do carro?", "PLACA", "{told_plate}"),
    ("Com quem eu falo? Qual seu nome?", "NOME", "{name}"), ("Pode me passar a chave Pix?", "PIX", "{uuid}"),
    ("Qual o e-mail para cadastro?", "EMAIL", "{email}"), ("E o CNPJ da empresa?", "CNPJ", "{cnpj}"),
]  # fmt: skip

ABBREVIATIONS = {
    "você": "vc", "vocês": "vcs", "também": "tb", "porque": "pq", "por favor": "pfv", "quanto": "qto", "obrigado": "obg",
    "não": "n", "está": "tá", "mensagem": "msg", "endereço": "endereco", "número": "numero", "meu": "meu",
}  # fmt: skip

BEFORE = [
    "",
    "",
    "",
    "Oi, ",
    "oi ",
    "bom dia! ",
    "então, ",
    "Olá. ",
    "👋 ",
    "opa ",
    "ok, ",
    "Boa noite\n",
    "sim! ",
    "kkk ",
]
AFTER = [
    "",
    "",
    "",
    "",
    ".",
    " 👍",
    " obg",
    " ok?",
    "!",
    " 🙏🙏",
    " blz",
    "\nObrigado",
    " tá bom?",
    "...",
    " vlw",
]

TYPES = {
    "cpf": "CPF", "cnpj": "CNPJ", "phone": "TELEFONE", "email": "EMAIL", "cep": "CEP", "bare_cep": "CEP", "plate": "PLACA",
    "told_plate": "PLACA", "card": "CARTAO", "address": "ENDERECO", "name": "NOME", "first": "NOME", "uuid": "UUID",
    "spelt_email": "EMAIL",
}  # fmt: skip


def ascii_only(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(char for char in parts if not unicodedata.combining(char))


def fill(template: str, values: Values, kind: str, lower_names: bool) -> Case:
    """Return the template with values in its slots, and where the personal ones are."""
    rng, text, gold = values.rng, "", []
    for piece in re.split(r"(\{\w+\})", template):
        if not piece.startswith("{"):
            text += piece
            continue
        slot = piece[1:-1]
        if slot == "year":
            value = str(rng.randrange(2001, 2027))
        elif slot.startswith("digits") or slot == "order4":
            value = values.digits(int(re.sub(r"[a-z]", "", slot) or 4))
        else:
            value = getattr(values, slot)()
        if slot in ("name", "first"):
            value = value.lower() if lower_names else value
            value = ascii_only(value) if rng.random() < 0.3 else value
        label = TYPES.get(slot)
        if label and kind in KEYS and slot not in ("name", "first"):
            label = kind
        if label and label != "UUID":
            gold.append((label, len(text), len(text) + len(value)))
        text += value
    return Case(text, gold)


def habits(case: Case, rng: random.Random) -> Case:
    """Type the words around the values as people do: other case, no accents, shorter."""
    spans = sorted(case.gold, key=lambda span: span[1])
    pieces: list[tuple[str, str | None]] = []
    place = 0
    for label, start, end in spans:
        pieces += [(case.text[place:start], None), (case.text[start:end], label)]
        place = end
    pieces.append((case.text[place:], None))
    style = rng.random()
    names = any(label == "NOME" for _, label in pieces)
    text, gold = rng.choice(BEFORE), []
    for piece, label in pieces:
        if label is None:
            for long, short in ABBREVIATIONS.items():
                if rng.random() < 0.3:
                    piece = re.sub(rf"\b{long}\b", short, piece)
            if style < 0.25:
                piece = ascii_only(piece)
            if style < 0.45:
                piece = piece.lower()
            elif style > 0.96 and not names:
                piece = piece.upper()
            if style < 0.1:
                piece = piece.replace(": ", " ").replace(", ", " ")
        else:
            gold.append((label, len(text), len(text) + len(piece)))
        text += piece
    return Case(text + rng.choice(AFTER), gold, case.question)


def cases(seed: int, each: int) -> list[Case]:
    """Return ``each`` messages for every type, as many without any, and answers to questions."""
    rng = random.Random(seed)
    values = Values(rng)
    made: list[Case] = []
    for kind, templates in SENTENCES.items():
        for _ in range(each):
            case = fill(rng.choice(templates), values, kind, rng.random() < 0.35)
            made.append(habits(case, rng))
    for _ in range(each * len(SENTENCES)):
        made.append(habits(fill(rng.choice(NOTHING), values, "", False), rng))
    for _ in range(each // 2):
        for question, kind, template in ASKED:
            case = fill(template, values, kind, rng.random() < 0.35)
            made.append(Case(case.text, case.gold, question))
    rng.shuffle(made)
    return made


def spelt_emails(seed: int, count: int) -> list[Case]:
    """Return messages with addresses that are spelt out."""
    rng = random.Random(seed)
    values = Values(rng)
    templates = [
        "meu email é {spelt_email}",
        "manda pra {spelt_email}",
        "{spelt_email}",
        "email: {spelt_email} obrigado",
    ]
    return [fill(rng.choice(templates), values, "EMAIL", True) for _ in range(count)]


OVER_LINES = {
    "CPF": ["cpf {}", "meu cpf é {}", "CPF: {} obrigado", "anota: {cut}", "é {cut}", "o cpf dele\n{}"],
    "CNPJ": ["cnpj {}", "o cnpj da loja é {}", "nota pro {cut}", "CNPJ: {}"],
    "TELEFONE": ["fone {}", "me chama no {}", "whats: {}", "é {}", "qualquer coisa {}", "zap\n{}"],
    "CEP": ["cep {}", "meu cep é {}", "CEP: {}", "frete pra {cut}?"],
    "CARTAO": ["meu cartão é {}", "cartao: {}", "passa no {cut}"],
    "PIX": ["pix {}", "minha chave pix é {}", "chave pix:\n{}"],
}  # fmt: skip
"""``{cut}`` is a value with punctuation, which alone tells what it is."""

NOTHING_OVER_LINES = [
    "pedidos:\n{digits6}\n{digits5}", "parcelas\n{digits4}\n{digits4}\n{digits4}", "comprei\n2\n{digits6}\n{digits4}",
    "{price}\n{price}", "protocolo {protocol}\n{digits4}", "ano {year}\n{km}", "{date}\n{date}", "{product}\n{product}",
    "valores: {digits4} {digits4}\n{digits4} {digits4}", "{digits8}\n{digits8}", "peças {digits3}\n{digits3}\n{digits3}\n{digits2}",
    "1\n2\n3\n4", "{car}\n{price}\n{km}", "senha {digits6}\n{digits6}", "pedido {order}\n{digits3} unidades", "{boleto}\n{price}",
    "nota {digits9}\n{digits5}", "medidas:\n{digits3}x{digits3}\n{digits3}x{digits3}", "{years}\n{digits5}", "{digits5} {digits6}\n{digits5}",
]  # fmt: skip


def over_lines(seed: int, each: int) -> list[Case]:
    """Return messages with a value that a line feed breaks, and as many lists of other numbers."""
    rng = random.Random(seed)
    values = Values(rng)
    made = []
    for kind, templates in OVER_LINES.items():
        for _ in range(each):
            template = rng.choice(templates)
            value = _broken(values, kind, punctuated="{cut}" in template)
            before, after = re.split(r"\{(?:cut)?\}", template)
            before = rng.choice(BEFORE) + before
            gold = [(kind, len(before), len(before) + len(value))]
            made.append(Case(before + value + after + rng.choice(AFTER), gold))
    for _ in range(each * len(OVER_LINES)):
        made.append(fill(rng.choice(NOTHING_OVER_LINES), values, "", False))
    return made


def _broken(values: Values, kind: str, *, punctuated: bool) -> str:
    """Return a value of several groups, one of whose ends is the end of a line."""
    groups, signs = _groups(values, kind)
    if not punctuated and values.rng.random() < 0.5:
        signs = [""] * len(signs)
    place = values.rng.randrange(1 if kind == "TELEFONE" else 0, len(signs))
    ends = [values.one(f"{sign}\n", f"\n{sign}", f"{sign} \n") for sign in signs]
    written = [
        end if number == place else sign
        for number, (sign, end) in enumerate(zip(signs, ends, strict=True))
    ]
    return "".join(group + sign for group, sign in zip(groups, [*written, ""], strict=True))


def _groups(values: Values, kind: str) -> tuple[list[str], list[str]]:
    digits = values.digits
    if kind == "PIX":
        kind = values.one("CPF", "CNPJ", "TELEFONE")
    if kind == "CPF":
        d = values.cpf_digits()
        return [d[:3], d[3:6], d[6:9], d[9:]], [".", ".", "-"]
    if kind == "CNPJ":
        d = values.cnpj_characters()
        return [d[:2], d[2:5], d[5:8], d[8:12], d[12:]], [".", ".", "/", "-"]
    if kind == "CEP":
        return [f"{values.rng.randrange(1000, 99999):05d}", digits(3)], ["-"]
    if kind == "CARTAO":
        d = re.sub(r"\D", "", values.card())
        return [d[place : place + 4] for place in range(0, 16, 4)], [values.one("-", ".")] * 3
    return [values.rng.choice(AREAS), "9" + values.one(*"6789") + digits(3), digits(4)], [" ", "-"]
