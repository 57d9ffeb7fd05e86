using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// Times of day are text for Athena, which cannot read them from Parquet; dlt makes a column of times, and the query fails.
/// </summary>
internal sealed class TimesOfDay() : Difference("times-of-day")
{
    public override bool AppliesTo(GoldenCase golden) =>
        golden.Is("types", "coerce_rows") && GoldenJson.Any(golden["rows"], v => GoldenJson.IsTyped(v, "time"))
        && !GoldenJson.Any(golden["columns"], IsTimeColumn)
        && Outcomes(golden).Any(o => o.Name != "generic" && GoldenJson.Any(o.Outcome, IsTimeColumn));

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) =>
        [golden.WithExpected(JsonValue.Object(Outcomes(golden)
            .Select(o => KeyValuePair.Create(o.Name, o.Name == "athena" ? AsText(o.Outcome) : o.Outcome))))];

    /// <summary>By destination; an outcome of both is one of each.</summary>
    private static IEnumerable<(string Name, JsonValue Outcome)> Outcomes(GoldenCase golden) => golden.Expected.Members.SelectMany(
        m => m.Key == "both" ? new[] { ("generic", m.Value), ("athena", m.Value) } : [(m.Key, m.Value)]);

    private static JsonValue AsText(JsonValue outcome)
    {
        var changed = GoldenJson.Map(outcome, json =>
            GoldenJson.IsTyped(json, "time") ? JsonValue.String(GoldenJson.TextOf(json))
            : IsTimeColumn(json) ? json.With("data_type", JsonValue.String("text")) : null);
        return JsonParser.Parse(JsonText.Write(changed).Replace("__v_time\"", "__v_text\"", StringComparison.Ordinal));
    }

    private static bool IsTimeColumn(JsonValue json) =>
        json.Kind == JsonKind.Object && json["data_type"] is { Kind: JsonKind.String } type && type.AsString() == "time";
}
