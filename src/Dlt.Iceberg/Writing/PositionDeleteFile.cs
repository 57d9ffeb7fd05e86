using System.Text;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// Writes position delete files: small Parquet files with a required string and a required long column, and the footer entries that Java
/// writes (docs/spec/iceberg.md 5.7).
/// </summary>
internal static class PositionDeleteFile
{
    public static void Write(string path, Schema schema, IReadOnlyList<object?[]> rows)
    {
        List<ParquetColumn> columns = [.. schema.Fields.Select(Column)];
        var buffers = columns.ConvertAll(c => c.Type.NewBuffer(c.Name));
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = 0; i < buffers.Count; i++)
            {
                if (buffers[i] is FixedBuffer<long> longs) longs.Append(row, (long)rows[row][i]!);
                else ((BytesBuffer)buffers[i]).Append(row, Encoding.UTF8.GetBytes((string)rows[row][i]!));
            }
        }

        using var writer = new ParquetFileWriter(path, new ParquetWriterOptions())
        {
            KeyValueMetadata = [new("delete-type", "position"), ParquetFile.SchemaKeyValue(schema)],
        };
        writer.WriteRowGroup(columns.Zip(buffers), rows.Count);
        writer.Complete(columns);
    }

    private static ParquetColumn Column(NestedField field)
    {
        var isText = field.Type is PrimitiveType { Kind: PrimitiveKind.String };
        var type = isText ? new ColumnType { DataType = DataType.Text } : new ColumnType { DataType = DataType.Bigint, IntegerBits = 64 };
        return new(field.Name, type, field.IsRequired, field.Id);
    }
}
