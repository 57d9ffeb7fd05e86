using System.Data.Common;
using System.Runtime.CompilerServices;
using Dlt.Batches;
using Dlt.Extract;
using Dlt.Json;

namespace Dlt.Sources.Sql;

/// <summary>The rows of a data reader as batches of items, without an object or a text a row.</summary>
internal sealed class ReaderRows(DbDataReader reader)
{
    private readonly string[] _names = [.. Enumerable.Range(0, reader.FieldCount).Select(i => NameOf(reader, i))];

    /// <summary>Batches; rows with a value that no column takes (a database's own type) come as objects between them.</summary>
    public async IAsyncEnumerable<object?> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        EqualNames.Check(_names, "The result of the query");
        var rows = ReaderBatches.Of(reader, _names);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Begin();
            if (!rows.TryAdd())
            {
                // Another type than before, as in SQLite: the next batch has other columns.
                if (rows.Count > 0) yield return rows.Take();
                if (!rows.TryAdd()) yield return AsObject(rows);
            }

            if (rows.IsFull) yield return rows.Take();
        }

        if (rows.Count > 0) yield return rows.Take();
    }

    private JsonValue AsObject(IReaderBatch row) =>
        JsonValue.Object(_names.Select((name, i) => KeyValuePair.Create(name, ItemWriter.ToJson(row.ValueOf(i)) ?? JsonValue.Null)));

    /// <summary>A column without a name gets the one that databases give it elsewhere.</summary>
    private static string NameOf(DbDataReader reader, int column) =>
        reader.GetName(column) is { Length: > 0 } name ? name : $"column_{column + 1}";
}
