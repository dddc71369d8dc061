"""The 3D arithmetic that the demo needs, on plain tuples.

Owns: quaternions, decomposition, affine matrices. An affine matrix has twelve floats, the rows of a 3x4 matrix.
Thread: any. May not import Qt.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Vector = tuple[float, ...]
Affine = tuple[float, ...]

IDENTITY: Affine = (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def compose(translation: Vector, rotation: Vector, scale: Vector) -> Affine:
    """Return the affine matrix of a translation, a quaternion (x, y, z, w) and a scale.

    Parameters
    ----------
    translation, rotation, scale
        Three, four and three floats.

    Returns
    -------
    Affine
        Twelve floats, row by row.
    """
    x, y, z, w = rotation
    sx, sy, sz = scale
    return (
        (1 - 2 * (y * y + z * z)) * sx, 2 * (x * y - z * w) * sy, 2 * (x * z + y * w) * sz, translation[0],
        2 * (x * y + z * w) * sx, (1 - 2 * (x * x + z * z)) * sy, 2 * (y * z - x * w) * sz, translation[1],
        2 * (x * z - y * w) * sx, 2 * (y * z + x * w) * sy, (1 - 2 * (x * x + y * y)) * sz, translation[2],
    )  # fmt: skip


def multiply(a: Affine, b: Affine) -> Affine:
    """Return the matrix that applies `b`, then `a`.

    Parameters
    ----------
    a, b
        Affine matrices.

    Returns
    -------
    Affine
        Their product.
    """
    b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11 = b
    rows = []
    for r in (0, 4, 8):
        p, q, s, t = a[r : r + 4]
        rows += [
            p * b0 + q * b4 + s * b8,
            p * b1 + q * b5 + s * b9,
            p * b2 + q * b6 + s * b10,
            p * b3 + q * b7 + s * b11 + t,
        ]
    return tuple(rows)


def apply(m: Affine, point: Vector) -> Vector:
    """Return a point moved by an affine matrix.

    Parameters
    ----------
    m
        The matrix.
    point
        Three floats.

    Returns
    -------
    Vector
        Three floats.
    """
    x, y, z = point
    return (
        m[0] * x + m[1] * y + m[2] * z + m[3],
        m[4] * x + m[5] * y + m[6] * z + m[7],
        m[8] * x + m[9] * y + m[10] * z + m[11],
    )


def lerp(a: Vector, b: Vector, t: float) -> Vector:
    """Between `a` (t = 0) and `b` (t = 1).

    Parameters
    ----------
    a, b
        Vectors of the same length.
    t
        0..1.

    Returns
    -------
    Vector
        The mixture.
    """
    return tuple(p + (q - p) * t for p, q in zip(a, b))


def nlerp(a: Vector, b: Vector, t: float) -> Vector:
    """Interpolate between two unit quaternions, the short way round.

    Parameters
    ----------
    a, b
        Quaternions (x, y, z, w).
    t
        0..1.

    Returns
    -------
    Vector
        A unit quaternion. Normalised linear interpolation: the path is exact, the speed along it nearly.
    """
    sign = -1.0 if sum(p * q for p, q in zip(a, b)) < 0 else 1.0
    mixed = [p + (sign * q - p) * t for p, q in zip(a, b)]
    length = math.sqrt(sum(c * c for c in mixed)) or 1.0
    return tuple(c / length for c in mixed)


def euler_degrees(rotation: Vector) -> Vector:
    """Return a quaternion as rotations about x, y and z, applied in that order.

    Parameters
    ----------
    rotation
        A unit quaternion (x, y, z, w).

    Returns
    -------
    Vector
        Three angles in degrees.
    """
    x, y, z, w = rotation
    pitch = max(-1.0, min(1.0, 2 * (w * y - z * x)))
    return (
        math.degrees(math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))),
        math.degrees(math.asin(pitch)),
        math.degrees(math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))),
    )


def decompose(m: Sequence[float]) -> tuple[Vector, Vector, Vector]:
    """Translation, rotation and scale of a column-major 4x4 matrix without shear.

    Parameters
    ----------
    m
        Sixteen floats, column by column, as glTF keeps them.

    Returns
    -------
    tuple
        The arguments for `compose`.
    """
    columns = [m[0:3], m[4:7], m[8:11]]
    scale = [math.sqrt(sum(c * c for c in column)) for column in columns]
    (a, b, c), (d, e, f), (g, h, i) = columns
    if a * (e * i - f * h) - d * (b * i - c * h) + g * (b * f - c * e) < 0:  # mirrored
        scale[0] = -scale[0]
    unit = [[value / s if s else 0.0 for value in column] for column, s in zip(columns, scale)]
    return tuple(m[12:15]), _quaternion(unit), tuple(scale)


def _quaternion(columns: list[list[float]]) -> Vector:
    (xx, yx, zx), (xy, yy, zy), (xz, yz, zz) = columns
    trace = xx + yy + zz
    if trace > 0:
        s = 2 * math.sqrt(trace + 1)
        return (zy - yz) / s, (xz - zx) / s, (yx - xy) / s, s / 4
    if xx > yy and xx > zz:
        s = 2 * math.sqrt(max(1e-12, 1 + xx - yy - zz))
        return s / 4, (xy + yx) / s, (xz + zx) / s, (zy - yz) / s
    if yy > zz:
        s = 2 * math.sqrt(max(1e-12, 1 + yy - xx - zz))
        return (xy + yx) / s, s / 4, (yz + zy) / s, (xz - zx) / s
    s = 2 * math.sqrt(max(1e-12, 1 + zz - xx - yy))
    return (xz + zx) / s, (yz + zy) / s, s / 4, (yx - xy) / s
