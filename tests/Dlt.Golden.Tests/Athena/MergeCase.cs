using System.Text.RegularExpressions;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Athena;

/// <summary>
/// The scenarios and datasets of dlt 1.31 with a merge once more, with <c>merge_engine = "athena"</c>: the statements that merge, and how
/// many queries a run starts. Rows and outcomes are those of the other units: the account answers these statements and changes nothing.
/// </summary>
internal static partial class MergeCase
{
    public const string Unit = "merge";

    /// <summary>Of an expectation: for each run its outcome, the number of its queries, and the statements that merge.</summary>
    public const string Runs = "runs";

    /// <summary>Of a run: texts and changed rows of the statements.</summary>
    public const string Statements = "statements";

    private const string Scenarios = "statements";
    private const string Start = "athena.StartQueryExecution";

    private static readonly string[] Ways = ["local", "newest_local"];

    public static bool Is(GoldenCase golden) => AthenaCase.Is(golden) && golden.Unit == Unit;

    public static IEnumerable<GoldenCase> All()
    {
        var scenarios = AthenaCase.Scenarios().Where(g => g.Unit == Scenarios && Loads(g));
        var frozen = FrozenDataset.Cases().Where(g => Ways.Contains(g["check"]!.AsString()));
        return scenarios.Concat(frozen).Where(AthenaNeeds.MergeOfIceberg).Select(Of);
    }

    public static GoldenCase Load(string id)
    {
        var made = id[(Unit.Length + 1)..];
        return Of(made.StartsWith(AthenaCase.Frozen, StringComparison.Ordinal) ? FrozenDataset.Load(made) : AthenaCase.Load(made));
    }

    private static GoldenCase Of(GoldenCase made)
    {
        var given = made["given"]!;
        var destination = (given["destination"] ?? JsonValue.EmptyObject).With("merge_engine", JsonValue.String("athena"));
        var runs = made["runs"]!.Items.Select(r => r.Without("reads"));
        var input = made.Input.With("given", given.With("destination", destination)).With("runs", JsonValue.Array([.. runs]));
        return new(AthenaCase.Folder, Unit, $"{Unit}/{made.Id}", input, () => Expected(made));
    }

    private static JsonValue Expected(GoldenCase made) => JsonValue.Object((Runs, JsonValue.Array(
        [.. AthenaCase.Runs(made).Select(r => JsonValue.Object(
            ("outcome", r["outcome"]!), ("queries", r["counts"]?[Start] ?? JsonValue.Integer(0)),
            (Statements, JsonValue.Array([.. r["calls"]!.Items.Where(IsOfMerge).Select(Statement)]))))])));

    private static JsonValue Statement(JsonValue call) =>
        JsonValue.Object(("sql", call["sql"]!), ("rows", call["update_count"] ?? JsonValue.Null));

    /// <summary>True for a statement that succeeded and that neither dlt's append, its replace nor a change of tables sends.</summary>
    private static bool IsOfMerge(JsonValue call) => call["state"]?.AsString() == "SUCCEEDED" && call["sql"] is { } sql
        && OfStaging().IsMatch(sql.AsString()) && !OfAppendOrReplace().IsMatch(sql.AsString());

    private static bool Loads(GoldenCase scenario) => scenario.Expected["end_state"]!.Members.Count > 0
        && scenario.Expected["runs"]!.Items.Any(r => r["outcome"]!.AsString() == "ok");

    [GeneratedRegex(
        "^(?:MERGE|UPDATE|DELETE|INSERT|CREATE TABLE \"|DROP TABLE IF EXISTS (?:`[^`]+`\\.){2}`\\w+_(?:delete|insert)_\\w{6}`$)"
        + "(?!.*\"_dlt_(?:loads|version)\"\\()")]
    private static partial Regex OfStaging();

    [GeneratedRegex("^INSERT INTO \\S+\\([^)]*\\) SELECT [^()]* FROM \\S+$|^DELETE FROM \\S+ WHERE 1=1$")]
    private static partial Regex OfAppendOrReplace();
}
