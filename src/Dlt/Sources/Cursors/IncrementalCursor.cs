using Apache.Arrow;
using Dlt.Batches;
using Dlt.Batches.Values;
using Dlt.Json;
using Dlt.Sources.Cursors;
using Dlt.Types;

namespace Dlt;

/// <summary>The cursor of one resource during a run: what the generator may ask for, and the filter that its items pass (spec/pipeline.md 8.2, 8.3).</summary>
public sealed class IncrementalCursor
{
    private const string StateKey = "incremental";

    private readonly Incremental _settings;
    private readonly ResourceState _state;
    private readonly string _resource;
    private readonly CursorPath _path;
    private readonly IReadOnlyList<string>? _key;
    private readonly bool _isMax;
    private readonly bool _dedups;
    private readonly DataValue? _start;
    private readonly DataValue? _end;
    private readonly JsonValue? _storedLast;   // last value of the runs before, without lag
    private readonly HashSet<string> _loaded;  // hashes of the runs before, at the last value
    private CursorState _current;

    private IncrementalCursor(Incremental settings, string resource, IReadOnlyList<string> resourceKey, ResourceState state)
    {
        _settings = settings;
        _resource = resource;
        _state = state;
        _path = CursorPath.Parse(settings.CursorPath);
        _isMax = settings.LastValueFunc == LastValueFunc.Max;
        _key = settings.PrimaryKey is { IsDefault: false } own ? own : resourceKey.Count > 0 ? resourceKey : null;
        Initial = Extract.ItemWriter.ToJson(settings.InitialValue);
        End = Extract.ItemWriter.ToJson(settings.EndValue);
        Check();
        _dedups = settings.RangeStart == RangeBound.Closed && End is null && settings.Lag is null && _key is not { Count: 0 };
        _current = Load();
        _storedLast = _current.LastValue;
        _loaded = [.. _current.UniqueHashes];
        Last = End is null && settings.Lag is { } lag && _storedLast is not null ? Lagged(_storedLast, lag) : _storedLast;
        _start = Last is null ? null : DataValue.FromJson(Last);
        _end = End is null ? null : DataValue.FromJson(End);
        Maximum = _start;
    }

    /// <summary>The bound of the first run.</summary>
    public object? InitialValue => CursorValue.ToObject(Initial);

    /// <summary>Where this run begins: the last value of earlier runs less the lag, or the initial value; null when there is neither.</summary>
    /// <remarks>
    /// A <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="string"/>, <see cref="DateTimeOffset"/>, <see cref="DateOnly"/>, or <see cref="DateTime"/> for a time without offset.
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
    internal bool CanClose => (_settings.RowOrder == RowOrder.Asc && IsEndOutOfRange) || (_settings.RowOrder == RowOrder.Desc && IsStartOutOfRange);

    private DataValue? Maximum { get; set; }

    internal static IncrementalCursor Open(Incremental settings, string resource, IReadOnlyList<string> resourceKey, ResourceState state) =>
        new(settings, resource, resourceKey, state);

    /// <summary>The items of a page that this run loads; the state moves on.</summary>
    /// <exception cref="IncrementalException">An item has no cursor value, or one that cannot be compared.</exception>
    internal List<T> Filter<T>(IEnumerable<T> page, Func<T, JsonValue> jsonOf)
    {
        IsStartOutOfRange = IsEndOutOfRange = false;
        var kept = new List<T>();
        var state = new PageState(_current.UniqueHashes.Any(IsLegacy), isTable: false);
        foreach (var entry in page)
        {
            var item = jsonOf(entry);
            IsStartOutOfRange = IsEndOutOfRange = false;
            if (Takes(_path.FirstIn(item), () => Hashed(item), state) ?? IncludesMissing()) kept.Add(entry);
        }

        Remember(state);
        return kept;
    }

    /// <summary>The rows of an Arrow table that this run loads, those without cursor value last; the state moves on (spec/pipeline.md 8.4).</summary>
    /// <exception cref="IncrementalException">The table lacks the column of the cursor or of the key, or a value cannot be compared.</exception>
    internal List<int> FilterTable(RecordBatch table)
    {
        bool isStartOut = false, isEndOut = false;
        var cursor = ArrowValues.Of(table.Column(ColumnOf(table, _settings.CursorPath)));
        var items = BatchRows.Items(table, _key is null ? [.. Enumerable.Range(0, table.ColumnCount)] : [.. _key.Select(name => ColumnOf(table, name))]);
        List<int> kept = [], missing = [];
        var page = new PageState(_current.UniqueHashes.Any(IsLegacy), isTable: true);
        for (var row = 0; row < table.Length; row++)
        {
            var at = row;
            IsStartOutOfRange = IsEndOutOfRange = false;
            var takes = Takes(cursor.ToJson(row), () => Hashed(items(at)), page);
            if (takes == true) kept.Add(row);
            else if (takes is null && IncludesMissing()) missing.Add(row);
            isStartOut |= IsStartOutOfRange;
            isEndOut |= IsEndOutOfRange;
        }

        (IsStartOutOfRange, IsEndOutOfRange) = (isStartOut, isEndOut);
        Remember(page);
        return [.. kept, .. missing];
    }

    /// <summary>The generator is closed: what the last page said does not matter any more.</summary>
    internal void Close() => IsStartOutOfRange = IsEndOutOfRange = false;

    private int ColumnOf(RecordBatch table, string name) => table.Schema.GetFieldIndex(name) is >= 0 and var index
        ? index
        : throw Problem($"an Arrow table has no column '{name}'. Of Arrow tables the path is the name of a column, as it is in the data.");

    /// <returns>Whether the run loads an item; null when it has no cursor value.</returns>
    private bool? Takes(JsonValue? json, Func<JsonValue> hashed, PageState page)
    {
        if (json is null || DataValue.FromJson(json) is not { } value) return null;
        if (!IsInRange(hashed, value, page)) return false;
        page.HasRows = true;
        var order = Maximum is { } maximum ? Order(value, maximum, "the last value") : 1;
        if (order > 0)
        {
            Maximum = value;
            _current = _current with { LastValue = json };
            page.Boundary.Clear();
            page.HasMoved = true;
        }

        if (order >= 0 && _dedups) page.Boundary.Add(Hash(hashed(), page.IsLegacy && !page.HasMoved ? UniqueForm.LegacyZulu : UniqueForm.Current));
        return true;
    }

    private bool IncludesMissing() => _settings.OnCursorValueMissing switch
    {
        CursorValueMissing.Include => true,
        CursorValueMissing.Exclude => false,
        _ => throw Problem("an item has no value there. Give the path as it is in the data, not as columns are named, or set OnCursorValueMissing."),
    };

    private bool IsInRange(Func<JsonValue> hashed, DataValue value, PageState page)
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
        IsStartOutOfRange = isOut || (isLoaded && !page.IsTable);
        return !isOut && !isLoaded;
    }

    /// <summary>True when an earlier run loaded the item. Lists of before dlt 1.29 are matched in their form, and never mixed with the new one.</summary>
    private bool IsLoaded(JsonValue hashed) => _loaded.Count > 0 && (_loaded.Any(IsLegacy)
        ? _loaded.Contains(Hash(hashed, UniqueForm.LegacyZulu)) || _loaded.Contains(Hash(hashed, UniqueForm.LegacyOffset))
        : _loaded.Contains(Hash(hashed, UniqueForm.Current)));

    private static bool IsLegacy(string hash) => hash.Length == UniqueValue.LegacyLength;

    private void Remember(PageState page)
    {
        if (!page.HasRows) return;
        var last = _current.LastValue;
        if (_settings.Lag is not null && _storedLast is not null && last is not null && Order(DataValue.FromJson(_storedLast)!.Value, DataValue.FromJson(last)!.Value, "the last value") > 0)
            last = _storedLast;
        List<string> hashes = !_dedups ? [] : page.HasMoved ? page.Boundary : [.. _current.UniqueHashes, .. page.Boundary];
        _current = new(_current.InitialValue, last, [.. hashes.Distinct(StringComparer.Ordinal)], _storedLast);
        if (End is null) Store(_current);
    }

    /// <summary>Above zero when the first value is the later one.</summary>
    private int Order(DataValue value, DataValue other, string what)
    {
        if (CursorValue.Compare(value, other) is { } order) return _isMax ? order : -order;
        throw Problem($"the value '{value}' ({value.Type.Name()}) cannot be compared with {what} '{other}' ({other.Type.Name()}). Give both the same type, or convert the items.");
    }

    private static string Hash(JsonValue hashed, UniqueForm form) => UniqueValue.Of(hashed, form);

    /// <summary>What tells an item apart from others with the same cursor value: the fields of its key, or all of it.</summary>
    private JsonValue Hashed(JsonValue item) => UniqueValue.KeyOf(item, _key, out var missing)
        ?? throw Problem($"an item lacks '{missing}', a field of the primary key. Name keys as they are in the data, or set PrimaryKey to none.");

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
            throw Problem($"the initial value {Initial} lies beyond the end value {End}. Exchange them, or choose the other LastValueFunc.");
    }

    private CursorState Load()
    {
        if (End is not null) return CursorState.New(Initial);
        if (_state[StateKey]?[_settings.CursorPath] is { Kind: JsonKind.Object } stored) return CursorState.FromJson(stored);
        var fresh = CursorState.New(Initial);
        Store(fresh);
        return fresh;
    }

    private void Store(CursorState current) => _state.Update(StateKey, all => (all ?? JsonValue.EmptyObject).With(_settings.CursorPath, current.ToJson()));

    private IncrementalException Problem(string reason) => new(_resource, _settings.CursorPath, reason);

    /// <summary>What the items of a page did to the cursor.</summary>
    private sealed class PageState(bool isLegacy, bool isTable)
    {
        /// <summary>The stored hashes are of before dlt 1.29.</summary>
        public bool IsLegacy { get; } = isLegacy;

        /// <summary>An Arrow table: rows that were loaded before do not count as out of range.</summary>
        public bool IsTable { get; } = isTable;

        /// <summary>Hashes of the items at the last value.</summary>
        public List<string> Boundary { get; } = [];

        public bool HasMoved { get; set; }

        public bool HasRows { get; set; }
    }
}
