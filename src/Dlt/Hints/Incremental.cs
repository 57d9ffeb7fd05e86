using System.Collections.Immutable;

namespace Dlt;

/// <summary>
/// Loads only items that are newer than those of earlier runs, by the value of one field (dlt documentation, Incremental loading).
/// </summary>
/// <param name="CursorPath">A field's name or a JSONPath within the item; of several matches the first counts.</param>
public sealed record Incremental(string CursorPath)
{
    /// <summary>
    /// Bound of the first run: text, number, bool, <see cref="DateTimeOffset"/>, <see cref="DateTime"/>, <see cref="DateOnly"/> or
    /// <see cref="JsonValue"/>.
    /// </summary>
    public object? InitialValue { get; init; }

    /// <summary>The other bound; with it the run keeps no state, so ranges can be loaded in any order.</summary>
    public object? EndValue { get; init; }

    /// <summary>Which of two values is the later one.</summary>
    public LastValueFunc LastValueFunc { get; init; } = LastValueFunc.Max;

    /// <summary>
    /// Fields that tell items with the same cursor value apart; the resource's primary key when null, no deduplication when empty.
    /// </summary>
    public ImmutableArray<string>? PrimaryKey { get; init; }

    /// <summary>The order in which items come: it lets the generator end at the first page beyond the range.</summary>
    public RowOrder? RowOrder { get; init; }

    /// <summary>Whether the lower bound itself is loaded. Open also ends deduplication.</summary>
    public RangeBound RangeStart { get; init; } = RangeBound.Closed;

    /// <summary>Whether <see cref="EndValue"/> itself is loaded.</summary>
    public RangeBound RangeEnd { get; init; } = RangeBound.Open;

    /// <summary>What becomes of an item whose cursor value is missing or null.</summary>
    public CursorValueMissing OnCursorValueMissing { get; init; } = CursorValueMissing.Raise;

    /// <summary>How far before the last value a run begins, for dates (whole days count) and times; null for no lag.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>How far before the last value a run begins, for numbers; null for no lag.</summary>
    public double? NumericLag { get; init; }

    /// <summary>True when a run begins before the last value.</summary>
    internal bool HasLag => Lag is not null || NumericLag is not null;

    /// <summary>True when the path is one plain field, so that the column can carry the hint.</summary>
    internal bool IsField => Sources.Cursors.CursorPath.Parse(CursorPath).Field is not null;
}
