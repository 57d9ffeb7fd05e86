using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Golden.Units;
using Dlt.Json;
using Dlt.Naming;

namespace Dlt.Golden.Differences;

/// <summary>
/// A key that loses every letter and digit is transliterated, or gets its tag; dlt calls all of them <c>x</c>, or makes an empty name:
/// a column without name, or a list that lands in the table of its parent.
/// </summary>
internal sealed class NamesWithoutLetters() : Difference("names-without-letters")
{
    private const int SchemaNameLength = 64;

    private static readonly string[] Lengths = ["none", "16", "63", "255"];

    public override bool AppliesTo(GoldenCase golden)
    {
        if (golden.Is("naming", "identifier")) return IsConcerned(golden) && golden.Expected.Members.Any(m => IsOurs(m.Key));
        if (golden.Is("naming", "shorten")) return IsConcerned(golden) && IsOurs(ConventionOf(golden));
        if (golden.Is("schemas", "schema_name"))
            return OurNames.IsLost(golden["input"]!.AsString()) && golden.Expected["normalized"] is { Kind: JsonKind.String };
        if (golden.Folder == PipelineCase.Folder) return RenamedPipeline.IsConcerned(golden);
        return CaseNames.IsNormalizer(golden) && golden.Expected["error"] is null && !HasFormerNames(golden)
            && CaseNames.Of(golden).IsOfConvention && CaseNames.Flat(golden) is { HasOwnNames: true, Conflict: null };
    }

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        if (golden.Folder == PipelineCase.Folder) return [RenamedPipeline.Rewrite(golden)];
        return [golden.WithExpected(golden switch
        {
            { Unit: "naming", Kind: "identifier" } => GoldenJson.MapMembers(
                golden.Expected, (name, known) => IsOurs(name) ? Identifiers(golden, name, known) : known),
            { Unit: "naming" } => Shortened(golden),
            { Unit: "schemas" } => golden.Expected.With(
                "normalized", JsonValue.String(new OurNames("snake_case", SchemaNameLength).Identifier(golden["input"]!.AsString()))),
            _ => NormalizerTests.Observe(Renamed(golden)),
        })];
    }

    private static bool IsOurs(string convention) => new OurNames(convention, null).IsOfConvention;

    private static bool IsConcerned(GoldenCase golden) => OurNames.HasLost(golden["input"]!.AsString());

    private static string ConventionOf(GoldenCase golden) => golden["convention"]?.AsString() ?? "snake_case";

    private static JsonValue Identifiers(GoldenCase golden, string convention, JsonValue known) =>
        JsonValue.Object(Lengths.Where(l => !ErrorOutcome.IsError(known[l] ?? known["none"]!)).Select(length =>
        {
            var names = new OurNames(convention, length == "none" ? null : int.Parse(length));
            var input = golden["input"]!.AsString();
            return KeyValuePair.Create(
                length, JsonValue.Object(
                    ("identifier", JsonValue.String(names.Identifier(input))),
                    ("table_identifier", JsonValue.String(names.Identifier(input, isTable: true))),
                    ("path", JsonValue.String(names.Path(input))),
                    ("tables_path", JsonValue.String(names.Path(input, isTable: true)))));
        }));

    private static JsonValue Shortened(GoldenCase golden)
    {
        var names = new OurNames(ConventionOf(golden), (int)golden["max_length"]!.AsInt64());
        var input = golden["input"]!.AsString();
        return GoldenJson.MapMembers(
            golden.Expected, (form, known) => ErrorOutcome.IsError(known) ? known : JsonValue.String(form switch
            {
                "identifier" => names.Identifier(input),
                "path" => names.Path(input),
                "tables_path" => names.Path(input, isTable: true),
                _ => throw new NotDrivenException($"the form '{form}' of a name"),
            }));
    }

    /// <summary>A table that has dlt's name for such a key keeps it.</summary>
    private static bool HasFormerNames(GoldenCase golden) =>
        golden["settings"]!["tables"] is { Kind: JsonKind.Array } tables
            && GoldenJson.Any(
                tables, v => v.Kind == JsonKind.Object && v["name"] is { Kind: JsonKind.String } name && IsFormer(name.AsString()));

    private static bool IsFormer(string name) =>
        name.Split("__")[^1] is { Length: > 0 } last && last.All(c => c is 'x' or 'a' or 'l' or '_');

    /// <summary>The case with other names for its keys.</summary>
    private static JsonValue Renamed(GoldenCase golden)
    {
        var names = CaseNames.Of(golden);
        var level = CaseNames.MaxNesting(golden["settings"]!["max_nesting"]);
        var items = JsonParser.Parse(golden["items_json"]!.AsString()).Items.Select(i => Renamed(i, names, level));
        var table = golden["table"]!.AsString();
        return golden.Input
            .With("items_json", JsonValue.String(JsonText.Write(JsonValue.Array([.. items]))))
            .With("table", JsonValue.String(OurNames.HasLost(table) ? names.Key(table, isTable: true) : table));
    }

    private static JsonValue Renamed(JsonValue json, OurNames names, int level) => json.Kind switch
    {
        JsonKind.Object => JsonValue.Object(
            json.Members.Select(
                m => KeyValuePair.Create(
                    KeyOf(m.Key, m.Value, names), level > 0 ? Renamed(m.Value, names, level - 1) : m.Value))),
        JsonKind.Array => JsonValue.Array([.. json.Items.Select(i => Renamed(i, names, i.Kind == JsonKind.Array ? level - 1 : level))]),
        _ => json,
    };

    private static string KeyOf(string key, JsonValue value, OurNames names) =>
        OurNames.HasLost(key) || (Blank.IsBlank(key) && value.Kind == JsonKind.Array) ? names.Key(key) : key;
}
