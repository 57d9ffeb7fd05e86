using System.Runtime.CompilerServices;
using Dlt.Json;
using Dlt.Lake;

namespace Dlt.Aws;

internal sealed partial class AwsGlueCatalog
{
    public async Task<GlueDatabase?> GetDatabaseAsync(string name, CancellationToken cancellationToken = default) =>
        await TryAsync("GetDatabase", $"database '{name}'", JsonValue.Object(("Name", Lower(name))), cancellationToken)
            .ConfigureAwait(false) is { } answer
            ? GlueJson.ReadDatabase(JsonText.Write(answer["Database"]!))
            : null;

    public async IAsyncEnumerable<GlueDatabase> GetDatabasesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var database in PagesAsync("GetDatabases", "DatabaseList", JsonValue.EmptyObject, "the databases", cancellationToken)
            .ConfigureAwait(false))
            yield return GlueJson.ReadDatabase(JsonText.Write(database));
    }

    public Task CreateDatabaseAsync(GlueDatabase database, CancellationToken cancellationToken = default) =>
        CallAsync("CreateDatabase", $"database '{database.Name}'",
            JsonValue.Object(("DatabaseInput", JsonValue.Parse(GlueJson.Write(database)))), cancellationToken);

    public Task DeleteDatabaseAsync(string name, CancellationToken cancellationToken = default) =>
        CallAsync("DeleteDatabase", $"database '{name}'", JsonValue.Object(("Name", Lower(name))), cancellationToken);
}
