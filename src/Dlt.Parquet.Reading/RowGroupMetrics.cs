using System.Buffers.Binary;
using Dlt.Iceberg;
using ParquetSharp;

namespace Dlt.Parquet.Reading;

/// <summary>Reads statistics of each row group from a footer, in the form of a manifest's metrics of a file.</summary>
internal static class RowGroupMetrics
{
    /// <summary>Returns for each row group whether one of its rows may match the filter.</summary>
    /// <param name="file">Reader of the file.</param>
    /// <param name="request">Request with the filter.</param>
    public static bool[] MayMatch(ParquetFileReader file, DataFileRequest request)
    {
        var columns = Columns(file.FileMetaData.Schema, request.Schema);
        var may = new bool[file.FileMetaData.NumRowGroups];
        for (var group = 0; group < may.Length; group++)
        {
            using var reader = file.RowGroup(group);
            may[group] = request.MayMatch(Of(reader.MetaData, columns));
        }

        return may;
    }

    /// <summary>
    /// Returns the leaf columns with a field id that are outside of lists and maps; other leaves have no usable statistics.
    /// </summary>
    private static List<(int Leaf, int Id, PrimitiveType Type, ColumnDescriptor Column)> Columns(
        SchemaDescriptor file, Dlt.Iceberg.Schema schema)
    {
        var columns = new List<(int, int, PrimitiveType, ColumnDescriptor)>();
        for (var leaf = 0; leaf < file.NumColumns; leaf++)
        {
            var column = file.Column(leaf);
            using var node = column.SchemaNode;
            if (node.FieldId >= 0 && column.MaxRepetitionLevel == 0 && schema.Find(node.FieldId)?.Type is PrimitiveType type)
                columns.Add((leaf, node.FieldId, type, column));
        }

        return columns;
    }

    private static ColumnMetrics Of(RowGroupMetaData group, List<(int Leaf, int Id, PrimitiveType Type, ColumnDescriptor Column)> columns)
    {
        Dictionary<int, long> values = [], nulls = [];
        Dictionary<int, byte[]> lower = [], upper = [];
        foreach (var (leaf, id, type, column) in columns)
        {
            using var chunk = group.GetColumnChunkMetaData(leaf);
            values[id] = chunk.NumValues;
            if (!chunk.IsStatsSet) continue;
            using var statistics = chunk.Statistics;
            if (statistics is null) continue;
            // A count that the file does not state is 0 here as well.
            if (statistics.NullCount > 0 || column.MaxDefinitionLevel == 0) nulls[id] = statistics.NullCount;
            if (!statistics.HasMinMax || Bytes(statistics, column, type, isMin: true) is not { } min
                || Bytes(statistics, column, type, isMin: false) is not { } max) continue;
            (lower[id], upper[id]) = (min, max);
        }

        return new()
        {
            RecordCount = group.NumRows,
            ValueCounts = values,
            NullValueCounts = nulls,
            LowerBounds = lower,
            UpperBounds = upper,
        };
    }

    /// <summary>Returns a bound in the form of manifests; null when the column's values have another unit or order than the type.</summary>
    private static byte[]? Bytes(Statistics statistics, ColumnDescriptor column, PrimitiveType type, bool isMin)
    {
        using var logical = column.LogicalType;
        var isNumber = logical is NoneLogicalType or IntLogicalType { IsSigned: true };
        switch (statistics)
        {
            case Statistics<bool> bools: return [(isMin ? bools.Min : bools.Max) ? (byte)1 : (byte)0];
            case Statistics<int> ints:
                var small = isMin ? ints.Min : ints.Max;
                if (logical is DecimalLogicalType decimals) return Decimal(type, decimals, small);
                return isNumber && type.Kind is PrimitiveKind.Int or PrimitiveKind.Long || logical is DateLogicalType
                    ? Bytes(4, b => BinaryPrimitives.WriteInt32LittleEndian(b, small)) : null;
            case Statistics<long> longs:
                var large = isMin ? longs.Min : longs.Max;
                if (logical is DecimalLogicalType precise) return Decimal(type, precise, large);
                var unit = type.Kind switch
                {
                    PrimitiveKind.Time or PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz => ParquetSharp.TimeUnit.Micros,
                    PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs => ParquetSharp.TimeUnit.Nanos,
                    _ => ParquetSharp.TimeUnit.Unknown,
                };
                var fits = logical switch
                {
                    TimestampLogicalType timestamp => timestamp.TimeUnit == unit,
                    TimeLogicalType time => time.TimeUnit == unit,
                    _ => isNumber && type.Kind == PrimitiveKind.Long,
                };
                return fits ? Bytes(8, b => BinaryPrimitives.WriteInt64LittleEndian(b, large)) : null;
            case Statistics<float> floats:
                return Bytes(4, b => BinaryPrimitives.WriteSingleLittleEndian(b, isMin ? floats.Min : floats.Max));
            case Statistics<double> doubles:
                return Bytes(8, b => BinaryPrimitives.WriteDoubleLittleEndian(b, isMin ? doubles.Min : doubles.Max));
            case Statistics<ByteArray> texts when type.Kind is PrimitiveKind.String or PrimitiveKind.Binary
                && logical is not DecimalLogicalType:
                return Bytes(isMin ? texts.Min : texts.Max);
            default: return null;
        }
    }

    private static byte[]? Decimal(PrimitiveType type, DecimalLogicalType column, long unscaled) =>
        type.Kind == PrimitiveKind.Decimal && column.Scale == type.Scale ? SingleValue.Encode(type, (Int128)unscaled) : null;

    private static unsafe byte[] Bytes(ByteArray value) => new ReadOnlySpan<byte>((void*)value.Pointer, value.Length).ToArray();

    private static byte[] Bytes(int length, Action<byte[]> write)
    {
        var bytes = new byte[length];
        write(bytes);
        return bytes;
    }
}
