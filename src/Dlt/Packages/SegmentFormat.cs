namespace Dlt.Packages;

/// <summary>The forms of the job files of an extracted package, as their names say them: <c>orders.f1a2b3.0.jsonl</c>.</summary>
internal static class SegmentFormat
{
    /// <summary>One item a line, UTF-8.</summary>
    public const string Lines = "jsonl";

    /// <summary>A list of items a line: packages that Python's dlt extracted.</summary>
    public const string ListLines = "typed-jsonl";

    /// <summary>Rows of items as Arrow IPC streams one behind another.</summary>
    public const string Items = "items";

    /// <summary>Parts of an Arrow table as Arrow IPC streams one behind another.</summary>
    public const string Arrow = "arrow";

    /// <summary>A file elsewhere, or in the package (<see cref="Extract.FileReference"/>).</summary>
    public const string Reference = "reference";
}
