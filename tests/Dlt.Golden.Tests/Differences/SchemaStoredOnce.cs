using Dlt.Golden.Harness;
using Dlt.Golden.Units;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// A schema is stored once in an extract; dlt stores it once more half-way where hints of nested tables are declared, and counts a version
/// more. The hash is the same.
/// </summary>
internal sealed class SchemaStoredOnce() : Difference("schema-stored-once")
{
    public override bool AppliesTo(GoldenCase golden) =>
        golden.Is("pipelines", "pipeline") && golden["input"]!["nested_hints"] is not null
            && golden.Expected.Items.Any(s => s["schemas"] is not null);

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) =>
        [golden.WithExpected(JsonValue.Array([.. golden.Expected.Items.Select(Step)]))];

    private static JsonValue Step(JsonValue step) =>
        step["schemas"] is not { } schemas ? step
            : step.With(
                "schemas",
                    GoldenJson.MapMembers(
                        schemas, (_, stored) =>
                            Less(stored)
                                .With("file", JsonValue.String(JsonText.Write(Less(JsonParser.Parse(stored["file"]!.AsString())))))));

    private static JsonValue Less(JsonValue schema) => schema.With("version", JsonValue.Integer(schema["version"]!.AsInt64() - 1));
}
