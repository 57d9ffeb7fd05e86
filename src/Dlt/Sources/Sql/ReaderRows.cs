using System.Data.Common;
using System.Runtime.CompilerServices;
using Dlt.Batches;
using Dlt.Items;

namespace Dlt.Sources.Sql;

/// <summary>Reads the rows of a data reader as batches of items, without an object or a text per row.</summary>
internal sealed class ReaderRows(DbDataReader reader)
{
    private readonly string[] _names = [.. Enumerable.Range(0, reader.FieldCount).Select(i => NameOf(reader, i))];

    /// <summary>Returns batches. Rows with a value that no column supports are returned as single objects between them.</summary>
    public async IAsyncEnumerable<object?> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        EqualNames.Check(_names, "The result of the query");
        var rows = ReaderBatches.Of(reader, _names);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Begin();
            if (!rows.TryAdd())
            {
                // A column may change its type between rows, as in SQLite: then the next batch has other columns.
                if (rows.Count > 0) yield return rows.Take();
                if (!rows.TryAdd()) yield return AsObject(rows);
            }

            if (rows.IsFull) yield return rows.Take();
        }

        if (rows.Count > 0) yield return rows.Take();
    }

    private JsonValue AsObject(IReaderBatch row) =>
        JsonValue.Object(_names.Select((name, i) => KeyValuePair.Create(name, ItemWriter.ToJson(row.ValueOf(i)) ?? JsonValue.Null)));

    /// <summary>Returns the name of a column. A column without one gets the name that databases use elsewhere.</summary>
    private static string NameOf(DbDataReader reader, int column) =>
        reader.GetName(column) is { Length: > 0 } name ? name : $"column_{column + 1}";
}
