"""The laws of unit compliance: numbers in, numbers out."""


def follows(
    p: float, asked: float, *, tolerance: float, most: float, least: float
) -> bool:
    """Whether a unit does what it was asked for, as far as it can.

    Args:
        p: What it delivers, in any unit.
        asked: What it was asked for.
        tolerance: Deviation that is none.
        most: Most it could have delivered.
        least: Least it could have delivered.

    Source:
        control_functions F76: |P - P_cmd| < tolerance; what a unit could not do is no
        disobedience.
    """
    aim = min(max(asked, least), most)
    low, high = min(asked, aim), max(asked, aim)
    return low - tolerance <= p <= high + tolerance


def next_rest_s(last_s: float, *, first_s: float, most_s: float) -> float:
    """How long a unit rests that disobeyed again: twice as long as the last time.

    Args:
        last_s: The last rest [s]; 0: there was none.
        first_s: The first rest [s].
        most_s: No rest is longer [s].

    Source:
        Exponential back-off; a choice of this project.
    """
    return first_s if last_s <= 0.0 else min(2.0 * last_s, most_s)
