using System.Runtime.InteropServices;

namespace Dlt.Iceberg;

/// <summary>
/// The values of keys in one column: each of them up to 4096 different ones, beyond that ranges around clusters of values, so memory does
/// not depend on the number of keys. Adding is not safe for concurrent use; the ranges are, once no value is added.
/// </summary>
internal sealed class KeyRanges
{
    private const int MaxValues = 4096;
    private const int MaxRanges = 1024;

    private readonly Lock _lock = new();
    private readonly List<KeyRange> _added = [];
    private KeyRange[] _ranges = [];
    private bool _isExact = true;

    /// <summary>True when one of the values is NaN, which no range contains.</summary>
    public bool HasNan { get; private set; }

    /// <summary>True when no value was added.</summary>
    public bool IsEmpty => !HasNan && Ranges.Length == 0;

    /// <summary>True when each range is a single value.</summary>
    public bool IsExact
    {
        get
        {
            _ = Ranges;
            return _isExact;
        }
    }

    /// <summary>The ranges, ascending and without overlaps.</summary>
    public ReadOnlySpan<KeyRange> Ranges
    {
        get
        {
            lock (_lock)
            {
                Settle();
                return _ranges;
            }
        }
    }

    /// <summary>Adds a value.</summary>
    /// <param name="value">A value in the .NET form of <see cref="PrimitiveKind"/>.</param>
    public void Add(object value)
    {
        if (ValueOrder.IsNan(value))
        {
            HasNan = true;
            return;
        }

        var code = ValueCode.Of(value);
        if (!_isExact && IsWithin(code)) return;
        _added.Add(new(value, value, code, code));
        if (_added.Count >= MaxValues) Settle();
    }

    /// <summary>False only if none of the values is within bounds.</summary>
    /// <param name="lower">Lower bound; null when it is unknown.</param>
    /// <param name="upper">Upper bound; null when it is unknown.</param>
    public bool MayBeWithin(object? lower, object? upper)
    {
        var ranges = Ranges;
        var first = FirstFrom(ranges, lower);
        return first < ranges.Length && IsAtMost(ranges[first].Lower, upper);
    }

    /// <summary>Returns the values within bounds. Only for <see cref="IsExact"/>.</summary>
    /// <param name="lower">Lower bound; null when it is unknown.</param>
    /// <param name="upper">Upper bound; null when it is unknown.</param>
    public IReadOnlyList<object> ValuesWithin(object? lower, object? upper)
    {
        var ranges = Ranges;
        var values = new List<object>();
        for (var i = FirstFrom(ranges, lower); i < ranges.Length && IsAtMost(ranges[i].Lower, upper); i++) values.Add(ranges[i].Lower);
        return values;
    }

    /// <summary>Index of the first range that does not end before a bound.</summary>
    private static int FirstFrom(ReadOnlySpan<KeyRange> ranges, object? lower)
    {
        var (low, high) = (0, ranges.Length);
        while (lower is not null && low < high)
        {
            var middle = (low + high) / 2;
            if (ValueOrder.Compare(MetricsFilter.Zero(ranges[middle].Upper, isNegative: false), lower) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private static bool IsAtMost(object value, object? upper) =>
        upper is null || ValueOrder.Compare(MetricsFilter.Zero(value, isNegative: true), upper) <= 0;

    /// <summary>Returns at most a number of ranges that contain all values.</summary>
    public static KeyRange[] Reduced(ReadOnlySpan<KeyRange> ranges, int count)
    {
        if (ranges.Length <= count) return ranges.ToArray();
        var gaps = new UInt128[ranges.Length - 1];
        for (var i = 0; i < gaps.Length; i++) gaps[i] = ranges[i + 1].From - ranges[i].To;
        var ordered = gaps.ToArray();
        Array.Sort(ordered);
        var widest = ordered[^count];   // fewer than count gaps are wider
        var reduced = new List<KeyRange> { ranges[0] };
        for (var i = 0; i < gaps.Length; i++)
        {
            if (gaps[i] > widest) reduced.Add(ranges[i + 1]);
            else reduced[^1] = reduced[^1] with { Upper = ranges[i + 1].Upper, To = ranges[i + 1].To };
        }

        return [.. reduced];
    }

    private bool IsWithin(UInt128 code)
    {
        var (low, high) = (0, _ranges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].To < code) low = middle + 1;
            else high = middle;
        }

        // A range that ends with this code may end before the value, because texts have the code of their prefix.
        return low < _ranges.Length && _ranges[low].From < code && code < _ranges[low].To;
    }

    private void Settle()
    {
        if (_added.Count == 0) return;
        _added.AddRange(_ranges);
        _added.Sort();
        var joined = new List<KeyRange>(_added.Count);
        foreach (var range in _added)
        {
            if (joined.Count == 0 || ValueOrder.Compare(range.Lower, joined[^1].Upper) > 0) joined.Add(range);
            else if (ValueOrder.Compare(range.Upper, joined[^1].Upper) > 0)
                joined[^1] = joined[^1] with { Upper = range.Upper, To = range.To };
        }

        _added.Clear();
        _isExact = _isExact && joined.Count <= MaxValues;
        _ranges = _isExact ? [.. joined] : Reduced(CollectionsMarshal.AsSpan(joined), MaxRanges);
    }
}
