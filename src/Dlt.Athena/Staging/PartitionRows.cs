using System.Collections.Immutable;
using Apache.Arrow;
using Dlt.Destinations.Tables;

namespace Dlt.Destinations.Staging;

/// <summary>Finds the partitions of the rows of a job's file.</summary>
/// <param name="table">Name of the table.</param>
/// <param name="keys">Partition keys of the table.</param>
/// <param name="isInGlue">True when Glue lists the partitions of the table.</param>
internal sealed class PartitionRows(string table, ImmutableArray<HivePartitionKey> keys, bool isInGlue)
{
    private readonly Dictionary<string, HivePartition> _found = new(StringComparer.Ordinal);
    private readonly List<HivePartition> _inOrder = [];

    /// <summary>The partitions that were found, in the order in which they first appeared.</summary>
    public IReadOnlyList<HivePartition> Found => _inOrder;

    /// <summary>Returns the numbers of a batch's rows by the folder of their partition. Numbers ascend.</summary>
    /// <exception cref="SchemaException">A row has no partition.</exception>
    public Dictionary<string, int[]> Of(RecordBatch batch)
    {
        List<PartitionTexts> texts = [.. keys.Select(k => PartitionTexts.Of(k, ColumnOf(batch, k), batch.Length))];
        var (groups, first) = Groups(texts, batch.Length);
        var rows = Divided(groups, first.Count);
        var byFolder = new Dictionary<string, int[]>(StringComparer.Ordinal);
        for (var group = 0; group < first.Count; group++)
        {
            List<string?> values = [.. texts.Select(t => t.Texts[t.Numbers[first[group]]])];
            var folder = Add(HivePartition.Of(table, keys, values, isInGlue)).Folder;
            // Null and the empty text have one partition.
            byFolder[folder] = byFolder.TryGetValue(folder, out var same) ? [.. same.Concat(rows[group]).Order()] : rows[group];
        }

        return byFolder;
    }

    private HivePartition Add(HivePartition partition)
    {
        if (_found.TryGetValue(partition.Folder, out var known)) return known;
        _inOrder.Add(partition);
        return _found[partition.Folder] = partition;
    }

    /// <summary>Numbers the different combinations of texts: the number of each row, and the first row of each number.</summary>
    private static (int[] Groups, List<int> First) Groups(List<PartitionTexts> texts, int rows)
    {
        var groups = texts[0].Numbers;
        for (var i = 1; i < texts.Count; i++)
        {
            var known = new Dictionary<(int, int), int>();
            var joined = new int[rows];
            for (var row = 0; row < rows; row++)
            {
                var id = (groups[row], texts[i].Numbers[row]);
                if (!known.TryGetValue(id, out var number)) known[id] = number = known.Count;
                joined[row] = number;
            }

            groups = joined;
        }

        var first = new List<int>();
        for (var row = 0; row < rows; row++)
            if (groups[row] == first.Count) first.Add(row);
        return (groups, first);
    }

    private static int[][] Divided(int[] groups, int count)
    {
        var sizes = new int[count];
        foreach (var group in groups) sizes[group]++;
        var rows = new int[count][];
        for (var i = 0; i < count; i++) (rows[i], sizes[i]) = (new int[sizes[i]], 0);
        for (var row = 0; row < groups.Length; row++) rows[groups[row]][sizes[groups[row]]++] = row;
        return rows;
    }

    private static IArrowArray? ColumnOf(RecordBatch batch, HivePartitionKey key) =>
        batch.Schema.GetFieldIndex(LoadJob.ColumnName(key.Source.Name)) is var at and >= 0 ? batch.Column(at) : null;
}
