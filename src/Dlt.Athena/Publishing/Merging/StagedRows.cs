using System.Collections;
using System.Runtime.CompilerServices;
using Dlt.Iceberg;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>The staged rows of a load for one table, numbered over all files, and those of them that the merge does not add.</summary>
/// <param name="table">The table that they were staged for.</param>
/// <param name="files">The data files, in the order of the jobs.</param>
internal sealed class StagedRows(IcebergTable table, IReadOnlyList<DataFile> files)
{
    private readonly RowBatchReader _reader = new(table);
    private readonly BitArray _dropped = new(CountOf(table.Name, files));
    private BitArray? _known;

    /// <summary>The data files.</summary>
    public IReadOnlyList<DataFile> Files => files;

    /// <summary>Number of rows.</summary>
    public int Count => _dropped.Length;

    /// <summary>True when at least one row is not added.</summary>
    public bool HasDropped { get; private set; }

    /// <summary>True when the rows that are added go to other files, because the table has or had the staged ones.</summary>
    public bool AreCopied { get; set; }

    /// <summary>Reads some columns of all rows.</summary>
    /// <param name="fields">The columns.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>Batches, each with the number of its first row.</returns>
    public async IAsyncEnumerable<(int First, RowBatch Batch)> ReadAsync(
        IEnumerable<NestedField> fields, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = fields.ToList();
        var start = 0;
        foreach (var file in files)
        {
            var batches = _reader.ReadAsync(NewRows.TaskOf(file), wanted, cancellationToken);
            await foreach (var batch in batches.ConfigureAwait(false)) yield return (start + (int)batch.PositionOf(0), batch);
            start += (int)file.RecordCount;
        }
    }

    /// <summary>The number of rows, which are numbered by 31 bits.</summary>
    /// <param name="table">Name of the table, for the message.</param>
    /// <param name="files">The data files.</param>
    /// <exception cref="SchemaException">They have more rows than one merge takes.</exception>
    public static int CountOf(string table, IReadOnlyList<DataFile> files)
    {
        var rows = files.Sum(f => f.RecordCount);
        return rows <= Array.MaxLength ? (int)rows : throw new SchemaException(
            $"One load has {rows} rows for table '{table}', and a merge takes {Array.MaxLength} at most. Nothing of the table was changed; "
            + "the package stays pending, until dlt pipeline NAME abort-packages gives it up. Load the rows by several runs, each with a "
            + "part of them, or let Athena merge them: [destination.athena] merge_engine = \"athena\".")
        { Table = table };
    }

    /// <summary>Leaves a row out.</summary>
    public void Drop(int row)
    {
        _dropped[row] = true;
        HasDropped = true;
    }

    /// <summary>True when a row is left out.</summary>
    public bool IsDropped(int row) => _dropped[row];

    /// <summary>
    /// Leaves a row out because of what the table has now. <see cref="ForgetTable"/> takes that back, for another look at the table.
    /// </summary>
    public void DropKnown(int row) => (_known ??= new(Count))[row] = true;

    /// <summary>Forgets what the table has.</summary>
    public void ForgetTable() => _known = null;

    /// <summary>The rows that are added.</summary>
    /// <param name="values">Values that all of them get (<see cref="NewRows.Values"/>).</param>
    public IReadOnlyList<NewRows> ToNewRows(IReadOnlyDictionary<int, object?> values)
    {
        var rows = new List<NewRows>();
        var start = 0;
        foreach (var file in files)
        {
            var dropped = new HashSet<long>();
            for (var i = 0; (HasDropped || _known is not null) && i < file.RecordCount; i++)
                if (_dropped[start + i] || _known?[start + i] == true) dropped.Add(i);
            rows.Add(new(file, dropped) { Values = values, IsCopied = AreCopied });
            start += (int)file.RecordCount;
        }

        return rows;
    }
}
