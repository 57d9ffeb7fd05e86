using System.Text.RegularExpressions;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Athena;

/// <summary>
/// The scenarios of dlt 1.31 once more, with <c>ddl = "athena"</c>: what they send to make, change and drop databases and tables, and how
/// many queries they start. Rows and outcomes are those of <see cref="ScenarioTests"/>. Where dlt loads nothing, its statements end
/// half-way, and there is nothing to compare.
/// </summary>
internal static partial class DdlCase
{
    public const string Unit = "ddl";

    /// <summary>Of an expectation: the statements for the main dataset, in the order of the runs.</summary>
    public const string Statements = "statements";

    /// <summary>Of an expectation: for each run, whether dlt's ends well, and the number of its queries.</summary>
    public const string Runs = "runs";

    private const string Scenarios = "statements";
    private const string Start = "athena.StartQueryExecution";

    public static bool Is(GoldenCase golden) => AthenaCase.Is(golden) && golden.Unit == Unit;

    public static IEnumerable<GoldenCase> All() => AthenaCase.Scenarios().Where(g => g.Unit == Scenarios && Loads(g)).Select(Of);

    public static GoldenCase Load(string id) => Of(AthenaCase.Load($"{Scenarios}/{id.Split('/')[1]}"));

    /// <summary>The case with other statements.</summary>
    public static GoldenCase With(GoldenCase golden, Func<string, string> edit) => golden.WithExpected(golden.Expected.With(
        Statements, JsonValue.Array([.. golden.Expected[Statements]!.Items.Select(s => JsonValue.String(edit(s.AsString())))])));

    /// <summary>Statements that make, change or drop something that is not in a staging dataset.</summary>
    public static IEnumerable<string> OfMainDataset(IEnumerable<string> statements, string stagingLayout)
    {
        var staging = new Regex("^" + Regex.Escape(stagingLayout).Replace("%s", ".+", StringComparison.Ordinal) + "$");
        return statements.Where(s => Ddl().Match(s) is { Success: true } match && !staging.IsMatch(match.Groups[1].Value));
    }

    private static GoldenCase Of(GoldenCase scenario)
    {
        var given = scenario["given"]!;
        var destination = (given["destination"] ?? JsonValue.EmptyObject).With("ddl", JsonValue.String("athena"));
        var runs = scenario["runs"]!.Items.Select(r => r.Without("reads"));
        var input = scenario.Input.With("given", given.With("destination", destination)).With("runs", JsonValue.Array([.. runs]));
        return new(AthenaCase.Folder, Unit, $"{Unit}/{scenario.Id.Split('/')[1]}", input, () => Expected(scenario));
    }

    private static JsonValue Expected(GoldenCase scenario)
    {
        var calls = AthenaCase.Calls(scenario);
        var sent = calls.Where(c => c["state"]?.AsString() == "SUCCEEDED" && c["sql"] is not null).Select(c => c["sql"]!.AsString());
        var layout = scenario["given"]!["destination"]?["staging_dataset_name_layout"]?.AsString() ?? "%s_staging";
        var runs = scenario.Expected["runs"]!.Items
            .Select(r => JsonValue.Object(("outcome", r["outcome"]!), ("queries", r["counts"]?[Start] ?? JsonValue.Integer(0))));
        return JsonValue.Object(
            (Statements, JsonValue.Array([.. OfMainDataset(sent, layout).Select(JsonValue.String)])), (Runs, JsonValue.Array([.. runs])));
    }

    private static bool Loads(GoldenCase scenario) => scenario.Expected["end_state"]!.Members.Count > 0
        && scenario.Expected["runs"]!.Items.Any(r => r["outcome"]!.AsString() == "ok");

    [GeneratedRegex("^(?:CREATE|ALTER|DROP) [A-Z ]+ `[^`]+`\\.`([^`]+)`")]
    private static partial Regex Ddl();
}
