using Dlt.Destinations;
using Dlt.Golden.Harness;
using Dlt.Items;
using Dlt.Json;
using Dlt.Normalize.Coercion;
using Dlt.Normalize.Rows;
using Dlt.Schemas;
using Dlt.Types;
using Xunit;

namespace Dlt.Golden.Units;

public class TypeTests
{
    public static TheoryData<string> Cases =>
        UnitFile.Ids("types", "parse_json", "parse_json_bytes", "detect", "detect_value", "coerce",
            "coerce_rows", "coerce_pairs", "native_types", "native_type");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Values_are_read_typed_and_coerced_as_in_dlt(string id) => UnitFile.Run("types", id, test =>
    {
        var expected = test["expected"]!;
        switch (test["kind"]!.AsString())
        {
            case "parse_json":
                ParseJson(test["input"]!, expected);
                break;
            case "parse_json_bytes":
                ErrorOutcome.Throws(expected, () => JsonParser.Parse(Convert.FromHexString(test["input"]!.AsString())));
                break;
            case "detect":
                Detect(test["input"]!.AsString(), expected);
                break;
            case "detect_value":
                DetectValue(test, expected);
                break;
            case "coerce":
                Coerce(test, expected);
                break;
            case "coerce_pairs":
                CoercePairs(expected);
                break;
            case "native_types":
                NativeTypes(expected);
                break;
            case "native_type":
                NativeType(test["input"]!.AsString(), expected);
                break;
            default:
                CoerceRows(test, expected);
                break;
        }
    });

    /// <summary>Types of values in a program, by the type of .NET that is meant by the one of Python.</summary>
    private static void NativeTypes(JsonValue expected)
    {
        var samples = new Dictionary<string, object>
        {
            ["str"] = "text",
            ["int"] = 1L,
            ["float"] = 1.5,
            ["bool"] = true,
            ["bytes"] = new byte[] { 1 },
            ["dict"] = new Dictionary<string, object?>(),
            ["list"] = Array.Empty<int>(),
            ["tuple"] = new List<int>(),
            ["Decimal"] = 1.5m,
            ["datetime"] = DateTimeOffset.UnixEpoch,
            ["date"] = DateOnly.MinValue,
            ["time"] = TimeOnly.MinValue,
            ["str_enum"] = DayOfWeek.Monday,
        };
        string[] withoutTwin = ["Wei", "HexBytes", "int_enum"];
        foreach (var (name, type) in expected.Members.Where(m => !withoutTwin.Contains(m.Key)))
        {
            if (!samples.ContainsKey(name)) throw new NotDrivenException($"the Python class '{name}'");
            var json = Items.ItemWriter.ToJson(samples[name])!;
            var actual = json.Kind is JsonKind.Object or JsonKind.Array ? DataType.Json : DataValue.FromJson(json)!.Value.Type;
            Assert.Equal($"{name}: {type.AsString()}", $"{name}: {actual.Name()}");
        }
    }

    private static void NativeType(string name, JsonValue expected)
    {
        object value = name == "uuid" ? Guid.Empty : throw new NotDrivenException($"the Python class '{name}'");
        if (ErrorOutcome.IsError(expected)) ErrorOutcome.Throws(expected, () => Items.ItemWriter.ToJson(value));
        else Assert.Equal(expected.AsString(), DataValue.FromJson(Items.ItemWriter.ToJson(value)!)!.Value.Type.Name());
    }

    /// <summary>The types that can be converted to a type: some value of each such pair must pass, and no value of another pair.</summary>
    private static void CoercePairs(JsonValue expected)
    {
        DataValue[] samples =
        [
            .. new[] { "1", "0a", "true", "2024-01-02", "2024-01-02T03:04:05Z", "12:30:00", "{}", "YQ==" }
                .Select(DataValue.Text), DataValue.Double(1), DataValue.Bool(true), DataValue.Bigint(1),
            DataValue.Timestamp(Timestamp.Utc(0)), DataValue.Date(1), DataValue.Time(1), DataValue.Binary([1]),
            DataValue.Json(JsonValue.EmptyObject), DataValue.Decimal(BigDecimal.FromInteger(1)), DataValue.Wei(BigDecimal.FromInteger(1)),
        ];
        foreach (var target in Enum.GetValues<DataType>())
        {
            var possible = samples.Where(v => v.Type != target && Coercion.TryCoerce(v, target, out _))
                .Select(v => v.Type.Name()).Distinct().Order(StringComparer.Ordinal);
            Assert.Equal($"{target.Name()}: "
                + $"{string.Join(' ', expected[target.Name()]!.Items.Select(i => i.AsString()).Order(StringComparer.Ordinal))}",
                $"{target.Name()}: {string.Join(' ', possible)}");
        }
    }

    private static void ParseJson(JsonValue input, JsonValue expected)
    {
        var text = input.Kind == JsonKind.String
            ? input.AsString()
            : Repeat(input["repeat"]!.Items[0].AsString(), input["repeat"]!.Items[1].AsInt64())
            + (input["repeat"]!.Items[0].AsString() == "[" ? "" : "1")
            + Repeat(input["repeat"]!.Items[2].AsString(), input["repeat"]!.Items[1].AsInt64());
        if (ErrorOutcome.IsError(expected))
        {
            ErrorOutcome.Throws(expected, () => JsonParser.Parse(text));
            return;
        }

        var parsed = JsonParser.Parse(text);
        Assert.Equal(expected["type"]!.AsString(), PythonType(parsed));
        if (expected["value"] is { } value && expected["accepted"] is null)
            Assert.Equal(JsonText.Write(GoldenValue.ToExtracted(value)), JsonText.Write(parsed));
        if (expected["dumps"] is { } dumps) Assert.Equal(dumps.AsString(), JsonText.Write(parsed));
    }

    private static string PythonType(JsonValue json) => json.Kind switch
    {
        JsonKind.Null => "NoneType",
        JsonKind.True or JsonKind.False => "bool",
        JsonKind.Integer => "int",
        JsonKind.Real => "float",
        JsonKind.String => "str",
        JsonKind.Array => "list",
        _ => "dict",
    };

    private static string Repeat(string text, long count) => string.Concat(Enumerable.Repeat(text, (int)count));

    private static void Detect(string input, JsonValue expected)
    {
        var value = DataValue.Text(input);
        Assert.Equal(expected["default"]!.AsString(), (TypeDetection.Detect(["iso_timestamp"], value, default) ?? DataType.Text).Name());
        Assert.Equal(
            expected["both"]!.AsString(), (TypeDetection.Detect(["iso_timestamp", "iso_date"], value, default) ?? DataType.Text).Name());
        Assert.Equal(
            expected["reverse"]!.AsString(), (TypeDetection.Detect(["iso_date", "iso_timestamp"], value, default) ?? DataType.Text).Name());
        if (expected["parsed"] is { } parsed && parsed["$type"]?.AsString() == "timestamp")
        {
            Assert.True(IsoDateTime.TryParseTimestamp(input, out var timestamp));
            Assert.Equal(parsed["value"]!.AsString(), timestamp.ToString());
        }
    }

    private static void DetectValue(JsonValue test, JsonValue expected)
    {
        var value = GoldenValue.ToValue(test["input"]!)!.Value;
        var now = DateTimeOffset.UnixEpoch.AddSeconds(test["now"]!.AsDouble());
        foreach (var (name, type) in expected.Members)
        {
            var actual = name == "none" ? value.Type : TypeDetection.Detect([name], value, now);
            Assert.Equal(type.IsNull ? null : type.AsString(), actual?.Name());
        }
    }

    private static void Coerce(JsonValue test, JsonValue expected)
    {
        var value = GoldenValue.ToValue(test["input"]!)!.Value;
        if (test["from"]!.AsString() == "wei" && value.Type == DataType.Decimal) value = DataValue.Wei(value.AsDecimal);
        foreach (var (name, result) in expected.Members)
        {
            Assert.True(DataTypes.TryParse(name, out var type));
            var isPossible = Coercion.TryCoerce(value, type, out var coerced);
            Assert.True(isPossible == (result["error"] is null),
                $"{value.Type.Name()} '{value}' to {name}: {(isPossible ? "gave " + coerced : "failed")}");
            if (!isPossible) continue;
            if (type == DataType.Json)
                Assert.Equal(JsonText.Write(TypedJson.ToPlain(GoldenValue.ToExtracted(result["value"]!))), coerced.ToString());
            else Assert.Equal(Coerced(result["value"]!, type).ToString(), coerced.ToString());
        }
    }

    private static DataValue Coerced(JsonValue json, DataType type)
    {
        if (type == DataType.Double && json.Kind == JsonKind.Integer) return DataValue.Double(json.AsDouble());
        return GoldenValue.ToValue(json)!.Value;
    }

    private static void CoerceRows(JsonValue test, JsonValue expected)
    {
        foreach (var (kind, result) in expected.Members)
        {
            var all = kind == "both" ? new[] { "generic", "athena" } : [kind];
            foreach (var capabilities in all)
                CoerceRows(test, result, capabilities == "athena" ? AthenaCapabilities.Default : DestinationCapabilities.Generic);
        }
    }

    private static void CoerceRows(JsonValue test, JsonValue expected, DestinationCapabilities capabilities)
    {
        var schema = new Schema("s");
        if (test["detections"] is { Kind: JsonKind.Array } detections) schema.Settings = schema.Settings.With("detections", detections);
        if (test["settings"] is { Kind: JsonKind.Object } settings)
        {
            foreach (var (name, value) in settings.Members)
            {
                var merged = name == "default_hints" ? JsonValue.Object(schema.Settings[name]!.Members.Concat(value.Members)) : value;
                schema.Settings = schema.Settings.With(name, merged);
            }
        }

        if (test["columns"] is { Kind: JsonKind.Array } columns)
            schema.Set(new TableSchema("t").WithColumns(
                columns.Items.Select(c => new ColumnSchema(c["nullable"] is null ? c.With("nullable", JsonValue.Bool(true)) : c))));

        var now = test["now"] is { } clock
            ? DateTimeOffset.UnixEpoch.AddSeconds(clock.AsDouble()) : new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var coercion = new RowCoercion(schema, capabilities, now);
        var nulls = new HashSet<string>();
        for (var step = 0; step < test["rows"]!.Items.Length; step++)
        {
            var expectedStep = expected["steps"]!.Items[step];
            var row = new List<KeyValuePair<string, JsonValue>>();
            var added = new List<ColumnSchema>();
            schema.TryGetTable("t", out var table);
            try
            {
                foreach (var (name, json) in GoldenValue.ToExtracted(test["rows"]!.Items[step]).Members)
                {
                    if (!coercion.TryCoerce(table, "t", name, json, out var value))
                    {
                        if (table is null || !table.TryGetColumn(name, out var known) || !known.IsComplete) nulls.Add(name);
                        continue;
                    }

                    row.Add(new(value.Column.Name, GoldenValue.FromValue(value.Value)));
                    if (value.IsNew) added.Add(value.Column);
                }
            }
            catch (SchemaException error) when (ErrorOutcome.IsError(expectedStep))
            {
                ErrorOutcome.Check(expectedStep, error);
                continue;
            }

            if (ErrorOutcome.IsError(expectedStep)) ErrorOutcome.Check(expectedStep, null);
            if (added.Count > 0) schema.UpdateTable(new TableSchema("t").WithColumns(added));
            AssertRow(expectedStep["row"]!, JsonValue.Object(row));
            Assert.Equal(JsonText.Write(expectedStep["new_columns"]!, sortKeys: true),
                JsonText.Write(JsonValue.Array([.. added.Select(c => c.Properties)]), sortKeys: true));
        }

        if (expected["null_only"]?["t"] is { } nullOnly)
            Assert.Equal(nullOnly.Items.Select(n => n.AsString()).Order(), nulls.Order());
    }

    private static void AssertRow(JsonValue expected, JsonValue actual) =>
        Assert.Equal(JsonText.Write(Canonical(expected), sortKeys: true), JsonText.Write(Canonical(actual), sortKeys: true));

    /// <summary>Timestamps as UTC instants, typed values inside json columns as their plain text.</summary>
    private static JsonValue Canonical(JsonValue json)
    {
        if (GoldenValue.IsTyped(json) && json["$type"]!.AsString() == "timestamp" && GoldenValue.ToValue(json) is { } value)
            return JsonValue.String(new Timestamp(value.AsTimestamp.UtcMicros, null).ToString());
        return json.Kind switch
        {
            JsonKind.Object => JsonValue.Object(json.Members.Select(m => KeyValuePair.Create(m.Key, Canonical(m.Value)))),
            JsonKind.Array => JsonValue.Array([.. json.Items.Select(Canonical)]),
            // What is typed within a json value is plain text in the column; here that is made when the value is read, in dlt when it is
            // written.
            JsonKind.String when TypedJson.HasMarker(json.AsString()) => TypedJson.ToPlain(json),
            _ => json,
        };
    }
}
