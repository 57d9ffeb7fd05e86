namespace Dlt.Destinations.Leases;

/// <summary>Watches one version of a lease. If no other version appears until it is older than its lease, the holder is dead.</summary>
/// <param name="seen">The version when the watch began.</param>
/// <param name="time">Clock that measures the watch.</param>
internal sealed class LeaseWatch(StoredLease seen, TimeProvider time)
{
    private readonly Moment _began = new(time);

    /// <summary>ETag of the version.</summary>
    public string ETag => seen.ETag;

    /// <summary>Length of the whole watch.</summary>
    public TimeSpan Length => seen.Content.Lease - seen.Age;

    /// <summary>Time that is left; zero when the watch is over.</summary>
    public TimeSpan Left => Length > _began.Elapsed ? Length - _began.Elapsed : TimeSpan.Zero;

    /// <summary>True when the time is over and the lease has not changed.</summary>
    public bool IsOver(StoredLease now) => now.ETag == ETag && Left == TimeSpan.Zero;
}
