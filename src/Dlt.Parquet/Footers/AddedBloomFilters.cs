using System.ComponentModel;
using Dlt.Parquet;

namespace Dlt.Internal;

/// <summary>Adds Bloom filters to a file of a writer that cannot write them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class AddedBloomFilters
{
    /// <summary>Inserts filters between the pages and the footer of a complete file.</summary>
    /// <param name="path">Path of the file, whose columns have field ids.</param>
    /// <param name="filters">Filters by field id, one set for each row group in the order of the file.</param>
    /// <exception cref="ParquetFormatException">The file is not a complete Parquet file.</exception>
    public static void Save(string path, IReadOnlyList<IReadOnlyDictionary<int, ParquetBloomFilter>> filters)
    {
        ArgumentNullException.ThrowIfNull(filters);
        var footer = ParquetFooter.Read(path);
        if (filters.Count != footer.RowGroups.Count)
            throw new ArgumentException($"There are filters for {filters.Count} row groups, but {path} has {footer.RowGroups.Count}.");
        var leaves = footer.Elements.Where(e => e.IsLeaf).ToList();
        for (var group = 0; group < filters.Count; group++)
        {
            for (var leaf = 0; leaf < leaves.Count; leaf++)
            {
                if (leaves[leaf].FieldId is { } id && filters[group].TryGetValue(id, out var filter))
                    footer.Add(footer.RowGroups[group].Columns[leaf], filter);
            }
        }

        footer.Save();
    }
}
