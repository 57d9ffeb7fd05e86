using Dlt.Types;

namespace Dlt.Sources.Cursors;

/// <summary>Where a cursor value stands in the range of a run, seen in the direction of the cursor.</summary>
internal enum CursorPlace
{
    /// <summary>Before the range: an earlier run loaded it.</summary>
    Before,

    /// <summary>At the value where the run begins, which belongs to the range.</summary>
    AtStart,

    /// <summary>Inside the range.</summary>
    Inside,

    /// <summary>Beyond the range: another run loads it.</summary>
    Beyond,
}

/// <summary>Compares the values of a cursor: which one is later, and which ones a run loads.</summary>
/// <param name="settings">Direction and bounds.</param>
/// <param name="problem">Makes the error for values that cannot be compared.</param>
internal sealed class CursorRange(Incremental settings, Func<string, IncrementalException> problem)
{
    private readonly bool _isMax = settings.LastValueFunc == LastValueFunc.Max;

    /// <summary>Where the run begins; null for everywhere.</summary>
    public DataValue? Start { get; init; }

    /// <summary>Where the run ends; null for nowhere.</summary>
    public DataValue? End { get; init; }

    /// <summary>Compares two values.</summary>
    /// <param name="value">A value.</param>
    /// <param name="other">Another one.</param>
    /// <param name="what">What the other one is, for the message.</param>
    /// <returns>Above zero when the first value is the later one.</returns>
    /// <exception cref="IncrementalException">The two have no order.</exception>
    public int Order(DataValue value, DataValue other, string what)
    {
        if (CursorValue.Compare(value, other) is { } order) return _isMax ? order : -order;
        throw problem($"the value '{value}' ({value.Type.Name()}) cannot be compared with {what} '{other}' ({other.Type.Name()}). "
            + "Give both the same type, or convert the items.");
    }

    /// <summary>The place of a value.</summary>
    /// <exception cref="IncrementalException">The value cannot be compared with a bound.</exception>
    public CursorPlace PlaceOf(DataValue value)
    {
        if (End is { } end)
        {
            var toEnd = Order(value, end, "the end value");
            if (toEnd > 0 || (toEnd == 0 && settings.RangeEnd == RangeBound.Open)) return CursorPlace.Beyond;
        }

        if (Start is not { } start) return CursorPlace.Inside;
        var toStart = Order(value, start, "the start or initial value");
        if (toStart > 0) return CursorPlace.Inside;
        return toStart == 0 && settings.RangeStart == RangeBound.Closed ? CursorPlace.AtStart : CursorPlace.Before;
    }
}
