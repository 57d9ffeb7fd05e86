using Dlt.Destinations.Staging;
using Dlt.Iceberg;

namespace Dlt.Destinations.Publishing;

/// <summary>A load with a publish object that is not complete.</summary>
/// <param name="LoadId">Load id.</param>
/// <param name="LastModified">Time when its publish object was written, by the clock of the store.</param>
/// <param name="Content">Its publish object; null if this version cannot read it: then the load may do anything to any table.</param>
internal sealed record OpenLoad(string LoadId, DateTimeOffset LastModified, PublishObject? Content)
{
    /// <summary>The table of the load with a name of the catalog; null if the load does not touch it, or cannot be read.</summary>
    public PublishedTable? Of(string table) =>
        Content?.Tables.FirstOrDefault(t => t.Name.Equals(table, StringComparison.OrdinalIgnoreCase));

    /// <summary>True when the load may remove rows of other loads from a table, or needs to find rows that others add meanwhile.</summary>
    public bool MayRemoveRowsOf(string table) => Content is null || Of(table) is { MayRemoveRows: true } or { IsEmptiedFirst: true };
}

/// <summary>
/// Loads of a dataset that are not complete. They may be repeated or taken back, by whichever machine, so the upkeep of tables leaves
/// alone what they need.
/// </summary>
internal sealed class OpenLoads
{
    /// <summary>
    /// Loads that register while the upkeep runs are not known to it. What they need is at most this old, or was current at that time.
    /// </summary>
    public static readonly TimeSpan FreshAge = TimeSpan.FromHours(1);

    /// <summary>The year 10000 in Unix seconds.</summary>
    private const decimal MaxSeconds = 253_402_300_800;

    private readonly Dictionary<string, OpenLoad> _loads;

    private OpenLoads(Dictionary<string, OpenLoad> loads, IReadOnlySet<string> recentlyComplete) =>
        (_loads, RecentlyComplete) = (loads, recentlyComplete);

    /// <summary>
    /// Loads that became complete in the last hour. A load that registers now may have read before that which loads are complete.
    /// </summary>
    public IReadOnlySet<string> RecentlyComplete { get; }

    /// <summary>Reads the loads. Call it after the tables are read: so the loads of all files in them are known.</summary>
    /// <param name="folder">The publish objects.</param>
    /// <param name="completeLoads">Reads the ids of complete loads, as they are now.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Stops the reads.</param>
    public static async Task<OpenLoads> ReadAsync(
        PublishFolder folder, Func<CancellationToken, Task<IReadOnlySet<string>>> completeLoads, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var listed = await folder.ListAsync(cancellationToken).ConfigureAwait(false);   // before the loads that are complete
        var complete = await completeLoads(cancellationToken).ConfigureAwait(false);
        var open = new Dictionary<string, OpenLoad>(StringComparer.Ordinal);
        foreach (var (id, written) in listed.Where(l => !complete.Contains(l.Key) && l.Value > now - PublishUpkeep.KeptFor))
            if (await TryReadAsync(folder, id, written, cancellationToken).ConfigureAwait(false) is { } load) open[id] = load;
        var recent = listed.Where(l => complete.Contains(l.Key) && l.Value > now - FreshAge).Select(l => l.Key);
        return new(open, recent.ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>A load that may remove rows of other loads from a table; null if there is none.</summary>
    /// <param name="table">Name of the table in the catalog.</param>
    public OpenLoad? RemovingFrom(string table) => _loads.Values.FirstOrDefault(l => l.MayRemoveRowsOf(table));

    /// <summary>Creates a function that finds the data files of loads that are not complete, whose rows may be removed again.</summary>
    /// <param name="metadata">The table.</param>
    /// <param name="table">Name of the table in the catalog.</param>
    public Func<ManifestEntry, bool> FilesIn(TableMetadata metadata, string table)
    {
        if (_loads.Count == 0) return _ => false;
        var names = _loads.Values.SelectMany(l => l.Of(table)?.Files ?? []).ToHashSet(StringComparer.Ordinal);
        return entry => MixedLoads.LoadOf(metadata.Find(entry.SnapshotId)) is { } id && _loads.ContainsKey(id)
            || StagedName.IsIn(entry.File.FilePath, names);
    }

    /// <summary>
    /// The snapshots that loads need which are not complete: from the parent of their first snapshot on, and those in which they find the
    /// rows of loads at the same time. The same for loads that may have registered since.
    /// </summary>
    /// <param name="metadata">The table.</param>
    /// <param name="table">Name of the table in the catalog.</param>
    /// <param name="now">The time.</param>
    public IEnumerable<long> NeededSnapshots(TableMetadata metadata, string table, DateTimeOffset now)
    {
        var since = now - FreshAge;
        foreach (var load in _loads.Values.Where(l => l.Content is null || l.Of(table) is not null))
            since = Earlier(since, BeganOf(load) - ReplaceRule.MaxSilence);
        foreach (var snapshot in metadata.Snapshots)
            if (MixedLoads.LoadOf(snapshot) is { } id && _loads.ContainsKey(id)) since = Earlier(since, snapshot.Timestamp);
        var needed = metadata.Snapshots.Where(s => s.Timestamp >= since).ToList();
        return needed.Select(s => s.SnapshotId).Concat(needed.Select(s => s.ParentSnapshotId).OfType<long>());
    }

    /// <summary>When the load began, by the clock of the store or that of its machine: both may be wrong.</summary>
    private static DateTimeOffset BeganOf(OpenLoad load)
    {
        var began = load.Content?.Began ?? load.LastModified;
        return LoadStart.SecondsOf(load.LoadId) is >= 0 and < MaxSeconds and var seconds
            ? Earlier(began, DateTimeOffset.UnixEpoch.AddSeconds((double)seconds)) : began;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static async Task<OpenLoad?> TryReadAsync(
        PublishFolder folder, string id, DateTimeOffset written, CancellationToken cancellationToken)
    {
        try
        {
            return await folder.TryGetAsync(id, cancellationToken).ConfigureAwait(false) is { } content ? new(id, written, content) : null;
        }
        catch (DltException error) when (!error.IsTransient)
        {
            return new(id, written, null);
        }
    }
}
