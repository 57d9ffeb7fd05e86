using Dlt.Iceberg;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Keeps all versions of a row: ends the validity of active rows whose version is not staged, and adds the staged versions that are not
/// active (docs/spec/pipeline.md 9.6).
/// </summary>
internal sealed class Scd2Merge : ChainMerge
{
    private const int Known = 1;

    private readonly KeyColumns _version;
    private readonly NestedField _from;
    private readonly NestedField _to;
    private readonly object? _active;
    private readonly object _boundary;
    private readonly KeyColumns? _merge;
    private readonly RowCondition? _scope;
    private readonly SourceFilter _filter;
    private readonly KeySet _versions;
    private readonly KeySet _mergeKeys;
    private readonly List<(int Index, int Row)> _repeated = [];

    public Scd2Merge(TableChain chain, ActiveLoad load, MergeStrategy.Scd2 strategy) : base(chain, load)
    {
        (_versions, _mergeKeys) = (NewSet(), NewSet());
        _version = new([Root.FieldOf(strategy.RowVersionColumn)]);
        _from = Root.FieldOf(strategy.ValidFromColumn);
        _to = Root.FieldOf(strategy.ValidToColumn);
        _active = strategy.ActiveRecordTimestamp is { } active ? MicrosOf(active) : null;
        _boundary = MicrosOf(strategy.BoundaryTimestamp ?? LoadId.ToTime(Plan.LoadId));
        _scope = MergeFilter.Of(strategy.DestinationScope, "destination_scope", Root);
        _merge = _scope is null ? Root.Columns(HintNames.MergeKey) : null;
        _filter = new(MergeFilter.Of(strategy.SourceFilter, "source_filter", Root));
    }

    public override void Dispose()
    {
        base.Dispose();
        _versions.Dispose();
        _mergeKeys.Dispose();
    }

    protected override async Task SelectRootAsync(CancellationToken cancellationToken)
    {
        NestedField[] fields = [.. _version.Fields, .. _merge?.Fields ?? [], .. _filter.Fields];
        await foreach (var (first, batch) in Root.Rows.ReadAsync(fields, cancellationToken).ConfigureAwait(false))
        {
            var passes = _filter.Evaluate(batch);
            var versions = new RowHashes(batch, _version);
            var merge = _merge is null ? null : new RowHashes(batch, _merge);
            for (var i = 0; i < batch.Rows; i++)
            {
                if (!passes[i])
                {
                    Root.Rows.Drop(first + i);
                    continue;
                }

                if (!_versions.TryAdd(versions.Of(i), first + i, out var index)) _repeated.Add((index, first + i));
                if (merge is not null && !merge.HasNull(i)) _mergeKeys.Add(merge.Of(i));
            }
        }

        if (Nested.Count == 0) return;
        var known = await FindKnownAsync(cancellationToken).ConfigureAwait(false);
        HasExcludedRoots = Root.Rows.HasDropped || known.Count > 0;
        if (HasExcludedRoots) await CollectRowKeysAsync(Root, known.Contains, cancellationToken).ConfigureAwait(false);
    }

    protected override MergeRequest RootChange()
    {
        _versions.ClearMarks();
        var isActive = IsActive();
        var limits = new List<RowCondition> { new KeyCondition(_version, _versions) { IsNegated = true, Among = isActive } };
        if (_scope is not null) limits.Add(_scope);
        if (_merge is not null) limits.Add(new KeyCondition(_merge, _mergeKeys));
        return new()
        {
            Changed = new AllCondition([.. limits]),
            Values = new Dictionary<int, object?> { [_to.Id] = _boundary },
            Observed = new KeyCondition(_version, _versions) { Marks = Known, Among = isActive },
            Added = AddedVersions,
        };
    }

    protected override MergeRequest NestedChange(MergeTable nested) => NewKeys.OfNested(nested);

    /// <summary>
    /// Finds the staged rows whose version is active, when a column of the data tells versions apart: their ids are new in each load, and
    /// so are those of their nested rows, which the table has already.
    /// </summary>
    private async Task<HashSet<int>> FindKnownAsync(CancellationToken cancellationToken)
    {
        var known = new HashSet<int>();
        if (_version.Fields[0].Id == Root.RowKey.Fields[0].Id) return known;
        await new MergeScan(Root.Stored, RootChange()).RunAsync(cancellationToken).ConfigureAwait(false);
        for (var index = 0; index < _versions.Count; index++)
            if (_versions.IsMarked(index, Known)) known.Add(_versions.NumberOf(index));
        known.UnionWith(_repeated.Where(r => _versions.IsMarked(r.Index, Known)).Select(r => r.Row));
        return known;
    }

    private IReadOnlyList<NewRows> AddedVersions()
    {
        for (var index = 0; index < _versions.Count; index++)
            if (_versions.IsMarked(index, Known)) Root.Rows.DropKnown(_versions.NumberOf(index));
        foreach (var (index, row) in _repeated)
            if (_versions.IsMarked(index, Known)) Root.Rows.DropKnown(row);
        return Root.Rows.ToNewRows(new Dictionary<int, object?> { [_from.Id] = _boundary, [_to.Id] = _active });
    }

    private FilterCondition IsActive()
    {
        var type = (PrimitiveType)_to.Type;
        var filter = _active is null
            ? new BoundFilter(FilterOperation.IsNull, _to, type, []) : new BoundFilter(FilterOperation.Equal, _to, type, [_active]);
        return new(filter, Root.Stored.Metadata.CurrentSchema);
    }

    /// <summary>Microseconds since 1970, the form of Iceberg's timestamps.</summary>
    private static object MicrosOf(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
