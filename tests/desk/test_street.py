"""A map is asked for the house, never for the flat."""

from __future__ import annotations

import pytest

from curator_app.desk.street import street_of


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ("г. Москва, ул. Ленина, д. 5, кв. 3", "г. Москва, ул. Ленина, д. 5"),
        ("ул. Придуманная, 14, кв.3", "ул. Придуманная, 14"),
        ("ул. Придуманная, 14 квартира 3, домофон не работает", "ул. Придуманная, 14"),
        ("ул. Мира, 5-12", "ул. Мира, 5"),
        ("ул. Мира, 5а – 12", "ул. Мира, 5а"),
        ("пр. Победы, 7, подъезд 2, этаж 3", "пр. Победы, 7"),
        ("ул. Лесная, 3, комн. 7", "ул. Лесная, 3"),
        ("мкр Аквамарин, 4", "мкр Аквамарин, 4"),
        ("ул. Кваренги, 7", "ул. Кваренги, 7"),
        ("с. Дальняя Выдумка, ул. Лесная, 21", "с. Дальняя Выдумка, ул. Лесная, 21"),
        ("", ""),
    ],
)
def test_the_house_is_kept_and_the_flat_is_not(address, street):
    assert street_of(address) == street
