using System.Runtime.CompilerServices;
using Dlt.Lake;

namespace Dlt.Aws;

internal sealed partial class AwsGlueCatalog
{
    public async Task<GlueTable?> GetTableAsync(string database, string name, CancellationToken cancellationToken = default)
    {
        var request = JsonValue.Object(("DatabaseName", Lower(database)), ("Name", Lower(name)));
        var what = $"table '{database}.{name}'";
        var answer = await TryAsync("GetTable", what, request, cancellationToken).ConfigureAwait(false);
        return answer is null ? null : Table(answer.Member("Table", JsonKind.Object, Call("GetTable", what)));
    }

    public async IAsyncEnumerable<GlueTable> GetTablesAsync(
        string database, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = JsonValue.Object(("DatabaseName", Lower(database)));
        var pages = PagesAsync("GetTables", "TableList", request, $"the tables of '{database}'", cancellationToken);
        await foreach (var table in pages.ConfigureAwait(false)) yield return Table(table);
    }

    public async IAsyncEnumerable<GlueTable> FindTablesAsync(
        string database, IReadOnlyCollection<string> names, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var search = TableNameSearch.Of(names.Select(Folded));
        foreach (var expression in search.Expressions)
        {
            var request = JsonValue.Object(("DatabaseName", Lower(database)), ("Expression", JsonValue.String(expression)));
            var pages = PagesAsync("GetTables", "TableList", request, $"tables of '{database}'", cancellationToken);
            await foreach (var json in pages.ConfigureAwait(false))
            {
                var table = Table(json);
                if (search.Names.Contains(Folded(table.Name))) yield return table;
            }
        }

        foreach (var name in search.Single)
        {
            if (await GetTableAsync(database, name, cancellationToken).ConfigureAwait(false) is { } table) yield return table;
        }
    }

    public Task CreateTableAsync(string database, GlueTableInput table, CancellationToken cancellationToken = default)
    {
        var request = JsonValue.Object(("DatabaseName", Lower(database)), ("TableInput", Input(table)));
        return CallAsync("CreateTable", $"table '{database}.{table.Name}'", request, cancellationToken, IsCommit(table));
    }

    public Task UpdateTableAsync(string database, GlueTableInput table, string? versionId = null, bool skipArchive = false,
        CancellationToken cancellationToken = default)
    {
        var request = JsonValue.Object(
            ("DatabaseName", Lower(database)), ("TableInput", Input(table)), ("SkipArchive", JsonValue.Bool(skipArchive)));
        if (versionId is not null) request = request.With("VersionId", JsonValue.String(versionId));
        return CallAsync("UpdateTable", $"table '{database}.{table.Name}'", request, cancellationToken, IsCommit(table));
    }

    public Task DeleteTableAsync(string database, string name, CancellationToken cancellationToken = default)
    {
        var request = JsonValue.Object(("DatabaseName", Lower(database)), ("Name", Lower(name)));
        return CallAsync("DeleteTable", $"table '{database}.{name}'", request, cancellationToken);
    }

    /// <summary>
    /// True for a commit to an Iceberg table. It is sent once, because its response decides whether the metadata file stays
    /// (docs/spec/iceberg.md 7.5).
    /// </summary>
    private static bool IsCommit(GlueTableInput table) => new GlueTable("", table, "", null, null).IsIceberg;

    private static string Folded(string name) => Lower(name).AsString();

    private static JsonValue Input(GlueTableInput table) => JsonValue.Parse(GlueJson.Write(table));

    private GlueTable Table(JsonValue json) => new(
        json["DatabaseName"] is { Kind: JsonKind.String } database ? database.AsString() : "",
        AnswerMembers.Read(() => GlueJson.ReadTable(json), "Table", Call("GetTable", What(json))),
        json["VersionId"] is { Kind: JsonKind.String } version ? version.AsString() : "0",
        AnswerMembers.Time(json["CreateTime"]),
        AnswerMembers.Time(json["UpdateTime"]));

    /// <summary>The table as errors about its answer name it.</summary>
    private static string What(JsonValue json)
    {
        string NameOf(string member) => json[member] is { Kind: JsonKind.String } name ? name.AsString() : "?";
        return $"table '{NameOf("DatabaseName")}.{NameOf("Name")}'";
    }
}
