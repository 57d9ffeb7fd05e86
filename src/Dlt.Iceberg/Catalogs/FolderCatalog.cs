using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Dlt.Iceberg;

/// <summary>
/// Catalog of Iceberg tables in a folder on a disk; it needs no service. The metadata files are
/// <c>namespace/table/metadata/vN.metadata.json</c>. A commit creates the file of the next version, and only one process can create it.
/// </summary>
/// <param name="warehouse">Path of the folder.</param>
/// <param name="time">Clock for timestamps and retries; null for the system clock.</param>
public sealed class FolderCatalog(string warehouse, TimeProvider? time = null) : MetastoreCatalog(time)
{
    private const string Suffix = ".metadata.json";
    private const string Hint = "version-hint.text";

    private readonly string _root = Path.GetFullPath(warehouse);

    /// <inheritdoc/>
    public override IFileIO Files { get; } = new LocalFileIO();

    internal override bool NamesMetadata => false;

    /// <inheritdoc/>
    public override Task<Table?> TryLoadTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default)
    {
        var folder = FolderOf(identifier);
        return ReadTableAsync(identifier, _ => Task.FromResult(CurrentLocation(folder)), cancellationToken);
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<TableIdentifier> ListTablesAsync(
        string @namespace, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var folder = Path.Combine(_root, Checked(@namespace));
        if (!Directory.Exists(folder)) yield break;
        foreach (var table in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
            if (CurrentVersion(table) is not null) yield return new(@namespace, Path.GetFileName(table));
    }

    /// <summary>Deletes the folder of the table with all its files.</summary>
    /// <exception cref="IcebergException">The table does not exist.</exception>
    public override Task DropTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default)
    {
        var folder = FolderOf(identifier);
        if (CurrentVersion(folder) is null)
            throw new IcebergException(IcebergError.NotFound, $"There is no table '{identifier}'. Nothing was dropped.");
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task<Table> AddTableAsync(
        TableIdentifier identifier, TableMetadata metadata, CancellationToken cancellationToken)
    {
        var folder = FolderOf(identifier);
        if (metadata.Location != "file://" + folder || metadata.Properties.ContainsKey("write.metadata.path"))
        {
            throw IcebergException.Illegal(
                $"A folder catalog stores table '{identifier}' in {folder}. Remove the location, or the property write.metadata.path.");
        }

        var location = Location(folder, 1);
        var content = TableMetadataJson.Write(metadata);
        if (CurrentVersion(folder) is not null || !await Files.TryCreateAsync(location, content, cancellationToken).ConfigureAwait(false))
            throw new IcebergException(IcebergError.AlreadyExists, $"Table '{identifier}' already exists. It was not changed.");
        WriteHint(folder, 1);
        return new Table(identifier, metadata, location, Files, this);
    }

    /// <inheritdoc/>
    protected override async Task<CommitOutcome> MovePointerAsync(
        Table basis, string metadataLocation, TableMetadata next, CancellationToken cancellationToken)
    {
        var folder = LocalFileIO.PathOf(basis.Metadata.Location);
        var version = VersionOf(metadataLocation)!.Value;
        if (IsOutdated(folder, version)) return CommitOutcome.Conflict;
        if (!await Files.TryCreateAsync(metadataLocation, TableMetadataJson.Write(next), cancellationToken).ConfigureAwait(false))
            return CommitOutcome.Conflict;
        if (CurrentVersion(folder) is { } current && current > version)
            return await BehindAsync(basis, metadataLocation, next, cancellationToken).ConfigureAwait(false);
        WriteHint(folder, version);
        return CommitOutcome.Committed;
    }

    /// <summary>
    /// Decides about a new version that is behind the current one. Either other writers already committed on top of it, or its name was
    /// free only because they had deleted an older file of that name.
    /// </summary>
    private async Task<CommitOutcome> BehindAsync(
        Table basis, string metadataLocation, TableMetadata next, CancellationToken cancellationToken)
    {
        var now = (await basis.ReloadAsync(cancellationToken).ConfigureAwait(false)).Metadata;
        List<long> made = [.. next.Snapshots.Select(s => s.SnapshotId).Where(id => basis.Metadata.Find(id) is null)];
        var isBuiltOn = now.MetadataLog.Any(e => e.MetadataFile == metadataLocation)
            || (made.Count > 0 && made.TrueForAll(id => now.Find(id) is not null));
        if (isBuiltOn) return CommitOutcome.Committed;
        await Files.DeleteAsync([metadataLocation], CancellationToken.None).ConfigureAwait(false);
        return CommitOutcome.Conflict;
    }

    /// <inheritdoc/>
    protected override string NextMetadataLocation(Table? basis, TableMetadata next) =>
        Location(LocalFileIO.PathOf(next.Location), basis is null ? 1 : VersionOf(basis.MetadataLocation)!.Value + 1);

    /// <inheritdoc/>
    protected override Task<string> NewTableLocationAsync(TableIdentifier identifier, CancellationToken cancellationToken) =>
        Task.FromResult("file://" + FolderOf(identifier));

    /// <summary>Returns the newest version of a table; null when it does not exist. The hint only gives a minimum.</summary>
    private static int? CurrentVersion(string folder)
    {
        var metadata = Path.Combine(folder, "metadata");
        if (!Directory.Exists(metadata)) return null;
        if (HintOf(folder) is not { } version || !File.Exists(PathOf(folder, version)))
        {
            version = Directory.GetFiles(metadata, "v*" + Suffix).Select(VersionOf).Max() ?? 0;
            if (version == 0) return null;
        }

        while (File.Exists(PathOf(folder, version + 1))) version++;
        return version;
    }

    /// <summary>
    /// Returns whether another writer has already committed a version, even if its file was deleted since
    /// (<c>write.metadata.delete-after-commit.enabled</c>). Then the file of the version before, which is deleted earlier, is missing, or
    /// the hint has reached the version.
    /// </summary>
    private static bool IsOutdated(string folder, int version)
    {
        if (version > 1 && !File.Exists(PathOf(folder, version - 1))) return true;
        return HintOf(folder) is { } hint && hint >= version && File.Exists(PathOf(folder, hint));
    }

    private static int? HintOf(string folder)
    {
        var hint = Path.Combine(folder, "metadata", Hint);
        try
        {
            if (!File.Exists(hint)) return null;
            var text = File.ReadAllText(hint).Trim();
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
        }
        catch (IOException)
        {
            return null;   // another process is replacing the file; the version is found without it
        }
    }

    private static void WriteHint(string folder, int version)
    {
        var hint = Path.Combine(folder, "metadata", Hint);
        try
        {
            var temporary = $"{hint}.{Guid.NewGuid():N}";
            File.WriteAllText(temporary, version.ToString(CultureInfo.InvariantCulture), new UTF8Encoding(false));
            File.Move(temporary, hint, overwrite: true);
        }
        catch (IOException)
        {
            // Readers find the version from an older hint too.
        }
    }

    private static string PathOf(string folder, int version) =>
        string.Create(CultureInfo.InvariantCulture, $"{folder}/metadata/v{version}{Suffix}");

    private static string? CurrentLocation(string folder) => CurrentVersion(folder) is { } version ? Location(folder, version) : null;

    private static string Location(string folder, int version) => "file://" + PathOf(folder, version);

    private static int? VersionOf(string location)
    {
        var name = location[(location.LastIndexOf('/') + 1)..];
        if (!name.StartsWith('v') || !name.EndsWith(Suffix, StringComparison.Ordinal)) return null;
        var digits = name.AsSpan(1, name.Length - 1 - Suffix.Length);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
    }

    private string FolderOf(TableIdentifier identifier) =>
        Path.Combine(_root, Checked(identifier.Namespace), Checked(identifier.Name));

    private static string Checked(string name)
    {
        var isFolderName = name.Length > 0 && name is not ("." or "..") && name.IndexOfAny(['/', '\\', '\0']) < 0;
        return isFolderName ? name : throw new ArgumentException($"'{name}' cannot be the name of a folder.");
    }
}
