using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Dlt.Lake;

namespace Dlt.Aws;

/// <summary>
/// Reads databases and tables of a data catalog that Glue does not serve, by Athena's metadata calls (docs/spec/aws-apis.md 2.2,
/// GetDatabase to ListTableMetadata). The functions of the catalog answer them; no query is run.
/// </summary>
/// <param name="client">Sends requests.</param>
/// <param name="catalog">Name of the data catalog in queries.</param>
internal sealed class AthenaMetadata(AthenaClient client, string catalog)
{
    /// <summary>Returns a database; null when it does not exist.</summary>
    public async Task<GlueDatabase?> GetDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        var what = $"database '{name}'";
        var request = Request().With("DatabaseName", Lower(name));
        var answer = await TryAsync("GetDatabase", what, request, cancellationToken).ConfigureAwait(false);
        return answer is null ? null : Database(answer.Member("Database", JsonKind.Object, Call("GetDatabase", what)));
    }

    /// <summary>Lists all databases in the order of their names.</summary>
    public async IAsyncEnumerable<GlueDatabase> GetDatabasesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = PagesAsync("ListDatabases", "DatabaseList", Request(), "the databases", cancellationToken);
        await foreach (var database in pages.ConfigureAwait(false)) yield return Database(database);
    }

    /// <summary>Returns a table; null when the table or the database does not exist.</summary>
    public async Task<GlueTable?> GetTableAsync(string database, string name, CancellationToken cancellationToken)
    {
        var what = $"table '{database}.{name}'";
        var request = Request().With("DatabaseName", Lower(database)).With("TableName", Lower(name));
        var answer = await TryAsync("GetTableMetadata", what, request, cancellationToken).ConfigureAwait(false);
        var found = answer?.Member("TableMetadata", JsonKind.Object, Call("GetTableMetadata", what));
        return found is null ? null : AthenaTableJson.Read(database, found);
    }

    /// <summary>
    /// Lists the tables of a database in the order of their names; nothing when the database does not exist.
    /// </summary>
    /// <param name="database">The database.</param>
    /// <param name="expression">Pattern of names; null for all tables.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    public async IAsyncEnumerable<GlueTable> GetTablesAsync(
        string database, string? expression, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = Request().With("DatabaseName", Lower(database));
        if (expression is not null) request = request.With("Expression", JsonValue.String(expression));
        var pages = PagesAsync(
            "ListTableMetadata", "TableMetadataList", request, $"the tables of '{database}'", cancellationToken);
        await foreach (var table in pages.ConfigureAwait(false)) yield return AthenaTableJson.Read(database, table);
    }

    /// <summary>Finds the tables of a database that have one of the names, in few calls.</summary>
    public async IAsyncEnumerable<GlueTable> FindTablesAsync(
        string database, IReadOnlyCollection<string> names, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var search = TableNameSearch.Of(names.Select(n => n.ToLowerInvariant()), TableNameSearch.MaxLengthOfAthena);
        foreach (var expression in search.Expressions)
        {
            await foreach (var table in GetTablesAsync(database, expression, cancellationToken).ConfigureAwait(false))
                if (search.Names.Contains(table.Name)) yield return table;
        }

        foreach (var name in search.Single)
            if (await GetTableAsync(database, name, cancellationToken).ConfigureAwait(false) is { } table) yield return table;
    }

    private static GlueDatabase Database(JsonValue json) => new()
    {
        Name = json.Text("Name", "Athena to GetDatabase").ToLowerInvariant(),
        Description = json["Description"] is { Kind: JsonKind.String } text ? text.AsString() : null,
        Parameters = AthenaTableJson.Parameters(json) is { Count: > 0 } own ? own : null,
    };

    private static JsonValue Lower(string name) => JsonValue.String(name.ToLowerInvariant());

    private string Call(string operation, string what) => $"{client.Endpoint.Name} to {operation} of {what}";

    private JsonValue Request() => JsonValue.Object(("CatalogName", JsonValue.String(catalog)));

    private async IAsyncEnumerable<JsonValue> PagesAsync(
        string operation, string member, JsonValue request, string what, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = new List<JsonValue>();
        while (await TryAsync(operation, what, request, cancellationToken).ConfigureAwait(false) is { } page)
        {
            found.AddRange(page[member]?.Items ?? ImmutableArray<JsonValue>.Empty);
            if (page["NextToken"] is not { Kind: JsonKind.String } next) break;
            request = request.With("NextToken", next);
        }

        foreach (var item in found.OrderBy(i => i.Text("Name", Call(operation, what)), StringComparer.Ordinal)) yield return item;
    }

    /// <summary>Names of the database and the table that a request asks for.</summary>
    private static IEnumerable<string> NamesIn(JsonValue request) =>
        new[] { request["DatabaseName"], request["TableName"] }.OfType<JsonValue>().Select(n => n.AsString());

    private async Task<JsonValue?> TryAsync(string operation, string what, JsonValue request, CancellationToken cancellationToken)
    {
        var name = $"{operation} of {what}";
        try
        {
            return await AwsCall.RunAsync(
                client.Endpoint,
                name,
                () => client.InvokeAsync(operation, request, isSentOnce: false, cancellationToken),
                error => AwsCall.Metadata(error, name, [.. NamesIn(request)]),
                cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsNotFound)
        {
            return null;
        }
    }
}
