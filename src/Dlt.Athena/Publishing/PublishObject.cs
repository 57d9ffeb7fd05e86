using System.Collections.Immutable;
using System.Globalization;
using Dlt.Json;

namespace Dlt.Destinations.Publishing;

/// <summary>What a load does with a table, as others need to know it.</summary>
internal enum PublishDisposition
{
    /// <summary>Adds rows.</summary>
    Append,

    /// <summary>Puts its rows in the place of all others.</summary>
    Replace,

    /// <summary>Removes the rows that are there, then adds its own.</summary>
    Truncate,
}

/// <summary>A table of a publish object.</summary>
/// <param name="Name">The table's name in the schema.</param>
/// <param name="Disposition">What the load does with it.</param>
/// <param name="Keys">
/// Keys of the objects that the load writes, from the bucket on; none for Iceberg tables, which have <see cref="Files"/>.
/// </param>
internal sealed record PublishedTable(string Name, PublishDisposition Disposition, ImmutableHashSet<string> Keys)
{
    /// <summary>
    /// For Iceberg tables: what the names of the data files begin with that the load stages in the table's folder. Until the load is
    /// published, no metadata names them.
    /// </summary>
    public ImmutableHashSet<string> Files { get; init; } = [];
}

/// <summary>
/// The object <c>&lt;dataset&gt;/_dlt_publish/&lt;load id&gt;.json</c>: what a load will write, put down before its first upload and before
/// it empties anything.
/// By it two loads of the same table know of each other, and of each other's files.
/// </summary>
internal sealed record PublishObject
{
    private const long FormatVersion = 1;

    /// <summary>The load.</summary>
    public required string LoadId { get; init; }

    /// <summary>Name of its schema.</summary>
    public required string SchemaName { get; init; }

    /// <summary>Tables that get rows or lose them.</summary>
    public required ImmutableArray<PublishedTable> Tables { get; init; }

    /// <summary>When the load began, by the clock of the store; null while the time of the object itself says so.</summary>
    public DateTimeOffset? Began { get; init; }

    /// <summary>Loads that were under way when this one began; null when nobody asked, as in objects of earlier versions.</summary>
    public ImmutableSortedSet<string>? UnderWay { get; init; }

    /// <summary>
    /// Of the loads with ids from a day before this one's on, those that were complete when it began; null when nobody asked.
    /// </summary>
    public ImmutableSortedSet<string>? CompleteBefore { get; init; }

    /// <summary>The load's part in a table; null for none.</summary>
    public PublishedTable? Of(string table) => Tables.FirstOrDefault(t => t.Name == table);

    public byte[] Write()
    {
        var members = new List<KeyValuePair<string, JsonValue>>
        {
            new("format-version", JsonValue.Integer(FormatVersion)),
            new("load-id", JsonValue.String(LoadId)),
            new("schema", JsonValue.String(SchemaName)),
        };
        if (Began is { } began) members.Add(new("began", JsonValue.String(began.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))));
        if (UnderWay is { } others) members.Add(new("under-way", Texts(others)));
        if (CompleteBefore is { } complete) members.Add(new("complete-before", Texts(complete)));
        members.Add(new("tables", JsonValue.Array([.. Tables.Select(Write)])));
        return JsonText.WriteUtf8(JsonValue.Object(members));
    }

    /// <exception cref="DltException">The object is damaged, or a later version wrote it.</exception>
    public static PublishObject Read(ReadOnlyMemory<byte> content, string location)
    {
        try
        {
            var json = JsonValue.Parse(content.Span);
            if (json["format-version"]!.AsInt64() > FormatVersion)
            {
                throw new DltException(
                    $"{location} was written by a later version of dlt. Nothing was loaded. Load with that version.");
            }

            return new()
            {
                LoadId = json["load-id"]!.AsString(),
                SchemaName = json["schema"]!.AsString(),
                Began = json["began"] is { } began
                    ? DateTimeOffset.Parse(began.AsString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null,
                UnderWay = LoadIds(json["under-way"]),
                CompleteBefore = LoadIds(json["complete-before"]),
                Tables = [.. json["tables"]!.Items.Select(t => new PublishedTable(
                    t["name"]!.AsString(),
                    Enum.Parse<PublishDisposition>(t["disposition"]!.AsString(), ignoreCase: true),
                    [.. t["keys"]!.Items.Select(k => k.AsString())])
                { Files = [.. t["files"]?.Items.Select(f => f.AsString()) ?? []] })],
            };
        }
        catch (Exception error) when (error
            is JsonFormatException or FormatException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            throw new DltException(
                $"{location} does not say what its load writes: {error.Message} Nothing was removed; the package stays pending. "
                + "Delete the object if that load is no longer under way, and load again.", error);
        }
    }

    private static JsonValue Write(PublishedTable table)
    {
        var members = JsonValue.Object(
            ("name", JsonValue.String(table.Name)),
            ("disposition", JsonValue.String(NameOf(table.Disposition))),
            ("keys", Texts(table.Keys.Order(StringComparer.Ordinal))));
        return table.Files.IsEmpty ? members : members.With("files", Texts(table.Files.Order(StringComparer.Ordinal)));
    }

    private static string NameOf(PublishDisposition disposition) => disposition switch
    {
        PublishDisposition.Replace => "replace",
        PublishDisposition.Truncate => "truncate",
        _ => "append",
    };

    private static ImmutableSortedSet<string>? LoadIds(JsonValue? ids) =>
        ids?.Items.Select(i => i.AsString()).ToImmutableSortedSet(StringComparer.Ordinal);

    private static JsonValue Texts(IEnumerable<string> texts) => JsonValue.Array([.. texts.Select(JsonValue.String)]);
}
