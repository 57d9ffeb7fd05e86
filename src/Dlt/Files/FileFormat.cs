namespace Dlt.Sources.Files;

/// <summary>What the name of a file says of its content: <c>a/b.csv.gz</c> is <c>csv</c>, compressed.</summary>
/// <param name="Name">The last ending, without the one of the compression, lower-cased; empty when there is none.</param>
/// <param name="IsCompressed">True for <c>.gz</c> and <c>.zst</c>.</param>
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
