using Dlt.Schemas;

namespace Dlt.Packages;

/// <summary>Removes the row of the pipeline's state from a package, so that its load does not change the state.</summary>
internal static class StateRow
{
    private static readonly string[] Folders = [PackageFolders.NewJobs, PackageFolders.StartedJobs, PackageFolders.CompletedJobs];

    public static void Remove(LoadPackage package)
    {
        var schema = package.LoadSchema(null);
        var table = schema.Naming.NormalizeTableIdentifier(SystemTables.State);
        foreach (var file in Folders.SelectMany(package.Jobs))
            if (JobTables.Resolve(JobFileName.Parse(Path.GetFileName(file)), schema) == table) File.Delete(file);
        if (RowCounts.Read(package) is { Count: > 0 } rows) RowCounts.Write(package, Without(rows, table));
        if (RowCounts.ReadExtracted(package) is { Count: > 0 } items) RowCounts.WriteExtracted(package, Without(items, table));
        File.Delete(package.PathOf(PackageFolders.NewPipelineState));
        StateMove.Remove(package);
    }

    private static Dictionary<string, long> Without(IReadOnlyDictionary<string, long> rows, string table) =>
        rows.Where(r => r.Key != table).ToDictionary(r => r.Key, r => r.Value, StringComparer.Ordinal);
}
