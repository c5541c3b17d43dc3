"""What is learned from asked questions: weights of features for each article, and for subjects no article covers. Pure.

First the mean of what is asked about a subject; then, question by question, the subject that wrongly came first is pushed back
(passive-aggressive updates with averaging). The same questions give the same weights.
"""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .features import features

ROUNDS, STEP, START, RIVALS = 6, 0.3, 3.0, 12
WEIGHED = 60  # so many subjects are weighed for one question
SEED = 12345
CHARACTER = 1.5  # single characters hold what is told at length together

Vector = dict[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """A question and the subject it belongs to; `is_covered` false: no article answers it."""

    text: str
    subject: str
    is_covered: bool = True


@dataclass(frozen=True, slots=True)
class Weighed:
    """One subject for a question: how strongly, how near to all that is asked about it, and the features that led there."""

    subject: str
    score: float
    nearness: float


@dataclass(frozen=True, slots=True)
class Model:
    rarity: dict[str, float]
    weights: dict[str, Vector]
    near: dict[str, list[tuple[str, float]]]
    means: dict[str, Vector]
    covered: frozenset[str]

    def vector(self, text: str) -> Vector:
        """The features of a text by their rarity, of length one."""
        return _vector(Counter(features(text)), self.rarity)

    def candidates(self, vector: Vector) -> list[tuple[str, float]]:
        """Subjects by nearness, nearest first."""
        return _candidates(vector, self.near)

    def weigh(self, text: str) -> tuple[Vector, list[Weighed]]:
        """The subjects of a question, the strongest first."""
        vector = self.vector(text)
        found = [
            Weighed(subject, _product(vector, self.weights[subject]), nearness)
            for subject, nearness in self.candidates(vector)[:WEIGHED]
        ]
        return vector, sorted(found, key=lambda w: (-w.score, w.subject))

    def leading(self, vector: Vector, subject: str) -> list[tuple[str, float]]:
        """The features of a question that speak for a subject, the strongest first."""
        weights = self.weights[subject]
        spoken = [(f, x * weights[f]) for f, x in vector.items() if weights.get(f, 0.0) > 0]
        return sorted(spoken, key=lambda pair: (-pair[1], pair[0]))

    def likeness(self, one: str, other: str) -> float:
        """How much two subjects are asked about alike, 0 to 1."""
        return _product(self.means[one], self.means[other])


def learn(rows: Iterable[Row]) -> Model:
    """Learn from questions and what stands in the articles."""
    given = list(rows)
    counted = [Counter(features(row.text)) for row in given]
    known: Counter[str] = Counter()
    for counts in counted:
        known.update(counts.keys())
    rarity = {f: math.log((1 + len(given)) / (1 + n)) + 1 for f, n in known.items()}
    vectors = [_vector(counts, rarity) for counts in counted]
    means = _means(given, vectors)
    near: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for subject in sorted(means):
        for feature, weight in means[subject].items():
            near[feature].append((subject, weight))
    covered = frozenset(row.subject for row in given if row.is_covered)
    rivals = [
        [
            s
            for s, _ in _candidates(vector, near)[:RIVALS]
            if s != row.subject and (row.is_covered or s in covered)
        ]
        for row, vector in zip(given, vectors, strict=True)
    ]  # fmt: skip
    weights = _pushed(given, vectors, rivals, means)
    return Model(rarity=rarity, weights=weights, near=dict(near), means=means, covered=covered)


def _pushed(
    given: Sequence[Row], vectors: Sequence[Vector], rivals: Sequence[Sequence[str]], means: dict[str, Vector]
) -> dict[str, Vector]:
    """Weights that put the right subject first by a margin, averaged over all steps."""
    weights = {s: {f: START * x for f, x in mean.items()} for s, mean in means.items()}
    moved: dict[str, defaultdict[str, float]] = {s: defaultdict(float) for s in means}
    shuffled = random.Random(SEED)
    order, steps = list(range(len(given))), 1
    for _ in range(ROUNDS):
        shuffled.shuffle(order)
        for n in order:
            steps += 1
            if not rivals[n]:
                continue
            vector, subject = vectors[n], given[n].subject
            mine = _product(vector, weights[subject])
            theirs, rival = max((_product(vector, weights[s]), s) for s in rivals[n])
            if mine - theirs >= 1:
                continue
            step = min(STEP, (1 - mine + theirs) / 2)
            for side, sign in ((subject, step), (rival, -step)):
                row, shift = weights[side], moved[side]
                for feature, x in vector.items():
                    row[feature] = row.get(feature, 0.0) + sign * x
                    shift[feature] += sign * x * steps
    for subject, shift in moved.items():
        for feature, x in shift.items():
            weights[subject][feature] -= x / steps
    return weights


def _means(given: Sequence[Row], vectors: Sequence[Vector]) -> dict[str, Vector]:
    sums: dict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row, vector in zip(given, vectors, strict=True):
        mean = sums[row.subject]
        for feature, x in vector.items():
            mean[feature] += x
    return {subject: _of_length_one(mean) for subject, mean in sums.items()}


def _vector(counts: Counter[str], rarity: dict[str, float]) -> Vector:
    return _of_length_one(
        {
            f: (1 + math.log(n)) * rarity[f] * (CHARACTER if len(f) == 1 else 1.0)
            for f, n in counts.items()
            if f in rarity
        }
    )


def _of_length_one(vector: Vector) -> Vector:
    length = math.sqrt(sum(x * x for x in vector.values())) or 1.0
    return {f: x / length for f, x in vector.items()}


def _product(vector: Vector, weights: Vector) -> float:
    return sum(x * weights[f] for f, x in vector.items() if f in weights)


def _candidates(vector: Vector, near: dict[str, list[tuple[str, float]]]) -> list[tuple[str, float]]:
    found: defaultdict[str, float] = defaultdict(float)
    for feature, x in vector.items():
        for subject, weight in near.get(feature, ()):
            found[subject] += x * weight
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
