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
    public static IReadOnlyList<Gap> List { get; } =
    [
        new("datasets.read", "frames, Arrow tables and relations over the tables of a dataset", AthenaNeeds.Relations),
        new("local.server", "the local account as a server for other AWS clients (`dlt local serve`)", IsOf("clients")),
        new("sql.dialect", "Athena's own SQL dialect in the local Athena", IsOf("sql")),
        new("sources.sql", "the source that finds the tables of a database by itself (`sql_database`); queries are read today",
            IsOf("dlt/sql-source")),
        new("sources.files", "the source that lists and reads the files of a bucket (`filesystem`); single files are read today",
            IsOf("dlt/file-source")),
    ];

    public static Gap? Of(GoldenCase golden) => List.FirstOrDefault(g => g.Needs(golden));

    private static Func<GoldenCase, bool> IsOf(string folder) => c => c.Folder == folder;
}
