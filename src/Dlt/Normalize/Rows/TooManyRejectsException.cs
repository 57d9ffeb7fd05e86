using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>
/// More rows were rejected than may be. The same data gives it again, so its package is given up where the data is elsewhere too.
/// </summary>
internal sealed class TooManyRejectsException(string message) : SchemaException(message);
