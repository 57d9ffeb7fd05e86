using Apache.Arrow;

namespace Dlt.Batches;

/// <summary>Items that come as columns: each row is one item, with the keys, names and types that it would get as JSON.</summary>
/// <param name="Rows">The rows; structs are nested objects, lists are nested lists.</param>
/// <param name="IsOwned">True when the batch can be disposed once it is written.</param>
internal sealed record ItemBatch(RecordBatch Rows, bool IsOwned = false)
{
    /// <summary>A batch of these columns.</summary>
    public static ItemBatch Of(IReadOnlyList<(Field Field, IArrowArray Array)> columns, int rows) => new(new RecordBatch(new Schema(columns.Select(c => c.Field), null), columns.Select(c => c.Array), rows));
}
