using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// The expectation of a pipeline with our names in the place of dlt's. Where dlt has one name for several of ours, its rows have lost
/// values: there the rows that went in are expected.
/// </summary>
internal static class RenamedPipeline
{
    public static bool IsConcerned(GoldenCase golden)
    {
        if (!CaseNames.Of(golden).IsOfConvention) return false;
        var runs = CaseNames.FlatRuns(golden);
        return runs.Any(r => r.HasOwnNames) && runs.All(r => r.Conflict is null)
            && Enumerable.Range(0, runs.Count).All(r => RefusedItems.IsFinished(golden, r));
    }

    public static GoldenCase Rewrite(GoldenCase golden)
    {
        var runs = CaseNames.FlatRuns(golden);
        var all = new FlatItems(CaseNames.Of(golden));
        foreach (var run in runs)
        {
            all.Tables.UnionWith(run.Tables);
            all.Columns.UnionWith(run.Columns);
        }

        if (!all.IsAmbiguous) return new Names(all).Rename(golden);
        return PipelineEdit.MapRuns(golden, (run, files) => JsonValue.Object(("run.json", JsonValue.Object(
            ("ok", JsonValue.Bool(true)),
            (PipelineEdit.OurValues,
                JsonValue.Object(
                    runs[run].Rows.GroupBy(r => r.Table)
                        .Select(t => KeyValuePair.Create(t.Key, JsonValue.Array([.. t.Select(r => r.Row)])))))))));
    }

    private sealed class Names(FlatItems flat)
    {
        private readonly Dictionary<string, string> _tables = flat.Tables.ToDictionary(t => t.Dlt, t => t.Ours);

        private readonly Dictionary<(string, string), string> _columns =
            flat.Columns.ToDictionary(c => (c.Table, c.Column.Dlt), c => c.Column.Ours);

        public GoldenCase Rename(GoldenCase golden) => PipelineEdit.MapRuns(golden, (_, files) => GoldenJson.MapMembers(files, File));

        private JsonValue File(string name, JsonValue file) => name switch
        {
            "run.json" => Run(file),
            "tables" => Renamed(
                file, (table, rows) => JsonValue.Array([.. rows.Items.Select(r => Columns(table, r, (_, value) => value))])),
            "files.json" => Renamed(file, (table, files) => JsonValue.Array([.. files.Items.Select(f => FileFacts(table, f))])),
            "schema_updates.json" => GoldenJson.MapMembers(file, (_, tables) => Renamed(tables, Table)),
            _ when name.StartsWith("schema.", StringComparison.Ordinal) && file.Kind == JsonKind.Object =>
                PipelineEdit.MapMember(file, "tables", tables => Renamed(tables, Table)).Without("version_hash"),
            _ => file,
        };

        private JsonValue Run(JsonValue run)
        {
            foreach (var counts in new[] { "extract_row_counts", "normalize_row_counts" })
                run = PipelineEdit.MapMember(run, counts, c => Renamed(c, (_, count) => count));
            return PipelineEdit.MapMember(run, "packages", packages => JsonValue.Array([.. packages.Items.Select(
                p => PipelineEdit.MapMember(p, "jobs", jobs => GoldenJson.MapMembers(
                    jobs, (_, files) => JsonValue.Array([.. files.Items.Select(f => JsonValue.String(Job(f.AsString())))]))))]));
        }

        private string Job(string file)
        {
            var dot = file.IndexOf('.', StringComparison.Ordinal);
            return TableOf(file[..dot]) + file[dot..];
        }

        private JsonValue Table(string name, JsonValue table)
        {
            table = PipelineEdit.MapMember(table, "name", n => JsonValue.String(TableOf(n.AsString())));
            table = PipelineEdit.MapMember(table, "parent", p => JsonValue.String(TableOf(p.AsString())));
            return PipelineEdit.MapMember(
                table, "columns", columns => Columns(
                    name, columns, (column, known) => PipelineEdit.MapMember(
                        known, "name", _ => JsonValue.String(ColumnOf(name, column)))));
        }

        private JsonValue FileFacts(string table, JsonValue file) => PipelineEdit.MapMember(
            file, "columns", columns => JsonValue.Array([.. columns.Items.Select(
                c => JsonValue.Array([JsonValue.String(ColumnOf(table, c.Items[0].AsString())), .. c.Items.Skip(1)]))]));

        private JsonValue Renamed(JsonValue tables, Func<string, JsonValue, JsonValue> change) =>
            JsonValue.Object(tables.Members.Select(t => KeyValuePair.Create(TableOf(t.Key), change(t.Key, t.Value))));

        private JsonValue Columns(string table, JsonValue row, Func<string, JsonValue, JsonValue> change) =>
            JsonValue.Object(row.Members.Select(m => KeyValuePair.Create(ColumnOf(table, m.Key), change(m.Key, m.Value))));

        private string TableOf(string table) => _tables.GetValueOrDefault(table, table);

        /// <summary>A variant column has the name of its column before its own.</summary>
        private string ColumnOf(string table, string column)
        {
            if (_columns.TryGetValue((table, column), out var ours)) return ours;
            var variant = column.LastIndexOf("__v_", StringComparison.Ordinal);
            return variant > 0 && _columns.TryGetValue((table, column[..variant]), out var known) ? known + column[variant..] : column;
        }
    }
}
