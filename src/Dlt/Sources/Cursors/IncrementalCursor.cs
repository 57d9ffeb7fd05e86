using Dlt.Hints;
using Dlt.Items;
using Dlt.Sources.Cursors;

namespace Dlt;

/// <summary>
/// Cursor of one resource during a run. Generators read their range from it, and it filters the items of the resource (dlt documentation,
/// Incremental loading).
/// </summary>
public sealed class IncrementalCursor
{
    private const string StateKey = "incremental";

    private readonly Incremental _settings;
    private readonly ResourceState _state;
    private readonly string _resource;
    private readonly CursorRange _range;
    private readonly CursorDeduplication? _duplicates;   // null: every item is loaded
    private readonly CursorState _before;
    private readonly CursorObjects _objects;
    private DataValue? _maximum;
    private JsonValue? _last;   // the latest value of this run, if it is later than those of earlier runs
    private bool _hasRows;

    private IncrementalCursor(Incremental settings, string resource, IReadOnlyList<string> resourceKey, ResourceState state)
    {
        _settings = settings;
        _resource = resource;
        _state = state;
        _objects = new(this);
        Path = CursorPath.Parse(settings.CursorPath);
        Key = settings.PrimaryKey is { IsDefault: false } own ? own : resourceKey.Count > 0 ? resourceKey : null;
        Initial = ItemWriter.ToJson(settings.InitialValue);
        End = ItemWriter.ToJson(settings.EndValue);
        Check();
        _before = Load();
        Last = End is null && settings.HasLag && _before.LastValue is { } last ? Lagged(last) : _before.LastValue;
        _range = new(settings, Problem) { Start = ValueOf(Last), End = ValueOf(End) };
        _maximum = _range.Start;
        if (settings.RangeStart == RangeBound.Closed && End is null && !settings.HasLag && Key is not { Count: 0 })
            _duplicates = new(_before.UniqueHashes);
    }

    /// <summary>Initial value of the cursor: the lower bound of the first run; null for none.</summary>
    public object? InitialValue => CursorValue.ToObject(Initial);

    /// <summary>
    /// Lower bound of this run: the last value of earlier runs minus the lag, or the initial value; null when there is neither.
    /// </summary>
    /// <remarks>
    /// A <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="string"/>, <see cref="DateTimeOffset"/>,
    /// <see cref="DateOnly"/>, or <see cref="DateTime"/> for a time without offset.
    /// </remarks>
    public object? LastValue => CursorValue.ToObject(Last);

    /// <summary>Upper bound of this run; null for none.</summary>
    public object? EndValue => CursorValue.ToObject(End);

    /// <summary>True when the last item was before the range, so a generator in descending order may stop.</summary>
    public bool IsStartOutOfRange { get; private set; }

    /// <summary>True when the last item was beyond the range, so a generator in ascending order may stop.</summary>
    public bool IsEndOutOfRange { get; private set; }

    internal JsonValue? Initial { get; }

    internal JsonValue? Last { get; }

    internal JsonValue? End { get; }

    /// <summary>Path of the cursor value in an item.</summary>
    internal CursorPath Path { get; }

    /// <summary>Fields that identify an item among those with the same cursor value; null for the whole item.</summary>
    internal IReadOnlyList<string>? Key { get; private set; }

    /// <summary>True when the order of the items rules out further items in the range.</summary>
    internal bool CanClose =>
        (_settings.RowOrder == RowOrder.Asc && IsEndOutOfRange) || (_settings.RowOrder == RowOrder.Desc && IsStartOutOfRange);

    internal static IncrementalCursor Open(Incremental settings, string resource, IReadOnlyList<string> resourceKey, ResourceState state) =>
        new(settings, resource, resourceKey, state);

    /// <summary>Returns the items of a page that this run loads.</summary>
    /// <exception cref="IncrementalException">An item has no cursor value, or one that cannot be compared.</exception>
    /// <param name="page">Entries of the page, each with an item.</param>
    /// <param name="itemOf">Returns the item of an entry: JSON, or an object that can be written as JSON.</param>
    internal List<T> Filter<T>(IEnumerable<T> page, Func<T, object?> itemOf)
    {
        ForgetPlace();
        var kept = new List<T>();
        foreach (var entry in page)
        {
            ForgetPlace();
            if (_objects.Takes(itemOf(entry)) ?? IncludesMissing()) kept.Add(entry);
        }

        return kept;
    }

    /// <summary>Identifies the following items by another key of the resource. A key of the cursor itself takes precedence.</summary>
    internal void UseKey(IReadOnlyList<string> resourceKey)
    {
        if (_settings.PrimaryKey is { IsDefault: false }) return;
        Hash();
        Key = resourceKey.Count > 0 ? resourceKey : null;
    }

    /// <summary>Stores the state for the next run, after all items were filtered.</summary>
    internal void Complete()
    {
        if (!_hasRows || End is not null) return;
        var stored = _before.LastValue;
        var last = _last ?? stored;
        if (_settings.HasLag && stored is not null && last is not null
            && _range.Order(ValueOf(stored)!.Value, ValueOf(last)!.Value, "the last value") > 0)
        {
            last = stored;
        }

        Store(new(_before.InitialValue, last, _duplicates is null ? [] : [.. _duplicates.Hashes], stored));
    }

    /// <summary>Ends the filtering: the position of the last page no longer matters.</summary>
    internal void Close() => ForgetPlace();

    /// <summary>Resets the position before the next item.</summary>
    internal void ForgetPlace() => SetPlace(isStartOutOfRange: false, isEndOutOfRange: false);

    /// <summary>Sets the position of the last item, or of the last table, relative to the range.</summary>
    internal void SetPlace(bool isStartOutOfRange, bool isEndOutOfRange) =>
        (IsStartOutOfRange, IsEndOutOfRange) = (isStartOutOfRange, isEndOutOfRange);

    /// <summary>Hashes the items at the last value while their batch or object is still valid.</summary>
    internal void Hash() => _duplicates?.Hash();

    /// <summary>Decides whether the run loads an item, and records its cursor value.</summary>
    /// <param name="json">Cursor value of the item; null for none.</param>
    /// <param name="hashed">Returns the values that identify the item among those with the same cursor value.</param>
    /// <param name="mayLackKey">True when the item may not have all fields of the key.</param>
    /// <param name="isTable">True for a row of an Arrow table.</param>
    /// <param name="keep">Callback before the item is needed later; null when the item does not change.</param>
    /// <returns>True when the run loads the item; null when it has no cursor value.</returns>
    internal bool? Takes(JsonValue? json, Func<JsonValue> hashed, bool mayLackKey, bool isTable = false, Action? keep = null)
    {
        if (ValueOf(json) is not { } value) return null;
        if (!IsInRange(value, hashed, isTable)) return false;
        _hasRows = true;
        var order = _maximum is { } maximum ? _range.Order(value, maximum, "the last value") : 1;
        if (order > 0)
        {
            _maximum = value;
            _last = json;
            _duplicates?.Restart();
        }

        if (order < 0 || _duplicates is null) return true;
        if (mayLackKey) hashed();   // throws now if a field is missing, instead of after the last item
        keep?.Invoke();
        _duplicates.Add(hashed);
        return true;
    }

    /// <summary>Decides whether an item without a cursor value is loaded.</summary>
    /// <exception cref="IncrementalException">The settings do not allow such an item.</exception>
    internal bool IncludesMissing()
    {
        if (_settings.OnCursorValueMissing == CursorValueMissing.Raise)
        {
            throw Problem(
                "an item has no value there. Give the path as it is in the data, not as columns are named, "
                + "or set OnCursorValueMissing.");
        }

        var isIncluded = _settings.OnCursorValueMissing == CursorValueMissing.Include;
        _hasRows |= isIncluded;   // start_value moves whenever a row is kept
        return isIncluded;
    }

    /// <summary>
    /// Returns the values that identify an item among those with the same cursor value: the fields of its key, or the whole item.
    /// </summary>
    /// <exception cref="IncrementalException">The item does not have a field of the key.</exception>
    internal JsonValue Hashed(JsonValue item) => UniqueValue.KeyOf(item, Key, out var missing) ?? throw Problem(
        $"an item has no field '{missing}', which is part of the primary key. "
        + "Give the names of keys as they are in the data, or set PrimaryKey to an empty list.");

    /// <summary>Creates an error of this cursor.</summary>
    internal IncrementalException Problem(string reason) => new(_resource, _settings.CursorPath, reason);

    private static DataValue? ValueOf(JsonValue? json) => json is null ? null : DataValue.FromJson(json);

    private bool IsInRange(DataValue value, Func<JsonValue> hashed, bool isTable)
    {
        switch (_range.PlaceOf(value))
        {
            case CursorPlace.Inside:
                IsStartOutOfRange = false;
                return true;
            case CursorPlace.Beyond:
                IsEndOutOfRange = true;
                return false;
            case CursorPlace.AtStart:
                var isLoaded = _duplicates?.IsLoaded(hashed(), Key is { Count: 1 }) ?? false;
                IsStartOutOfRange = isLoaded && !isTable;
                return !isLoaded;
            default:
                IsStartOutOfRange = true;
                return false;
        }
    }

    private JsonValue Lagged(JsonValue last)
    {
        try
        {
            return CursorLag.Apply(last, Initial, _settings);
        }
        catch (FormatException error)
        {
            throw Problem(error.Message);
        }
    }

    private void Check()
    {
        if (_settings is { Lag: not null, NumericLag: not null })
            throw Problem("it has a Lag and a NumericLag. Keep Lag for dates and times, or NumericLag for numbers.");
        if (End is null) return;
        if (Initial is null)
            throw Problem("there is an end value (end_value) without an initial value. Set InitialValue (initial_value) as well.");
        var toEnd = new CursorRange(_settings, Problem).Order(ValueOf(Initial)!.Value, ValueOf(End)!.Value, "the end value");
        if (toEnd > 0)
            throw Problem($"the initial value {Initial} is beyond the end value {End}. Exchange them, or choose the other LastValueFunc.");
    }

    private CursorState Load()
    {
        if (End is not null) return CursorState.New(Initial);
        if (_state[StateKey]?[_settings.CursorPath] is { Kind: JsonKind.Object } stored) return CursorState.FromJson(stored);
        var fresh = CursorState.New(Initial);
        Store(fresh);
        return fresh;
    }

    private void Store(CursorState current) =>
        _state.Update(StateKey, all => (all ?? JsonValue.EmptyObject).With(_settings.CursorPath, current.ToJson()));
}
