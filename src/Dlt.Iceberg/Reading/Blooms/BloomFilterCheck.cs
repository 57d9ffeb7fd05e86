namespace Dlt.Iceberg;

/// <summary>Excludes row groups whose Bloom filters prove that no row matches a filter with <c>=</c> or <c>IN</c>.</summary>
/// <param name="filter">Bound filter.</param>
internal sealed class BloomFilterCheck(Filter filter)
{
    private readonly Dictionary<int, PrimitiveType> _fields =
        FieldsOf(filter).DistinctBy(f => f.Id).ToDictionary(f => f.Id, f => (PrimitiveType)f.Type);

    /// <summary>True if the filter compares a column for equality. Otherwise no Bloom filter can help.</summary>
    public bool IsUseful => _fields.Count > 0;

    /// <summary>Sets the elements of excluded row groups to false. The filters of other false elements are not read.</summary>
    /// <param name="file">The file; random access is supported.</param>
    /// <param name="location">Location of the file.</param>
    /// <param name="mayMatch">An element for each row group of the file.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task ExcludeAsync(Stream file, string location, bool[] mayMatch, CancellationToken cancellationToken)
    {
        if (await FileBlooms.OpenAsync(file, location, cancellationToken).ConfigureAwait(false) is not { } blooms) return;
        List<int> wanted = [.. _fields.Keys.Where(blooms.Has)];
        for (var group = 0; group < blooms.RowGroups && wanted.Count > 0; group++)
        {
            if (!mayMatch[group]) continue;
            var found = new Dictionary<int, RowGroupBloom>();
            foreach (var id in wanted)
            {
                if (await blooms.FindAsync(group, id, _fields[id], cancellationToken).ConfigureAwait(false) is { } bloom)
                    found[id] = bloom;
            }

            mayMatch[group] = MayMatch(filter, found);
        }
    }

    /// <summary>False only if the Bloom filters of a row group prove that none of its rows matches.</summary>
    /// <param name="filter">Bound filter.</param>
    /// <param name="blooms">Bloom filters by the id of their field.</param>
    public static bool MayMatch(Filter filter, IReadOnlyDictionary<int, RowGroupBloom> blooms) => filter switch
    {
        ConstantFilter constant => constant.Value,
        AndFilter and => MayMatch(and.Left, blooms) && MayMatch(and.Right, blooms),
        OrFilter or => MayMatch(or.Left, blooms) || MayMatch(or.Right, blooms),
        BoundFilter { Operation: FilterOperation.Equal or FilterOperation.In } bound =>
            !blooms.TryGetValue(bound.Field.Id, out var bloom) || bound.Values.Any(bloom.MayContain),
        _ => true,
    };

    /// <summary>The columns that a filter compares for equality.</summary>
    /// <param name="filter">Bound filter.</param>
    public static IEnumerable<NestedField> FieldsOf(Filter filter) => filter switch
    {
        AndFilter and => FieldsOf(and.Left).Concat(FieldsOf(and.Right)),
        OrFilter or => FieldsOf(or.Left).Concat(FieldsOf(or.Right)),
        BoundFilter { Operation: FilterOperation.Equal or FilterOperation.In } bound => [bound.Field],
        _ => [],
    };
}
