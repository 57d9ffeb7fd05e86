using Dlt.Storage;

namespace Dlt.Destinations.Leases;

/// <summary>The lease of one pipeline on a dataset: the object <c>&lt;dataset&gt;/_dlt_lease/&lt;pipeline&gt;.json</c>.</summary>
/// <param name="objects">The store.</param>
/// <param name="dataset">Folder of the dataset.</param>
/// <param name="lease">Age after which another machine may take the lease; zero for no lease.</param>
/// <param name="context">Name of the pipeline, clock and warnings.</param>
internal sealed class DatasetLease(IObjectStore objects, ObjectLocation dataset, TimeSpan lease, DestinationContext context)
{
    /// <summary>Folder of the leases, below that of the dataset.</summary>
    public const string Folder = "_dlt_lease/";

    /// <summary>Takes the lease. Null when none is used, and when the bucket does not exist: then nothing can be written.</summary>
    /// <exception cref="DltException">Another machine runs the pipeline.</exception>
    public async Task<IHeldLease?> TakeAsync(LeaseHolder holder, bool waits, CancellationToken cancellationToken)
    {
        if (lease == TimeSpan.Zero) return null;
        var location = dataset.Combine($"{Folder}{context.PipelineName}.json");
        var taker = new LeaseTaker(new(objects, location), context.PipelineName, lease, context.Time, context.Warn);
        try
        {
            return await taker.TakeAsync(holder, waits, cancellationToken).ConfigureAwait(false);
        }
        catch (BucketNotFoundException)
        {
            return null;   // the check of the dataset names the setting
        }
    }
}
