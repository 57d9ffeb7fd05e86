using Dlt.Iceberg;

namespace Dlt.Tests.Support;

/// <summary>One of the processes that append to the same table: each of its rows is a separate commit.</summary>
internal static class AppendChild
{
    public const int Appends = 50;

    public static async Task<int> RunAsync(string folder, string kind, int writer)
    {
        var catalog = Catalog(folder, kind);
        for (var i = 0; i < Appends; i++)
        {
            var table = await catalog.LoadTableAsync(new("shop", "items"));
            await using var file = new DataFileWriter(table);
            await file.AddAsync([(long)writer * Appends + i]);
            await table.NewTransaction().Append(await file.CompleteAsync()).CommitAsync();
        }

        return 0;
    }

    public static Catalog Catalog(string folder, string kind) => kind switch
    {
        "folder" => new FolderCatalog(folder),
        "sqlite" => new SqliteCatalog(Path.Combine(folder, "catalog.db"), Path.Combine(folder, "warehouse")),
        _ => Athena.IcebergCatalog(new LocalAthena(folder)),
    };
}
