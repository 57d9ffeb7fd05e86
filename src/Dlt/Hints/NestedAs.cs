namespace Dlt;

/// <summary>
/// What becomes of nested objects and lists; single columns may differ (<see cref="Column.Nested(string, bool)"/>,
/// <see cref="Column.Json"/>).
/// </summary>
public enum NestedAs
{
    /// <summary>Objects become columns, lists tables of their own with keys to their rows: what dlt does.</summary>
    Tables,

    /// <summary>Native struct and list columns, with the types that the values have.</summary>
    Columns,

    /// <summary>Columns of JSON text.</summary>
    Json,
}
