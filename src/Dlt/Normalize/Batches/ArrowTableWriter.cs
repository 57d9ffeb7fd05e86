using Apache.Arrow;
using Dlt.Batches.Values;
using Dlt.Batches;
using Dlt.Hashing;
using Dlt.Items;
using Dlt.Normalize.Rows;
using Dlt.Parquet;
using Dlt.Schemas;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Normalize.Batches;

/// <summary>
/// Copies Arrow tables into column buffers, column by column. Extract has already added their columns to the schema. A batch with a value
/// that its column cannot hold is written row by row, so the value goes to a variant column.
/// </summary>
internal sealed class ArrowTableWriter(
    Schema schema, DestinationCapabilities capabilities, RowWriter rows, NormalizeKeys keys, IRowIdSource ids, ArrowKeys added)
{
    public void Add(RecordBatch batch, string table)
    {
        var known = schema.Table(table);
        var fields = Enumerable.Range(0, batch.ColumnCount)
            .Select(i => (Field: batch.Schema.GetFieldByIndex(i), Values: ArrowValues.Of(batch.Column(i))))
            .ToList();
        var columns = new List<(ColumnSchema Column, ColumnType Type, ArrowValues Values)>();
        var names = new List<string>();
        foreach (var (field, values) in fields)
        {
            var name = schema.NormalizeIdentifier(field.Name);
            names.Add(name);
            if (!known.TryGetColumn(name, out var column) || !column.IsComplete) continue;
            var type = ArrowTypes.FileType(FileColumnTypes.Of(column, capabilities), field.DataType);
            if (values.Fits(type, 0) && (column.IsNullable || values.HasNoNulls)) columns.Add((column, type, values));
        }

        var buffer = rows.Buffer(known, RowOrigin.ArrowTable);
        var first = buffer.Rows;
        if (columns.Count == fields.Count)
        {
            buffer.AddRows(batch.Length);
            foreach (var (column, type, values) in columns) values.Copy(new(type, Column(buffer, column, type).Buffer), first, 0);
        }
        else
        {
            for (var row = 0; row < batch.Length; row++)
            {
                var at = row;
                var values = names.Zip(fields, (name, field) => KeyValuePair.Create(name, field.Values.ToJson(at)));
                rows.Write(new(table, null, [.. values], RowOrigin.ArrowTable));
            }
        }

        AddKeys(schema.Table(table), buffer, first, names);
    }

    private TableColumn Column(TableBuffer buffer, ColumnSchema column, ColumnType type) =>
        buffer.TryGetColumn(column.Name, out var known) && known!.Type == type ? known : buffer.AddColumn(column, capabilities, type);

    private void AddKeys(TableSchema table, TableBuffer buffer, int first, List<string> names)
    {
        if (added.LoadId && table.TryGetColumn(keys.LoadIdColumn, out var loadId)) rows.Column(buffer, loadId);
        if (!added.RowId || names.Contains(keys.RowIdColumn) || !table.TryGetColumn(keys.RowIdColumn, out var rowId)) return;
        var column = (BytesBuffer)rows.Column(buffer, rowId).Buffer;
        Span<byte> id = stackalloc byte[DltHash.RowIdChars];
        for (var row = first; row < buffer.Rows; row++)
        {
            ids.Next(id);
            column.Append(row, id);
        }
    }
}
