namespace Dlt.Packages;

/// <summary>Formats of the job files of an extracted package, as in their names: <c>orders.f1a2b3.0.jsonl</c>.</summary>
internal static class SegmentFormat
{
    /// <summary>One item per line, UTF-8.</summary>
    public const string Lines = "jsonl";

    /// <summary>One list of items per line, in packages that Python dlt extracted.</summary>
    public const string ListLines = "typed-jsonl";

    /// <summary>Rows of items as consecutive Arrow IPC streams.</summary>
    public const string Items = "items";

    /// <summary>Parts of an Arrow table as consecutive Arrow IPC streams.</summary>
    public const string Arrow = "arrow";

    /// <summary>A reference to an external file, or to a file in the package (<see cref="Packages.FileReference"/>).</summary>
    public const string Reference = "reference";
}
