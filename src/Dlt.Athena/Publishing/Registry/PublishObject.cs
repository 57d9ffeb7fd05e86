using System.Collections.Immutable;
using System.Globalization;
using Dlt.Internal;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// The object <c>&lt;dataset&gt;/_dlt_publish/&lt;load id&gt;.json</c>: lists what a load will write. It is written before the first upload
/// and before anything is emptied, so that concurrent loads know of each other and of each other's files.
/// </summary>
internal sealed record PublishObject
{
    private const long FormatVersion = 1;

    private Dictionary<string, PublishedTable>? _byName;

    /// <summary>Load id.</summary>
    public required string LoadId { get; init; }

    /// <summary>Name of the schema that the load uses.</summary>
    public required string SchemaName { get; init; }

    /// <summary>Tables that the load adds rows to or empties.</summary>
    public required ImmutableArray<PublishedTable> Tables
    {
        get;
        init => (field, _byName) = (value, null);
    }

    /// <summary>Time when the load began, by the clock of the store; null means the last-modified time of the object.</summary>
    public DateTimeOffset? Began { get; init; }

    /// <summary>Loads that were under way when this one began; null if not recorded, as in objects of earlier versions.</summary>
    public ImmutableSortedSet<string>? UnderWay { get; init; }

    /// <summary>Loads that were complete when this one began, limited to ids from a day before this one on; null if not recorded.</summary>
    public ImmutableSortedSet<string>? CompleteBefore { get; init; }

    /// <summary>
    /// True while another load removes the staged files of this one, which is given up. The load itself must not go on meanwhile.
    /// </summary>
    public bool IsGivenUp { get; init; }

    /// <summary>Name of the pipeline; null in objects of earlier versions.</summary>
    public string? Pipeline { get; init; }

    /// <summary>How far the load has come; null in objects of earlier versions.</summary>
    public JournalState? State { get; init; }

    /// <summary>True when the load was prepared, and another run or <c>abort-packages</c> began to take it back.</summary>
    public bool WasPrepared { get; init; }

    /// <summary>
    /// True when the load was prepared at some time: tables may have its rows, and earlier rows may be gone. Objects of earlier versions do
    /// not say it.
    /// </summary>
    public bool MayBeVisible => WasPrepared || State is not (JournalState.Begun or JournalState.TakenBack);

    /// <summary>What another machine needs to complete the load; null unless the state is <see cref="JournalState.Prepared"/>.</summary>
    public PreparedLoad? Prepared { get; init; }

    /// <summary>Finds a table by name; null if the load does not touch it.</summary>
    public PublishedTable? Of(string table) => (_byName ??= ByName()).GetValueOrDefault(table);

    /// <summary>Returns the object with tables that keep what an earlier version of it says about emptied tables.</summary>
    public PublishObject WithEmptiedOf(PublishObject earlier) => this with
    {
        Tables = [.. Tables.Select(t => t with { IsEmptiedFirst = t.IsEmptiedFirst || earlier.Of(t.Name) is { IsEmptiedFirst: true } })],
    };

    /// <summary>Returns the object with the files of its external tables in other folders.</summary>
    /// <param name="ownOf">Returns the key of the folder of a table itself, with a trailing slash.</param>
    /// <param name="folderOf">Returns the key of the folder to write to; null for that of the table itself.</param>
    public PublishObject In(Func<string, string> ownOf, Func<string, string?> folderOf) => this with
    {
        Tables = [.. Tables.Select(t => t.IsExternal ? t.In(ownOf(t.Name), folderOf(t.Name)) : t)],
    };

    /// <summary>Returns the object of a load whose files are gone. What it says about emptied tables stays.</summary>
    public PublishObject WithoutFiles() => this with { Tables = [.. Tables.Select(t => t with { Keys = [], Files = [] })] };

    /// <summary>True when the load wrote an object: the key has its load id, or the object is not older than the load.</summary>
    /// <param name="key">A key that the load lists.</param>
    /// <param name="lastModified">Last-modified time of the object.</param>
    public bool HasWritten(string key, DateTimeOffset lastModified) =>
        key.Contains(LoadId, StringComparison.Ordinal) || lastModified >= Began;

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
        if (IsGivenUp) members.Add(new("given-up", JsonValue.Bool(true)));
        if (Pipeline is not null) members.Add(new("pipeline", JsonValue.String(Pipeline)));
        if (State is { } state) members.Add(new("state", JsonValue.String(NameOf(state))));
        if (WasPrepared) members.Add(new("was-prepared", JsonValue.Bool(true)));
        members.Add(new("tables", JsonValue.Array([.. Tables.Select(t => t.ToJson())])));
        if (Prepared is not null) members.Add(new("prepared", Prepared.ToJson()));
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
                IsGivenUp = json["given-up"]?.AsBool() == true,
                Pipeline = json["pipeline"]?.AsString(),
                State = json["state"] is { } state ? StateOf(state.AsString()) : null,
                WasPrepared = json["was-prepared"]?.AsBool() == true,
                Prepared = json["prepared"] is { } prepared ? PreparedLoad.FromJson(prepared) : null,
                Tables = [.. json["tables"]!.Items.Select(PublishedTable.FromJson)],
            };
        }
        catch (Exception error) when (error
            is JsonFormatException or FormatException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            throw new DltException(
                $"{location} is not a readable publish object: {Failure.Sentence(error)} Nothing was removed; the package stays pending. "
                + "Delete the object if that load is no longer under way, and load again.", error);
        }
    }

    private Dictionary<string, PublishedTable> ByName()
    {
        var tables = new Dictionary<string, PublishedTable>(StringComparer.Ordinal);
        foreach (var table in Tables) tables.TryAdd(table.Name, table);
        return tables;
    }

    private static string NameOf(JournalState state) => state switch
    {
        JournalState.Prepared => "prepared",
        JournalState.Committed => "committed",
        JournalState.TakenBack => "taken-back",
        _ => "begun",
    };

    private static JournalState StateOf(string name) =>
        Enum.GetValues<JournalState>().Cast<JournalState?>().FirstOrDefault(s => NameOf(s!.Value) == name)
            ?? throw new FormatException($"its state is '{name}'");

    private static ImmutableSortedSet<string>? LoadIds(JsonValue? ids) =>
        ids?.Items.Select(i => i.AsString()).ToImmutableSortedSet(StringComparer.Ordinal);

    private static JsonValue Texts(IEnumerable<string> texts) => JsonValue.Array([.. texts.Select(JsonValue.String)]);
}
