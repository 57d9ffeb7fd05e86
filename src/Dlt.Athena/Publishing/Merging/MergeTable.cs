using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>A table of a chain that is merged: its staged rows, and its columns by their hints.</summary>
/// <param name="table">The table as the schema declares it.</param>
/// <param name="load">The table of the load.</param>
/// <param name="files">The staged data files.</param>
/// <param name="rowKeys">An empty set, which is disposed with the table.</param>
internal sealed class MergeTable(TableSchema table, IcebergTableLoad load, IReadOnlyList<DataFile> files, KeySet rowKeys) : IDisposable
{
    /// <summary>The table as the schema declares it.</summary>
    public TableSchema Declared => table;

    /// <summary>The table of the load.</summary>
    public IcebergTableLoad Load => load;

    /// <summary>The stored table as it was prepared.</summary>
    public IcebergTable Stored => load.Stored;

    /// <summary>The staged rows.</summary>
    public StagedRows Rows { get; } = new(load.Stored, files);

    /// <summary>Hashes of the row keys of the staged rows that are added; filled when the rows are selected.</summary>
    public KeySet RowKeys => rowKeys;

    /// <summary>Compares staged rows with stored ones by the row key; null when equal rows are written again.</summary>
    public UnchangedRows? Unchanged { get; set; }

    /// <summary>The column that identifies a row (<see cref="RowOwner.RowKeyOf"/>).</summary>
    /// <exception cref="SchemaException">The table has no such column.</exception>
    public KeyColumns RowKey => RowOwner.RowKeyOf(table) is { } key ? new([FieldOf(key)])
        : throw new SchemaException(
            $"Table '{table.Name}' has no column that identifies its rows: none has the hint row_key or unique, and the primary key is not "
            + "one column. Nothing of the table was changed. Let dlt add its row ids (Arrow tables: add_dlt_id), or declare a "
            + "column unique.")
        { Table = table.Name };

    /// <summary>The column with the id of the root row; null when the table has none.</summary>
    public KeyColumns? RootKey => Columns("root_key", 1);

    /// <summary>The column with the id of the parent row; null when the table has none.</summary>
    public KeyColumns? ParentKey => Columns("parent_key", 1);

    public void Dispose() => rowKeys.Dispose();

    /// <summary>Finds the columns with a hint.</summary>
    /// <param name="hint">Name of the hint.</param>
    /// <param name="most">Number of columns to take.</param>
    /// <returns>Null when no column has the hint.</returns>
    public KeyColumns? Columns(string hint, int most = int.MaxValue)
    {
        var found = table.CompleteColumns.Where(c => c.Has(hint)).ToList();
        if (found.Count == 0) return null;
        return new([.. found.Take(most).Select(FieldOf)]);
    }

    /// <summary>The stored field of a column.</summary>
    public NestedField FieldOf(ColumnSchema column) =>
        IcebergTableCheck.FieldOf(Stored.Metadata.CurrentSchema, column, table, Stored)
        ?? throw new InvalidOperationException($"Column '{table.Name}.{column.Name}' was not prepared.");

    /// <summary>The stored field of the column with a name.</summary>
    public NestedField FieldOf(string column) => FieldOf(table.CompleteColumns.First(c => c.Name == column));
}
