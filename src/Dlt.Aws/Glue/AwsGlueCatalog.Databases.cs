using System.Runtime.CompilerServices;
using Dlt.Lake;

namespace Dlt.Aws;

internal sealed partial class AwsGlueCatalog
{
    public async Task<GlueDatabase?> GetDatabaseAsync(string name, CancellationToken cancellationToken = default)
    {
        var request = JsonValue.Object(("Name", Lower(name)));
        var what = $"database '{name}'";
        var answer = await TryAsync("GetDatabase", what, request, cancellationToken).ConfigureAwait(false);
        return answer is null ? null : Database(answer.Member("Database", JsonKind.Object, Call("GetDatabase", what)));
    }

    public async IAsyncEnumerable<GlueDatabase> GetDatabasesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync("GetDatabases", "DatabaseList", JsonValue.EmptyObject, "the databases", cancellationToken);
        await foreach (var database in pages.ConfigureAwait(false)) yield return Database(database);
    }

    public Task CreateDatabaseAsync(GlueDatabase database, CancellationToken cancellationToken = default)
    {
        var request = JsonValue.Object(("DatabaseInput", JsonValue.Parse(GlueJson.Write(database))));
        return CallAsync("CreateDatabase", $"database '{database.Name}'", request, cancellationToken);
    }

    public Task DeleteDatabaseAsync(string name, CancellationToken cancellationToken = default) =>
        CallAsync("DeleteDatabase", $"database '{name}'", JsonValue.Object(("Name", Lower(name))), cancellationToken);

    private GlueDatabase Database(JsonValue json) =>
        AnswerMembers.Read(() => GlueJson.ReadDatabase(JsonText.Write(json)), "Database", client.Endpoint.Name);
}
