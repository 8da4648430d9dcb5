"""Words that announce a name, and words that look like one and are none."""

from __future__ import annotations

import re

from src.conversations.recognisers.base import words

PARTICLES = words("de da do das dos e d di del della du von van der y la")

MORE_SURNAMES = words(
    """
    aguiar albuquerque aleixo amado amorim antunes aragao arantes arruda assis avila bahia
    barroso bastos bento bernardes bispo bonfim botelho brandao bueno caldas calixto camara
    camargo carneiro castanho chagas cintra cordeiro correia crespo cruz curado dantas delgado
    dorneles escobar espindola estrela falcao farias felix feliciano figueira flores fogaca
    fontoura frota gama gaspar godoi godoy goes goulart guerra inacio jardim jesus lage lara
    leao leme linhares lira lobo luz macedo mafra maia malheiros mansur marinho mariano matoso
    meira mota motta muniz nascimento neves nobre nobrega novaes ornelas pacheco padilha paes
    paixao palhares palma paz pedrosa penha penteado peres pessoa pessanha pimenta pinho pitta
    portela porto prado proenca quadros queiros quintana rabelo ramalho rego reis ribas rios
    rosario ruas sa salgado salles salvador sanches sandoval santana santiago sarmento seixas
    sena serpa serra simoes sobral sobrinho neto junior filho tavora toledo trindade tupinamba
    uchoa valadares vale valente valle veiga veloso ventura vidal vieira vilar villela zanin
    bastos coimbra cabral pinto ramos sales teles lins lemos leal viana freire haddad
    """
)
"""Surnames that the list of mimesis lacks, and those that are ordinary words as well."""

INTRODUCTIONS = re.compile(
    r"""(?<![^\W_])(?:
      (?:(?:o\ |a\ )?(?:meu|seu|nosso|minha|sua)\ )?(?:nome|gra[çc]a)(?:\ completo|\ social|\ todo
        |\ dele|\ dela)?
        (?:\ d[aeo]\ (?:cliente|titular|comprador|compradora|vendedor|vendedora|pai|m[ãa]e|esposa
        |marido
        |filho|filha|propriet[áa]ri[oa]|respons[áa]vel|condutor))?\ ?(?:é|eh?|:|=|-)
    | me\ cham[oa] | (?:ele|ela)\ se\ chama | chamad[oa] | pode\ me\ chamar\ de | me\ chamam\ de
    | (?:aqui|quem)\ (?:quem\ )?(?:fala|escreve)(?:\ aqui)?\ (?:é|eh?)
    | aqui\ (?:é|eh?) | falo\ com | (?:titular|destinat[áa]ri[oa]|favorecid[oa]|comprador|compradora
        |propriet[áa]ri[oa]|contato|respons[áa]vel|cliente|vendedor|vendedora|atendente|paciente
        |benefici[áa]ri[oa])\ ?:
    | em\ nome\ d[aeo] | no\ nome\ d[aeo] | nome\ d[aeo]
    )\s*(?:(?:o|a)\ )?(?:(?:sr|sra|seu|dona|dr|dra)\.?\ )?(?=[^\W\d_])""",
    re.VERBOSE | re.IGNORECASE,
)
"""What follows is a name, whatever the lists say of it."""

WEAK_INTRODUCTIONS = re.compile(
    r"""(?<![^\W_])(?:
      sou\ [oa] | sou | com\ [oa] | fal(?:a|ar|ei|ou|ando)\ com(?:\ [oa])? | cliente | vendedora?
        | atendente | corretora?
    | gerente | consultora? | obrigad[oa],? | obg,? | vlw,? | valeu,? | att\.?,?
        | atenciosamente,? | abs,? | abra[çc]os?,?
    | bjs,? | ass(?:inado)?[.:,]? | oi,? | ol[áa],? | opa,? | e\ a[íi],? | bom\ dia,?
        | boa\ tarde,? | boa\ noite,? | ei,?
    | prezad[oa] | car[oa] | querid[oa] | amig[oa] | chama\ [oa] | passa\ pr[oa] | pr[oa]
    | (?:meu|minha)\ (?:marido|esposa|mulher|filho|filha|irm[ãa]o?|pai|m[ãa]e|s[óo]ci[oa]
        |vizinh[oa]|prim[oa]|tia?o?|av[óôo]
        |sogr[oa]|namorad[oa]|noiv[oa]|chefe|patr[ãa]o|colega|amig[oa])
    )[,:]?\s+(?=[^\W\d_])""",
    re.VERBOSE | re.IGNORECASE,
)
"""What follows is a name if the lists know it as one."""

HONORIFICS = words(
    """
    sr sra srta senhor senhora senhorita dr dra doutor doutora prof profa professor professora
    seu dona ministro ministra min juiz juiza des desembargador desembargadora relator relatora
    exmo exma ilmo ilma advogado advogada adv promotor promotora procurador procuradora deputado
    deputada dep senador senadora sen vereador vereadora prefeito prefeita presidente governador
    governadora delegado delegada pastor padre frei irma capitao coronel sargento cabo major
    tenente general rel agravante agravado apelante apelado impetrante paciente recorrente
    recorrido requerente requerido embargante embargado testemunha reu autor autora vitima
    conselheiro conselheira secretario secretaria diretor diretora auditor auditora
    subprocurador
    """
)

PLACE_HEADS = words(
    """
    rua avenida av travessa alameda praca rodovia estrada largo viaduto ponte hospital escola
    colegio universidade faculdade instituto fundacao banco lei edificio condominio residencial
    cidade municipio comarca bairro jardim jd vila parque pq sao santa santo porto rio serra
    morro ilha lagoa praia estado shopping aeroporto terminal igreja paroquia teatro museu
    estadio centro hotel pousada restaurante padaria loja concessionaria supermercado mercado
    farmacia clinica laboratorio editora livraria associacao sindicato tribunal camara
    secretaria ministerio conselho forum vara sumula operacao caso premio time clube posto
    fazenda sitio chacara cemiterio nossa conjunto grupo cia companhia empresa construtora
    imobiliaria
    """
)


def _by_first_word(names: str) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for name in names.split(","):
        words = tuple(name.split())
        found.setdefault(words[0], []).append(words)
    return found


CITY_NAMES = _by_first_word(
    """
    joao pessoa, feira de santana, governador valadares, juiz de fora, vitoria da conquista,
    belo horizonte, porto alegre, ribeirao preto, mogi das cruzes, caxias do sul, campina
    grande, montes claros, presidente prudente, teofilo otoni, conselheiro lafaiete, coronel
    fabriciano, lauro de freitas, duque de caxias, luis eduardo magalhaes, simoes filho, paulo
    afonso, francisco morato, franco da rocha, barbara do oeste
    """
)
"""Cities whose names would pass for a person's."""

CITIES = words(
    """
    vitoria salvador natal santos belem brasilia recife america brasil italia franca israel
    florianopolis curitiba manaus palmas paris londres fortaleza santana valenca barbacena
    colombo pelotas camaqua betania israel jordania equador china florida carolina virginia
    georgia austria australia argelia angola guine canaa betim leme barra aurora lins
    """
)
ARTICLES = words("a o da do pra pro com para e pela pelo ao na no minha meu tia tio")
SAINTS = words("sao santa santo nossa")

NO_NAMES = words(
    """
    mercedes benz renault polo logan elba santana montana parati belina captiva lancer clio
    megane doblo linea marea siena idea fiat ford chevrolet chevy toyota honda hyundai
    volkswagen volks nissan peugeot citroen jeep kia bmw audi volvo mitsubishi suzuki subaru
    chery caoa byd gwm haval jac ram porsche ferrari onix prisma corolla civic gol palio uno
    celta corsa vectra astra zafira meriva cobalt spin tracker equinox cruze fiesta ecosport
    ranger focus fusion territory bronco toro argo mobi cronos pulse fastback strada kwid
    sandero duster captur oroch hb creta tucson ix santa fe azera versa kicks sentra march
    frontier fit city hrv wrv crv hilux etios yaris nivus virtus saveiro voyage fox up tiguan
    taos jetta golf amarok passat compass renegade commander tiggo dolphin seal song king ora
    poer tesla model pix nubank itau bradesco santander caixa whatsapp instagram facebook google
    gmail hotmail outlook detran ipva crlv rg cpf cnpj cep sim nao oi ola bom boa bem dia tarde
    noite hoje amanha ontem obrigado obrigada deus jesus senhor nossa segunda terca quarta
    quinta sexta sabado domingo janeiro fevereiro março abril maio junho julho agosto setembro
    outubro novembro dezembro natal pascoa carnaval ltda eireli mei sa me epp cia art inc
    relator relatora presidente ministro ministra juiz juiza advogado advogada procurador
    procuradora federal estadual municipal nacional regional geral publico publica civil penal
    justica direito turma camara secao brasilia magna distrital auditor auditora defensoria
    alvara venia ata amparo republica agdo agte recurso agravo apelacao habeas corpus acordao
    sumula codigo constituicao lei decreto portaria resolucao superior supremo tribunal vara
    comarca estado uniao municipio distrito brasileira brasileiro paulista carioca mineiro
    gaucho ele ela eles elas isso este esta esse essa aquele aquela dela dele nosso nossa meu
    minha voce voces quem qual quando onde como porque eu tu nos vos seu sua seus suas todos
    todas que se com sem por para pra pro mas mais menos muito muita tudo nada aqui ali la ja
    nem so ate foi era vai vou tem tinha ser estar ter haver fazer ver vir ir dar sei sai sol
    mar luz irei iria daria tel cel zap fone whats email placa valor firma empresa oficina loja
    gente moca moco dono dona val venc sofa colchao cama queen king solteiro casal molas espuma
    entrega garantia frete desconto orcamento
    """
)
