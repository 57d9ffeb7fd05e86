using System.Globalization;
using Dlt.Golden.Athena;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// A partition may have the name of a field, such as <c>createdAt</c>: it gets the name of the field's column. dlt creates the table with
/// the name of the field, and Athena refuses it.
/// </summary>
internal sealed class PartitionOfAField() : Difference("partition-of-a-field")
{
    public override bool AppliesTo(GoldenCase golden) => AthenaCase.IsScenario(golden)
        && golden["runs"]!.Items.SelectMany(AthenaEdit.Resources).Any(r => (r["athena_adapter"]?["partition"]?.Items ?? [])
            .Select(p => p.Kind == JsonKind.Array ? p.Items[^1].AsString() : p.AsString()).Any(c => c.Any(char.IsAsciiLetterUpper)));

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) =>
        [AthenaEdit.Loaded(golden, (name, value, _) => (name, AsRead(value)))];

    /// <summary>A time as a query returns it.</summary>
    private static JsonValue AsRead(JsonValue value) => value is { Kind: JsonKind.Object } && value["value"] is { } time
        ? JsonValue.String(DateTimeOffset.Parse(time.AsString(), CultureInfo.InvariantCulture).UtcDateTime
            .ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture))
        : value;
}
