using System.Globalization;
using System.Text;

namespace Dlt.Iceberg;

/// <summary>
/// Versions of a table in a folder: metadata files <c>vN.metadata.json</c>, compressed ones <c>vN.gz.metadata.json</c>, and a hint at the
/// newest version (docs/spec/iceberg.md 2.6, 8.3).
/// </summary>
/// <param name="folder">Path of the table's folder.</param>
internal sealed class FolderVersions(string folder)
{
    private const string Hint = "version-hint.text";

    private readonly string _metadata = Path.Combine(folder, "metadata");

    /// <summary>Returns the newest version of the table; null when it does not exist. The hint only gives a minimum.</summary>
    public int? Current()
    {
        if (!Directory.Exists(_metadata)) return null;
        if (HintOf() is not { } version || !Has(version))
        {
            version = Directory.GetFiles(_metadata, "v*.metadata.json*").Select(VersionOf).Max() ?? 0;
            if (version == 0) return null;
        }

        while (Has(version + 1)) version++;
        return version;
    }

    /// <summary>
    /// Returns the location of the newest metadata file; null when the table does not exist. Another writer may have deleted the file
    /// since.
    /// </summary>
    public string? CurrentLocation() =>
        Current() is { } version ? TryFind(version) ?? Location(version, TableMetadataJson.Suffixes[0]) : null;

    /// <summary>
    /// Returns the location of the metadata file after a version. The metadata of that version decides whether the file is compressed: all
    /// writers that continue it then choose the same name, and only one of them can create the file.
    /// </summary>
    /// <param name="basis">The version before; null for a new table, whose first file is never compressed.</param>
    public string Next(Table? basis) => basis is null
        ? Location(1, TableMetadataJson.Suffixes[0])
        : Location(VersionOf(basis.MetadataLocation)!.Value + 1, TableMetadataJson.SuffixOf(basis.Metadata));

    /// <summary>
    /// Returns whether another writer has already committed a version, even if its file was deleted since
    /// (<c>write.metadata.delete-after-commit.enabled</c>). Then the file of the version before, which is deleted earlier, is missing, or
    /// the hint has reached the version.
    /// </summary>
    public bool IsOutdated(int version)
    {
        if (Has(version) || (version > 1 && !Has(version - 1))) return true;
        return HintOf() is { } hint && hint >= version && Has(hint);
    }

    /// <summary>Writes the hint. A failure is ignored, because readers find the version from an older hint too.</summary>
    public void WriteHint(int version)
    {
        var hint = Path.Combine(_metadata, Hint);
        try
        {
            var temporary = $"{hint}.{Guid.NewGuid():N}";
            File.WriteAllText(temporary, version.ToString(CultureInfo.InvariantCulture), new UTF8Encoding(false));
            File.Move(temporary, hint, overwrite: true);
        }
        catch (IOException)
        {
            // The older hint stays.
        }
    }

    /// <summary>Returns the version of a metadata file; null when its name is not one of a table in a folder.</summary>
    public static int? VersionOf(string location)
    {
        var name = location[(location.LastIndexOf('/') + 1)..];
        if (!name.StartsWith('v') || TableMetadataJson.SuffixOf(name) is not { } suffix) return null;
        var digits = name.AsSpan(1, name.Length - 1 - suffix.Length);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
    }

    private bool Has(int version) => TryFind(version) is not null;

    private string? TryFind(int version)
    {
        foreach (var suffix in TableMetadataJson.Suffixes)
            if (File.Exists(LocalFileIO.PathOf(Location(version, suffix)))) return Location(version, suffix);
        return null;
    }

    private int? HintOf()
    {
        var hint = Path.Combine(_metadata, Hint);
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

    private string Location(int version, string suffix) =>
        string.Create(CultureInfo.InvariantCulture, $"file://{folder}/metadata/v{version}{suffix}");
}
