"""Which duties of two profiles are about the same thing: named alike, or fulfilled by the same event."""

from __future__ import annotations

from curator_app.procedures.profile_definition import Profile, Rule

Pairs = list[tuple[Rule, Rule]]


def pairs_of(first: Profile, second: Profile) -> tuple[Pairs, list[Rule], list[Rule]]:
    """Return the pairs, and what is left over on either side; each duty is in one pair at most.

    By name and by title first, then by how much two duties of one kind of subject have in common.
    """
    ours, theirs = list(first.duties), list(second.duties)
    found: Pairs = []
    for likeness in (_named_alike, _called_alike, _same_and_dated_alike, _fulfilled_alike):
        for rule in list(ours):
            other = next((one for one in theirs if likeness(rule, one)), None)
            if other is not None:
                found.append((rule, other))
                ours.remove(rule)
                theirs.remove(other)
    order = {rule.id: place for place, rule in enumerate(first.duties)}
    return sorted(found, key=lambda pair: order[pair[0].id]), ours, theirs


def _named_alike(one: Rule, other: Rule) -> bool:
    return one.subject == other.subject and one.id == other.id


def _called_alike(one: Rule, other: Rule) -> bool:
    return one.subject == other.subject and one.title.casefold() == other.title.casefold()


def _same_and_dated_alike(one: Rule, other: Rule) -> bool:
    kinds = [(bool(rule.within), bool(rule.every), rule.done_data) for rule in (one, other)]
    return kinds[0] == kinds[1] and _fulfilled_alike(one, other)


def _fulfilled_alike(one: Rule, other: Rule) -> bool:
    same_data = one.done_data == other.done_data and one.match == other.match
    return one.subject == other.subject and same_data and bool(set(one.done_by) & set(other.done_by))
