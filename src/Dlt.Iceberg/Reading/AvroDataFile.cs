using System.Runtime.CompilerServices;
using Dlt.Iceberg.Avro;

namespace Dlt.Iceberg;

/// <summary>Reads rows of Avro data and delete files.</summary>
internal static class AvroDataFile
{
    private const int BatchRows = 4096;

    public static async IAsyncEnumerable<DataFileBatch> ReadAsync(byte[] content, DataFileRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var file = new AvroFile(content, request.Location);
        var batch = new List<object?[]>(BatchRows);
        foreach (var record in file.Records())
        {
            cancellationToken.ThrowIfCancellationRequested();
            batch.Add(Row(request.Schema.Struct, record, request));
            if (batch.Count < BatchRows) continue;
            yield return new(batch.Count, batch);
            batch = new(BatchRows);
        }

        if (batch.Count > 0) yield return new(batch.Count, batch);
    }

    private static object?[] Row(StructType type, AvroRecord record, DataFileRequest request)
    {
        var row = new object?[type.Fields.Length];
        for (var i = 0; i < row.Length; i++)
        {
            var field = type.Fields[i];
            var at = record.Type.IndexOf(field.Id);
            row[i] = at < 0 ? MissingFields.ValueOf(field, request) : Value(field.Type, record.Values[at], request);
        }

        return row;
    }

    private static object? Value(IcebergType type, object? value, DataFileRequest request)
    {
        switch (type, value)
        {
            case (_, null): return null;
            case (StructType structure, AvroRecord record): return Row(structure, record, request);
            case (ListType list, List<object?> items): return items.Select(i => Value(list.Element, i, request)).ToList();
            case (MapType map, List<KeyValuePair<object?, object?>> pairs):
                return pairs.Select(p => KeyValuePair.Create(Value(map.Key, p.Key, request), Value(map.Value, p.Value, request))).ToList();
            case (PrimitiveType primitive, _) when Promotion.TryTo(primitive, value, out var result): return result;
            default: throw IcebergException.Corrupt(request.Location, $"a value of {type} has the type {value!.GetType().Name}");
        }
    }
}
