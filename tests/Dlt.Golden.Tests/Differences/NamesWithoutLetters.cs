using Dlt.Golden.Harness;
using Dlt.Golden.Units;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// A key without letters and digits gets a name of its own, as if it had been called so; dlt makes an empty name of it, so a column
/// without name, or a list that lands in the table of its parent.
/// </summary>
internal sealed class NamesWithoutLetters() : Difference("names-without-letters")
{
    public override bool AppliesTo(GoldenCase golden) =>
        golden.Folder == UnitFile.Folder && golden.Unit == "normalizer" && Naming(golden) == "snake_case"
            && golden["settings"]!["break_path"] is not { Kind: JsonKind.False } && Any(JsonParser.Parse(golden["items_json"]!.AsString()));

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        var renamed = golden.Input.With(
            "items_json", JsonValue.String(JsonText.Write(Rename(JsonParser.Parse(golden["items_json"]!.AsString())))));
        return [golden.WithExpected(NormalizerTests.Observe(renamed))];
    }

    private static string Naming(GoldenCase golden) =>
        golden["settings"]!["naming"] is { Kind: JsonKind.String } naming ? naming.AsString() : "snake_case";

    private static bool Any(JsonValue json) =>
        GoldenJson.Any(
            json, v =>
                v.Kind == JsonKind.Object
                    && v.Members.Any(m => NameOf(m.Key) is { } name && (name[0] == 'x' || m.Value.Kind == JsonKind.Array)));

    private static JsonValue Rename(JsonValue json) => json.Kind switch
    {
        JsonKind.Object => JsonValue.Object(json.Members.Select(m => KeyValuePair.Create(NameOf(m.Key) ?? m.Key, Rename(m.Value)))),
        JsonKind.Array => JsonValue.Array([.. json.Items.Select(Rename)]),
        _ => json,
    };

    /// <summary>
    /// Our name, where dlt's is empty: an x for each underscore, and <c>_empty</c> for nothing and for blanks. Two underscores part a
    /// path, so nothing is left of an even number of them.
    /// </summary>
    private static string? NameOf(string key)
    {
        if (key.Trim().Length == 0) return "_empty";
        return key.Length % 2 == 0 && key.All(c => c == '_') ? new string('x', key.Length) : null;
    }
}
