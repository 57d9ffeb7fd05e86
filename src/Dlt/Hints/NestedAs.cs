namespace Dlt;

/// <summary>
/// Specifies how nested objects and lists are stored. Single columns may differ (<see cref="Column.Nested(string, bool?)"/>,
/// <see cref="Column.Json"/>).
/// </summary>
public enum NestedAs
{
    /// <summary>
    /// Objects are flattened into columns, and lists become child tables with keys to their parent rows, as in Python dlt.
    /// </summary>
    Tables,

    /// <summary>Objects and lists are stored as native struct and list columns, with the types of their values.</summary>
    Columns,

    /// <summary>Objects and lists are stored as JSON text.</summary>
    Json,
}
