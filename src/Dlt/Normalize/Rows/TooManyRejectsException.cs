namespace Dlt.Normalize.Rows;

/// <summary>
/// Thrown when more rows were rejected than the limit allows. The same data causes it again, so its package is given up if the source still
/// has the data.
/// </summary>
internal sealed class TooManyRejectsException(string message) : SchemaException(message);
