using System.Data.Common;
using System.Runtime.CompilerServices;
using Dlt.Batches.Building;
using Dlt.Extract;
using Dlt.Json;

namespace Dlt.Sources.Sql;

/// <summary>The rows of a data reader as batches of items, without an object or a text a row.</summary>
internal sealed class ReaderRows(DbDataReader reader)
{
    private readonly string[] _names = [.. Enumerable.Range(0, reader.FieldCount).Select(i => NameOf(reader, i))];
    private readonly object?[] _values = new object?[reader.FieldCount];
    private readonly SqliteRow? _sqlite = SqliteRow.Of(reader);

    /// <summary>Batches; rows with a value that no column takes (a list, a database's own type) come as objects between them.</summary>
    public async IAsyncEnumerable<object?> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batch = new BatchBuilder(_names);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!TryAddTo(batch))
            {
                // Another type than before, as in SQLite: the next batch has other columns.
                if (batch.Rows > 0) yield return batch.Take();
                if (!TryAddTo(batch)) yield return AsObject();
            }

            if (batch.IsFull) yield return batch.Take();
        }

        if (batch.Rows > 0) yield return batch.Take();
    }

    private bool TryAddTo(BatchBuilder batch)
    {
        if (_sqlite is not null) return _sqlite.TryAddTo(batch);
        ReadValues();
        return batch.TryAdd(_values);
    }

    private JsonValue AsObject()
    {
        ReadValues();
        return JsonValue.Object(_names.Zip(_values, (name, value) => KeyValuePair.Create(name, ItemWriter.ToJson(value is DBNull ? null : value) ?? JsonValue.Null)));
    }

    private void ReadValues()
    {
        reader.GetValues(_values!);
        for (var i = 0; i < _values.Length; i++)
            if (_values[i] is Stream content) _values[i] = ReadAll(content);
    }

    private static byte[] ReadAll(Stream content)
    {
        using var copy = new MemoryStream();
        using (content) content.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>A column without a name gets the one that databases give it elsewhere.</summary>
    private static string NameOf(DbDataReader reader, int column) => reader.GetName(column) is { Length: > 0 } name ? name : $"column_{column + 1}";
}
