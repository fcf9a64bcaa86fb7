"""Return words: 256 things a language, no two beginning alike; five of them are 40 bits, behind a
memory-hard name.

Plain things anybody has seen, nothing of war: the words may be said aloud and must be read from a
note months later.
"""

import re
import secrets
import unicodedata
from typing import Final

COUNT: Final = 5

UK: Final = """
    абетка абрикос акваріум акорд альбом ананас аркуш бабуся базар балкон банан барабан барвінок
    барліг батон бджола береза бинокль блокнот бочка брама булка буряк бутон білка біном вогник
    вагон вазон вареник вверх ведмідь верба веселка вечеря взуття вишня водень водоспад возик ворона
    вулик вікно вітрило газета галка галявина гамак гарбуз гачок гвоздика глечик годинник голка
    голуб горобець горіх гостина граблі гребінець гречка гриб груша губка гусак гілка гітара дельфін
    дерево десерт джерело джміль диня долина домівка дорога дощик дракон дрізд дубок дудка дятел
    ескіз жайвір жасмин жетон жирафа жито жолудь журавель забава завіса залізо замок затишок затока
    заєць зебра зерно змійка зозуля зошит зірка кава кавун калина калюжа камінь канапа капелюх
    каптур карась картопля каструля квасоля келих кефір килим кишеня книга ковдра коза колесо
    колиска колодязь комаха компас конвалія копиця корабель корж корінь корова кошеня кошик краватка
    крапля крейда криниця кришка кролик крісло кубик кулон курка кілок кільце кіт лавка ластівка
    лебідь лелека лимон липа лисиця листок лопата лоша лялька ліжко ліхтар майстерня макітра малина
    маяк мед медуза метелик миска молоток морква моховик музей мураха місток мозаїка намисто насіння
    норка нитка обруч огірок озеро окуляри олень олівець оркестр осокір острів очерет пальто панама
    папір парасоля парк пасіка пенал пензель перець перлина перо петрушка печиво пиріг подушка
    полиця полуниця помідор поріг потік праска пригода прядка пшениця піала півень пісня пісок
    равлик райдуга рама риба рогалик ромашка рукав ручка рушник ріпа сад самовар сапа сакура свічка
    серпанок сито скатертина скриня слива слон смерека сметана сніг сова сокіл сонях сопілка сорока
    струмок стрічка стіл суниця тістечко тарілка іриска іскра їжак
"""

RU: Final = """
    абажур абрикос азбука аист аквариум аккорд альбом ананас апельсин арбуз астра бабочка багаж
    балкон банан барабан батон бегемот белка береза бинокль блокнот бочка букет булка бусы бутон
    вагон ваза варенье ведро веник веранда верба вереск весло весна ветка вечер вилка виноград вишня
    водопад воробей газета галка галстук гамак гармонь гвоздь герань гитара глобус гнездо голубь
    горка горох гребень гречка гриб груша губка гусь дача дворник дельфин дерево десерт джинсы диван
    дождь долина домик дорога дрозд дупло душица дыня дятел ежевика ель енот жаворонок жасмин желудь
    жираф журавль журнал забор завод загадка заколка залив замок занавес заноза запонка зарядка заяц
    звезда зебра зеркало зерно зима змейка зонтик игла изба изюм ирис искра йогурт кабачок какао
    календарь калина камень канал капля капуста карандаш карета карман картина катер качели каша
    каштан квартет кедр кефир кирпич кисть клевер клен клубок клюква ключ книга ковер коза колесо
    колодец комар компас конверт конфета корабль корзина корова костер котенок кофта кран краска
    кресло кролик крыша кубик кувшин кукла куртка лавка лампа ландыш ласточка лебедь лейка лента лес
    лестница лимон липа лиса лист лодка ложка лопата лось лошадь луг луна лыжи малина марка мармелад
    масло мастер маяк медуза медведь мельница метель мозаика молоко море морковь мост музей муравей
    мыло нитка носок облако обруч овес овца огурец озеро окно олень опушка орех оркестр осина остров
    павлин пальто парк парус паутина пень перец перо песня песок петух пирог плащ погода подушка
    поезд полка поляна помидор порог посуда почта пояс прялка птица пчела пшеница радуга раковина
    река ремень репа рис рисунок ромашка роса рубашка рукав ручка рыба
"""

EN: Final = """
    acorn acrobat almond anchor apple apricot apron arrow autumn badge bagel balcony bamboo banana
    banjo barley barrel basket beach bean beaver bench berry bicycle biscuit blanket blossom bottle
    boulder bracelet branch bread breeze bridge broom bucket butter cabbage cactus candle canoe
    carpet carrot castle celery cello cement chalk cheese cherry chestnut chimney cinema circus
    clarinet clay clock cloud clover cobweb coconut coffee collar compass copper coral cork cotton
    cradle crayon cricket crystal cupboard curtain cushion daisy dancer desk diamond dinner dolphin
    donkey doorway dragon drawer drum duckling eagle easel elbow elm emerald engine fabric falcon
    feather fence fern fiddle field finch fireplace flamingo flannel flour flower flute forest
    fountain fox frost garden garlic gate ginger giraffe glacier glove goat goose grape grass guitar
    gull hammer harbour harp hazel hedge heron hill honey hook horse island ivory ivy jacket jam
    jasmine jigsaw jug jungle kettle kite kitten ladder ladle lake lamb lamp lantern lark lavender
    lawn leaf lemon lettuce lilac lily linen lion lizard lobster locket lumber magnet maple marble
    market meadow melon mill mint mirror mitten moon moss mountain muffin museum mushroom napkin
    needle nest nutmeg oak oat ocean olive onion orange orchard otter oven owl oyster paddle palace
    pancake panda paper parade parrot parsley pasta peach peanut pear pebble pencil penguin pepper
    petal piano picnic pigeon pillow pine planet plum pocket pond poppy potato pottery puddle
    pumpkin puppet puzzle quilt rabbit radish raft rain raisin raspberry ribbon rice river robin
    rooster rope rose saddle salad salmon sand satin saucer scarf seal shelf shoe silk silver
"""

LISTS: Final = {
    language: tuple(words.split()) for language, words in (("uk", UK), ("ru", RU), ("en", EN))
}
_KNOWN: Final = {language: frozenset(words) for language, words in LISTS.items()}
_FOLDED: Final = str.maketrans({"ё": "е", **dict.fromkeys("'’‘ʼ`´′", "")})
_CYRILLIC: Final = str.maketrans("aceiopxy", "асеіорху")
_HAS_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
LEAST_OWN, MOST_OWN = 4, 12
"""How many words somebody's own may be; the conversation asks for as many."""


def five_words(language: str) -> str:
    """Five words by chance, in the witness's language."""
    words = LISTS.get(language, LISTS["en"])
    return " ".join(secrets.choice(words) for _ in range(COUNT))


def plain_words(typed: str) -> str:
    """What was typed, however a keyboard writes it: one form of a letter, е for ё, no apostrophes,
    numbers or commas.

    A word in which some letters are Cyrillic is all Cyrillic: і and с of a Latin layout look the
    same on any screen.
    """
    one_form = unicodedata.normalize("NFKC", typed).casefold().translate(_FOLDED)
    words = re.findall(r"[^\W\d_]+", one_form)
    return " ".join(
        word.translate(_CYRILLIC) if _HAS_CYRILLIC.search(word) else word for word in words
    )


def from_list(typed: str) -> bool:
    """Whether a message is nothing but five words of one list."""
    return bool(language_of(typed))


def language_of(typed: str) -> str:
    """The language of the list that the five words of a message are of; empty where it is anything
    else.
    """
    words = plain_words(typed).split()
    lists = (
        language
        for language, known in _KNOWN.items()
        if len(words) == COUNT and known.issuperset(words)
    )
    return next(lists, "")


def may_be_own(typed: str) -> bool:
    """Whether a message may be somebody's own return words."""
    return LEAST_OWN <= len(plain_words(typed).split()) <= MOST_OWN
