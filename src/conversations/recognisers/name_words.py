"""Words that announce a name, and words that look like one and are none."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES = _words("de da do das dos e d di del della du von van der y la")

INTRODUCTIONS = re.compile(
    r"""(?<![^\W_])(?:
      (?:(?:o\ |a\ )?(?:meu|seu|nosso|minha|sua)\ )?(?:nome|gra[çc]a)(?:\ completo|\ social|\ todo|\ dele|\ dela)?
        (?:\ d[aeo]\ (?:cliente|titular|comprador|compradora|vendedor|vendedora|pai|m[ãa]e|esposa|marido
        |filho|filha|propriet[áa]ri[oa]|respons[áa]vel|condutor))?\ ?(?:é|eh|:|=|-)
    | me\ cham[oa] | (?:ele|ela)\ se\ chama | chamad[oa] | pode\ me\ chamar\ de | me\ chamam\ de
    | (?:aqui|quem)\ (?:quem\ )?(?:fala|escreve)(?:\ aqui)?\ (?:é|eh)
    | aqui\ (?:é|eh) | falo\ com | (?:titular|destinat[áa]ri[oa]|favorecid[oa]|comprador|compradora
        |propriet[áa]ri[oa]|contato|respons[áa]vel|cliente|vendedor|vendedora|atendente|paciente|benefici[áa]ri[oa])\ ?:
    | em\ nome\ d[aeo] | no\ nome\ d[aeo]
    )\s*(?:(?:o|a)\ )?(?:(?:sr|sra|seu|dona|dr|dra)\.?\ )?(?=[^\W\d_])""",
    re.VERBOSE | re.IGNORECASE,
)
"""What follows is a name, whatever the lists say of it."""

WEAK_INTRODUCTIONS = re.compile(
    r"""(?<![^\W_])(?:
      sou\ [oa] | sou | com\ [oa] | fal(?:a|ar|ei|ou|ando)\ com | cliente | vendedora? | atendente | corretora?
    | gerente | consultora? | obrigad[oa],? | obg,? | vlw,? | valeu,? | att\.?,? | atenciosamente,? | abs,? | abra[çc]os?,?
    | bjs,? | ass(?:inado)?[.:,]? | oi,? | ol[áa],? | opa,? | e\ a[íi],? | bom\ dia,? | boa\ tarde,? | boa\ noite,? | ei,?
    | prezad[oa] | car[oa] | querid[oa] | amig[oa] | chama\ [oa] | passa\ pr[oa] | pr[oa]
    | (?:meu|minha)\ (?:marido|esposa|mulher|filho|filha|irm[ãa]o?|pai|m[ãa]e|s[óo]ci[oa]|vizinh[oa]|prim[oa]|tia?o?|av[óôo]
        |sogr[oa]|namorad[oa]|noiv[oa]|chefe|patr[ãa]o|colega|amig[oa])
    )[,:]?\s+(?=[^\W\d_])""",
    re.VERBOSE | re.IGNORECASE,
)
"""What follows is a name if the lists know it as one."""

HONORIFICS = _words(
    """sr sra srta senhor senhora senhorita dr dra doutor doutora prof profa professor professora seu dona
    ministro ministra min juiz juiza des desembargador desembargadora relator relatora exmo exma ilmo ilma
    advogado advogada adv promotor promotora procurador procuradora deputado deputada dep senador senadora sen
    vereador vereadora prefeito prefeita presidente governador governadora delegado delegada pastor padre frei irma
    capitao coronel sargento cabo major tenente general rel agravante agravado apelante apelado impetrante
    paciente recorrente recorrido requerente requerido embargante embargado testemunha reu autor autora vitima
    conselheiro conselheira secretario secretaria diretor diretora auditor auditora subprocurador"""
)

PLACE_HEADS = _words(
    """rua avenida av travessa alameda praca rodovia estrada largo viaduto ponte hospital escola colegio
    universidade faculdade instituto fundacao banco lei edificio condominio residencial cidade municipio comarca
    bairro jardim jd vila parque pq sao santa santo porto rio serra morro ilha lagoa praia estado shopping
    aeroporto terminal igreja paroquia teatro museu estadio centro hotel pousada restaurante padaria loja
    concessionaria supermercado mercado farmacia clinica laboratorio editora livraria associacao sindicato
    tribunal camara secretaria ministerio conselho forum vara sumula operacao caso premio time clube posto
    fazenda sitio chacara cemiterio nossa conjunto grupo cia companhia empresa construtora imobiliaria"""
)

CITIES = _words(
    """vitoria salvador natal santos belem brasilia recife america brasil italia franca israel
    florianopolis curitiba manaus palmas paris londres fortaleza santana valenca barbacena colombo
    pelotas camaqua betania israel jordania equador china florida carolina virginia georgia austria australia
    argelia angola guine canaa betim leme barra aurora lins"""
)
CITY_CUES = _words("em para pra de ate desde no na p por")

NO_NAMES = _words(
    """mercedes benz renault polo logan elba santana montana parati belina captiva lancer clio megane doblo linea
    marea siena idea fiat ford chevrolet chevy toyota honda hyundai volkswagen volks nissan peugeot citroen jeep kia
    bmw audi volvo mitsubishi suzuki subaru chery caoa byd gwm haval jac ram porsche ferrari onix prisma corolla civic
    gol palio uno celta corsa vectra astra zafira meriva cobalt spin tracker equinox cruze fiesta ecosport ranger focus
    fusion territory bronco toro argo mobi cronos pulse fastback strada kwid sandero duster captur oroch hb creta tucson
    ix santa fe azera versa kicks sentra march frontier fit city hrv wrv crv hilux etios yaris nivus virtus saveiro
    voyage fox up tiguan taos jetta golf amarok passat compass renegade commander tiggo dolphin seal song king ora poer
    tesla model pix nubank itau bradesco santander caixa whatsapp instagram facebook google gmail hotmail outlook
    detran ipva crlv rg cpf cnpj cep sim nao oi ola bom boa bem dia tarde noite hoje amanha ontem obrigado obrigada
    deus jesus senhor nossa segunda terca quarta quinta sexta sabado domingo janeiro fevereiro março abril maio junho
    julho agosto setembro outubro novembro dezembro natal pascoa carnaval ltda eireli mei sa me epp cia art inc
    relator relatora presidente ministro ministra juiz juiza advogado advogada procurador procuradora federal
    estadual municipal nacional regional geral publico publica civil penal justica direito turma camara secao
    brasilia magna distrital auditor auditora defensoria alvara venia ata amparo republica agdo agte recurso agravo apelacao habeas corpus acordao sumula codigo constituicao lei decreto portaria resolucao
    superior supremo tribunal vara comarca estado uniao municipio distrito brasileira brasileiro
    paulista carioca mineiro gaucho ele ela eles elas isso este esta esse essa aquele aquela dela dele
    nosso nossa meu minha voce voces quem qual quando onde como porque eu tu nos vos seu sua seus suas todos todas
    que se com sem por para pra pro mas mais menos muito muita tudo nada aqui ali la ja nem so ate foi era vai vou
    tem tinha ser estar ter haver fazer ver vir ir dar sei sai sol mar luz irei iria daria
    sofa colchao cama queen king solteiro casal molas espuma entrega garantia frete desconto orcamento"""
)
