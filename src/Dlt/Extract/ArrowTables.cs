using Apache.Arrow;
using Dlt.Batches;
using Dlt.Schemas;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Extract;

/// <summary>Adds the columns of Arrow tables to the schema during extraction (docs/spec/pipeline.md 4.9, 7.5).</summary>
internal static class ArrowTables
{
    /// <summary>
    /// Returns the columns of a batch with normalized names and their index in the batch. Columns of the null type are left out.
    /// </summary>
    /// <exception cref="DltException">Two columns have the same normalized name, or a type cannot be loaded.</exception>
    public static List<(int Index, ColumnSchema Column)> Columns(
        RecordBatch batch, Resource resource, Schema schema, DestinationCapabilities capabilities)
    {
        var columns = new List<(int Index, ColumnSchema Column)>();
        for (var i = 0; i < batch.ColumnCount; i++)
        {
            var field = batch.Schema.GetFieldByIndex(i);
            if (ArrowTypes.IsNull(field.DataType)) continue;
            var column = ArrowTypes.Column(field, schema.NormalizeIdentifier(field.Name), resource.Name, capabilities);
            if (columns.FindIndex(c => c.Column.Name == column.Name) is >= 0 and var other)
            {
                throw new SchemaException(
                    $"Columns '{batch.Schema.GetFieldByIndex(columns[other].Index).Name}' and '{field.Name}' of resource "
                    + $"'{resource.Name}' would both be named '{column.Name}'. Nothing of this run was loaded, and the state is as "
                    + "before. Rename one of them.")
                { Column = column.Name };
            }

            columns.Add((i, column));
        }

        return columns;
    }

    /// <summary>
    /// Applies the column contract of an existing table: a new column throws in mode freeze; otherwise the column, or the rows that have a
    /// value in it, are left out.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="columns">Columns of the batch. Columns that the contract discards are removed from the list.</param>
    /// <param name="table">The stored table.</param>
    /// <param name="mode">Contract mode for new columns.</param>
    /// <param name="schema">Schema, for error messages.</param>
    /// <exception cref="SchemaContractException">The contract freezes columns, and the batch has a new one.</exception>
    public static RecordBatch ApplyContract(
        RecordBatch batch, List<(int Index, ColumnSchema Column)> columns, TableSchema table, ContractMode mode, Schema schema)
    {
        var dropped = mode == ContractMode.Evolve
            ? []
            : columns.Where(c => !table.TryGetColumn(c.Column.Name, out var known) || !known.IsComplete).ToList();
        if (dropped.Count == 0) return batch;
        if (mode == ContractMode.Freeze)
        {
            throw new SchemaContractException(
                $"Column '{table.Name}.{dropped[0].Column.Name}' is new, and the contract of schema '{schema.Name}' freezes columns. "
                + "Nothing of this run was loaded, and the state is as before. "
                + "Change the data, or set the contract to evolve, discard_row or discard_value.", "columns")
            { Table = table.Name, Column = dropped[0].Column.Name };
        }

        columns.RemoveAll(dropped.Contains);
        if (mode == ContractMode.DiscardValue) return batch;
        var rows = Enumerable.Range(0, batch.Length);
        return BatchRows.Take(batch, [.. rows.Where(row => dropped.TrueForAll(c => batch.Column(c.Index).IsNull(row)))]);
    }
}
