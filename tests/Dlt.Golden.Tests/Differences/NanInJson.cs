using System.Text;
using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// <c>NaN</c> and <c>Infinity</c> are no JSON: the line, or the document, is refused with its place; dlt loads null. What stands beside
/// such lines is loaded.
/// </summary>
internal sealed class NanInJson() : Difference("nan-in-json")
{
    public override bool AppliesTo(GoldenCase golden) => PipelineCase.Is(golden) && Inputs(golden).Any();

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        var rest = golden;
        foreach (var (run, table, file) in Inputs(golden))
        {
            if (file.EndsWith(".json", StringComparison.Ordinal))
            {
                yield return Refused(golden, run);
                yield break;
            }

            var lines = JsonLines.Of(golden.Files[file]);
            foreach (var line in lines.Where(JsonLines.HasNan))
            {
                yield return Refused(golden.WithFile(file, Encoding.UTF8.GetBytes(line + "\n")), run);
                rest = WithoutRow(rest, run, table, JsonLines.WithoutNan(line));
            }

            rest = rest.WithFile(file, Encoding.UTF8.GetBytes(string.Join('\n', lines.Where(l => !JsonLines.HasNan(l))) + "\n"));
        }

        yield return rest;
    }

    private static IEnumerable<(int Run, string Table, string File)> Inputs(GoldenCase golden)
    {
        var runs = golden["runs"]!.Items;
        for (var run = 0; run < runs.Length; run++)
        {
            foreach (var resource in runs[run]["resources"]?.Items ?? [])
            {
                if (
                    resource["input"] is not { Kind: JsonKind.String } file
                        || !file.AsString().Contains(".json", StringComparison.Ordinal)) continue;
                if (JsonLines.Of(golden.Files[file.AsString()]).Any(JsonLines.HasNan)) yield return (
                    run, resource["name"]!.AsString(), file.AsString());
            }
        }
    }

    /// <summary>The case up to a run, which fails.</summary>
    private static GoldenCase Refused(GoldenCase golden, int run)
    {
        var error = JsonValue.Object(("type", JsonValue.String("JSONDecodeError")), ("message", JsonValue.String("")));
        var outcome = JsonValue.Object(("ok", JsonValue.Bool(false)), ("error", JsonValue.Array([error])));
        return golden
            .WithInput(golden.Input.With("runs", JsonValue.Array([.. golden["runs"]!.Items.Take(run + 1)])))
            .WithExpected(
                JsonValue.Object(
                    golden.Expected.Members.Take(run)
                        .Append(KeyValuePair.Create($"run{run + 1}", JsonValue.Object(("run.json", outcome))))));
    }

    private static GoldenCase WithoutRow(GoldenCase golden, int run, string table, JsonValue item)
    {
        var fields = item.Members.Where(m => m.Value.Kind is JsonKind.Integer or JsonKind.String).ToList();
        golden = PipelineEdit.MapRows(
            golden, run, table, row => fields.All(m => row[PipelineEdit.Identifier(m.Key)]?.Equals(m.Value) == true) ? null : row);
        return PipelineEdit.MapRun(golden, run, files => GoldenJson.MapMembers(files, (name, content) => name switch
        {
            "run.json" =>
                GoldenJson.MapMembers(
                    content, (member, counts) => member.EndsWith("_row_counts", StringComparison.Ordinal) ? Less(counts, table) : counts),
            "files.json" when content[table] is { } facts =>
                content.With(table, JsonValue.Array([Less(facts.Items[0], "rows"), .. facts.Items.Skip(1)])),
            _ => content,
        }));
    }

    private static JsonValue Less(JsonValue counts, string name) =>
        counts[name] is { } count ? counts.With(name, JsonValue.Integer(count.AsInt64() - 1)) : counts;
}
