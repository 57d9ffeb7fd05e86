using System.Text;

namespace Dlt.Sources.Files;

/// <summary>A file to load: where its bytes lie, and what its user calls it.</summary>
/// <param name="Path">The file that is read.</param>
internal sealed record InputFile(string Path)
{
    /// <summary>What errors and rejects call it: its path, or <c>-</c> for standard input.</summary>
    public string Name { get; init; } = Path;

    /// <summary>True for a copy that belongs to the run, such as what a pipe delivered: extract moves it into the package.</summary>
    public bool IsCopy { get; init; }

    /// <summary>The encoding of its text; null for UTF-8.</summary>
    public Encoding? Encoding { get; init; }
}
