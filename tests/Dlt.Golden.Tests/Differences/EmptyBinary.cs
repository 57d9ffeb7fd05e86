using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Golden.Units;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Golden.Differences;

/// <summary>An empty binary value stays one; dlt leaves the marker of its working files, as a text in a variant column.</summary>
internal sealed class EmptyBinary() : Difference("empty-binary")
{
    public override bool AppliesTo(GoldenCase golden)
    {
        if (golden.Is("hashes", "json")) return golden.Expected["typed_decoded"] is not null && GoldenJson.Any(golden["input"], IsEmpty);
        return PipelineCase.Is(golden) && Fields(golden).Any();
    }

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        if (golden.Folder == UnitFile.Folder) return [golden.WithExpected(golden.Expected.With("typed_decoded", golden["input"]!))];
        var empty = JsonValue.Object(("$bytes", JsonValue.String("")));
        return [
            Fields(golden)
                .Aggregate(
                    golden, (rewritten, field) =>
                        PipelineEdit.OutOfVariant(rewritten, field, "text", JsonValue.String(TypedJson.BinaryMarker + ""), empty))];
    }

    private static IEnumerable<InputField> Fields(GoldenCase golden) =>
        PipelineCase.Fields(golden)
            .Where(
                f => f.Value.Kind == JsonKind.Object && f.Value["$bytes"] is { Kind: JsonKind.String } text && text.AsString().Length == 0);

    private static bool IsEmpty(JsonValue value) => GoldenJson.IsTyped(value, "binary") && GoldenJson.TextOf(value).Length == 0;
}
