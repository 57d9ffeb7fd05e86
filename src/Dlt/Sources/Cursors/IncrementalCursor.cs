using Apache.Arrow;
using Dlt.Batches;
using Dlt.Batches.Values;
using Dlt.Extract;
using Dlt.Json;
using Dlt.Sources.Cursors;
using Dlt.Types;

namespace Dlt;

/// <summary>
/// The cursor of one resource during a run: what the generator may ask for, and the filter that its items pass (dlt documentation,
/// Incremental loading).
/// </summary>
public sealed class IncrementalCursor
{
    private const string StateKey = "incremental";
    private const int MaxUnhashed = 256;

    private readonly Incremental _settings;
    private readonly ResourceState _state;
    private readonly string _resource;
    private readonly CursorPath _path;
    private IReadOnlyList<string>? _key;
    private readonly bool _isMax;
    private readonly bool _dedups;
    private readonly DataValue? _start;
    private readonly DataValue? _end;
    private readonly JsonValue? _storedLast;   // last value of the runs before, without lag
    private readonly HashSet<string> _loaded;  // hashes of the runs before, at the last value
    private readonly CursorState _before;
    private readonly bool _isLegacy;           // the hashes of the runs before are of before dlt 1.29
    private bool _isKeyList;                   // the hashes of the runs before are of a key given as a list of one field
    private readonly Progress _progress = new();
    private readonly ObjectFields _objects = new();

    private IncrementalCursor(Incremental settings, string resource, IReadOnlyList<string> resourceKey, ResourceState state)
    {
        _settings = settings;
        _resource = resource;
        _state = state;
        _path = CursorPath.Parse(settings.CursorPath);
        _isMax = settings.LastValueFunc == LastValueFunc.Max;
        _key = settings.PrimaryKey is { IsDefault: false } own ? own : resourceKey.Count > 0 ? resourceKey : null;
        Initial = ItemWriter.ToJson(settings.InitialValue);
        End = ItemWriter.ToJson(settings.EndValue);
        Check();
        _dedups = settings.RangeStart == RangeBound.Closed && End is null && settings.Lag is null && _key is not { Count: 0 };
        _before = Load();
        _storedLast = _before.LastValue;
        _loaded = [.. _before.UniqueHashes];
        _isLegacy = _loaded.Any(IsLegacy);
        Last = End is null && settings.Lag is { } lag && _storedLast is not null ? Lagged(_storedLast, lag) : _storedLast;
        _start = Last is null ? null : DataValue.FromJson(Last);
        _end = End is null ? null : DataValue.FromJson(End);
        Maximum = _start;
    }

    /// <summary>The bound of the first run.</summary>
    public object? InitialValue => CursorValue.ToObject(Initial);

    /// <summary>
    /// Where this run begins: the last value of earlier runs less the lag, or the initial value; null when there is neither.
    /// </summary>
    /// <remarks>
    /// A <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="string"/>, <see cref="DateTimeOffset"/>,
    /// <see cref="DateOnly"/>, or <see cref="DateTime"/> for a time without offset.
    /// </remarks>
    public object? LastValue => CursorValue.ToObject(Last);

    /// <summary>Where this run ends; null for no end.</summary>
    public object? EndValue => CursorValue.ToObject(End);

    /// <summary>True when the last item was before the range: a generator in descending order may end.</summary>
    public bool IsStartOutOfRange { get; private set; }

    /// <summary>True when the last item was beyond the range: a generator in ascending order may end.</summary>
    public bool IsEndOutOfRange { get; private set; }

    internal JsonValue? Initial { get; }

    internal JsonValue? Last { get; }

    internal JsonValue? End { get; }

    /// <summary>True when the order of the items says that no later page can be in the range.</summary>
    internal bool CanClose =>
        (_settings.RowOrder == RowOrder.Asc && IsEndOutOfRange) || (_settings.RowOrder == RowOrder.Desc && IsStartOutOfRange);

    private DataValue? Maximum { get; set; }

    internal static IncrementalCursor Open(Incremental settings, string resource, IReadOnlyList<string> resourceKey, ResourceState state) =>
        new(settings, resource, resourceKey, state);

    /// <summary>The items of a page that this run loads.</summary>
    /// <exception cref="IncrementalException">An item has no cursor value, or one that cannot be compared.</exception>
    /// <param name="page">The items, with whatever belongs to them.</param>
    /// <param name="itemOf">The item: JSON, or an object that becomes JSON.</param>
    internal List<T> Filter<T>(IEnumerable<T> page, Func<T, object?> itemOf)
    {
        IsStartOutOfRange = IsEndOutOfRange = false;
        var kept = new List<T>();
        foreach (var entry in page)
        {
            IsStartOutOfRange = IsEndOutOfRange = false;
            if (Takes(itemOf(entry)) ?? IncludesMissing()) kept.Add(entry);
        }

        return kept;
    }

    /// <summary>
    /// The rows of a batch of items that this run loads. Only the column of the cursor is looked at, and of the last rows those of the key.
    /// </summary>
    /// <exception cref="IncrementalException">A row has no cursor value, or one that cannot be compared.</exception>
    internal List<int> FilterRows(RecordBatch batch)
    {
        IsStartOutOfRange = IsEndOutOfRange = false;
        var whole = BatchRows.Items(batch);
        var cursor = _path.Field is { } field
            ? (batch.Schema.GetFieldIndex(field) is >= 0 and var at ? ArrowValues.Of(batch.Column(at)) : null)
            : null;
        Func<int, JsonValue?> cursorOf = cursor is not null ? cursor.ToJson : row => _path.FirstIn(whole(row));
        var lacksKey = _key?.Any(k => batch.Schema.GetFieldIndex(k) < 0) ?? false;
        var keys = _key is null || lacksKey ? whole : BatchRows.Items(batch, [.. _key.Select(k => batch.Schema.GetFieldIndex(k))]);
        var kept = new List<int>(batch.Length);
        for (var row = 0; row < batch.Length; row++)
        {
            var current = row;
            IsStartOutOfRange = IsEndOutOfRange = false;
            if (Takes(cursorOf(row), () => Hashed(keys(current)), lacksKey) ?? IncludesMissing()) kept.Add(row);
        }

        HashBoundary();
        return kept;
    }

    /// <summary>The rows of an Arrow table that this run loads, those without cursor value last (spec/pipeline.md 8.4).</summary>
    /// <exception cref="IncrementalException">The table lacks the column of the cursor or of the key, or a value cannot be
    /// compared.</exception>
    internal List<int> FilterTable(RecordBatch table)
    {
        bool isStartOut = false, isEndOut = false;
        var cursor = ArrowValues.Of(table.Column(ColumnOf(table, _settings.CursorPath)));
        var items = BatchRows.Items(table, _key is null
            ? [.. Enumerable.Range(0, table.ColumnCount)]
            : [.. _key.Select(name => ColumnOf(table, name))]);
        List<int> kept = [], missing = [];
        for (var row = 0; row < table.Length; row++)
        {
            var at = row;
            IsStartOutOfRange = IsEndOutOfRange = false;
            var takes = Takes(cursor.ToJson(row), () => Hashed(items(at)), mayLackKey: false, isTable: true);
            if (takes == true) kept.Add(row);
            else if (takes is null && IncludesMissing()) missing.Add(row);
            isStartOut |= IsStartOutOfRange;
            isEndOut |= IsEndOutOfRange;
        }

        (IsStartOutOfRange, IsEndOutOfRange) = (isStartOut, isEndOut);
        HashBoundary();
        return [.. kept, .. missing];
    }

    /// <summary>Tells the items that follow apart by another key of the resource; a key of the cursor's own stays.</summary>
    internal void UseKey(IReadOnlyList<string> resourceKey)
    {
        if (_settings.PrimaryKey is { IsDefault: false }) return;
        HashBoundary();
        _key = resourceKey.Count > 0 ? resourceKey : null;
    }

    /// <summary>All items went by: the state moves on.</summary>
    internal void Complete()
    {
        if (!_progress.HasRows || End is not null) return;
        var last = _progress.Last ?? _storedLast;
        if (_settings.Lag is not null && _storedLast is not null && last is not null
            && Order(DataValue.FromJson(_storedLast)!.Value, DataValue.FromJson(last)!.Value, "the last value") > 0) last = _storedLast;
        HashBoundary();
        var hashes = !_dedups ? [] : _progress.Last is not null ? _progress.Hashes : _before.UniqueHashes.Concat(_progress.Hashes);
        Store(new(_before.InitialValue, last, [.. hashes.Distinct(StringComparer.Ordinal)], _storedLast));
    }

    /// <summary>The generator is closed: what the last page said does not matter any more.</summary>
    internal void Close() => IsStartOutOfRange = IsEndOutOfRange = false;

    private int ColumnOf(RecordBatch table, string name) => table.Schema.GetFieldIndex(name) is >= 0 and var index
        ? index
        : throw Problem($"an Arrow table has no column '{name}'. Of Arrow tables the path is the name of a column, as it is in the data.");

    /// <returns>Whether the run loads an item; null when it has no cursor value.</returns>
    private bool? Takes(JsonValue? json, Func<JsonValue> hashed, bool mayLackKey, bool isTable = false, Action? keep = null)
    {
        if (json is null || DataValue.FromJson(json) is not { } value) return null;
        if (!IsInRange(hashed, value, isTable)) return false;
        _progress.HasRows = true;
        var order = Maximum is { } maximum ? Order(value, maximum, "the last value") : 1;
        if (order > 0)
        {
            Maximum = value;
            _progress.Last = json;
            _progress.Boundary.Clear();
            _progress.Hashes.Clear();
        }

        if (order < 0 || !_dedups) return true;
        if (mayLackKey) hashed();   // is an error that must not wait for a last item
        keep?.Invoke();
        _progress.Boundary.Add(hashed);
        if (_progress.Boundary.Count == MaxUnhashed) HashBoundary();
        return true;
    }

    private bool? Takes(object? item)
    {
        JsonValue? value = null;
        var isRead = item is not JsonValue && _path.Field is { } field && _objects.TryGet(item, field, out value);
        var hasKey = isRead && _key is not null && _objects.HasAll(item, _key);
        JsonValue? whole = null;
        byte[]? text = null;
        return Takes(isRead ? value : _path.FirstIn(Whole()), () => Hashed(Whole()), mayLackKey: _key is not null && !hasKey, keep: Keep);

        JsonValue Whole() => whole ??= text is null ? ItemWriter.ToJson(item) ?? JsonValue.Null : JsonParser.Parse(text);

        // The object may be another one when its hash is wanted: generators fill the same one again.
        void Keep()
        {
            if (whole is not null) return;
            if (hasKey) whole = _objects.Take(item!, _key!);
            else text = ItemWriter.ToText(item);
        }
    }

    private bool IncludesMissing()
    {
        if (_settings.OnCursorValueMissing == CursorValueMissing.Raise)
            throw Problem("an item has no value there. Give the path as it is in the data, not as columns are named, or set "
                + "OnCursorValueMissing.");
        var isIncluded = _settings.OnCursorValueMissing == CursorValueMissing.Include;
        _progress.HasRows |= isIncluded;   // start_value moves whenever a row is kept
        return isIncluded;
    }

    private bool IsInRange(Func<JsonValue> hashed, DataValue value, bool isTable)
    {
        if (_end is { } end)
        {
            var order = Order(value, end, "the end value");
            if (order > 0 || (order == 0 && _settings.RangeEnd == RangeBound.Open))
            {
                IsEndOutOfRange = true;
                return false;
            }
        }

        if (_start is not { } start) return true;
        var toStart = Order(value, start, "the start or initial value");
        var isOut = toStart < 0 || (toStart == 0 && _settings.RangeStart == RangeBound.Open);
        var isLoaded = !isOut && toStart == 0 && _dedups && IsLoaded(hashed());
        IsStartOutOfRange = isOut || (isLoaded && !isTable);
        return !isOut && !isLoaded;
    }

    /// <summary>
    /// True when an earlier run loaded the item. Lists of before dlt 1.29 are matched in their form, and never mixed with the new one. A
    /// key of one field is matched as its value and as a list of it, as Python dlt hashes keys that are given as a list; later hashes take
    /// the form that matched.
    /// </summary>
    private bool IsLoaded(JsonValue hashed)
    {
        if (_loaded.Count == 0) return false;
        if (HasHash(hashed)) return true;
        if (_key is not { Count: 1 } || !HasHash(JsonValue.Array([hashed]))) return false;
        _isKeyList = true;
        return true;
    }

    private bool HasHash(JsonValue hashed) => _isLegacy
        ? _loaded.Contains(UniqueValue.Of(hashed, UniqueForm.LegacyZulu))
            || _loaded.Contains(UniqueValue.Of(hashed, UniqueForm.LegacyOffset))
        : _loaded.Contains(UniqueValue.Of(hashed, UniqueForm.Current));

    private static bool IsLegacy(string hash) => hash.Length == UniqueValue.LegacyLength;

    /// <summary>Hashes the items at the last value, while they are still there.</summary>
    private void HashBoundary()
    {
        var form = _isLegacy && _progress.Last is null ? UniqueForm.LegacyZulu : UniqueForm.Current;
        foreach (var item in _progress.Boundary)
            _progress.Hashes.Add(UniqueValue.Of(_isKeyList ? JsonValue.Array([item()]) : item(), form));
        _progress.Boundary.Clear();
    }

    /// <summary>Above zero when the first value is the later one.</summary>
    private int Order(DataValue value, DataValue other, string what)
    {
        if (CursorValue.Compare(value, other) is { } order) return _isMax ? order : -order;
        throw Problem($"the value '{value}' ({value.Type.Name()}) cannot be compared with {what} '{other}' ({other.Type.Name()}). "
            + "Give both the same type, or convert the items.");
    }


    /// <summary>What tells an item apart from others with the same cursor value: the fields of its key, or all of it.</summary>
    private JsonValue Hashed(JsonValue item) => UniqueValue.KeyOf(item, _key, out var missing)
        ?? throw Problem($"an item lacks '{missing}', a field of the primary key. Name keys as they are in the data, or set "
            + "PrimaryKey to none.");

    private JsonValue Lagged(JsonValue last, double lag)
    {
        try
        {
            return CursorLag.Apply(last, Initial, lag, _isMax);
        }
        catch (FormatException error)
        {
            throw Problem(error.Message);
        }
    }

    private void Check()
    {
        if (End is null) return;
        if (Initial is null) throw Problem("there is an end value without an initial value. Set InitialValue as well.");
        if (Order(DataValue.FromJson(Initial)!.Value, DataValue.FromJson(End)!.Value, "the end value") > 0)
            throw Problem($"the initial value {Initial} lies beyond the end value {End}. Exchange them, or choose the other "
                + "LastValueFunc.");
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

    private IncrementalException Problem(string reason) => new(_resource, _settings.CursorPath, reason);

    /// <summary>What the items of this run did to the cursor.</summary>
    private sealed class Progress
    {
        public bool HasRows { get; set; }

        /// <summary>The greatest value, when it is beyond that of the runs before.</summary>
        public JsonValue? Last { get; set; }

        /// <summary>Items at the last value that are not hashed yet: most are left behind by the next item.</summary>
        public List<Func<JsonValue>> Boundary { get; } = [];

        /// <summary>Hashes of the other items at the last value.</summary>
        public List<string> Hashes { get; } = [];
    }
}
