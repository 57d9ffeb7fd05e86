using System.Collections.Immutable;
using System.ComponentModel;
using Amazon.Runtime;
using Dlt.Aws;

namespace Dlt.Internal;

/// <summary>
/// Reads and changes the LF-tags of databases in AWS Lake Formation. Tables inherit the tags of their database.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class LakeFormationTags
{
    private readonly LakeFormationClient _client;

    private readonly GlueCatalogId _catalogId;

    internal LakeFormationTags(LakeFormationClient client, GlueCatalogId catalogId) => (_client, _catalogId) = (client, catalogId);

    /// <summary>Reads the tags that were given to a database itself.</summary>
    /// <param name="database">Name of the database in Glue.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The tags; empty for a database that has none or does not exist.</returns>
    /// <exception cref="DltException">The login may not read the tags of the database.</exception>
    public async Task<ImmutableArray<LakeFormationTag>> GetAsync(string database, CancellationToken cancellationToken = default)
    {
        var request = JsonValue.Object(("Resource", await ResourceOfAsync(database, cancellationToken).ConfigureAwait(false)));
        var name = NameOf("GetResourceLFTags", database);
        var answer = await FindAsync("GetResourceLFTags", name, request, cancellationToken).ConfigureAwait(false);
        return answer?["LFTagOnDatabase"] is { Kind: JsonKind.Array } tags ? [.. tags.Items.Select(Read)] : [];
    }

    /// <summary>Reads the definition of a tag of the data catalog's account: its key with all values that it may have.</summary>
    /// <param name="key">Key of the tag.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The tag; null when it does not exist.</returns>
    /// <exception cref="DltException">The login may not read the tag.</exception>
    public async Task<LakeFormationTag?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        var tag = JsonValue.Object(("TagKey", JsonValue.String(key)));
        var request = await _catalogId.AddAccountToAsync(tag, cancellationToken).ConfigureAwait(false);
        var answer = await FindAsync("GetLFTag", $"GetLFTag of tag '{key}'", request, cancellationToken).ConfigureAwait(false);
        return answer is null ? null : Read(answer);
    }

    /// <summary>Gives tags to a database. A value that the database has of the same key is replaced.</summary>
    /// <param name="database">Name of the database in Glue.</param>
    /// <param name="tags">The tags, which must exist in Lake Formation; at most 50.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="DltException">A tag or one of its values does not exist, or the login may not associate it. Other tags may have
    /// been given.</exception>
    public Task AddAsync(string database, IReadOnlyCollection<LakeFormationTag> tags, CancellationToken cancellationToken = default) =>
        ChangeAsync("AddLFTagsToResource", "were not given to", database, tags, cancellationToken);

    /// <summary>Takes tags from a database.</summary>
    /// <param name="database">Name of the database in Glue.</param>
    /// <param name="tags">The tags as <see cref="GetAsync"/> returns them.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="DltException">The database does not have a tag, or the login may not remove it. Other tags may have been
    /// taken.</exception>
    public Task RemoveAsync(string database, IReadOnlyCollection<LakeFormationTag> tags, CancellationToken cancellationToken = default) =>
        ChangeAsync("RemoveLFTagsFromResource", "were not taken from", database, tags, cancellationToken);

    /// <summary>The database as a resource, in the catalog of its account: without it, the service takes the login's account.</summary>
    private async Task<JsonValue> ResourceOfAsync(string database, CancellationToken cancellationToken)
    {
        var named = JsonValue.Object(("Name", JsonValue.String(database.ToLowerInvariant())));
        return JsonValue.Object(("Database", await _catalogId.AddToAsync(named, cancellationToken).ConfigureAwait(false)));
    }

    private async Task<JsonValue> WriteAsync(IEnumerable<LakeFormationTag> tags, CancellationToken cancellationToken)
    {
        var written = new List<JsonValue>();
        foreach (var tag in tags)
        {
            var value = Write(tag);
            if (tag.CatalogId is null) value = await _catalogId.AddAccountToAsync(value, cancellationToken).ConfigureAwait(false);
            written.Add(value);
        }

        return JsonValue.Array([.. written]);
    }

    private static LakeFormationTag Read(JsonValue tag) => new(
        tag.Text("TagKey", "Lake Formation"),
        [.. tag.Member("TagValues", JsonKind.Array, "Lake Formation").Items.Select(v => v.AsString())],
        tag["CatalogId"] is { Kind: JsonKind.String } catalog ? catalog.AsString() : null);

    private static JsonValue Write(LakeFormationTag tag)
    {
        var values = JsonValue.Array([.. tag.Values.Select(JsonValue.String)]);
        return tag.CatalogId is { } catalog
            ? JsonValue.Object(("CatalogId", JsonValue.String(catalog)), ("TagKey", JsonValue.String(tag.Key)), ("TagValues", values))
            : JsonValue.Object(("TagKey", JsonValue.String(tag.Key)), ("TagValues", values));
    }

    private static string ReasonOf(JsonValue failure)
    {
        var tag = failure["LFTag"] is { Kind: JsonKind.Object } named ? Read(named).ToString() : "a tag";
        var error = failure["Error"];
        return $"{tag}: {error?["ErrorCode"]?.AsString()}: {error?["ErrorMessage"]?.AsString().TrimEnd('.')}";
    }

    /// <summary>Changes tags. The service answers 200 with the tags that it refused, so these become an error here.</summary>
    private async Task ChangeAsync(
        string operation, string outcome, string database, IReadOnlyCollection<LakeFormationTag> tags, CancellationToken cancellationToken)
    {
        var request = JsonValue.Object(
            ("Resource", await ResourceOfAsync(database, cancellationToken).ConfigureAwait(false)),
            ("LFTags", await WriteAsync(tags, cancellationToken).ConfigureAwait(false)));
        var answer = await CallAsync(operation, database, request, cancellationToken).ConfigureAwait(false);
        if (answer["Failures"] is not { Kind: JsonKind.Array, Items: [_, ..] failures }) return;
        var reasons = failures.Select(ReasonOf);
        throw new DltException(
            $"These tags of Lake Formation {outcome} the database '{database}': {string.Join("; ", reasons)}. Other tags may have been "
            + "changed. Create the tags and allow the login ASSOCIATE on them, then run again.");
    }

    private static string NameOf(string operation, string database) => $"{operation} of database '{database}'";

    /// <summary>Reads something; null when it does not exist.</summary>
    private Task<JsonValue?> FindAsync(string operation, string name, JsonValue request, CancellationToken cancellationToken) =>
        AwsCall.RunAsync(
            _client.Endpoint,
            name,
            async () =>
            {
                try
                {
                    return await _client.InvokeAsync(operation, request, isSentOnce: false, cancellationToken).ConfigureAwait(false);
                }
                catch (AmazonServiceException error) when (error.ErrorCode == "EntityNotFoundException")
                {
                    return null;
                }
            },
            error => AwsCall.Other(error, "Lake Formation", name, "lakeformation"),
            cancellationToken);

    private Task<JsonValue> CallAsync(string operation, string database, JsonValue request, CancellationToken cancellationToken)
    {
        var name = NameOf(operation, database);
        return AwsCall.RunAsync(
            _client.Endpoint,
            name,
            () => _client.InvokeAsync(operation, request, isSentOnce: false, cancellationToken),
            error => AwsCall.Other(error, "Lake Formation", name, "lakeformation"),
            cancellationToken);
    }
}
