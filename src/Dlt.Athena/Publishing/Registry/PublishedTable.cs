using System.Collections.Immutable;
using Dlt.Destinations.Publishing.Merging;
using Dlt.Destinations.Settings;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing;

/// <summary>A table of a publish object.</summary>
/// <param name="Name">The table's name in the schema.</param>
/// <param name="Mode">
/// Name of the <see cref="WriteMode"/>. The mode is <c>truncate</c> also when the load first removes the existing rows and then adds its
/// own. Another version of dlt may have written a name that this one does not know: it is kept, and so are the rows of that load.
/// </param>
/// <param name="Keys">
/// Keys of the objects that the load writes, relative to the bucket; empty for Iceberg tables, which have <see cref="Files"/>.
/// </param>
internal sealed record PublishedTable(string Name, string Mode, ImmutableHashSet<string> Keys)
{
    private static readonly string External = TableFormat.Hive.Name();
    private static readonly string Iceberg = TableFormat.Iceberg.Name();

    /// <summary>
    /// For Iceberg tables: prefixes of the names of the data files that the load stages in the table's folder. No metadata refers to those
    /// files until the load is published.
    /// </summary>
    public ImmutableHashSet<string> Files { get; init; } = [];

    /// <summary>
    /// Key of the folder of a swap that the load uploads to, with a trailing slash; null for the folder of the table itself. Whoever swaps
    /// the LOCATION later moves the files (<see cref="Has"/>).
    /// </summary>
    public string? Folder { get; init; }

    /// <summary><c>hive</c> for an external table, <c>iceberg</c> for an Iceberg table; null in objects of earlier versions.</summary>
    public string? Format { get; init; }

    /// <summary>
    /// True when the load removes the existing rows before it uploads: a refresh, or a replace with <c>hive_replace =
    /// truncate-and-insert</c>.
    /// </summary>
    public bool IsEmptiedFirst { get; init; }

    /// <summary>For nested Iceberg tables of a merge: the rows that theirs belong to.</summary>
    public RowOwner? Owner { get; init; }

    /// <summary>
    /// True when the load wrote the table as an external table, whose files may be removed. In objects of earlier versions the keys say so.
    /// </summary>
    public bool IsExternal => Format is null ? !Keys.IsEmpty : Format == External;

    /// <summary>True when only the rows of this load stay (<see cref="WriteMode.ReplacesAllRows"/>).</summary>
    public bool ReplacesAllRows => ChainPublishers.ModeOf(Mode) is { ReplacesAllRows: true };

    /// <summary>True when the load may remove rows of other loads (<see cref="WriteMode.RemovesRows"/>).</summary>
    public bool MayRemoveRows => ChainPublishers.ModeOf(Mode) is not { RemovesRows: false };

    /// <summary>True when the load replaces the rows by a change of the LOCATION to its own folder.</summary>
    /// <param name="loadId">Id of the load.</param>
    public bool IsSwappedBy(string loadId) => ReplacesAllRows && Folder is { } folder && SwapFolder.LoadIdOf(folder) == loadId;

    /// <summary>True when the load writes a file with the key, or with the key in another folder of the table.</summary>
    public bool Has(string key)
    {
        var plain = SwapFolder.PlainOf(key);
        if (Folder is null) return Keys.Contains(plain);
        var own = SwapFolder.PlainOf(Folder);
        return plain.StartsWith(own, StringComparison.Ordinal) && Keys.Contains(SwapFolder.In(plain, own, Folder));
    }

    /// <summary>Returns the table with its files in another folder.</summary>
    /// <param name="own">Key of the folder of the table itself, with a trailing slash.</param>
    /// <param name="folder">Key of the folder, with a trailing slash; null for that of the table itself.</param>
    public PublishedTable In(string own, string? folder) => folder == Folder || !IsExternal
        ? this
        : this with { Folder = folder, Keys = [.. Keys.Select(k => SwapFolder.In(k, own, folder ?? own))] };

    /// <summary>Returns the table with its format.</summary>
    public PublishedTable WithFormat(bool isExternal) => this with { Format = isExternal ? External : Iceberg };

    public JsonValue ToJson()
    {
        var members = JsonValue.Object(
            ("name", JsonValue.String(Name)),
            ("disposition", JsonValue.String(Mode)),
            ("keys", Texts(Keys)));
        if (!Files.IsEmpty) members = members.With("files", Texts(Files));
        if (Folder is not null) members = members.With("folder", JsonValue.String(Folder));
        if (IsEmptiedFirst) members = members.With("emptied-first", JsonValue.Bool(true));
        if (Owner is not null) members = members.With("owner", Owner.ToJson());
        return Format is null ? members : members.With("format", JsonValue.String(Format));
    }

    public static PublishedTable FromJson(JsonValue table) => new(
        table["name"]!.AsString(), table["disposition"]!.AsString(), [.. table["keys"]!.Items.Select(k => k.AsString())])
    {
        Files = [.. table["files"]?.Items.Select(f => f.AsString()) ?? []],
        Folder = table["folder"]?.AsString(),
        Format = table["format"]?.AsString(),
        IsEmptiedFirst = table["emptied-first"]?.AsBool() == true,
        Owner = table["owner"] is { } owner ? RowOwner.FromJson(owner) : null,
    };

    private static JsonValue Texts(IEnumerable<string> texts) =>
        JsonValue.Array([.. texts.Order(StringComparer.Ordinal).Select(JsonValue.String)]);
}
