namespace Dlt.Iceberg;

/// <summary>Data files that a compaction rewrites.</summary>
/// <param name="Groups">The files to rewrite, by partition. Each group can be committed separately.</param>
/// <param name="ObsoleteDeletes">
/// Delete files that concern only files of one group, with the number of that group: after it is rewritten, no row is left that they
/// concern.
/// </param>
/// <param name="Stayed">Number of files that would have been candidates, but must stay.</param>
internal sealed record CompactionChoice(
    IReadOnlyList<IReadOnlyList<ScanTask>> Groups, IReadOnlyDictionary<string, int> ObsoleteDeletes, int Stayed)
{
    /// <summary>The groups, several in one commit as long as their files have at most a number of bytes together.</summary>
    /// <param name="maxBytes">Number of bytes. A larger group is a batch of its own.</param>
    public IEnumerable<CompactionBatch> Batches(long maxBytes)
    {
        var numbers = new List<int>();
        var bytes = 0L;
        for (var i = 0; i < Groups.Count; i++)
        {
            var size = Groups[i].Sum(t => t.File.FileSizeInBytes);
            if (numbers.Count > 0 && bytes + size > maxBytes)
            {
                yield return BatchOf(numbers);
                (numbers, bytes) = ([], 0);
            }

            numbers.Add(i);
            bytes += size;
        }

        if (numbers.Count > 0) yield return BatchOf(numbers);
    }

    private CompactionBatch BatchOf(List<int> numbers) => new(
        [.. numbers.SelectMany(i => Groups[i])],
        ObsoleteDeletes.Where(d => numbers.Contains(d.Value)).Select(d => d.Key).ToHashSet(StringComparer.Ordinal));
}

/// <summary>Data files that are rewritten in one commit.</summary>
/// <param name="Tasks">The data files.</param>
/// <param name="ObsoleteDeletes">Locations of the delete files that go with them.</param>
internal sealed record CompactionBatch(IReadOnlyList<ScanTask> Tasks, IReadOnlySet<string> ObsoleteDeletes);
