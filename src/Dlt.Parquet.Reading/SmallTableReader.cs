using ParquetSharp;
using ParquetSharp.IO;

namespace Dlt.Parquet.Reading;

/// <summary>Reads whole files of few rows: the bookkeeping tables, whoever wrote them.</summary>
internal static class SmallTableReader
{
    /// <summary>Rows as values by column name; texts are strings, integers are longs, timestamps are DateTime in UTC.</summary>
    /// <param name="parquet">The file.</param>
    /// <param name="name">For messages.</param>
    /// <exception cref="DltException">Not a Parquet file.</exception>
    public static List<Dictionary<string, object?>> Read(byte[] parquet, string name)
    {
        try
        {
            using var buffer = new ManagedRandomAccessFile(new MemoryStream(parquet));
            using var reader = new ParquetFileReader(buffer);
            var rows = new List<Dictionary<string, object?>>();
            for (var group = 0; group < reader.FileMetaData.NumRowGroups; group++)
            {
                using var rowGroup = reader.RowGroup(group);
                var count = checked((int)rowGroup.MetaData.NumRows);
                var first = rows.Count;
                for (var i = 0; i < count; i++) rows.Add(new(StringComparer.Ordinal));
                for (var c = 0; c < rowGroup.MetaData.NumColumns; c++)
                {
                    using var column = rowGroup.Column(c);
                    var columnName = column.ColumnDescriptor.Name;
                    using var logical = column.LogicalReader();
                    var values = logical.Apply(new ReadAll(count));
                    for (var i = 0; i < values.Length; i++) rows[first + i][columnName] = values[i];
                }
            }

            return rows;
        }
        catch (ParquetException error)
        {
            throw new DltException($"{name} is not a readable Parquet file: {error.Message}", error);
        }
    }

    private sealed class ReadAll(int rows) : ILogicalColumnReaderVisitor<object?[]>
    {
        public object?[] OnLogicalColumnReader<TValue>(LogicalColumnReader<TValue> columnReader) =>
            [.. columnReader.ReadAll(rows).Select(v => (object?)v)];
    }
}
