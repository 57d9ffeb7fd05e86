using System.Text;

namespace Dlt.Files;

/// <summary>A file to load: its path, and the name that its user knows.</summary>
/// <param name="Path">Path of the file that is read.</param>
internal sealed record InputFile(string Path)
{
    /// <summary>Name for error messages and rejected records: the path, or <c>-</c> for standard input.</summary>
    public string Name { get; init; } = Path;

    /// <summary>True for a temporary copy of the run, such as the content of a pipe. Extraction moves it into the package.</summary>
    public bool IsCopy { get; init; }

    /// <summary>Encoding of the text; null for UTF-8.</summary>
    public Encoding? Encoding { get; init; }
}
