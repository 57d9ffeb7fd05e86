using System.Globalization;
using Dlt.Columns;
using Dlt.Hashing;
using Dlt.Normalize.Rows;
using Dlt.Packages;
using Dlt.Parquet;
using Dlt.Schemas;

namespace Dlt.Normalize.Files;

/// <summary>Parquet job files of one table: row groups are written as buffers fill, files roll at their target size.</summary>
internal sealed class TableFiles(LoadPackage package, Schema schema, string table, DestinationCapabilities capabilities, ParquetWriterOptions options) : IDisposable
{
    private ParquetFileWriter? _file;
    private string _path = "";

    /// <summary>Writes the buffered rows as one row group and empties the buffers.</summary>
    public void WriteRowGroup(TableBuffer buffer)
    {
        if (buffer.Rows == 0) return;
        var columns = Columns().ToDictionary(c => c.Name, StringComparer.Ordinal);
        var chunks = new List<(ParquetColumn Column, ColumnBuffer Buffer)>();
        foreach (var column in buffer.Columns)
        {
            if (!columns.TryGetValue(column.Schema.Name, out var described)) continue;
            if (column.Buffer is ConstantBuffer constant) constant.CoverTo(buffer.Rows);
            column.Buffer.FillTo(buffer.Rows);
            if (described.IsRequired && column.Buffer.NullCount > 0) throw NullInRequired(described.Name);
            if (described.IsRequired && _file is { } open && open.LacksColumn(described.Name)) Close();
            chunks.Add((described, column.Buffer));
        }

        if (columns.Values.FirstOrDefault(c => c.IsRequired && chunks.All(k => k.Column.Name != c.Name)) is { } missing) throw NullInRequired(missing.Name);
        Open().WriteRowGroup(chunks, buffer.Rows);
        buffer.Clear();
        if (_file!.Length >= options.TargetFileSizeBytes || (options.MaxFileRows is { } max && _file.Rows >= max)) Close();
    }

    /// <summary>Makes sure that there is a file, if only one without rows: it tells the load to empty a replaced table.</summary>
    public void EnsureFile()
    {
        if (_path.Length == 0) Open();
    }

    /// <summary>Completes the file at hand.</summary>
    public void Close()
    {
        if (_file is null) return;
        _file.Complete([.. Columns()]);
        _file = null;
    }

    public void Dispose() => _file?.Dispose();

    private IEnumerable<ParquetColumn> Columns() => schema.Table(table).CompleteColumns
        .Select(c => new ParquetColumn(c.Name, ColumnType.Of(c, capabilities), !c.IsNullable));

    private ParquetFileWriter Open()
    {
        if (_file is not null) return _file;
        var job = new JobFileName(JobTables.Component(table), DltHash.NewFileId(), 0, "parquet");
        _path = package.PathOf(PackageFolders.NewJobs, job.FileName);
        return _file = new ParquetFileWriter(_path, options);
    }

    private SchemaException NullInRequired(string column) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"Column '{table}.{column}' is declared not nullable, but rows came without it. Nothing of the package was loaded; it waits in the working folder. Fill the field in the resource, or declare the column nullable."))
    { Table = table, Column = column };
}
