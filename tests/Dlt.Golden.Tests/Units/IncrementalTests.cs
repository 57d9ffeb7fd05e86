using Dlt.Extract;
using Dlt.Golden.Harness;
using Dlt.Items;
using Dlt.Json;
using Dlt.Sources.Cursors;
using Dlt.Sources.State;
using Dlt.State;
using Dlt.Types;
using Xunit;

namespace Dlt.Golden.Units;

public class IncrementalTests
{
    public static TheoryData<string> Cases => UnitFile.Ids("incremental", "", "detect_datetime_format");

    public static TheoryData<string> UniqueValues => UnitFile.Ids("hashes", "incremental_unique_value");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Cursors_let_rows_through_and_keep_state_as_in_dlt(string id) => UnitFile.Run("incremental", id, test =>
    {
        if (test["kind"]?.AsString() == "detect_datetime_format")
        {
            Assert.Equal(test["expected"] is { IsNull: false } pattern ? pattern.AsString() : null,
                DateTimeFormat.Of(test["input"]!.AsString())?.Pattern);
            return;
        }

        var state = JsonValue.EmptyObject;
        for (var run = 0; run < test["runs"]!.Items.Length; run++)
            state = Run(test, test["runs"]!.Items[run], test["expected"]!.Items[run], state);
    });

    [Theory(SkipTestWithoutData = true), MemberData(nameof(UniqueValues))]
    public void Items_are_distinguished_by_the_hashes_of_dlt(string id) => UnitFile.Run("hashes", id, test =>
    {
        var input = test["input"]!;
        var key = Key(input["primary_key"]);
        var row = GoldenValue.ToExtracted(input["row"]!);
        if (ErrorOutcome.IsError(test["expected"]!))
        {
            var cursor = IncrementalCursor.Open(new("v") { PrimaryKey = [.. key!] }, "r", [],
                new ResourceState(new StateStore(JsonValue.EmptyObject), "s", "r"));
            ErrorOutcome.Throws(test["expected"]!, () => Filter(cursor, [row.With("v", JsonValue.Integer(1))]).ToList());
            return;
        }

        var hashed = UniqueValue.KeyOf(row, key, out _);
        Assert.Equal(test["expected"]!["hash"]!.AsString(), UniqueValue.Of(hashed!, UniqueForm.Current));
        var legacy = test["expected"]!["legacy_hashes"]?.Items.Select(h => h.AsString())
            ?? (test["expected"]!["legacy_hash"] is { IsNull: false } one ? [one.AsString()] : []);
        foreach (var hash in legacy)
            Assert.Contains(hash, new[] { UniqueForm.LegacyZulu, UniqueForm.LegacyOffset }.Select(form => UniqueValue.Of(hashed!, form)));
    });

    /// <returns>The state afterwards.</returns>
    private static JsonValue Run(JsonValue test, JsonValue run, JsonValue expected, JsonValue before)
    {
        var parameters = run.Kind == JsonKind.Object
            ? JsonValue.Object(test["params"]!.Members.Concat(run["params"]?.Members.AsEnumerable() ?? [])) : test["params"]!;
        var path = parameters["cursor_path"]!.AsString();
        var pages = run.Kind == JsonKind.Object ? run["pages"]! : run;
        var store = new StateStore(before);
        var state = new ResourceState(store, "s", "items");
        if (run.Kind == JsonKind.Object && run["state"] is { IsNull: false } given)
            state["incremental"] = JsonValue.Object((path, GoldenValue.ToExtracted(given)));
        var isArrow = test["arrow"] is { Kind: JsonKind.True };
        if (ErrorOutcome.IsError(expected))
        {
            ErrorOutcome.Throws(expected, () => Read(Open(), pages, isArrow, out _));
            return before;
        }

        var cursor = Open();
        AssertValue(expected["start_value"], cursor.Last);
        AssertValue(expected["last_value"], cursor.Last);
        AssertValue(expected["end_value"], cursor.End);
        AssertValue(expected["initial_value"], cursor.Initial);
        var rows = Read(cursor, pages, isArrow, out var taken);
        Assert.Equal(expected["rows"]!.Items.Select(GoldenValue.ToExtracted).Select(r => isArrow ? ArrowPages.WithoutOffsets(r) : r), rows);
        Assert.Equal(expected["pages_taken"]?.AsInt64() ?? 0, taken);
        if (expected["start_out_of_range"] is { } start) Assert.Equal(start.AsBool(), cursor.IsStartOutOfRange);
        if (expected["end_out_of_range"] is { } end) Assert.Equal(end.AsBool(), cursor.IsEndOutOfRange);
        var after = state["incremental"];
        Assert.Equal(Canonical(expected["state"] is { } known ? GoldenValue.ToExtracted(known) : null), Canonical(after));
        return store.Current;

        IncrementalCursor Open() => IncrementalCursor.Open(Settings(parameters), "items", Key(test["resource_primary_key"]) ?? [], state);
    }

    private static IEnumerable<JsonValue> Filter(IncrementalCursor cursor, IEnumerable<JsonValue> page) =>
        CursorFilter.NewItems(cursor, [.. page.Select(i => Item.OfValue(i))]).Select(i => i.Value).OfType<JsonValue>();

    private static List<JsonValue> Read(IncrementalCursor cursor, JsonValue pages, bool isArrow, out int taken)
    {
        taken = 0;
        var rows = new List<JsonValue>();
        foreach (var page in pages.Items)
        {
            taken++;
            var items = (page.Kind == JsonKind.Array ? page.Items : [page]).Select(GoldenValue.ToExtracted);
            if (isArrow) rows.AddRange(ArrowPages.Filter(cursor, items).Select(ArrowPages.WithoutOffsets));
            else rows.AddRange(Filter(cursor, items));
            if (!cursor.CanClose) continue;
            cursor.Close();
            break;
        }

        cursor.Complete();
        return rows;
    }

    /// <param name="parameters">Arguments of dlt's <c>incremental</c>.</param>
    /// <param name="read">Reads a value of the case.</param>
    /// <param name="sample">A value of the cursor, by default the initial value. The unit of dlt's lag depends on it.</param>
    internal static Incremental Settings(JsonValue parameters, Func<JsonValue, JsonValue>? read = null, JsonValue? sample = null)
    {
        Words.Check(parameters, "params", "cursor_path", "initial_value", "end_value", "last_value_func",
            "primary_key", "row_order", "range_start", "range_end", "on_cursor_value_missing", "lag");
        T Choice<T>(string name, T otherwise)
            where T : struct, Enum =>
                parameters[name] is { IsNull: false } text ? Enum.Parse<T>(text.AsString(), ignoreCase: true) : otherwise;
        JsonValue? Value(string name) => parameters[name] is { IsNull: false } value ? (read ?? GoldenValue.ToExtracted)(value) : null;
        double? lag = parameters["lag"] switch
        {
            { Kind: JsonKind.Integer } whole => whole.AsInt64(),
            { Kind: JsonKind.Real } real => real.AsDouble(),
            _ => null,
        };
        sample = Value("initial_value") ?? (sample is null ? null : (read ?? GoldenValue.ToExtracted)(sample));
        var isNumber = sample is null or { Kind: JsonKind.Integer or JsonKind.Real };
        return new(parameters["cursor_path"]!.AsString())
        {
            InitialValue = Value("initial_value"),
            EndValue = Value("end_value"),
            LastValueFunc = Choice("last_value_func", LastValueFunc.Max),
            PrimaryKey = Key(parameters["primary_key"]) is { } key ? [.. key] : null,
            RowOrder = parameters["row_order"] is { IsNull: false } ? Choice("row_order", RowOrder.Asc) : null,
            RangeStart = Choice("range_start", RangeBound.Closed),
            RangeEnd = Choice("range_end", RangeBound.Open),
            OnCursorValueMissing = Choice("on_cursor_value_missing", CursorValueMissing.Raise),
            Lag = isNumber ? null : lag * (IsDay(sample!) ? TimeSpan.FromDays(1) : TimeSpan.FromSeconds(1)),
            NumericLag = isNumber ? lag : null,
        };
    }

    /// <summary>True for dates, of which dlt counts a lag in days.</summary>
    private static bool IsDay(JsonValue value) => DataValue.FromJson(value) is { } typed
        && (typed.Type == DataType.Date || (typed.Type == DataType.Text && DateTimeFormat.Of(typed.AsText) is { IsDate: true }));

    private static string[]? Key(JsonValue? key) => key switch
    {
        null or { IsNull: true } => null,
        { Kind: JsonKind.String } => [key.AsString()],
        _ => [.. key.Items.Select(k => k.AsString())],
    };

    private static void AssertValue(JsonValue? expected, JsonValue? actual) =>
        Assert.Equal(expected is null ? null : JsonText.Write(GoldenValue.ToExtracted(expected)),
            actual is null ? null : JsonText.Write(actual));

    /// <summary>Compares hashes as a set.</summary>
    private static string Canonical(JsonValue? state) => state is null
        ? "-"
        : JsonText.Write(
            JsonValue.Object(state.Members.Select(c => KeyValuePair.Create(
                c.Key, c.Value.With("unique_hashes",
                    JsonValue.Array([.. c.Value["unique_hashes"]!.Items.OrderBy(h => h.AsString(), StringComparer.Ordinal)]))))),
            sortKeys: true);
}
