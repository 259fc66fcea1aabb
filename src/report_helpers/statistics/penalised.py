"""The maximum of Firth's penalised likelihood, free or with one linear form of the coefficients held.

Columns are centred and scaled before anything is solved, so that neither a covariate's unit (days, years) nor
its distance from 0 (a calendar year) costs digits; coefficients go back to the units given. The penalty
changes by a constant, which the height adds again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from report_helpers.statistics.estimate import Array
from report_helpers.statistics.regression import LOGISTIC, risk

STEPS = 100
CLOSE = 1e-9  # of the last step, in the linear predictor; the next would be the square of it
LONGEST = 5.0  # of one step, in the linear predictor
ALIKE = 1e-7  # of the singular values: below, the information is singular to a float


@dataclass(frozen=True, slots=True)
class Penalised:
    """The penalised likelihood of a logistic regression in centred and scaled columns.

    Attributes
    ----------
    outcome : ndarray, shape (rows,)
    matrix : ndarray, shape (rows, terms)
        The intercept, and the other columns centred and scaled.
    products : ndarray, shape (rows, terms * terms)
        Of each two of its columns.
    forms : ndarray, shape (terms, terms)
        Row j turns coefficients of ``matrix`` into the one of term j in the units given.
    constant : float
        What the penalty in the units given is higher by.
    """

    outcome: Array
    matrix: Array
    products: Array
    forms: Array
    constant: float

    def height(self, at: Array) -> float:
        """Return the penalised log likelihood; minus infinity where rounding has lost the information."""
        signed = (2 * self.outcome - 1) * (self.matrix @ at)
        sign, log_determinant = np.linalg.slogdet(self.information(at))
        if sign <= 0:
            return -math.inf
        return float(-np.logaddexp(0, -signed).sum() + log_determinant / 2) + self.constant

    def information(self, at: Array) -> Array:
        """Return Fisher's information."""
        found: Array = (self.matrix * LOGISTIC.variance(self.matrix @ at)[:, None]).T @ self.matrix
        return found

    def maximise(self, start: Array, held: Array | None = None, close: float = CLOSE) -> tuple[Array, float]:
        """Return the coefficients of the highest penalised likelihood, and its log.

        Newton's method with the exact second derivatives, or with Fisher's information where those do not
        point up, each step halved until the height does not fall.

        Parameters
        ----------
        start : ndarray, shape (terms,)
        held : ndarray, shape (terms,), optional
            A linear form that keeps its value at the start.
        close : float
            Longest last step, in the linear predictor.
        """
        free = np.eye(len(start)) if held is None else _complement(held)
        at, height = start, self.height(start)
        for _ in range(STEPS if free.shape[1] else 0):
            score, curvature, information = self._slopes(at)
            step = free @ _uphill(free.T @ score, free.T @ curvature @ free, free.T @ information @ free)
            longest = float(np.abs(self.matrix @ step).max())
            step *= min(1.0, LONGEST / max(longest, 1e-300))
            for _ in range(40):
                new = self.height(at + step)
                if new >= height - 1e-12 * abs(height):
                    break
                step = step / 2
            at, height = at + step, new
            if float(np.abs(self.matrix @ step).max()) <= close:
                break
        return at, height

    def _slopes(self, at: Array) -> tuple[Array, Array, Array]:
        """Return the gradient, minus the second derivatives, and Fisher's information.

        With h the leverages, the gradient is X'(y - p + h (1/2 - p)) (Firth 1993); the derivative of h takes
        that of the weights and that of the information.
        """
        x, p = self.matrix, risk(self.matrix @ at)
        weights = LOGISTIC.variance(x @ at)
        information = (x * weights[:, None]).T @ x
        spread = np.linalg.pinv(information, hermitian=True)
        distances = np.sum(x @ spread * x, axis=1)
        leverage = weights * distances
        score = x.T @ (self.outcome - p + leverage * (0.5 - p))
        turned = x * (weights * (1 - 2 * p))[:, None]
        curvature = (x * (weights * (1 + leverage))[:, None]).T @ x
        # Along each coefficient: what its change makes of the information, and that of each row's distance.
        terms = x.shape[1]
        bent = (turned.T @ self.products).reshape(terms, terms, terms)
        moved = self.products @ (spread @ bent @ spread).reshape(terms, -1).T
        change = turned * distances[:, None] - weights[:, None] * moved
        curvature -= x.T @ (change * (0.5 - p)[:, None])
        return score, (curvature + curvature.T) / 2, information

    def slope(self, at: Array, form: Array) -> float:
        """Return how the height rises with a held linear form, the rest being at its highest."""
        x, p = self.matrix, risk(self.matrix @ at)
        spread = np.linalg.pinv(self.information(at), hermitian=True)
        leverage = LOGISTIC.variance(x @ at) * np.sum(x @ spread * x, axis=1)
        score = x.T @ (self.outcome - p + leverage * (0.5 - p))
        return float(form @ score) / float(form @ form)


def penalised(outcome: Array, matrix: Array) -> Penalised:
    """Centre and scale a design whose first column is the intercept and whose others vary."""
    others = matrix[:, 1:]
    centres = others.mean(axis=0)
    away = others - centres
    # By the largest first: squares of large numbers would overflow.
    largest = np.abs(away).max(axis=0, initial=0.0)
    scales = largest * np.sqrt(((away / largest) ** 2).mean(axis=0))
    forms = np.diag(np.concatenate([[1.0], 1 / scales]))
    forms[0, 1:] = -centres / scales
    columns = np.column_stack([np.ones(len(outcome)), away / scales])
    return Penalised(
        outcome,
        columns,
        (columns[:, :, None] * columns[:, None, :]).reshape(len(outcome), -1),
        forms,
        float(np.log(scales).sum()),
    )


def dependent_term(matrix: Array, terms: tuple[str, ...]) -> str | None:
    """Return the first term that follows from those before it (a constant follows from the intercept)."""
    kept = [np.ones(len(matrix))]
    for place in range(1, matrix.shape[1]):
        away = matrix[:, place] - matrix[:, place].mean()
        length = np.abs(away).max()
        if length <= 1e-13 * np.abs(matrix[:, place]).max():
            return terms[place]
        kept.append(away / length)
        columns = np.column_stack(kept)
        sizes = np.linalg.svd(columns / np.sqrt((columns**2).sum(axis=0)), compute_uv=False)
        if len(columns) < len(kept) or sizes[-1] <= ALIKE * sizes[0]:
            return terms[place]
    return None


def _complement(form: Array) -> Array:
    """Return an orthonormal basis of the directions in which a linear form does not change."""
    basis: Array = np.linalg.svd(form[None, :])[2][1:].T
    return basis


def _uphill(score: Array, curvature: Array, information: Array) -> Array:
    """Return Newton's step, or that of Fisher scoring where the curvature is no peak's."""
    for matrix in (curvature, information):
        values, vectors = np.linalg.eigh(matrix)
        if values[0] > 1e-12 * values[-1]:
            newton: Array = vectors @ ((vectors.T @ score) / values)
            return newton
    floor = max(float(values[-1]) * 1e-12, 1e-300)
    cautious: Array = vectors @ ((vectors.T @ score) / np.maximum(values, floor))
    return cautious
