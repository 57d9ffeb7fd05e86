using System.Collections.Immutable;
using Dlt.Sources.Files.Formats;

namespace Dlt;

/// <summary>
/// Format of an input file, which may be compressed with gzip or zstd: its name, how a file of it is recognized, and how it is read.
/// </summary>
public abstract class InputFormat
{
    private protected InputFormat()
    {
    }

    /// <summary>All formats, in the order in which a file is compared with them. A new format is a class, registered here.</summary>
    public static ImmutableArray<InputFormat> All { get; } = [new JsonFormat(), new CsvFormat(), new ParquetFormat(), new ArrowFormat()];

    /// <summary>The short name in lower case: <c>json</c>, <c>csv</c>, <c>parquet</c>, <c>arrow</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The name of the format in a sentence, with the forms of its files where there are several.</summary>
    public virtual string Description => Title;

    /// <summary>True for text, which has an encoding; false for a format whose files begin with fixed bytes.</summary>
    public abstract bool IsText { get; }

    /// <summary>The name of the format in a sentence.</summary>
    internal abstract string Title { get; }

    /// <summary>Endings of file names, in lower case and without a dot.</summary>
    internal abstract IReadOnlyList<string> Endings { get; }

    /// <summary>True if a file that is compressed as a whole is read from its beginning to its end, so it is not unpacked first.</summary>
    internal virtual bool ReadsCompressed => IsText;

    /// <summary>Method of <see cref="FileResource"/> that reads this format alone; null if there is none.</summary>
    internal virtual string? Method => null;

    /// <summary>Finds a format by its name.</summary>
    /// <param name="name">A <see cref="Name"/> in any case.</param>
    /// <exception cref="ArgumentException">No format has this name.</exception>
    public static InputFormat Named(string name) =>
        All.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"There is no input format '{name}'. Name one of {AnyOf(All.Select(f => f.Name))}.",
                nameof(name));

    /// <summary>Returns the name of the format in a sentence.</summary>
    public override string ToString() => Title;

    /// <summary>True if a binary file begins like this format.</summary>
    /// <param name="head">First bytes of the file, decompressed.</param>
    internal virtual bool HasMagic(ReadOnlySpan<byte> head) => false;

    /// <summary>Compares a text with this format.</summary>
    /// <param name="text">Beginning of the file.</param>
    /// <param name="isWhole">True if that is the whole file.</param>
    internal virtual Likeness Compare(string text, bool isWhole) => Likeness.None;

    /// <summary>True if the options have some that only this format takes, so a file that is not binary has this format.</summary>
    internal virtual bool IsImpliedBy(FileReadingOptions options) => false;

    /// <summary>Joins words to an enumeration: <c>a, b or c</c>.</summary>
    internal static string AnyOf(IEnumerable<string> words) => Enumeration(words, "or");

    /// <summary>Joins words to an enumeration: <c>a, b and c</c>.</summary>
    internal static string AllOf(IEnumerable<string> words) => Enumeration(words, "and");

    private static string Enumeration(IEnumerable<string> words, string conjunction) =>
        words.ToArray() is [.. var first and not [], var last] ? $"{string.Join(", ", first)} {conjunction} {last}" : string.Concat(words);
}
