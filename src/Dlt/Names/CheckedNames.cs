using Dlt.Batches;
using Dlt.Items;
using Dlt.Schemas;

namespace Dlt.Names;

/// <summary>
/// Checks the names of batches, once for each table and set of columns, because most batches of a table have the same columns.
/// </summary>
/// <param name="schema">Schema that normalizes names.</param>
/// <param name="capabilities">Capabilities of the destination, which limit nesting.</param>
/// <param name="keepRejects">True when rows without a required value are rejected one by one.</param>
internal sealed class CheckedNames(Schema schema, DestinationCapabilities capabilities, bool keepRejects)
{
    private readonly Dictionary<(string Table, BatchNames Names), HashSet<Apache.Arrow.Schema>> _checked = [];
    private readonly NestingRules _nesting = new(schema, capabilities);
    private FormerNames? _former;

    /// <inheritdoc cref="KnownNames.Check(ItemBatch, string)"/>
    /// <param name="batch">Batch to check.</param>
    /// <param name="table">Normalized name of the batch's table.</param>
    /// <param name="resource">Name of the resource, for error messages.</param>
    public void Check(ItemBatch batch, string table, string resource)
    {
        if (batch.Names == BatchNames.Keys) return;
        if (!_checked.TryGetValue((table, batch.Names), out var known)) _checked[(table, batch.Names)] = known = new(BatchColumns.Comparer);
        if (known.Contains(batch.Rows.Schema)) return;
        _former ??= new(schema);
        new KnownNames(schema, _nesting, _former, batch.File ?? $"'{resource}'").Check(batch, table);
        if (!keepRejects) RequiredColumns.Check(batch, schema.Table(table), schema, _former, resource);
        known.Add(batch.Rows.Schema);
    }
}
