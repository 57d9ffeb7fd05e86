using Apache.Arrow;

namespace Dlt.Batches;

/// <summary>Items that come as columns: each row is one item, with the keys, names and types that it would get as JSON.</summary>
/// <param name="Rows">The rows; structs are nested objects, lists are nested lists.</param>
/// <param name="IsOwned">True when the batch can be disposed once it is written.</param>
internal sealed record ItemBatch(RecordBatch Rows, bool IsOwned = false);
