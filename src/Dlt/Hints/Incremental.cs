using System.Collections.Immutable;

namespace Dlt;

/// <summary>
/// Loads only the items that are newer than those of earlier runs, by the value of one field (dlt documentation, Incremental loading).
/// </summary>
/// <param name="CursorPath">Name of a field, or a JSONPath within the item. If the path has several matches, the first one is used.</param>
public sealed record Incremental(string CursorPath)
{
    /// <summary>
    /// Lower bound of the first run: a text, number, bool, <see cref="DateTimeOffset"/>, <see cref="DateTime"/>, <see cref="DateOnly"/> or
    /// <see cref="JsonValue"/>. Null to load everything.
    /// </summary>
    public object? InitialValue { get; init; }

    /// <summary>
    /// Upper bound of the run; null for none. A run with an end value keeps no state, so ranges can be loaded in any order.
    /// </summary>
    public object? EndValue { get; init; }

    /// <summary>Determines which of two cursor values is the later one. The default is the larger one.</summary>
    public LastValueFunc LastValueFunc { get; init; } = LastValueFunc.Max;

    /// <summary>
    /// Fields that identify an item among those with the same cursor value. Null for the resource's primary key; empty for no
    /// deduplication.
    /// </summary>
    public ImmutableArray<string>? PrimaryKey { get; init; }

    /// <summary>
    /// Order in which the generator yields items, so that it can end at the first page beyond the range; null when unknown.
    /// </summary>
    public RowOrder? RowOrder { get; init; }

    /// <summary>
    /// Specifies whether items at the lower bound are loaded. <see cref="RangeBound.Open"/> also turns deduplication off.
    /// </summary>
    public RangeBound RangeStart { get; init; } = RangeBound.Closed;

    /// <summary>Specifies whether items at <see cref="EndValue"/> are loaded.</summary>
    public RangeBound RangeEnd { get; init; } = RangeBound.Open;

    /// <summary>Specifies how to handle items without a cursor value, or with null.</summary>
    public CursorValueMissing OnCursorValueMissing { get; init; } = CursorValueMissing.Raise;

    /// <summary>
    /// Time by which a run begins before the last cursor value, for times and dates (dates use whole days); null for no lag.
    /// </summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>Amount by which a run begins before the last cursor value, for numbers; null for no lag.</summary>
    public double? NumericLag { get; init; }

    /// <summary>
    /// Lag of a description, whose unit follows the cursor: seconds for times, days for dates, an amount for numbers. Null for none.
    /// </summary>
    internal double? PlainLag { get; init; }

    /// <summary>
    /// True: the run loads the interval of an external scheduler, and fails without one (dlt documentation, External schedulers). False: it
    /// never does. Null, the default: it does if <c>DLT_ALLOW_EXTERNAL_SCHEDULERS</c> is true, or if the program was given
    /// <c>--interval-start</c>.
    /// </summary>
    public bool? AllowExternalSchedulers { get; init; }

    /// <summary>True when there is a lag.</summary>
    internal bool HasLag => Lag is not null || NumericLag is not null || PlainLag is not null;

    /// <summary>True when the path is a single plain field, so that its column can have the hint.</summary>
    internal bool IsField => Hints.CursorPath.Parse(CursorPath).Field is not null;
}
