namespace Dlt.Sources.Cursors;

/// <summary>Position of a cursor value relative to the range of a run, in the direction of the cursor.</summary>
internal enum CursorPlace
{
    /// <summary>The value is before the range. An earlier run loaded the item.</summary>
    Before,

    /// <summary>The value is the start of the range, which is not included. Earlier runs loaded the items with that value.</summary>
    AtOpenStart,

    /// <summary>The value is the start of the range, which is included.</summary>
    AtStart,

    /// <summary>The value is inside the range.</summary>
    Inside,

    /// <summary>The value is beyond the range. Another run loads the item.</summary>
    Beyond,
}

/// <summary>Compares cursor values: which one is later, and whether the run loads them.</summary>
/// <param name="settings">Direction and bounds of the cursor.</param>
/// <param name="problem">Creates the error for values that cannot be compared.</param>
internal sealed class CursorRange(Incremental settings, Func<string, IncrementalException> problem)
{
    private readonly bool _isMax = settings.LastValueFunc == LastValueFunc.Max;

    /// <summary>Start of the range; null for no start.</summary>
    public DataValue? Start { get; init; }

    /// <summary>End of the range; null for no end.</summary>
    public DataValue? End { get; init; }

    /// <summary>Compares two cursor values.</summary>
    /// <param name="value">Value to compare.</param>
    /// <param name="other">Value to compare it with.</param>
    /// <param name="what">Description of the other value, for the error message.</param>
    /// <returns>Positive when the first value is later, negative when it is earlier, zero when they are equal.</returns>
    /// <exception cref="IncrementalException">The values cannot be compared.</exception>
    public int Order(DataValue value, DataValue other, string what)
    {
        if (CursorValue.Compare(value, other) is { } order) return _isMax ? order : -order;
        throw problem($"the value '{value}' ({value.Type.Name()}) cannot be compared with {what} '{other}' ({other.Type.Name()}). "
            + (IsTimeAndText(value.Type, other.Type)
                ? "In JSON, times are texts: write the bound as a text in the form of the items, or convert the items."
                : "Give both the same type, or convert the items."));
    }

    private static bool IsTimeAndText(DataType one, DataType other) =>
        (one == DataType.Text && other is DataType.Timestamp or DataType.Date)
        || (other == DataType.Text && one is DataType.Timestamp or DataType.Date);

    /// <summary>Returns the position of a value relative to the range.</summary>
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
        if (toStart < 0) return CursorPlace.Before;
        return settings.RangeStart == RangeBound.Closed ? CursorPlace.AtStart : CursorPlace.AtOpenStart;
    }
}
