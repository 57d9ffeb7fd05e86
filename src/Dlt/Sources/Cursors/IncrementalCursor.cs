using System.Globalization;
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
    private readonly Action<string> _warn;
    private readonly CursorRange _range;
    private readonly SampleRange _samples;
    private readonly SampleRange? _earlier;   // for a lag: what begins at the stored last value
    private readonly CursorDeduplication? _duplicates;   // null: every item is loaded
    private readonly CursorState _before;
    private readonly CursorTally _tally = new();
    private readonly bool _continues;   // an earlier run stored a value later than the initial one
    private bool _isStartOut;
    private bool _isEndOut;
    private bool _isLater;   // an item of this run is later than those of earlier runs
    private bool _hasItems;
    private bool _hasRows;

    private IncrementalCursor(
        Incremental settings, string resource, IReadOnlyList<string> resourceKey, ResourceState state, Action<string> warn)
    {
        _settings = settings;
        _resource = resource;
        _state = state;
        _warn = warn;
        Path = CursorPath.Parse(settings.CursorPath);
        Key = settings.PrimaryKey is { IsDefault: false } own ? own : resourceKey.Count > 0 ? resourceKey : null;
        Initial = ItemWriter.ToJson(settings.InitialValue);
        End = ItemWriter.ToJson(settings.EndValue);
        CursorBounds.Check(settings, Initial, End, Problem);
        _before = Load();
        _continues = End is null && _before.LastValue is { } stored && !stored.Equals(_before.InitialValue);
        Last = End is null && settings.HasLag && _before.LastValue is { } last
            ? CursorBounds.Lagged(last, Initial, settings, Problem) : _before.LastValue;
        var (start, end) = (CursorSample.Of(Last), CursorSample.Of(End));
        _range = new(settings, Problem) { Start = ValueOf(start), End = ValueOf(end) };
        _samples = new(settings);
        _samples.SetBounds(start, end);
        if (_continues && settings.HasLag)
        {
            _earlier = new(settings);
            _earlier.SetBounds(CursorSample.Of(_before.LastValue), default);
        }

        if (settings.RangeStart == RangeBound.Closed && End is null && !settings.HasLag && Key is not { Count: 0 })
            _duplicates = new(_before.UniqueHashes, () => Key is { Count: 1 });
    }

    /// <summary>Initial value of the cursor: the lower bound of the first run; null for none.</summary>
    public object? InitialValue => CursorValue.ToObject(Initial);

    /// <summary>
    /// Lower bound of this run: the last value of earlier runs minus the lag, or the initial value; null when there is neither.
    /// </summary>
    /// <remarks>
    /// A <see cref="long"/>, <see cref="double"/>, <see cref="decimal"/>, <see cref="bool"/>, <see cref="string"/>,
    /// <see cref="DateTimeOffset"/>, <see cref="DateOnly"/>, <see cref="TimeOnly"/>, an array of bytes, or <see cref="DateTime"/> for a
    /// time without offset.
    /// </remarks>
    public object? LastValue
    {
        get
        {
            _tally.IsAsked = true;
            return CursorValue.ToObject(Last);
        }
    }

    /// <summary>Upper bound of this run; null for none.</summary>
    public object? EndValue => CursorValue.ToObject(End);

    /// <summary>True when the last item was before the range, so a generator in descending order may stop.</summary>
    public bool IsStartOutOfRange
    {
        get
        {
            _tally.IsWatched = true;
            return _isStartOut;
        }
    }

    /// <summary>True when the last item was beyond the range, so a generator in ascending order may stop.</summary>
    public bool IsEndOutOfRange => _isEndOut;

    internal JsonValue? Initial { get; }

    internal JsonValue? Last { get; }

    internal JsonValue? End { get; }

    /// <summary>Path of the cursor value in an item.</summary>
    internal CursorPath Path { get; }

    /// <summary>Fields that identify an item among those with the same cursor value; null for the whole item.</summary>
    internal IReadOnlyList<string>? Key { get; private set; }

    /// <summary>Reads fields of objects of user code.</summary>
    internal ObjectFields Fields { get; } = new();

    /// <summary>True when the order of the items rules out further items in the range.</summary>
    internal bool CanClose =>
        (_settings.RowOrder == RowOrder.Asc && _isEndOut) || (_settings.RowOrder == RowOrder.Desc && _isStartOut);

    /// <summary>Number of items that the run did not load although no other run will, by reason.</summary>
    internal IEnumerable<(string Reason, long Rows)> Skipped
    {
        get
        {
            if (_continues && _tally.Before > 0) yield return ($"{_settings.CursorPath} {OutOfRange}", _tally.Before);
            if (_tally.Missing > 0) yield return ($"no value of {_settings.CursorPath}", _tally.Missing);
        }
    }

    private string OutOfRange =>
        $"{(_settings.LastValueFunc == LastValueFunc.Max ? "before" : "after")} {ValueOf(CursorSample.Of(Last))}";

    internal static IncrementalCursor Open(
        Incremental settings, string resource, IReadOnlyList<string> resourceKey, ResourceState state, Action<string>? warn = null) =>
        new(settings, resource, resourceKey, state, warn ?? (_ => { }));

    /// <summary>Identifies the following items by another key of the resource. A key of the cursor itself takes precedence.</summary>
    internal void UseKey(IReadOnlyList<string> resourceKey)
    {
        if (_settings.PrimaryKey is { IsDefault: false }) return;
        _duplicates?.Hash();
        Key = resourceKey.Count > 0 ? resourceKey : null;
    }

    /// <summary>Stores the state for the next run, after all items were filtered.</summary>
    /// <exception cref="IncrementalException">More items have the last value than the state can hold hashes.</exception>
    internal void Complete()
    {
        if (_continues && _tally.IsLate(_settings.RowOrder)) Warn(CursorTexts.Late(_tally.Before, OutOfRange));
        if (!_hasRows || End is not null) return;
        var stored = _before.LastValue;
        var last = _isLater ? _samples.Maximum.ToJson() : stored;
        if (_settings.HasLag && stored is not null && last is not null
            && _range.Order(DataValue.FromJson(stored)!.Value, DataValue.FromJson(last)!.Value, "the last value") > 0)
        {
            last = stored;
        }

        var hashes = _duplicates?.Hashes ?? [];
        if (hashes.Count > CursorDeduplication.MaxHashes) throw Problem(CursorTexts.TooManyAtBorder(last));
        if (hashes.Count > CursorDeduplication.ManyHashes) Warn(CursorTexts.ManyAtBorder(hashes.Count, last));
        Store(new(_before.InitialValue, last, [.. hashes], stored));
    }

    /// <summary>Ends the filtering: the position of the last page no longer matters.</summary>
    internal void Close() => ForgetPlace();

    /// <summary>Resets the position before the next item.</summary>
    internal void ForgetPlace() => SetPlace(isStartOutOfRange: false, isEndOutOfRange: false);

    /// <summary>Sets the position of the last item, or of the last table, relative to the range.</summary>
    internal void SetPlace(bool isStartOutOfRange, bool isEndOutOfRange) => (_isStartOut, _isEndOut) = (isStartOutOfRange, isEndOutOfRange);

    /// <summary>Position of the last item relative to the range.</summary>
    internal (bool IsStartOut, bool IsEndOut) Place => (_isStartOut, _isEndOut);

    /// <summary>Hashes the items at the last value while their batch is still valid.</summary>
    internal void Hash() => _duplicates?.Hash();

    /// <summary>Hashes the items at the last value that are before a row.</summary>
    internal void HashUpTo(int row) => _duplicates?.Hash(row);

    /// <summary>Takes the items at the last value out of their page.</summary>
    internal void LeavePage() => _duplicates?.Keep();

    /// <summary>Decides whether the run loads an item, and records its cursor value.</summary>
    /// <param name="sample">Cursor value of the item.</param>
    /// <param name="items">Items of the page or batch.</param>
    /// <param name="row">The item among them.</param>
    /// <param name="isTable">True for a row of an Arrow table.</param>
    /// <exception cref="IncrementalException">The item has no cursor value, or one that cannot be compared.</exception>
    internal bool Takes(in CursorSample sample, IBorderItems items, int row, bool isTable = false)
    {
        ForgetPlace();
        if (sample.Kind == SampleKind.Missing) return IncludesMissing();
        if (!_hasItems) Begin(sample);
        var place = _samples.Handles(sample) ? _samples.PlaceOf(sample, out var order) : PlaceOf(sample, out order);
        switch (place)
        {
            case CursorPlace.Beyond:
                _isEndOut = true;
                return false;
            case CursorPlace.Before:
                _isStartOut = true;
                _tally.Before++;
                return false;
            case CursorPlace.AtOpenStart:
                _isStartOut = true;
                _tally.HasRepeated = true;
                return false;
            case CursorPlace.AtStart when _duplicates?.IsLoaded(items, row) == true:
                _isStartOut = !isTable;
                _tally.HasRepeated = true;
                return false;
        }

        _hasRows = true;
        if (!_tally.HasRepeated && IsRepeated(sample, place)) _tally.HasRepeated = true;
        if (order > 0)
        {
            _isLater = true;
            _samples.SetMaximum(sample);
            _duplicates?.Restart();
        }

        if (order >= 0) _duplicates?.Add(items, row);
        return true;
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

    /// <summary>Decides whether an item without a cursor value is loaded.</summary>
    internal bool IncludesMissing()
    {
        switch (_settings.OnCursorValueMissing)
        {
            case CursorValueMissing.Include:
                _hasRows = true;   // start_value moves whenever a row is kept
                return true;
            case CursorValueMissing.Exclude:
                _tally.Missing++;
                return false;
            default:
                throw Problem("an item has no value there. Give the path as it is in the data, not as columns are named, "
                    + "or set OnCursorValueMissing.");
        }
    }

    private static DataValue? ValueOf(in CursorSample sample) => sample.Kind == SampleKind.Missing ? null : sample.ToValue();

    /// <summary>Returns whether an item is at or before the last value of earlier runs, although it is loaded: again, or late.</summary>
    private bool IsRepeated(in CursorSample sample, CursorPlace place) =>
        (place == CursorPlace.AtStart && _duplicates is null)
        || (_earlier is not null && _earlier.Handles(sample) && _earlier.PlaceOf(sample, out _) != CursorPlace.Inside);

    private void Begin(in CursorSample first)
    {
        _hasItems = true;
        var bound = CursorSample.Of(Last ?? End);
        if (first.Kind == SampleKind.Time && bound.Kind == SampleKind.Time && first.IsNaive != bound.IsNaive)
            Warn(CursorTexts.OtherAwareness(first, bound));
    }

    private CursorPlace PlaceOf(in CursorSample sample, out int order)
    {
        var value = sample.ToValue();
        order = 0;
        var place = _range.PlaceOf(value);
        if (place is CursorPlace.Inside or CursorPlace.AtStart)
            order = ValueOf(_samples.Maximum) is { } maximum ? _range.Order(value, maximum, "the last value") : 1;
        return place;
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

    private void Warn(string what) =>
        _warn(string.Create(CultureInfo.InvariantCulture, $"Resource '{_resource}', cursor '{_settings.CursorPath}': {what}"));
}
