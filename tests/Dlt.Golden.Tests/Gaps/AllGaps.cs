using Dlt.Golden.Athena;
using Dlt.Golden.Differences;
using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Golden.Units;
using Dlt.Json;

namespace Dlt.Golden.Gaps;

/// <summary>Features that are not built yet, the specific before the general. README's "Not yet" has a line for each.</summary>
internal static class AllGaps
{
    private static readonly string[] MergeOptions =
    [
        "row_version_column_name", "skip_unchanged_rows", "destination_scope", "validity_column_names", "active_record_timestamp",
        "boundary_timestamp", "natural_key",
    ];

    public static IReadOnlyList<Gap> List { get; } =
    [
        new("merge.scd2", "`merge` into Iceberg tables with the strategy `scd2`", c => Strategies(c).Contains("scd2")),
        new("merge.options", "options of `merge`: row versions, unchanged rows, scope of deletes, validity columns", HasMergeOption),
        new("merge.upsert", "`merge` into Iceberg tables with the strategy `upsert`",
            c => AthenaNeeds.MergeOfIceberg(c) && Strategies(c).Contains("upsert")),
        new("merge.insert-only", "`merge` into Iceberg tables with the strategy `insert-only`",
            c => AthenaNeeds.MergeOfIceberg(c) && Strategies(c).Contains("insert-only")),
        new("merge.delete-insert", "`merge` into Iceberg tables with the strategy `delete-insert`", AthenaNeeds.MergeOfIceberg),
        new("datasets.read", "frames, Arrow tables and relations over the tables of a dataset", AthenaNeeds.Relations),
        new("local.server", "the local account as a server for other AWS clients (`dlt local serve`)", IsOf("clients")),
        new("sql.dialect", "Athena's own SQL dialect in the local Athena", IsOf("sql")),
        new("sources.rest", "the declarative REST source (`rest_api`); code calls APIs today", IsOf("dlt/rest")),
        new("sources.sql", "the source that finds the tables of a database by itself (`sql_database`); queries are read today",
            IsOf("dlt/sql-source")),
        new("sources.files", "the source that lists and reads the files of a bucket (`filesystem`); single files are read today",
            IsOf("dlt/file-source")),
    ];

    public static Gap? Of(GoldenCase golden) => List.FirstOrDefault(g => g.Needs(golden));

    private static Func<GoldenCase, bool> IsOf(string folder) => c => c.Folder == folder;

    private static bool HasMergeOption(GoldenCase golden) =>
        Dispositions(golden).Any(d => d.Kind == JsonKind.Object && MergeOptions.Any(o => d[o] is not null));

    private static IEnumerable<string> Strategies(GoldenCase golden) =>
        Dispositions(golden).Select(d => d.Kind == JsonKind.Object ? d["strategy"] : null).OfType<JsonValue>()
            .Where(s => s.Kind == JsonKind.String).Select(s => s.AsString());

    private static IEnumerable<JsonValue> Dispositions(GoldenCase golden)
    {
        if (!PipelineCase.Is(golden) && !golden.Is("pipelines", "pipeline") && !AthenaCase.Is(golden)) return [];
        var found = new List<JsonValue>();
        GoldenJson.Any(golden.Input, v =>
        {
            if (v.Kind == JsonKind.Object && v["write_disposition"] is { } disposition) found.Add(disposition);
            return false;
        });
        return found;
    }
}
