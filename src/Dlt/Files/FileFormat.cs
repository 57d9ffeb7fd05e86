namespace Dlt.Files;

/// <summary>Format of a file according to its name: <c>a/b.csv.gz</c> is compressed <c>csv</c>.</summary>
/// <param name="Name">Last extension in lower case, without the one of the compression; empty when there is none.</param>
/// <param name="IsCompressed">True for the extensions <c>.gz</c> and <c>.zst</c>.</param>
internal readonly record struct FileFormat(string Name, bool IsCompressed)
{
    public static FileFormat Of(string path)
    {
        var name = Path.GetFileName(path);
        if (name.LastIndexOf('.') <= 0) return default(FileFormat) with { Name = "" };
        var ending = Path.GetExtension(name)[1..].ToLowerInvariant();
        return ending is "gz" or "zst" ? new(Of(Path.GetFileNameWithoutExtension(name)).Name, true) : new(ending, false);
    }
}
