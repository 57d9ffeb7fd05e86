using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// Values of another type in a later Arrow table get a variant column; dlt changes the schema, and leaves files of both types.
/// </summary>
internal sealed class ArrowTypeChange() : ArrowColumnPairs("arrow-type-change")
{
    protected override GoldenCase Rewrite(GoldenCase golden, ArrowColumn before, ArrowColumn after)
    {
        var variant = CoercedRows.Variant($"{after.Name}__v_{after.DataType}", after.DataType!);
        var name = variant["name"]!.AsString();
        var schema = PipelineEdit.Column(golden, before.Table, before.Name)!;
        var (file, own) = (FileType(golden, before), FileType(golden, after));
        JsonValue Moved(JsonValue row) => row[after.Name] is { } value ? row.Without(after.Name).With(name, value) : row;
        var isNew = PipelineEdit.Column(golden, after.Table, name) is null;
        golden = PipelineEdit.MapColumn(golden, after.Run, after.Table, after.Name, _ => schema);
        golden = PipelineEdit.MapFileType(golden, after.Run, after.Table, after.Name, _ => file);
        golden = PipelineEdit.AddColumn(golden, after.Run, after.Table, variant, own);
        return PipelineEdit.MapRun(golden, after.Run, files => PipelineEdit.MapMember(
            isNew ? WithUpdate(files, after, variant) : files,
            "tables",
            tables => PipelineEdit.MapMember(tables, after.Table, rows => JsonValue.Array([.. rows.Items.Select(Moved)]))));
    }

    /// <summary>The new column is an update of the schema.</summary>
    private static JsonValue WithUpdate(JsonValue files, ArrowColumn after, JsonValue column)
    {
        if (files["schema_updates.json"] is not { } updates) return files;
        var table = Stored(files, after.Table).With("columns", JsonValue.Object((column["name"]!.AsString(), column)));
        return files.With(
            "schema_updates.json",
                GoldenJson.MapMembers(
                    updates, (_, tables) =>
                        tables.With(
                            after.Table, tables[after.Table] is { } known
                                ? known.With("columns", known["columns"]!.With(column["name"]!.AsString(), column)) : table)));
    }

    private static JsonValue Stored(JsonValue files, string table) =>
        files.Members.Where(f => f.Key.StartsWith("schema.", StringComparison.Ordinal)).Select(f => f.Value["tables"]![table])
            .First(t => t is not null)!;

    private static string FileType(GoldenCase golden, ArrowColumn column) =>
        golden.Expected[$"run{column.Run + 1}"]!["files.json"]![column.Table]!.Items[0]["columns"]!.Items.First(
            c => c.Items[0].AsString() == column.Name).Items[1].AsString();

    protected override IEnumerable<(ArrowColumn Before, ArrowColumn After)> PairsOf(GoldenCase golden)
    {
        foreach (var column in Columns(golden))
        {
            var first = column.First();
            var changed = column.Where(c => c.Declared?["data_type"] is null && c.DataType is not null && c.DataType != first.DataType);
            if (first.DataType is null) continue;
            foreach (var later in changed) yield return (first, later);
        }
    }
}
