"""What people write about a place, and the settlement it is: in three languages, declined, misspelt, renamed."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.gazetteer.folding import fold
from storage.gazetteer.search import PLACES, Gazetteer, Settlement, called

BUCHA, MARIUPOL, BAKHMUT, IZIUM = (
    "UA32080070010087821",
    "Маріуполь UA14",
    "Бахмут UA14",
    "Ізюм UA63",
)
SAID = [
    ("Буча", "Буча UA32"), ("у Бучі", "Буча UA32"), ("під Бучею, біля школи", "Буча UA32"),
    ("Bucha, Yablunska street 144", "Буча UA32"), ("вулиця Вокзальна, Буча", "Буча UA32"),
    ("Kyiv region Bucha", "Буча UA32"), ("Маріуполь", MARIUPOL), ("в Мариуполе, у драмтеатра", MARIUPOL),
    ("Мариуполь", MARIUPOL), ("Маріуполем", MARIUPOL), ("Mariupol", MARIUPOL), ("mariupol theatre", MARIUPOL),
    ("Жданов", MARIUPOL), ("Бахмут", BAKHMUT), ("Bakhmout", BAKHMUT), ("в Артемовске", BAKHMUT),
    ("Артемівськ", BAKHMUT), ("Ізюмі", IZIUM), ("изюм", IZIUM), ("Izyum", IZIUM), ("Kharkiv region, Izyum", IZIUM),
    ("Харкова", "Харків UA63"), ("в Харькове на Салтовке", "Харків UA63"), ("Kharkiv", "Харків UA63"),
    ("Ірпеня", "Ірпінь UA32"), ("біля моста через Ірпінь", "Ірпінь UA32"), ("irpin", "Ірпінь UA32"),
    ("в Волновасі", "Волноваха UA14"), ("Волновахи", "Волноваха UA14"), ("мотижен", "Мотижин UA32"),
    ("Мотыжин", "Мотижин UA32"), ("in our village Motyzhyn near Kyiv", "Мотижин UA32"),
    ("Новой Каховке", "Нова Каховка UA65"), ("у Новій Каховці", "Нова Каховка UA65"),
    ("Nova Kakhovka dam", "Нова Каховка UA65"), ("Краматорьск, вокзал", "Краматорськ UA14"),
    ("Station in Kramatorsk", "Краматорськ UA14"), ("Сєверодонецьк", "Сіверськодонецьк UA44"),
    ("Северодонецк", "Сіверськодонецьк UA44"), ("Днепропетровск", "Дніпро UA12"), ("Кіровоград", "Кропивницький UA35"),
    ("Угледар", "Вугледар UA14"), ("Марьинка", "Мар’їнка UA14"), ("Мар'їнка", "Мар’їнка UA14"),
    ("Авдеевка", "Авдіївка UA14"), ("Цюрупинск", "Олешки UA65"), ("Гостомель, аеропорт", "Гостомель UA32"),
    ("Hostomel airport", "Гостомель UA32"), ("Бородянці", "Бородянка UA32"), ("Borodyanka", "Бородянка UA32"),
    ("Крим, Сімферополь", "Сімферополь UA01"), ("Севастополь", "Севастополь UA85"), ("в Киеве", "Київ UA80"),
    ("Бахмутський район, Соледар", "Соледар UA14"), ("Ягідне, Чернігівська область", "Ягідне UA74"),
    ("Ягодное Черниговской области", "Ягідне UA74"), ("Чернігів", "Чернігів UA74"), ("Одесса", "Одеса UA51"),
    ("Донецьк", "Донецьк UA14"), ("в Донецьку", "Донецьк UA14"), ("Красный Лиман", "Лиман UA14"),
    ("Александровка Донецкая область", "Олександрівка UA14"), ("Оленовка, Донецкая область", "Оленівка UA14"),
    ("Еленовка Донецкая область", "Оленівка UA14"), ("Константиновка Николаевская область", "Костянтинівка UA48"),
    ("Алексеевка Харьковская область", "Олексіївка UA63"), ("Дмитровка Киевская область", "Дмитрівка UA32"),
    ("Новосёловка Донецкая область", "Новоселівка UA14"), ("Макеевка", "Макіївка UA14"),
    ("Харківська область, Балаклія", "Балаклія UA63"), ("дорога між Бучею і Ворзелем", "Буча UA32"),
    ("в Белой Церкви", "Біла Церква UA32"), ("Белая Церковь", "Біла Церква UA32"), ("Біла Церква", "Біла Церква UA32"),
    ("у Кам'янці-Подільському", "Кам’янець-Подільський UA68"), ("Каменец-Подольский", "Кам’янець-Подільський UA68"),
    ("в Песках, Донецкая область", "Піски UA14"), ("у Городку, Львівська область", "Городок UA46"),
    ("Запорожская АЭС", "Енергодар UA23"), ("на ЗАЕС", "Енергодар UA23"), ("Азовсталь", MARIUPOL),
    ("the Azovstal plant", MARIUPOL), ("Чернобыльская АЭС", "Чорнобиль UA32"),
]  # fmt: skip


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer()


@pytest.mark.parametrize("said, meant", SAID)
def test_the_settlement_that_is_meant_comes_first(
    said: str, meant: str, gazetteer: Gazetteer
) -> None:
    found = gazetteer.find(said)
    assert [f"{one.name} {one.code[:4]}" for one in found[:1]] == [meant], found[:4]


@pytest.mark.parametrize(
    "said, raion",
    [
        ("Андріївка Бучанський район", "Бучанський"), ("Андріївка, Бучанського району", "Бучанський"),
        ("Андреевка Бучанский р-н", "Бучанський"), ("Andriivka, Bucha raion", "Бучанський"),
        ("Калинівка Броварського району", "Броварський"), ("Александровка Краматорского района", "Краматорський"),
    ],
)  # fmt: skip
def test_a_raion_that_is_written_tells_which_of_many(
    said: str, raion: str, gazetteer: Gazetteer
) -> None:
    assert {one.raion for one in gazetteer.find(said)} == {raion}


@pytest.mark.parametrize(
    "name, said, shown",
    [
        ("Мотижин", "Мотыжин", "Мотыжин"), ("Мотижин", "село Мотыжин, Киевская область", "Мотыжин"),
        ("Мотижин", "в Мотыжине", ""), ("Андріївка", "Андреевка Бучанский район", "Андреевка"),
        ("Харків", "Харьков", "Харьков"), ("Харків", "под Харьковом", ""), ("Біла Церква", "в Белой Церкви", ""),
        ("Нова Каховка", "Новая Каховка", "Новая Каховка"), ("Мотижин", "мы жили в подвале", ""), ("Ізюм", "Изюм", "Изюм"),
    ],
)  # fmt: skip
def test_a_name_is_shown_as_it_was_written_where_that_is_the_name(
    name: str, said: str, shown: str
) -> None:
    assert called(name, said) == shown


def test_a_raion_that_there_is_not_takes_nothing_away(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("Андріївка Лондонський район") == gazetteer.find("Андріївка")


@pytest.mark.parametrize(
    "said",
    [
        "",
        "дома",
        "London",
        "за річкою, у посадці",
        "не помню",
        "12",
        "Донецька область",
        "🙂",
        "Украина",
        "Здесь",
        "Школа",
        "Больница",
        "Prison",
        "East Ukraine",
        "Март",
        "Нас вывезли в Россию",
        "Балаклія, Львівська область",
        "-".join(["Волновахами"] * 2000),
        "Буч" * 3000,
        "а-б-в " * 500,
    ],
)
@pytest.mark.timeout(20)
def test_what_names_no_settlement_finds_none(said: str, gazetteer: Gazetteer) -> None:
    assert gazetteer.find(said) == ()


def test_a_region_that_is_known_leaves_out_the_others(gazetteer: Gazetteer) -> None:
    everywhere, there = gazetteer.find("Лиман"), gazetteer.find("Лиман", "UA63")
    assert len(everywhere) > len(there) >= 1
    assert {one.code[:4] for one in there} == {"UA63"}


@pytest.mark.parametrize(
    "point, name",
    [
        ((50_546_000, 30_213_000), "Буча"),
        ((48_594_000, 38_001_000), "Бахмут"),
        ((44_600_000, 33_522_000), "Севастополь"),
    ],
)
def test_a_point_is_named_by_the_nearest_settlement(
    point: tuple[int, int], name: str, gazetteer: Gazetteer
) -> None:
    near = gazetteer.near(*point)
    assert near is not None and near.name == name


def test_a_point_at_sea_or_elsewhere_has_no_name(gazetteer: Gazetteer) -> None:
    assert gazetteer.near(43_500_000, 31_500_000) is None
    assert gazetteer.near(52_000_000, 5_000_000) is None


def test_a_city_s_point_is_not_a_village_s_of_the_same_name() -> None:
    database = sqlite3.connect(PLACES)
    places = database.execute(
        "SELECT code, lat FROM places WHERE name = 'Буча' ORDER BY code"
    ).fetchall()
    assert [lat is not None for code, lat in places if code == BUCHA] == [True]
    assert [lat for code, lat in places if code != BUCHA] == [None]
    twice = database.execute(
        "SELECT count(*) FROM places WHERE lat IS NOT NULL GROUP BY lat, lon HAVING count(*) > 1"
    )
    assert twice.fetchall() == []


def test_every_settlement_is_found_by_its_own_name(gazetteer: Gazetteer) -> None:
    rows = (
        sqlite3.connect(PLACES)
        .execute("SELECT name, code, latin FROM places WHERE id % 97 = 0")
        .fetchall()
    )
    assert len(rows) > 300
    missing = [name for name, code, _ in rows if code not in _codes(gazetteer.find(f"с. {name}"))]
    assert len(missing) <= 1, missing  # Площі is a village, and a way to say squares
    lost = [latin for _, code, latin in rows if code not in _codes(gazetteer.find(latin))]
    assert len(lost) <= len(rows) // 20, lost


def _codes(found: tuple[Settlement, ...]) -> set[str]:
    return {one.code for one in found}


def test_spellings_of_one_name_fold_to_one() -> None:
    assert fold("Мар’їнка") == fold("Мар'їнка") == fold("Марьинка")
    assert fold("Kramatorsk") == fold("Краматорськ") == fold("Краматорск")


def test_several_threads_find_what_each_looks_for(gazetteer: Gazetteer) -> None:
    asked = ["Буча", "Маріуполь", "Ірпінь", "Izium", "Гостомель", "Бородянка", "Бахмут"] * 40
    alone = {words: gazetteer.find(words) for words in set(asked)}
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(gazetteer.find, asked))
    assert [alone[words] for words in asked] == found and all(found)
