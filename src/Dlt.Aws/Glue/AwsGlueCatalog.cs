using System.Runtime.CompilerServices;
using Dlt.Json;
using Dlt.Lake;

namespace Dlt.Aws;

/// <summary>The Glue Data Catalog of AWS.</summary>
internal sealed class AwsGlueCatalog(GlueClient client) : IGlueCatalog
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

    public async Task<GlueTable?> GetTableAsync(string database, string name, CancellationToken cancellationToken = default) =>
        await TryAsync("GetTable", $"table '{database}.{name}'",
            JsonValue.Object(("DatabaseName", Lower(database)), ("Name", Lower(name))), cancellationToken)
                .ConfigureAwait(false) is { } answer
            ? Table(answer["Table"]!)
            : null;

    public async IAsyncEnumerable<GlueTable> GetTablesAsync(
        string database, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = JsonValue.Object(("DatabaseName", Lower(database)));
        await foreach (var table in PagesAsync("GetTables", "TableList", request, $"the tables of '{database}'", cancellationToken)
            .ConfigureAwait(false)) yield return Table(table);
    }

    public Task CreateTableAsync(string database, GlueTableInput table, CancellationToken cancellationToken = default) =>
        CallAsync("CreateTable", $"table '{database}.{table.Name}'",
            JsonValue.Object(("DatabaseName", Lower(database)), ("TableInput", Input(table))), cancellationToken, IsCommit(table));

    public Task UpdateTableAsync(string database, GlueTableInput table, string? versionId = null, bool skipArchive = false,
        CancellationToken cancellationToken = default)
    {
        var request = JsonValue.Object(
            ("DatabaseName", Lower(database)), ("TableInput", Input(table)), ("SkipArchive", JsonValue.Bool(skipArchive)));
        if (versionId is not null) request = request.With("VersionId", JsonValue.String(versionId));
        return CallAsync("UpdateTable", $"table '{database}.{table.Name}'", request, cancellationToken, IsCommit(table));
    }

    public Task DeleteTableAsync(string database, string name, CancellationToken cancellationToken = default) =>
        CallAsync("DeleteTable", $"table '{database}.{name}'", JsonValue.Object(("DatabaseName", Lower(database)), ("Name", Lower(name))),
            cancellationToken);

    /// <summary>
    /// Commits to Iceberg tables are sent once: their answer tells whether the metadata file is needed (spec/iceberg.md 7.5).
    /// </summary>
    private static bool IsCommit(GlueTableInput table) => new GlueTable("", table, "", null, null).IsIceberg;

    private static JsonValue Lower(string name) => JsonValue.String(name.ToLowerInvariant());

    private static JsonValue Input(GlueTableInput table) => JsonValue.Parse(GlueJson.Write(table));

    private static GlueTable Table(JsonValue json) => new(
        json["DatabaseName"]?.AsString() ?? "",
        GlueJson.ReadTable(json),
        json["VersionId"] is { Kind: JsonKind.String } version ? version.AsString() : "0",
        Time(json["CreateTime"]),
        Time(json["UpdateTime"]));

    private static DateTimeOffset? Time(JsonValue? seconds) =>
        seconds is { Kind: JsonKind.Integer or JsonKind.Real } ? DateTimeOffset.UnixEpoch.AddSeconds(seconds.AsDouble()) : null;

    /// <summary>Everything of a listing in the order of the names, which the service does not promise.</summary>
    private async IAsyncEnumerable<JsonValue> PagesAsync(
        string operation, string member, JsonValue request, string what, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = new List<JsonValue>();
        while (await TryAsync(operation, what, request, cancellationToken).ConfigureAwait(false) is { } page)
        {
            found.AddRange(page[member]?.Items ?? []);
            if (page["NextToken"] is not { Kind: JsonKind.String } next) break;
            request = request.With("NextToken", next);
        }

        foreach (var item in found.OrderBy(i => i["Name"]!.AsString(), StringComparer.Ordinal)) yield return item;
    }

    private async Task<JsonValue?> TryAsync(string operation, string what, JsonValue request, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(operation, what, request, cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsNotFound)
        {
            return null;
        }
    }

    private Task<JsonValue> CallAsync(string operation, string what, JsonValue request, CancellationToken cancellationToken,
        bool isSentOnce = false) => AwsCall.RunAsync(
        client.Endpoint, $"{operation} of {what}", () => client.InvokeAsync(operation, request, isSentOnce, cancellationToken), error =>
            AwsCall.Glue(error, $"{operation} of {what}"), cancellationToken);
}
