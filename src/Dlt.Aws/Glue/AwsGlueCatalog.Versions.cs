using System.Globalization;
using System.Runtime.CompilerServices;
using Dlt.Lake;

namespace Dlt.Aws;

internal sealed partial class AwsGlueCatalog
{
    /// <summary>Versions of one GetTableVersions page, and of one BatchDeleteTableVersion call (AWS Glue API).</summary>
    private const int MaxVersions = 100;

    public async IAsyncEnumerable<string> GetTableVersionIdsAsync(
        string database, string table, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Each version comes with its definition, so the pages are not kept.
        var request = OfTable(database, table).With("MaxResults", JsonValue.Integer(MaxVersions));
        var what = $"the versions of table '{database}.{table}'";
        var ids = new List<string>();
        while (await TryAsync("GetTableVersions", what, request, cancellationToken).ConfigureAwait(false) is { } page)
        {
            foreach (var version in page["TableVersions"]?.Items ?? []) ids.Add(version.Text("VersionId", Call("GetTableVersions", what)));
            if (page["NextToken"] is not { Kind: JsonKind.String } next) break;
            request = request.With("NextToken", next);
        }

        foreach (var id in ids.OrderByDescending(NumberOf)) yield return id;
    }

    public async Task DeleteTableVersionsAsync(
        string database, string table, IReadOnlyCollection<string> versionIds, CancellationToken cancellationToken = default)
    {
        var what = $"versions of table '{database}.{table}'";
        var failed = new List<JsonValue>();
        foreach (var some in versionIds.Chunk(MaxVersions))
        {
            var request = OfTable(database, table).With("VersionIds", JsonValue.Array([.. some.Select(JsonValue.String)]));
            var answer = await CallAsync("BatchDeleteTableVersion", what, request, cancellationToken).ConfigureAwait(false);
            failed.AddRange(answer["Errors"]?.Items ?? []);
        }

        if (failed.Select(VersionError).FirstOrDefault(e => !e.IsNotFound) is { } error) throw error;
    }

    private static GlueException VersionError(JsonValue json)
    {
        var detail = json["ErrorDetail"];
        var code = detail?["ErrorCode"] is { Kind: JsonKind.String } text ? text.AsString() : "InternalServiceException";
        var reason = detail?["ErrorMessage"] is { Kind: JsonKind.String } message ? message.AsString() : "Glue gave no reason.";
        var id = json["VersionId"] is { Kind: JsonKind.String } version ? version.AsString() : "";
        return new(code, $"Version {id} could not be deleted: {reason}");
    }

    private static long NumberOf(string versionId) =>
        long.TryParse(versionId, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
}
